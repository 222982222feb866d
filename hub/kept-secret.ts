/** A secret of the hub's own, made when it is first needed, for its owner alone. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeWhole } from '../synced.ts'

const secretBytes = 32

export function keptSecret(file: string): string {
  // An empty one is what a power cut left of a version that wrote it in place.
  if (!existsSync(file) || statSync(file).size === 0) {
    writeWhole(file, randomBytes(secretBytes).toString('hex'))
  }
  return readFileSync(file, 'utf8')
}
