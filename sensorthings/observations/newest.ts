/** The newest Observation of each Datastream, which the store knows without reading: of all Things at once in a few milliseconds. */
import type { Row, Series, Stream } from '../entities/entity.ts'
import type { Plan } from './plan.ts'
import { firstOfEach, type Effort, type SearchDeps } from './search.ts'

/**
 * What the store knows is the newest that did not fail. Where a series ends with another one (it failed, or came of two devices at
 * once, or readings were removed), it is read.
 */
export async function newestOfEach(
  deps: SearchDeps,
  effort: Effort,
  plan: Plan
): Promise<Map<Stream, Row[]>> {
  const siteIds = [...new Set(plan.streams.flatMap(({ siteId }) => siteId ?? []))]
  const latest = siteIds.length > 0 ? await deps.readings.latest(siteIds) : []
  const byName = new Map(latest.map((one) => [`${one.siteId} ${one.quantity}`, one]))
  const found = new Map<Stream, Row[]>()
  const rest: Stream[] = []
  for (const stream of plan.streams) {
    const known = byName.get(`${stream.siteId} ${stream.quantity}`)
    const series = known && lastSeries(stream, known.measuredAt, known.deviceId)
    if (!known || !series) {
      rest.push(stream)
      continue
    }
    const { measuredAt: at, value, flag, reasons } = known
    found.set(stream, [{ series, at, until: at, value, flag, reasons }])
  }
  if (rest.length === 0) return found
  const read = await firstOfEach(deps, effort, { ...plan, streams: rest }, { descending: true, limit: 1 })
  return new Map([...found, ...read])
}

/** Its series, where no other one reaches as far and this one reaches no further. */
function lastSeries({ series }: Stream, at: number, deviceId: string): Series | undefined {
  const own = series.find((one) => one.deviceId === deviceId)
  const isLast = own?.until === at + 1 && series.every((one) => one === own || one.until < own.until)
  return isLast ? own : undefined
}
