/** Files of the data folder that hold what somebody measured and that no room has open: older copies, and what was cut short. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileNames, influxFileName } from '../data-folder.ts'

/** Removes them; gives their names. */
export function removeLeftOverFiles(folder: string): string[] {
  const names = readdirSync(folder).filter(isLeftOver)
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true })
  return names
}

function isLeftOver(name: string): boolean {
  const isPutAside = /^registry-v\d+-\w+\.sqlite$/.test(name)
  const isMigrated = [fileNames.readings, influxFileName].some((file) => name.startsWith(`${file}.migrated`))
  const isUnfinished =
    name.startsWith('restoring-') || name === 'migrating.json' || name.includes('.migrating')
  return isPutAside || isMigrated || isUnfinished
}
