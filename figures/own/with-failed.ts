/** The hours of a room as they would be with readings that failed their checks, where these have a value that can be. */
import { coverageMin } from '../../model/limits.ts'
import { reasonList, type Reason, type Reasons } from '../../model/flag.ts'
import { quantities } from '../../model/quantity.ts'
import { hourMs, type UnixMs } from '../../model/time.ts'
import type { RoomHour } from '../../science/damp-record.ts'
import type { ReadingReader } from '../../store/promise/read.ts'

export interface WithFailed {
  hours: RoomHour[]
  /** How many failed readings are in them. */
  readings: number
}

type Measured = 'temperature' | 'humidity'

/** An error code or a value beyond what can be is no measurement at all: nobody can count it. */
const noMeasurement: readonly Reason[] = ['sentinel', 'outOfRange']

function hasValue(reasons: Reasons): boolean {
  return !reasonList(reasons).some((reason) => noMeasurement.includes(reason))
}

/** undefined where no reading with a value failed. */
export async function airWithFailed(
  readings: Pick<ReadingReader, 'raw' | 'failures'>,
  siteId: string,
  hours: readonly RoomHour[]
): Promise<WithFailed | undefined> {
  const [first, last] = [hours[0], hours.at(-1)]
  if (!first || !last) return undefined
  const range = { from: first.time, until: (last.time + hourMs) as UnixMs }
  let count = 0
  let [from, until] = [Infinity, -Infinity]
  for (const quantity of ['temperature', 'humidity'] as const) {
    const failures = await readings.failures({ siteIds: [siteId], quantity, ...range })
    for (const one of failures.filter(({ reasons }) => hasValue(reasons))) {
      count += one.count
      from = Math.min(from, one.first)
      until = Math.max(until, one.last)
    }
  }
  if (count === 0) return undefined
  // Only the stretch in which any failed is read: the rest is as the hours have it.
  const part = hours.filter(({ time }) => time + hourMs > from && time <= until)
  const temperature = await meansOf(readings, siteId, 'temperature', part)
  const humidity = await meansOf(readings, siteId, 'humidity', part)
  return { hours: hours.map((hour) => withAir(hour, temperature, humidity)), readings: count }
}

type Means = ReadonlyMap<UnixMs, { mean: number; hasFailed: boolean }>

/** An hour in which nothing with a value failed stays as it was. */
function withAir(hour: RoomHour, temperature: Means, humidity: Means): RoomHour {
  const [celsius, percent] = [temperature.get(hour.time), humidity.get(hour.time)]
  if (!celsius || !percent || !(celsius.hasFailed || percent.hasFailed)) return hour
  return { ...hour, inside: { temperatureC: celsius.mean, humidity: percent.mean } }
}

/** Means of hours, of failed readings too where these have a value. */
async function meansOf(
  readings: Pick<ReadingReader, 'raw'>,
  siteId: string,
  quantity: Measured,
  hours: readonly RoomHour[]
): Promise<Means> {
  const means = new Map<UnixMs, { mean: number; hasFailed: boolean }>()
  const [first, last] = [hours[0], hours.at(-1)]
  if (!first || !last) return means
  const raw = await readings.raw({
    siteId,
    quantity,
    from: first.time,
    until: (last.time + hourMs) as UnixMs
  })
  const most: number = 'figureMax' in quantities[quantity] ? quantities.humidity.figureMax : Infinity
  const byHour: { sum: number; count: number; failed: number }[] = hours.map(() => ({
    sum: 0,
    count: 0,
    failed: 0
  }))
  let at = 0
  for (const [i, time] of raw.time.entries()) {
    while (at + 1 < hours.length && hours[at + 1]!.time <= time) at++
    if (!hasValue(raw.reasons[i]!) && raw.flag[i] === 4) continue
    const hour = byHour[at]!
    hour.sum += Math.min(most, raw.value[i]!)
    hour.count++
    if (raw.flag[i] === 4) hour.failed++
  }
  // Fewer than three quarters of what the best hour has are too few, as for every hour.
  const fullest = byHour.reduce((best, { count }) => Math.max(best, count), 0)
  for (const [i, { sum, count, failed }] of byHour.entries())
    if (count > 0 && count >= fullest * coverageMin)
      means.set(hours[i]!.time, { mean: sum / count, hasFailed: failed > 0 })
  return means
}
