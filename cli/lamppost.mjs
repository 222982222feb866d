// The `lamppost` command begins here. What Node made of the sources at an earlier start, types stripped and compiled, is
// found before they are loaded: half of a start's processor time. Plain JavaScript, since stripping the types of this one
// file would cost more than the file. Node compares each entry with its source, so a stale one is never used.
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { getHeapStatistics } from 'node:v8'

const file = fileURLToPath(import.meta.url)
if (['start', 'demo'].includes(process.argv[2])) becomeLean()

// Among the packages: whoever may write there may change the program anyway. Without the right to write nothing is kept;
// NODE_COMPILE_CACHE names another folder then.
const folder = join(dirname(dirname(file)), 'node_modules', '.cache', 'lamppost')
enableCompileCache(folder)
// For the threads and processes of this one.
process.env.NODE_COMPILE_CACHE ||= folder
await import('./run-words.ts')

/**
 * What a hub's memory is bounded by can only be said when its process begins, so this one becomes another: the same process
 * to whoever started it. Where that is not possible (Windows) the hub works as well, in more memory.
 */
function becomeLean() {
  const semiSpace = '--max-semi-space-size='
  if (process.execArgv.some((arg) => arg.startsWith(semiSpace)) || process.execve === undefined) return
  // Each of the threads keeps young objects in up to three of these, of which most are garbage. Small ones are collected often:
  // at full flood that is a fifth of the messages (docs/memory.md), which only a small machine gives for 100 MB.
  const young = `${semiSpace}${isSmall() ? 2 : 16}`
  // A heap grows to a multiple of what lives in it before it is collected: to four times under V8's own limit of 4 GB, less
  // under a lower one. What lives in the largest is below 100 MB. A machine of 1 GB has a lower limit by itself.
  const oldMb = Math.min(768, Math.floor(getHeapStatistics().heap_size_limit / 1024 ** 2))
  const args = [...process.execArgv, young, `--max-old-space-size=${oldMb}`, file, ...process.argv.slice(2)]
  // glibc would keep eight arenas for each core, and in each what was freed once.
  const malloc = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' }
  process.execve(process.execPath, [process.execPath, ...args], { ...malloc, ...process.env })
}

/** A machine or container of 1 GB, or who says that the hub may take no more: the store reads the same setting. */
function isSmall() {
  if (process.env.LAMPPOST_MEMORY ?? inEnvFile().LAMPPOST_MEMORY) return true
  return Math.min(totalmem(), process.constrainedMemory() || Infinity) < 1.5 * 1024 ** 3
}

function inEnvFile() {
  try {
    return parseEnv(readFileSync(join(dirname(dirname(file)), '.env'), 'utf8'))
  } catch {
    // Whether it has to be there is for the settings to say.
    return {}
  }
}
