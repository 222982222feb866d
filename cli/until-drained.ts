/** Waits until every hour and day follows from the readings, saying how far it is. Broken off, the hub goes on by itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import { counted } from '../model/counted.ts'
import type { CommandContext, CommandEvent } from './command.ts'

const progressEveryMs = 250

/** `hoursLeft` asks how many hours wait; of `hoursTotal`, or of as many as waited when it was asked first. */
export async function* untilDrained(
  { service }: CommandContext['pipeline'],
  hoursLeft: () => Promise<number>,
  hoursTotal?: number
): AsyncGenerator<CommandEvent, void> {
  const waiting = new AbortController()
  const drained = service.drain().finally(() => waiting.abort())
  drained.catch(() => undefined)
  let total = hoursTotal
  while (!waiting.signal.aborted) {
    const left = await hoursLeft()
    total ??= left
    const done = Math.max(0, total - left)
    if (total > 0) yield { progress: `${done} of ${counted(total, 'hour')} computed`, done, total }
    await sleep(progressEveryMs, undefined, { signal: waiting.signal }).catch(() => undefined)
  }
  await drained
}
