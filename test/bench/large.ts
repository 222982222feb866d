/**
 * A hundred million readings in the embedded store, behind a real hub: writing them, opening them again, a street's year
 * by hours, and ten million rows over HTTP in each format with what that costs in memory and in acknowledgements. Takes minutes
 * and two gigabytes of disk, so it runs only when it is named: `npm run bench -- large`, or `node test/bench/large.ts MILLIONS`.
 * A part of it: `npm run bench -- export MILLIONS`, `npm run bench -- query MILLIONS`. With a folder (`… export MILLIONS FOLDER`)
 * what was written stays there, and the next run begins with it.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHubProcess } from '../support/hub-process.ts'
import { measureExports } from '../support/large-exports.ts'
import { measureQuestions } from '../support/large-questions.ts'
import { planLargeStore, writeLargeStore, type LargeStore } from '../support/large-store.ts'
import { printFigure } from '../support/print-figure.ts'

const millions = Number(process.argv[2] ?? 100)
/** What is measured once they are written. */
const part = process.argv[3] ?? 'all'
const kept = process.argv[4]

const folder = kept ?? mkdtempSync(join(tmpdir(), 'bench-large-'))
const dataDir = join(folder, 'data')
try {
  const large = await openStore()
  const startedAt = performance.now()
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
  printFigure('the hub listens on it after ms', performance.now() - startedAt, '≤ 3,000')
  try {
    if (part !== 'export') await measureQuestions(hub, large)
    if (part !== 'query') await measureExports(hub, large)
  } finally {
    await hub.stop()
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true })
}

/** What was written before is as old as it is: its plan says from when to when. */
async function openStore(): Promise<LargeStore> {
  const planFile = join(folder, 'large.json')
  if (existsSync(planFile)) return JSON.parse(readFileSync(planFile, 'utf8')) as LargeStore
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const large = planLargeStore(dataDir, millions)
  await writeLargeStore(dataDir, large)
  writeFileSync(planFile, JSON.stringify(large))
  return large
}
