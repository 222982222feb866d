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

/** Processor seconds of each thread, by name, the busiest first. */
export function threadFigures(pid: number): { name: string; cpuS: number }[] {
  return readdirSync(`/proc/${pid}/task`)
    .map((tid) => `/proc/${pid}/task/${tid}`)
    .map((task) => ({ name: readFileSync(`${task}/comm`, 'utf8').trim(), cpuS: cpuOf(`${task}/stat`) }))
    .toSorted((a, b) => b.cpuS - a.cpuS)
}

/** utime and stime, the 14th and 15th field; the second may hold spaces, so counting begins behind its parenthesis. */
function cpuOf(statFile: string): number {
  const text = readFileSync(statFile, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
