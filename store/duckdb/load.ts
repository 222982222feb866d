/** Reads what the store keeps in memory: the dictionaries, how far each series reaches, the newest readings, the marks. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { isQuantity } from '../../model/quantity.ts'
import { asFlag, Catalogue, offerLatest, type Channel } from '../catalogue.ts'
import type { MarkedHour } from '../marked-hours.ts'
import { asNumber, asText, columnsOf, idList, rowsOf } from './database.ts'

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
  await measureReach(connection, catalogue)
  await findLatest(connection, catalogue, catalogue.channels())
  return catalogue
}

async function measureReach(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  const sql = 'SELECT series, min(time), max(time) FROM readings GROUP BY series'
  for (const [id, low, high] of await rowsOf(connection, sql)) {
    const series = catalogue.seriesById(asNumber(id))
    if (!series) continue
    series.low = asNumber(low)
    series.high = asNumber(high)
  }
}

/** Asks the readings again which is the newest of each of these channels. */
export async function findLatest(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  of: Iterable<Channel>
): Promise<void> {
  const channels = [...of]
  for (const channel of channels) channel.latest = undefined
  const series = catalogue.seriesOf(channels)
  if (series.length === 0) return
  const everything = series.length === [...catalogue.allSeries()].length
  const newest = await rowsOf(
    connection,
    `SELECT series, max(time), arg_max(value, time), arg_max(flag, time), arg_max(reasons, time) FROM readings
     WHERE flag <> 4 ${everything ? '' : `AND series IN ${idList(series.map((s) => s.id))}`} GROUP BY series`
  )
  for (const [id, time, value, flag, reasons] of newest) {
    const found = catalogue.seriesById(asNumber(id))
    if (found) offerLatest(found, asNumber(time), asNumber(value), asFlag(flag), asNumber(reasons))
  }
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
