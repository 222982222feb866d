/** What the hub says of a clock that it does not believe: for the steward, who may be no engineer. */
import { dayMs, hourMs, minuteMs, spokenTime, type UnixMs } from '../../model/time.ts'
import { counted } from '../../model/counted.ts'
import type { ClockDoubt } from './judgement.ts'

export interface ClockReason {
  /** For the steward. */
  text: string
  /** Without what sensors say and when one was heard: those indoors are among them. */
  everybody: string
}

/** For the health page; nothing while the clock is believed. `wall` is what the computer's clock shows. */
export function clockReason(doubt: ClockDoubt | undefined, wall: UnixMs, timezone: string): ClockReason[] {
  if (!doubt) return []
  const text = `${reasonOf(doubt, wall, timezone)} ${whatToDo(doubt)}`
  const shown = `The clock of this computer shows ${spokenTime(wall, timezone)}, which may be wrong. Set the clock, or check its time zone and network.`
  return [{ text, everybody: doubt.kind === 'stepped' ? text : shown }]
}

function reasonOf(doubt: ClockDoubt, wall: UnixMs, timezone: string): string {
  const shown = `The clock of this computer shows ${spokenTime(wall, timezone)}`
  switch (doubt.kind) {
    case 'stepped':
      return `The clock of this computer was set ${apart(doubt.byMs)}. The hub keeps the previous time until the new one has proved stable.`
    case 'sensors':
      return `${shown}, but ${counted(doubt.sensors, 'sensor')} with clocks of their own agree that it is ${apart(doubt.byMs, 'later', 'earlier')}. The hub trusts the sensors.`
    case 'sensorsWrong':
      return `${counted(doubt.sensors, 'sensor')} with clocks of their own agree on a time ${apart(doubt.byMs, 'ahead of', 'behind')} this computer, whose clock is set by a time server. The hub trusts the computer.`
    case 'journal':
      return `${shown}, but the hub has messages that it received up to ${spokenTime(doubt.newest, timezone)}. The clock is wrong now, or was wrong then.`
  }
}

function whatToDo({ kind }: ClockDoubt): string {
  if (kind === 'stepped') return 'Nothing is lost: readings stored under a wrong time get the right one.'
  if (kind === 'sensorsWrong')
    return 'Check the time zone in the settings of these sensors: they must send UTC, or name their zone.'
  return 'Nothing is lost. Readings stored under a wrong time get the correct one as soon as it is known. Set the clock, or connect this computer to a network so that a time server can set it (timedatectl).'
}

/** A line for the log. */
export function clockEventWords(doubt: ClockDoubt): string {
  switch (doubt.kind) {
    case 'stepped':
      return "The computer's clock was set; the hub keeps the previous time until the new one has proved stable."
    case 'sensors':
      return "Sensors agree with each other that the computer's clock is wrong; the hub trusts them."
    case 'sensorsWrong':
      return "Sensors agree on a time that differs from the computer's, which a time server sets; the hub trusts the computer."
    case 'journal':
      return 'The journal has messages that were received later than the computer says it is now.'
  }
}

/** "3 hours forward", "2 days back"; or with other words for the two directions. */
function apart(ms: number, forward = 'forward', back = 'back'): string {
  const size = Math.abs(ms)
  const [unitMs, word] =
    size >= 2 * dayMs
      ? ([dayMs, 'day'] as const)
      : size >= 2 * hourMs
        ? ([hourMs, 'hour'] as const)
        : ([minuteMs, 'minute'] as const)
  return `${counted(Math.round(size / unitMs), word)} ${ms >= 0 ? forward : back}`
}
