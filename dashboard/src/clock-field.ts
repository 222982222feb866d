/** The text of a field for date and time, which knows no zone: it stands for the hub's. */
import { civilTime, fromCivil, type UnixMs } from '../../model/time.ts'

/** "2026-11-23T14:05". */
export function clockFieldText(at: number, zone: string): string {
  const { year, month, day, hour, minute } = civilTime(at as UnixMs, zone)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** undefined where it is no moment. */
export function readClockField(text: string, zone: string): UnixMs | undefined {
  const parts = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)?.slice(1).map(Number)
  if (!parts) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts
  return fromCivil({ year, month, day, hour, minute, second: 0 }, zone)
}
