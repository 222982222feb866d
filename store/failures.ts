/** Counts readings that failed by what they have in common: the same for every store. Pure. */
import type { Reasons } from '../model/flag.ts'
import { sourceOf, type CorrectedQuantity } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { corrected } from './corrected-answers.ts'
import type { Catalogue, Series } from './memory/catalogue.ts'
import type { CorrectionSource } from './memory/corrections.ts'
import type { Failures, FailuresQuery } from './promise/read.ts'

/** What is measured and may have failed readings for the question. */
export function seriesAskedFor(catalogue: Catalogue, query: FailuresQuery): Series[] {
  const { siteIds, deviceId, quantity, from, until } = query
  const sites = siteIds && new Set(siteIds)
  return [...catalogue.allSeries()].filter(
    ({ channel, deviceId: own, low, high }) =>
      low < until &&
      high >= from &&
      (!sites || sites.has(channel.siteId)) &&
      (deviceId === undefined || own === deviceId) &&
      (quantity === undefined || channel.quantity === quantity)
  )
}

type Counted = Pick<Failures, 'siteId' | 'deviceId' | 'quantity' | 'reasons' | 'importId'>

export class FailureCounts {
  readonly #query: FailuresQuery
  readonly #found = new Map<string, Failures>()

  constructor(query: FailuresQuery) {
    this.#query = query
  }

  add(of: Counted, time: number): void {
    const { from, until, stretches } = this.#query
    if (time < from || time >= until) return
    const group = stretches ? groupAt(stretches, time) : 0
    if (group === undefined) return
    const key = `${of.siteId}\n${of.deviceId}\n${of.quantity}\n${group}\n${of.reasons}\n${of.importId}`
    const at = time as UnixMs
    const known = this.#found.get(key)
    if (!known) this.#found.set(key, { ...of, group, count: 1, first: at, last: at })
    else {
      known.count++
      known.first = Math.min(known.first, at) as UnixMs
      known.last = Math.max(known.last, at) as UnixMs
    }
  }

  all(): Failures[] {
    return inOrder([...this.#found.values()])
  }
}

/** Stretches are in order, and none overlaps another. */
function groupAt(stretches: NonNullable<FailuresQuery['stretches']>, time: number): number | undefined {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stretches[middle]!.until <= time) low = middle + 1
    else high = middle
  }
  const stretch = stretches[low]
  return stretch && stretch.from <= time ? stretch.group : undefined
}

export function inOrder(failures: Failures[]): Failures[] {
  const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
  return failures.sort(
    (a, b) =>
      byText(a.siteId, b.siteId) ||
      byText(a.deviceId, b.deviceId) ||
      byText(a.quantity, b.quantity) ||
      a.group - b.group ||
      a.reasons - b.reasons ||
      a.importId - b.importId
  )
}

export function isOfCorrected(
  query: FailuresQuery
): query is FailuresQuery & { quantity: CorrectedQuantity } {
  return query.quantity !== undefined && sourceOf(query.quantity) !== undefined
}

/** Readings that a correction left out as well; which device they were of is not told. */
export async function failuresOfCorrected(
  source: CorrectionSource,
  query: FailuresQuery & { quantity: CorrectedQuantity }
): Promise<Failures[]> {
  const { quantity, from, until, siteIds = [], flag: asked = 4 } = query
  const counts = new FailureCounts(query)
  for (const siteId of siteIds) {
    const { time, flag, reasons } = await corrected(source, { siteId, quantity, from, until })
    time.forEach((at, i) => {
      const of = { siteId, deviceId: '', quantity, reasons: reasons[i] as Reasons, importId: 0 }
      if (flag[i] === asked) counts.add(of, at)
    })
  }
  return counts.all()
}
