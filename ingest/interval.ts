/** How often a device measures, learnt from what came: the median gap of its first readings. Pure. */
import { intervalSMax } from './limits.ts'
import { intervalLearnReadings } from '../model/limits.ts'
import { definitionOf, type Quantity } from '../model/quantity.ts'
import { secondMs, type UnixMs } from '../model/time.ts'

/**
 * Times are kept for each quantity: a board may send particles and climate in turn, and a quantity is what coverage
 * counts. The first quantity with enough distinct times decides. The device's own quantities do not count (a battery
 * is reported when it likes).
 */
export class IntervalLearner {
  readonly #devices = new Map<string, Map<Quantity, Set<UnixMs>>>()
  readonly #learnt = new Set<string>()

  /** The interval in seconds, once for each device: when its twentieth distinct time came. */
  observe(deviceId: string, quantity: Quantity, measuredAt: UnixMs): number | undefined {
    if (this.#learnt.has(deviceId) || definitionOf(quantity).subject === 'device') return undefined
    const times = this.#timesOf(deviceId, quantity)
    times.add(measuredAt)
    if (times.size < intervalLearnReadings) return undefined
    const intervalS = medianGapS([...times])
    times.clear()
    if (intervalS === undefined) return undefined
    this.#devices.delete(deviceId)
    this.#learnt.add(deviceId)
    return intervalS
  }

  /** Its interval is known from elsewhere, so nothing needs to be kept of it. */
  forget(deviceId: string): void {
    if (this.#devices.size > 0) this.#devices.delete(deviceId)
  }

  #timesOf(deviceId: string, quantity: Quantity): Set<UnixMs> {
    let quantities = this.#devices.get(deviceId)
    if (!quantities) this.#devices.set(deviceId, (quantities = new Map()))
    let times = quantities.get(quantity)
    if (!times) quantities.set(quantity, (times = new Set()))
    return times
  }
}

/**
 * The median gap in whole seconds. Gaps below a second are left out: members of an array without times stand a
 * millisecond apart because the hub put them there. undefined when no gap is left.
 */
export function medianGapS(times: readonly UnixMs[]): number | undefined {
  const sorted = times.toSorted((a, b) => a - b)
  const gaps = sorted
    .slice(1)
    .map((time, i) => time - sorted[i]!)
    .filter((gap) => gap >= secondMs)
    .toSorted((a, b) => a - b)
  if (gaps.length === 0) return undefined
  const middle = gaps.length >> 1
  const medianMs = gaps.length % 2 === 1 ? gaps[middle]! : (gaps[middle - 1]! + gaps[middle]!) / 2
  return Math.min(intervalSMax, Math.max(1, Math.round(medianMs / secondMs)))
}
