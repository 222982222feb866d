/** Reads what the store keeps in memory: the dictionaries, how far each series reaches, the newest readings, the marks, the corrections. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CorrectionRow } from '../../../model/correction.ts'
import { isQuantity } from '../../../model/quantity.ts'
import type { ClockHours } from '../../../model/time.ts'
import { Catalogue, offerLatest, type Channel, type Series } from '../../memory/catalogue.ts'
import type { Intervals } from '../../memory/intervals.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { asNumber, asText, columnsOf, idList, rowsOf } from './database.ts'
import { lookUp } from '../read/lookup.ts'

/** The dictionaries and one pass over the readings. */
export async function loadCatalogue(connection: DuckDBConnection): Promise<Catalogue> {
  const catalogue = new Catalogue()
  for (const [id, site, name] of await rowsOf(connection, 'SELECT channel, site, quantity FROM channels')) {
    const quantity = asText(name)
    // A quantity that this version does not know stays in the file, unseen, for one that does.
    if (isQuantity(quantity)) catalogue.putChannel(asNumber(id), asText(site), quantity)
  }
  for (const [id, channelId, device] of await rowsOf(
    connection,
    'SELECT series, channel, device FROM series'
  )) {
    const channel = catalogue.channelById(asNumber(channelId))
    if (channel) catalogue.putSeries(asNumber(id), channel, asText(device))
  }
  await takeNewest(connection, catalogue, await measureReach(connection, catalogue))
  return catalogue
}

/** The newest time of a series whose reading has another flag than 4. */
interface NewestTime {
  series: Series
  time: number
}

/** One pass over three columns, so that a start with a hundred million readings takes a second or two. */
async function measureReach(connection: DuckDBConnection, catalogue: Catalogue): Promise<NewestTime[]> {
  const newest: NewestTime[] = []
  const sql =
    'SELECT series, min(time), max(time), max(time) FILTER (flag <> 4) FROM readings GROUP BY series'
  for (const [id, low, high, time] of await rowsOf(connection, sql)) {
    const series = catalogue.seriesById(asNumber(id))
    if (!series) continue
    series.low = asNumber(low)
    series.high = asNumber(high)
    if (time !== null) newest.push({ series, time: asNumber(time) })
  }
  return newest
}

/** Asks the readings again which is the newest of each of these channels. */
export async function findLatest(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  of: Iterable<Channel>
): Promise<void> {
  const channels = [...of]
  for (const channel of channels) channel.latest = undefined
  const ids = idList(catalogue.seriesOf(channels).map((series) => series.id))
  const sql = `SELECT series, max(time) FROM readings WHERE flag <> 4 AND series IN ${ids} GROUP BY series`
  const newest = (await rowsOf(connection, sql)).flatMap(([id, time]) => {
    const series = catalogue.seriesById(asNumber(id))
    return series ? [{ series, time: asNumber(time) }] : []
  })
  await takeNewest(connection, catalogue, newest)
}

/** Their values are read where they lie, instead of carrying every value along in the search for the newest. */
async function takeNewest(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  newest: readonly NewestTime[]
): Promise<void> {
  const asked = newest.map(({ series, time }) => ({ seriesId: series.id, time }))
  for (const { row } of (await lookUp(connection, asked)).values()) {
    const series = catalogue.seriesById(row.series)
    if (series) offerLatest(series, row.time, row.value, row.flag, row.reasons)
  }
}

/** Of series that are not known any more nothing is taken. */
export async function loadIntervals(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  intervals: Intervals
): Promise<void> {
  const said = await rowsOf(
    connection,
    'SELECT device, start, until, interval_s, on_change FROM said_intervals'
  )
  const learnt = await rowsOf(
    connection,
    'SELECT series, start, interval_s FROM learnt_intervals ORDER BY start'
  )
  intervals.clear()
  for (const [device, start, until, intervalS, onChange] of said) {
    const interval = { intervalS: asNumber(intervalS), onChange: onChange === true }
    if (start === null && until === null) intervals.say(asText(device), interval)
    else {
      const from = start === null ? -Infinity : asNumber(start)
      intervals.sayOf(asText(device), {
        ...interval,
        from,
        until: until === null ? Infinity : asNumber(until)
      })
    }
  }
  for (const [id, rows] of Map.groupBy(learnt, ([series]) => asNumber(series))) {
    const series = catalogue.seriesById(id)
    if (!series) continue
    intervals.setLearnt(
      series,
      rows.map(([, start, intervalS]) => ({ from: asNumber(start), intervalS: asNumber(intervalS) }))
    )
  }
}

/** Where days begin that do not begin by this clock. */
export async function loadOtherDays(connection: DuckDBConnection, clock: ClockHours): Promise<number[]> {
  const starts = (await columnsOf(connection, 'SELECT DISTINCT time::DOUBLE FROM days')).numbers(0)
  return starts.filter((start) => clock.dayStart(start) !== start)
}

export async function loadMarks(
  connection: DuckDBConnection,
  table: 'dirty' | 'unexamined'
): Promise<MarkedHour[]> {
  // After a large import there may be millions.
  const columns = await columnsOf(connection, `SELECT DISTINCT channel, hour::DOUBLE FROM ${table}`)
  const hours = columns.numbers(1)
  return columns.numbers(0).map((channelId, i) => ({ channelId, hour: hours[i]! }))
}

/** What was kept is what `setCorrections` was told, so its shape is not checked again. */
export async function loadCorrections(connection: DuckDBConnection): Promise<CorrectionRow[]> {
  const kept = await rowsOf(connection, 'SELECT row FROM corrections')
  return kept.map(([row]) => JSON.parse(asText(row)) as CorrectionRow)
}
