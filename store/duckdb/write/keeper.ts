/** What changes readings afterwards: intervals, moves to another site, erasing, taking an import back. */
import type { Channel, Series } from '../../memory/catalogue.ts'
import { isSaid, saidInterval, takeSaid, type IntervalPeriod } from '../../memory/said-interval.ts'
import type { Erasure, Move, RetractedReading, SaidInterval, Trim } from '../../promise/keep.ts'
import { appendChannels, appendRetracted, appendSeries } from '../file/append.ts'
import type { Core } from '../core.ts'
import { asNumber, bigint, idList, rowsOf } from '../file/database.ts'
import { findLatest } from '../file/load.ts'
import { emptyWorkingTable, trimmedKey } from '../file/schema.ts'
import { askForRewrite, isRewriteAskedFor } from '../file/rewrite.ts'
import { hourStartOf } from '../rollups/clock-sql.ts'

export async function setInterval(
  core: Core,
  deviceId: string,
  interval: number | SaidInterval
): Promise<void> {
  const said = saidInterval(deviceId, interval)
  // Every start of the hub says every interval again.
  if (isSaid(core.intervals, deviceId, said)) return
  await core.alone('setting an interval', async () => {
    if (isSaid(core.intervals, deviceId, said)) return
    const series = core.catalogue.seriesOfDevice(deviceId).filter(({ low, high }) => low <= high)
    await core
      .transaction(async () => {
        takeSaid(core.intervals, deviceId, said)
        await keepSaid(core, deviceId)
        if (series.length > 0) await markHours(core, readingsWithin(series, said))
      })
      .catch(async (failure: unknown) => {
        await core.loadIntervals()
        throw failure
      })
    if (series.length > 0) await core.loadMarks()
  })
}

async function keepSaid(core: Core, deviceId: string): Promise<void> {
  const { writer } = core.database
  await writer.run('DELETE FROM said_intervals WHERE device = $deviceId', { deviceId })
  const always = core.intervals.said(deviceId)
  const stretches = core.intervals.saidStretches(deviceId)
  for (const { intervalS, onChange, from, until } of [
    ...(always ? [{ ...always, from: -Infinity, until: Infinity }] : []),
    ...stretches
  ]) {
    await writer.run('INSERT INTO said_intervals VALUES ($deviceId, $from, $until, $intervalS, $onChange)', {
      deviceId,
      from: from === -Infinity ? null : bigint(from),
      until: until === Infinity ? null : bigint(until),
      intervalS,
      onChange
    })
  }
}

function readingsWithin(series: readonly Series[], { from, until }: IntervalPeriod): string {
  const bounds = [`series IN ${idList(series.map(({ id }) => id))}`]
  if (from !== -Infinity) bounds.push(`time >= ${bigint(from)}`)
  if (until !== Infinity) bounds.push(`time < ${bigint(until)}`)
  return `readings WHERE ${bounds.join(' AND ')}`
}

/** As `markHours`, for readings that come or go: what stands around them is to be judged again as well. */
async function markChanged(core: Core, from: string): Promise<void> {
  await markHours(core, from)
  await markHours(core, from, 'unexamined')
}

/** Marks the hours of the readings that a FROM clause gives. Memory follows with `load`, after the commit. */
async function markHours(core: Core, from: string, table: 'dirty' | 'unexamined' = 'dirty'): Promise<void> {
  const all = [...core.catalogue.allSeries()].filter(({ low, high }) => low <= high)
  const [low, high] = [Math.min(...all.map((one) => one.low)), Math.max(...all.map((one) => one.high))]
  await core.database.writer.run(
    `INSERT INTO ${table} SELECT DISTINCT s.channel, ${hourStartOf('touched.time', core.clock, low, high + 1)}
     FROM (SELECT series, time FROM ${from}) touched JOIN series s ON s.series = touched.series`
  )
}

/**
 * Takes the device's readings of the period out, together with those that hold the same place at the site they go to,
 * and puts back one for each identity: that with the highest sequence (of equal ones, the moved one). The others are
 * kept aside. Readings kept aside move as well.
 */
export async function reassign(core: Core, move: Move): Promise<number> {
  return core.alone('moving readings', async () => {
    const sources = core.catalogue
      .seriesOfDevice(move.deviceId)
      .filter(({ channel, low, high }) => channel.siteId !== move.siteId && low <= high)
    const moving = await withReadings(core, sources, move)
    if (moving.length === 0) return 0
    const targets = new Targets(core, move, moving)
    try {
      const moved = await core.transaction(() => targets.move())
      await targets.apply()
      return moved
    } catch (failure) {
      targets.abandon()
      throw failure
    }
  })
}

/** Those that have something to move: a series made for nothing would have its interval expected where it never was. */
async function withReadings(core: Core, series: readonly Series[], move: Move): Promise<Series[]> {
  if (series.length === 0) return []
  const inPeriod = `series IN ${idList(series.map(({ id }) => id))} AND ${period(move, 'time')}`
  const found = await rowsOf(
    core.database.writer,
    `SELECT series FROM readings WHERE ${inPeriod} UNION SELECT series FROM replaced WHERE ${inPeriod}`
  )
  const ids = new Set(found.map(([id]) => asNumber(id)))
  return series.filter(({ id }) => ids.has(id))
}

function period({ from, until }: Move, time: string): string {
  const bounds = ['true']
  if (from !== null) bounds.push(`${time} >= ${bigint(from)}`)
  if (until !== null) bounds.push(`${time} < ${bigint(until)}`)
  return bounds.join(' AND ')
}

/** The series that moved readings belong to, made where they did not exist. */
class Targets {
  readonly #core: Core
  readonly #move: Move
  readonly #pairs: { source: Series; target: Series }[] = []
  readonly #newSeries: Series[] = []
  readonly #newChannels: Channel[] = []

  constructor(core: Core, move: Move, sources: readonly Series[]) {
    this.#core = core
    this.#move = move
    for (const source of sources) this.#pairs.push({ source, target: this.#targetOf(source) })
  }

  #targetOf({ channel: { quantity } }: Series): Series {
    const { siteId, deviceId } = this.#move
    const known = this.#core.catalogue.series(siteId, deviceId, quantity)
    if (known) return known
    const { series, channelIsNew } = this.#core.catalogue.add(siteId, deviceId, quantity)
    this.#newSeries.push(series)
    if (channelIsNew) this.#newChannels.push(series.channel)
    return series
  }

  async move(): Promise<number> {
    const { writer } = this.#core.database
    await appendChannels(writer, this.#newChannels)
    await appendSeries(writer, this.#newSeries)
    const pairs = this.#pairs.map(({ source, target }) => `(${source.id}, ${target.id})`).join(',')
    await writer.run(
      `CREATE OR REPLACE TEMP TABLE moving AS
       SELECT p.target, r.rowid AS id, 1 AS moved, r.* FROM readings r
       JOIN (VALUES ${pairs}) p(source, target) ON p.source = r.series WHERE ${period(this.#move, 'r.time')}`
    )
    const [row] = await rowsOf(writer, 'SELECT count(*) FROM temp.moving')
    await writer.run(
      `INSERT INTO temp.moving SELECT r.series, r.rowid, 0, r.* FROM readings r
       SEMI JOIN (SELECT target, time FROM temp.moving) m ON m.target = r.series AND m.time = r.time`
    )
    await markChanged(this.#core, 'temp.moving')
    await markChanged(this.#core, '(SELECT target AS series, time FROM temp.moving)')
    await writer.run('DELETE FROM readings WHERE rowid IN (SELECT id FROM temp.moving)')
    const ranked = `SELECT target, time, value, flag, reasons, delay, sequence, import,
      row_number() OVER (PARTITION BY target, time ORDER BY sequence DESC, moved DESC, id DESC) AS place FROM temp.moving`
    const columns = 'target, time, value, flag, reasons, delay, sequence, import'
    await writer.run(`INSERT INTO readings SELECT ${columns} FROM (${ranked}) WHERE place = 1 ORDER BY time`)
    await writer.run(`INSERT INTO replaced SELECT ${columns} FROM (${ranked}) WHERE place > 1`)
    await writer.run(
      `UPDATE replaced SET series = p.target FROM (VALUES ${pairs}) p(source, target)
       WHERE p.source = replaced.series AND ${period(this.#move, 'replaced.time')}`
    )
    await writer.run('DROP TABLE temp.moving')
    return asNumber(row?.[0])
  }

  async apply(): Promise<void> {
    const { catalogue, database } = this.#core
    for (const { source, target } of this.#pairs) {
      // Wider than need be is safe: it only costs a look-up.
      target.low = Math.min(target.low, Math.max(source.low, this.#move.from ?? -Infinity))
      target.high = Math.max(target.high, Math.min(source.high, (this.#move.until ?? Infinity) - 1))
    }
    const channels = this.#pairs.flatMap(({ source, target }) => [source.channel, target.channel])
    await findLatest(database.writer, catalogue, new Set(channels))
    await this.#core.loadMarks()
  }

  abandon(): void {
    for (const series of this.#newSeries) this.#core.catalogue.forgetSeries(series)
    for (const channel of this.#newChannels) this.#core.catalogue.forgetChannel(channel)
  }
}

/** Afterwards the file is written anew, since deleted rows would otherwise stay legible in its bytes. */
export async function erase(core: Core, { siteIds, deviceIds }: Erasure): Promise<number> {
  return core.alone('erasing', async () => {
    const { writer } = core.database
    const channels = core.catalogue.channelsOf(siteIds)
    const gone = core.corrections.rows.filter((row) => deviceIds.includes(row.deviceId))
    const inChannels = `channel IN ${idList(channels.map((channel) => channel.id))}`
    const inSeries = `series IN ${idList(core.catalogue.seriesOf(channels).map((series) => series.id))}`
    const [row] = await rowsOf(writer, `SELECT count(*) FROM readings WHERE ${inSeries}`)
    const trimmed = new Map([...core.trimmed].filter(([siteId]) => !siteIds.includes(siteId)))
    await core.transaction(async () => {
      for (const table of ['readings', 'replaced', 'learnt_intervals']) {
        await writer.run(`DELETE FROM ${table} WHERE ${inSeries}`)
      }
      for (const table of ['hours', 'days', 'dirty', 'unexamined', 'series', 'channels']) {
        await writer.run(`DELETE FROM ${table} WHERE ${inChannels}`)
      }
      for (const deviceId of deviceIds)
        await writer.run('DELETE FROM said_intervals WHERE device = $deviceId', { deviceId })
      for (const { correctionId } of gone)
        await writer.run('DELETE FROM corrections WHERE correction = $correctionId', { correctionId })
      await keepTrimmed(core, trimmed)
      if (channels.length + deviceIds.length > 0) await askForRewrite(writer)
    })
    core.trimmed = trimmed
    core.forgetDevices(deviceIds)
    for (const channel of channels) core.forgetChannel(channel)
    core.cache.forget(new Set(channels.map(({ id }) => id)))
    if (await isRewriteAskedFor(writer)) await core.rewrite()
    return asNumber(row?.[0])
  })
}

/** Deleted rows leave room for what comes; unlike an erasure this does not write the file anew. */
export async function trim(core: Core, parts: readonly Trim[]): Promise<number> {
  return core.alone('removing old readings', async () => {
    const { writer } = core.database
    const trimmable = core.trimmable(parts)
    const trimmed = core.trimmedWith(trimmable)
    let count = 0
    await core.transaction(async () => {
      await keepTrimmed(core, trimmed)
      for (const { siteId, from, until } of trimmable) {
        const ids = core.catalogue.seriesOf(core.catalogue.channelsOf([siteId])).map(({ id }) => id)
        const old = `series IN ${idList(ids)} AND time < ${bigint(until)}${from === null ? '' : ` AND time >= ${bigint(from)}`}`
        const [row] = await rowsOf(writer, `SELECT count(*) FROM readings WHERE ${old}`)
        count += asNumber(row?.[0])
        for (const table of ['readings', 'replaced']) await writer.run(`DELETE FROM ${table} WHERE ${old}`)
      }
    })
    core.trimmed = trimmed
    const channels = core.catalogue.channelsOf(trimmable.map(({ siteId }) => siteId))
    if (count > 0) await findLatest(writer, core.catalogue, channels)
    return count
  })
}

/** Inside a transaction. */
async function keepTrimmed(
  { database: { writer } }: Core,
  trimmed: ReadonlyMap<string, number>
): Promise<void> {
  await writer.run(`DELETE FROM meta WHERE key = '${trimmedKey}'`)
  if (trimmed.size === 0) return
  const text = JSON.stringify(Object.fromEntries(trimmed))
  await writer.run(`INSERT INTO meta VALUES ('${trimmedKey}', $text)`, { text })
}

/**
 * Of the readings kept aside for an identity, that with the highest sequence stands again (of equal ones, the one kept
 * last); those that the import brought go as well. Marks, newest readings and counts follow.
 */
export async function undoImport(core: Core, importId: number): Promise<number> {
  if (!Number.isInteger(importId) || importId <= 0) {
    throw new RangeError(
      `There is no import ${importId}; readings that sensors sent cannot be undone this way.`
    )
  }
  return removeAndRestore(core, 'taking an import back', async () => {
    await core.database.writer.run(`DELETE FROM replaced WHERE import = ${importId}`)
    return `SELECT rowid AS id, series, time FROM readings WHERE import = ${importId}`
  })
}

export async function retract(core: Core, gone: readonly RetractedReading[]): Promise<number> {
  return removeAndRestore(core, 'taking readings back', async () => {
    const { writer } = core.database
    const asked = gone.flatMap(({ siteId, deviceId, quantity, measuredAt: time, sequence }) => {
      const series = core.catalogue.series(siteId, deviceId, quantity)
      return series ? [{ seriesId: series.id, time, sequence }] : []
    })
    await emptyWorkingTable(writer, 'retracted')
    await appendRetracted(writer, asked)
    return `SELECT r.rowid AS id, r.series, r.time FROM readings r
      SEMI JOIN temp.retracted t ON t.series = r.series AND t.time = r.time AND t.sequence = r.sequence`
  })
}

/** `undoneSql` gives the rows that go; what was kept aside for their identities stands again. */
function removeAndRestore(core: Core, doing: string, undoneSql: () => Promise<string>): Promise<number> {
  return core.alone(doing, async () => {
    const { writer } = core.database
    const channels = new Set<Channel>()
    const removed = await core.transaction(async () => {
      await writer.run(`CREATE OR REPLACE TEMP TABLE undone AS ${await undoneSql()}`)
      for (const [id] of await rowsOf(writer, 'SELECT DISTINCT series FROM temp.undone')) {
        const series = core.catalogue.seriesById(asNumber(id))
        if (series) channels.add(series.channel)
      }
      await markChanged(core, 'temp.undone')
      await writer.run('DELETE FROM readings WHERE rowid IN (SELECT id FROM temp.undone)')
      await writer.run(
        `CREATE OR REPLACE TEMP TABLE restored AS SELECT * FROM (
           SELECT r.rowid AS id, r.*, row_number() OVER (PARTITION BY r.series, r.time
             ORDER BY r.sequence DESC, r.rowid DESC) AS place
           FROM replaced r SEMI JOIN temp.undone u ON u.series = r.series AND u.time = r.time) WHERE place = 1`
      )
      await writer.run(
        `INSERT INTO readings SELECT series, time, value, flag, reasons, delay, sequence, import
         FROM temp.restored ORDER BY time`
      )
      await writer.run('DELETE FROM replaced WHERE rowid IN (SELECT id FROM temp.restored)')
      const [row] = await rowsOf(writer, 'SELECT count(*) FROM temp.undone')
      await writer.run('DROP TABLE temp.undone; DROP TABLE temp.restored')
      return asNumber(row?.[0])
    })
    await findLatest(writer, core.catalogue, channels)
    await core.loadMarks()
    return removed
  })
}
