/** What a process used so far, from Linux's /proc: processor time, memory, and the time of its main thread alone. */
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessFigures {
  cpuS: number
  mainThreadCpuS: number
  /** Resident memory now, and its highest. */
  memoryBytes: number
  memoryBytesMax: number
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

export function processFigures(pid: number): ProcessFigures {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return {
    cpuS: cpuOf(`/proc/${pid}/stat`),
    mainThreadCpuS: cpuOf(`/proc/${pid}/task/${pid}/stat`),
    memoryBytes: kilobytes('VmRSS') * 1024,
    memoryBytesMax: kilobytes('VmHWM') * 1024
  }
}

export interface MemoryShare {
  /** Proportional set size: what several processes have of one page is divided among them. */
  pssBytes: number
  /** Of it, what is no part of a file: heaps, buffers and stacks. */
  anonymousBytes: number
  /** What would be resident if nobody else ran the same program. */
  rssBytes: number
}

/** Of a process and all that it started. */
export function memoryShare(pid: number): MemoryShare {
  const share: MemoryShare = { pssBytes: 0, anonymousBytes: 0, rssBytes: 0 }
  for (const one of [pid, ...descendantsOf(pid)]) {
    const text = readIfThere(`/proc/${one}/smaps_rollup`)
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024
    share.pssBytes += bytes('Pss')
    share.anonymousBytes += bytes('Pss_Anon')
    share.rssBytes += bytes('Rss')
  }
  return share
}

function descendantsOf(pid: number): number[] {
  const children = readdirOrNothing(`/proc/${pid}/task`).flatMap((tid) =>
    readIfThere(`/proc/${pid}/task/${tid}/children`).split(' ').filter(Boolean).map(Number)
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** A process may end while it is looked at. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readdirOrNothing(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Processor seconds of each thread, by name, the busiest first. */
export function threadFigures(pid: number): { name: string; cpuS: number }[] {
  return readdirSync(`/proc/${pid}/task`)
    .map((tid) => `/proc/${pid}/task/${tid}`)
    .map((task) => ({ name: readFileSync(`${task}/comm`, 'utf8').trim(), cpuS: cpuOf(`${task}/stat`) }))
    .toSorted((a, b) => b.cpuS - a.cpuS)
}

/** Processor seconds of all processes that this one started and that have ended. */
export function endedChildrenCpuS(): number {
  return cpuOf('/proc/self/stat', 2)
}

/**
 * utime and stime, the 14th and 15th field, or what is `further` on; the second may hold spaces, so counting begins behind
 * its parenthesis.
 */
function cpuOf(statFile: string, further = 0): number {
  const text = readFileSync(statFile, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11 + further]) + Number(fields[12 + further])) / ticksPerSecond
}
