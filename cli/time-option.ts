/** Times on the command line, read as the API reads them, and how long something is. */
import { dayMs, hourMs, minuteMs, readMoment, secondMs, type UnixMs } from '../model/time.ts'
import { option, WrongUse, type CommandInput } from './command.ts'

/** The time that a flag gives; undefined when it is absent. */
export function timeOption(input: CommandInput, name: string, zone: string): UnixMs | undefined {
  const text = option(input, name)
  return text === undefined ? undefined : readTime(name, text, zone)
}

export function readTime(name: string, text: string, zone: string): UnixMs {
  const at = readMoment(text, zone)
  if (at === undefined) {
    throw new WrongUse(
      `--${name} is "${text}". Give a time with a zone, such as 2026-11-22T10:00:00Z, or a date.`
    )
  }
  return at
}

const units: Readonly<Record<string, number>> = { s: secondMs, m: minuteMs, h: hourMs, d: dayMs }

/** `90s`, `30m`, `24h`, `7d`, or 0; undefined when the flag is absent. */
export function durationOption(input: CommandInput, name: string): number | undefined {
  const text = option(input, name)
  if (text === undefined) return undefined
  if (text === '0') return 0
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const unitMs = units[unit]
  if (count === undefined || unitMs === undefined)
    throw new WrongUse(`--${name} is "${text}". Give a number and a unit, such as 30m, 24h or 7d, or 0.`)
  return Number(count) * unitMs
}
