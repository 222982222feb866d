/** Gives everything that the server keeps, and what was set aside for it, to be written into another store. */
import type { TimeRange } from '../../../model/columns.ts'
import { isMeasured, type MeasuredQuantity } from '../../../model/quantity.ts'
import type { Reading } from '../../../model/reading.ts'
import { dayMs, type UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { StoredRow } from '../../resolve.ts'
import type { KeptPiece } from '../../promise/copy.ts'
import { storedRows } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { countBySeries } from './counts.ts'
import { allTime, keep, pipe, step } from '../wire/flux.ts'
import { exportSliceRows, sliceMsMax } from '../../limits.ts'
import { readFields, selection } from './questions.ts'

const doing = 'reading everything out'

export async function dumpSize(core: Core, from: UnixMs | null): Promise<number> {
  return core.read(doing, async () => {
    const series = seriesSince(core, from)
    const range = { from: from ?? allTime.from, until: allTime.until }
    const counts = await countBySeries(core, doing, series, range)
    return series.reduce((sum, one) => sum + (counts.get(one) ?? 0) + asideOf(core, one, range).length, 0)
  })
}

export async function* dump(core: Core, from: UnixMs | null): AsyncGenerator<KeptPiece> {
  await core.read(doing, async () => undefined)
  const series = seriesSince(core, from)
  if (series.length === 0) return
  const last = Math.max(...series.map(({ high }) => high)) + 1
  let start = Math.max(from ?? -Infinity, Math.min(...series.map(({ low }) => low)))
  let width: number = dayMs
  while (start < last) {
    const end = Math.min(last, start + width)
    const range = { from: start as UnixMs, until: end as UnixMs }
    const lines = await countLines(core, series, range)
    if (lines > exportSliceRows.max && end - start > 1) {
      width = Math.max(1, Math.floor(((end - start) * exportSliceRows.max) / (lines * 1.25)))
      continue
    }
    if (lines === 0) {
      start =
        end < last
          ? ((await firstTime(core, series, { from: end as UnixMs, until: last as UnixMs })) ?? last)
          : last
      continue
    }
    yield { readings: await readPiece(core, series, range), until: end as UnixMs }
    start = end
    if (lines < exportSliceRows.low) width = Math.min(sliceMsMax, width * 2)
  }
}

function seriesSince(core: Core, from: UnixMs | null): Series[] {
  return [...core.catalogue.allSeries()].filter(({ low, high }) => low <= high && high >= (from ?? -Infinity))
}

async function countLines(core: Core, series: readonly Series[], range: TimeRange): Promise<number> {
  const question = pipe(
    ...selection(core, core.mounts.ofSeries(series), range, ['received']),
    step`|> count() |> group() |> sum()`
  )
  const [table] = await core.read(doing, () => core.server.query(doing, question))
  return table?.value[0] ?? 0
}

async function firstTime(
  core: Core,
  series: readonly Series[],
  range: TimeRange
): Promise<number | undefined> {
  const question = pipe(
    ...selection(core, core.mounts.ofSeries(series), range, ['received']),
    step`|> first()`,
    keep('_time', '_value')
  )
  const tables = await core.read(doing, () => core.server.query(doing, question))
  const times = tables.flatMap(({ time }) => time)
  return times.length > 0 ? Math.min(...times) : undefined
}

interface Kept {
  series: Series
  quantity: MeasuredQuantity
  row: StoredRow
  stands: boolean
}

async function readPiece(core: Core, series: readonly Series[], range: TimeRange): Promise<Reading[]> {
  const found = await core.read(doing, () => readFields(core, doing, core.mounts.ofSeries(series), range))
  const kept: Kept[] = []
  for (const one of series) {
    const { quantity } = one.channel
    // Corrected ones are computed; they have no readings of their own.
    if (!isMeasured(quantity)) continue
    const fields = found.get(core.mounts.of(one))
    const rows = fields ? storedRows(fields, quantity, one.id) : []
    for (const row of rows) kept.push({ series: one, quantity, row, stands: true })
    for (const row of asideOf(core, one, range)) kept.push({ series: one, quantity, row, stands: false })
  }
  return kept.sort(inOrder).map(({ series: { channel, deviceId }, quantity, row }) => ({
    siteId: channel.siteId,
    deviceId,
    quantity,
    measuredAt: row.time as UnixMs,
    receivedAt: row.receivedAt as UnixMs,
    value: row.value,
    flag: row.flag,
    reasons: row.reasons,
    sequence: row.sequence,
    importId: row.importId
  }))
}

function asideOf(core: Core, { id, low, high }: Series, { from, until }: TimeRange): StoredRow[] {
  return core.state.asideWithin(id, Math.max(low, from), Math.min(high, until - 1))
}

/** Of one identity the lowest sequence comes first and what stands last. */
function inOrder(a: Kept, b: Kept): number {
  return (
    a.row.time - b.row.time ||
    a.series.id - b.series.id ||
    a.row.sequence - b.row.sequence ||
    Number(a.stands) - Number(b.stands)
  )
}
