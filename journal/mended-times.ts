/**
 * Messages that were received while the clock was wrong. The journal keeps them as they came, and beside them by how much their
 * time was off, so that whoever reads them, today or in a replay, finds the right time.
 */
import type { MendedTimes } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'

/** The message as it is to be read. */
export function mended<Message extends { sequence: number; receivedAt: UnixMs }>(
  message: Message,
  stretches: readonly MendedTimes[]
): Message {
  let { receivedAt } = message
  for (const { after, through, from, until, shiftMs } of stretches) {
    const isOf = message.sequence > after && message.sequence <= through
    if (isOf && receivedAt >= from && receivedAt < until) receivedAt = (receivedAt + shiftMs) as UnixMs
  }
  return receivedAt === message.receivedAt ? message : { ...message, receivedAt }
}
