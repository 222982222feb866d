/**
 * Files outside of the data folder that are being made of it: copies of a backup, an export. Whoever begins one leaves a note
 * in the folder; if its process is killed, the next start or command removes what it left, for it holds what homes measured.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncPath } from '../synced.ts'

interface Note {
  pid: number
  paths: string[]
}

const noteFile = /^unfinished-[0-9a-f]{16}\.json$/

/** Before the first of the paths, which are absolute, is made. Returns what takes the note away, once they are gone or whole. */
export function noteUnfinished(dataDir: string, paths: readonly string[]): () => void {
  const file = join(dataDir, `unfinished-${randomBytes(8).toString('hex')}.json`)
  const note: Note = { pid: process.pid, paths: [...paths] }
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, JSON.stringify(note))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  syncPath(dataDir)
  return () => rmSync(file, { force: true })
}

/** Removes what processes left that live no more; gives the paths. What lies on a disk that is away now is left for later. */
export function removeUnfinished(dataDir: string): string[] {
  const removed: string[] = []
  for (const name of namesIn(dataDir).filter((one) => noteFile.test(one))) {
    const file = join(dataDir, name)
    const note = readNote(file)
    if (note && isAtWork(note, file)) continue
    const paths = note?.paths ?? []
    if (paths.some((path) => !existsSync(dirname(path)))) continue
    for (const path of paths.filter((one) => existsSync(one))) {
      rmSync(path, { recursive: true, force: true })
      removed.push(path)
    }
    rmSync(file, { force: true })
  }
  return removed
}

/** A process in a container always has the same number: a note of our own that is older than we are was another's. */
function isAtWork({ pid }: Note, file: string): boolean {
  if (pid === process.pid) return statSync(file).mtimeMs >= performance.timeOrigin - clockStepMs
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

/** Times of files are as coarse as the kernel's tick. */
const clockStepMs = 20

/** undefined for a note that a power cut left empty: it was there before anything it names. */
function readNote(file: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Note
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  }
}
