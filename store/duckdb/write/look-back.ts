/** Brings the look back its readings, a bounded piece at a time, and keeps what it says of them. */
import type { Quantity } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import { asFlag, type Series } from '../../memory/catalogue.ts'
import {
  byJudgedRange,
  byLoadedRange,
  judgedRange,
  lookBackInTurns,
  touchedHours,
  unsureOf,
  type MarkedStretch,
  type RangeGroup
} from '../../look-back-plan.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { ExaminedBlock, ExaminedSeries, LookBackRules } from '../../promise/examine.ts'
import { appendMarks, appendVerdicts } from '../file/append.ts'
import type { Core } from '../core.ts'
import { columnsOf, idList } from '../file/database.ts'
import { findLatest } from '../file/load.ts'
import { emptyWorkingTable } from '../file/schema.ts'
import { hourStartOf } from '../rollups/clock-sql.ts'

export function lookBack(
  core: Core,
  now: UnixMs,
  rules: LookBackRules
): Promise<{ changed: number; more: boolean }> {
  return lookBackInTurns(core, now, rules, {
    examine: (sites, marked) => examine(core, sites, marked, rules),
    forget: (marks) => forget(core, marks)
  })
}

interface Loaded {
  block: ExaminedBlock
  series: Series[]
  /** By series, the row of each reading; it holds within this turn of the writer. */
  rowIds: number[][]
}

async function examine(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<number> {
  const loaded = await load(core, sites, marked, rules)
  const verdicts = rules.judge(loaded.block)
  if (verdicts.length === 0) return 0
  const touched = touchedHours(core.clock, loaded, verdicts)
  const { writer } = core.database
  await core.transaction(async () => {
    await emptyWorkingTable(writer, 'verdicts')
    await appendVerdicts(
      writer,
      verdicts.map(({ series, place, flag, reasons }) => ({
        rowId: loaded.rowIds[series]![place]!,
        flag,
        reasons
      }))
    )
    await writer.run(
      'UPDATE readings SET flag = v.flag, reasons = v.reasons FROM temp.verdicts v WHERE readings.rowid = v.id'
    )
    await appendMarks(
      writer,
      'dirty',
      touched.filter((mark) => !core.dirty.has(mark))
    )
  })
  for (const mark of touched) core.dirty.mark(mark)
  await findLatest(writer, core.catalogue, unsureOf(loaded, verdicts))
  return verdicts.length
}

async function load(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<Loaded> {
  const groups = byLoadedRange(core.catalogue.channelsOf(sites), marked, rules)
  const columns = await columnsOf(
    core.database.writer,
    `SELECT series, rowid::DOUBLE, time::DOUBLE, value, flag, reasons FROM readings
     WHERE ${withinGroups(core, groups)}
     ORDER BY series, time`
  )
  const [ids, rows, times, values] = [0, 1, 2, 3].map((index) => columns.numbers(index))
  const [flags, reasons] = [columns.numbers(4), columns.numbers(5)]
  const loaded: Loaded = {
    block: {
      series: [],
      hourStart: (at) => core.clock.hourStart(at),
      middleOf: await middles(core, sites, marked, rules)
    },
    series: [],
    rowIds: []
  }
  for (let from = 0, until = 0; from < columns.rowCount; from = until) {
    while (until < columns.rowCount && ids![until] === ids![from]) until++
    const series = core.catalogue.seriesById(ids![from]!)
    if (!series) continue
    const { deviceId, channel } = series
    const examined: ExaminedSeries = {
      siteId: channel.siteId,
      deviceId,
      quantity: channel.quantity,
      judged: judgedRange(marked, channel.quantity, rules),
      time: times!.slice(from, until),
      value: values!.slice(from, until),
      flag: flags.slice(from, until).map(asFlag),
      reasons: reasons.slice(from, until)
    }
    loaded.block.series.push(examined)
    loaded.series.push(series)
    loaded.rowIds.push(rows!.slice(from, until))
  }
  return loaded
}

function withinGroups(core: Core, groups: readonly RangeGroup[], table = ''): string {
  if (groups.length === 0) return 'false'
  return groups
    .map(({ range, channels }) => {
      const ids = idList(core.catalogue.seriesOf(channels).map(({ id }) => id))
      return `(${table}series IN ${ids} AND ${table}time >= ${range.from} AND ${table}time < ${range.until})`
    })
    .join(' OR ')
}

/** From what came in, never from what a look back made of it: else its answer would depend on the order of its work. */
async function middles(
  core: Core,
  sites: readonly string[],
  marked: MarkedStretch,
  rules: LookBackRules
): Promise<ExaminedBlock['middleOf']> {
  const asked = new Set(sites.flatMap((siteId) => [siteId, ...rules.neighboursOf(siteId)]))
  const channels = core.catalogue.channelsOf(asked).filter(({ quantity }) => rules.hasNeighbours(quantity))
  const groups = byJudgedRange(channels, marked, rules)
  const from = Math.min(...groups.map(({ range }) => range.from))
  const until = Math.max(...groups.map(({ range }) => range.until))
  const columns = await columnsOf(
    core.database.writer,
    `SELECT s.channel, ${hourStartOf('r.time', core.clock, from, until)}::DOUBLE AS hour, quantile_cont(r.value, 0.5)
     FROM readings r JOIN series s ON s.series = r.series
     WHERE (${withinGroups(core, groups, 'r.')})
       AND (r.reasons & ${rules.failing}) = 0 AND (r.flag <> 4 OR (r.reasons & ${rules.ours}) <> 0)
     GROUP BY s.channel, hour`
  )
  const [ids, hours, values] = [columns.numbers(0), columns.numbers(1), columns.numbers(2)]
  const found = new Map<number, Map<number, number>>()
  ids.forEach((id, i) => {
    const of = found.get(id) ?? new Map<number, number>()
    found.set(id, of.set(hours[i]!, values[i]!))
  })
  return (siteId: string, quantity: Quantity, at: UnixMs) => {
    const channel = core.catalogue.channel(siteId, quantity)
    return channel && found.get(channel.id)?.get(core.clock.hourStart(at))
  }
}

async function forget(core: Core, marks: readonly MarkedHour[]): Promise<void> {
  const { writer } = core.database
  await core.transaction(async () => {
    await emptyWorkingTable(writer, 'examined')
    await appendMarks(writer, 'examined', marks)
    await writer.run(
      `DELETE FROM unexamined USING temp.examined e WHERE unexamined.channel = e.channel AND unexamined.hour = e.hour`
    )
    // Readings that arrived meanwhile have marked their hours again.
    await appendMarks(
      writer,
      'unexamined',
      marks.filter((mark) => core.unexamined.has(mark))
    )
  })
}
