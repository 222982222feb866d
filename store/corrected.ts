/**
 * Readings of a corrected quantity from those of its source: pure, and the same for every store. They are never kept, so
 * raw values stay what they were, and a changed correction changes every number made with it.
 */
import { rollupDecimals, toDecimals } from '../model/decimals.ts'
import type { CorrectionRow } from '../model/correction.ts'
import { humidityAgeMsMax } from '../model/limits.ts'
import { figureValue } from '../model/quantity.ts'
import { reasonBits, worstFlag, type Flag, type Reasons } from '../model/flag.ts'
import { airFault, correctedValue, correctionOf, formulas, type Correction } from '../science/correction.ts'

/** Readings of one site, device and quantity, oldest first. */
export interface ReadingColumns {
  time: ArrayLike<number>
  value: ArrayLike<number>
  flag: ArrayLike<number>
  reasons: ArrayLike<number>
}

/** Oldest first; a reading of the source without a correction, or without the humidity that its formula asks for, is absent. */
export interface CorrectedColumns {
  /** Which reading of the source. */
  place: Uint32Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
  /** Index into the corrections given. */
  correction: Uint32Array
}

const tooHumid = reasonBits('tooHumid')

/**
 * Each reading of `source` by the correction that holds when it was measured, with the newest humidity of the same device
 * at the same site that is at most `humidityAgeMsMax` old. Its flag is the worst of those that went into it. Where the air
 * does not let the value be corrected it stays as it is with flag 4, so that no corrected mean holds it: at 95 % a
 * correction divides by five, and one raw value beside it would be a peak that never was.
 */
export function correctedColumns(
  source: ReadingColumns,
  humidity: ReadingColumns | undefined,
  corrections: readonly CorrectionRow[]
): CorrectedColumns {
  const count = source.time.length
  const [place, correction, reasonsOf] = [
    new Uint32Array(count),
    new Uint32Array(count),
    new Uint32Array(count)
  ]
  const [valueOf, flagOf] = [new Float64Array(count), new Uint8Array(count)]
  let made = 0
  const prepared = corrections.map(prepare)
  let held = -1
  let next = 0
  for (let i = 0; i < count; i++) {
    const at = source.time[i]!
    if (held === -1 || !holds(prepared[held]!, at)) held = prepared.findIndex((one) => holds(one, at))
    const by = prepared[held]
    if (by?.correction === undefined) continue
    let flag = source.flag[i] as Flag
    let reasons: Reasons = source.reasons[i]!
    let percent: number | null = null
    if (by.usesHumidity) {
      if (humidity === undefined) continue
      while (next < humidity.time.length && humidity.time[next]! <= at) next++
      if (next === 0 || at - humidity.time[next - 1]! > humidityAgeMsMax) continue
      percent = figureValue('humidity', humidity.value[next - 1]!)
      flag = worstFlag(flag, humidity.flag[next - 1] as Flag)
      reasons |= humidity.reasons[next - 1]!
    }
    const fault = airFault(by.correction, percent)
    place[made] = i
    correction[made] = held
    if (fault === undefined) {
      valueOf[made] = toDecimals(
        correctedValue(by.correction, source.value[i]!, percent ?? NaN),
        rollupDecimals
      )
    } else {
      valueOf[made] = source.value[i]!
      flag = 4
      if (fault === 'tooHumid') reasons |= tooHumid
    }
    flagOf[made] = flag
    reasonsOf[made] = reasons
    made++
  }
  return {
    place: place.subarray(0, made),
    value: valueOf.subarray(0, made),
    flag: flagOf.subarray(0, made),
    reasons: reasonsOf.subarray(0, made),
    correction: correction.subarray(0, made)
  }
}

interface Prepared {
  from: number
  until: number
  usesHumidity: boolean
  /** undefined for a row whose coefficients its formula cannot use. */
  correction: Correction | undefined
}

function prepare(row: CorrectionRow): Prepared {
  const found = correctionOf(row)
  return {
    from: row.from ?? -Infinity,
    until: row.until ?? Infinity,
    usesHumidity: usesHumidity(row),
    correction: found.ok ? found.correction : undefined
  }
}

function holds({ from, until }: Prepared, at: number): boolean {
  return from <= at && at < until
}

export function usesHumidity({ formula }: Pick<CorrectionRow, 'formula'>): boolean {
  return formulas[formula].usesHumidity
}

/** Those that are for the source's readings of this device at this site; none of them overlaps another. */
export function correctionsOf(
  rows: readonly CorrectionRow[],
  series: { siteId: string; deviceId: string; quantity: string }
): CorrectionRow[] {
  return rows.filter(
    ({ deviceId, siteId, quantity }) =>
      deviceId === series.deviceId &&
      quantity === series.quantity &&
      (siteId === null || siteId === series.siteId)
  )
}
