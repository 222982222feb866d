/** What the fleet measured in a past period, as every box would send it after a long time without Wi-Fi. */
import { secondMs, type UnixMs } from '../model/time.ts'
import type { Box } from './box.ts'
import { PayloadWriter } from './encode.ts'
import { arrayReadingsMax } from './limits.ts'
import type { Fleet } from './fleet.ts'

export interface HistoryOptions {
  fleet: Fleet
  /** Inclusive. */
  from: UnixMs
  /** Exclusive. */
  until: UnixMs
  stepS: number
}

export interface HistoryMessage {
  /** Index of the box in the fleet and of its site in the neighbourhood. */
  deviceIndex: number
  /** A JSON array of at most 500 readings, oldest first; its own memory, so that it can be handed on. */
  payload: Uint8Array
  /** When the last of them was measured. */
  lastAt: UnixMs
}

/** An array takes 500 readings, and a few of them come twice. */
const stepsPerMessage = arrayReadingsMax - 20
const openBracket = 91
const comma = 44
const closeBracket = 93

/**
 * Messages of all boxes in time order by stretches of 480 steps (3.3 days of ten minutes). Stretches lie on a fixed
 * grid of time, and every box measures at its own place in each step, so two adjoining periods give what one gives.
 */
export function* history({ fleet, from, until, stepS }: HistoryOptions): Generator<HistoryMessage> {
  const stepMs = stepS * secondMs
  const stretchMs = stepsPerMessage * stepMs
  const writer = new PayloadWriter()
  for (let stretch = Math.floor(from / stretchMs) * stretchMs; stretch < until; stretch += stretchMs) {
    for (const box of fleet.boxes) {
      yield* stretchOf(box, writer, {
        from: Math.max(from, stretch),
        until: Math.min(until, stretch + stretchMs),
        stepMs
      })
    }
  }
}

function* stretchOf(
  box: Box,
  writer: PayloadWriter,
  { from, until, stepMs }: { from: number; until: number; stepMs: number }
): Generator<HistoryMessage> {
  const phaseMs = box.phaseMs(stepMs)
  let count = 0
  let lastAt = 0
  const first = Math.ceil((from - phaseMs) / stepMs) * stepMs + phaseMs
  for (let t = first; t < until; t += stepMs) {
    if (!box.measure(t)) continue
    const at = box.clockAt(t)
    const times = box.imperfections.isSentTwice(t) ? 2 : 1
    for (let i = 0; i < times && count < arrayReadingsMax; i++) {
      writer.byte(count === 0 ? openBracket : comma)
      box.write(writer, at)
      count++
    }
    lastAt = t
  }
  if (count === 0) return
  writer.byte(closeBracket)
  yield { deviceIndex: box.index, payload: writer.take(), lastAt: lastAt as UnixMs }
}
