/** Writes batches: one reading for each identity, durable with the marks of its hours, all or nothing. */
import type { Reading } from '../../../model/reading.ts'
import { Additions } from '../../memory/additions.ts'
import { offerLatest, type Channel, type Series } from '../../memory/catalogue.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { noteReplaced, resolve, storedRow, type StoredRow } from '../../resolve.ts'
import { refuseUnstorable } from '../../storable.ts'
import type { WriteResult } from '../../promise/write.ts'
import {
  appendAside,
  appendChannels,
  appendGone,
  appendMarks,
  appendReadings,
  appendSeries
} from '../file/append.ts'
import type { Core } from '../core.ts'
import { findLatest } from '../file/load.ts'
import { emptyWorkingTable } from '../file/schema.ts'
import { lookUp, type FoundRow } from '../read/lookup.ts'

export async function writeBatch(core: Core, batch: readonly Reading[]): Promise<WriteResult> {
  batch.forEach(refuseUnstorable)
  return core.alone('writing readings', async () => {
    const plan = new WritePlan(core)
    try {
      plan.take(batch)
      await core.transaction(() => plan.store())
    } catch (failure) {
      plan.abandon()
      throw failure
    }
    await plan.apply()
    return plan.counts
  })
}

/** Readings of one identity: what the file may hold, and what arrived in this batch, in its order. */
interface Contended {
  series: Series
  time: number
  arrivals: StoredRow[]
}

/** What one batch will do to the file and, once that is durable, to memory. */
class WritePlan {
  readonly counts: WriteResult = { inserted: 0, repeated: 0, replaced: 0, superseded: 0 }
  readonly #core: Core
  readonly #additions: Additions
  /** How far each series of the batch reaches once the batch is in. */
  readonly #tops = new Map<Series, number>()
  #rows: StoredRow[] = []
  readonly #removed: bigint[] = []
  readonly #aside: StoredRow[] = []
  readonly #marks = new Map<number, Set<number>>()
  readonly #contended: Contended[] = []
  /** Channels whose newest reading failed its check after all: another is the newest, and only the file knows which. */
  readonly #unsure = new Set<Channel>()

  constructor(core: Core) {
    this.#core = core
    this.#additions = new Additions(core.catalogue)
  }

  /**
   * Sorts the batch into readings that are certainly new (later than all of their series) and contended identities.
   * Order within the batch does not matter to the store, so a stretch sent backwards is only slower, not wrong.
   */
  take(batch: readonly Reading[]): void {
    const late: StoredRow[] = []
    for (const reading of batch) {
      const series = this.#additions.seriesOf(reading)
      const row = storedRow(reading, series.id)
      const top = this.#tops.get(series) ?? series.high
      if (row.time > top) {
        this.#tops.set(series, row.time)
        this.#rows.push(row)
      } else late.push(row)
    }
    if (late.length > 0) this.#contend(late)
    for (const row of this.#rows) this.#mark(row)
    this.counts.inserted += this.#rows.length
  }

  /** Late readings, and the readings of this batch that have the same identity, which therefore are not certainly new. */
  #contend(late: readonly StoredRow[]): void {
    const byIdentity = new Map<number, Map<number, Contended>>()
    for (const row of late) {
      const series = this.#core.catalogue.seriesById(row.series)
      if (!series) throw new Error(`series ${row.series} is in a batch but not in the catalogue`)
      const times = byIdentity.get(row.series) ?? new Map<number, Contended>()
      byIdentity.set(row.series, times)
      if (times.has(row.time)) continue
      const contended = { series, time: row.time, arrivals: [] }
      times.set(row.time, contended)
      this.#contended.push(contended)
    }
    // A row of the batch that counted as new came before the late ones of its identity, since it set the top.
    this.#rows = this.#rows.filter((row) => {
      const contended = byIdentity.get(row.series)?.get(row.time)
      contended?.arrivals.push(row)
      return !contended
    })
    for (const row of late) byIdentity.get(row.series)?.get(row.time)?.arrivals.push(row)
  }

  /** Inside of the transaction: what was looked up cannot move before it is changed. */
  async store(): Promise<void> {
    await this.#resolveContended()
    await this.#writeRows()
  }

  async #resolveContended(): Promise<void> {
    if (this.#contended.length === 0) return
    const asked = this.#contended.filter(({ series, time }) => time >= series.low && time <= series.high)
    const places = await lookUp(
      this.#core.database.writer,
      asked.map(({ series, time }) => ({ seriesId: series.id, time }))
    )
    const stored = new Map(asked.map((contended, index) => [contended, places.get(index)]))
    for (const contended of this.#contended) this.#resolve(contended, stored.get(contended))
  }

  #resolve({ series, arrivals }: Contended, stored: FoundRow | undefined): void {
    const { standing, aside, touched } = resolve(stored?.row, arrivals, this.counts)
    noteReplaced(this.counts, series, stored?.row, standing)
    this.#aside.push(...aside)
    if (standing === stored?.row) return
    if (stored) {
      this.#removed.push(stored.rowId)
      const { latest } = series.channel
      const wasNewest = latest?.series === series && latest.time === standing.time
      if (wasNewest && standing.flag === 4) this.#unsure.add(series.channel)
    }
    this.#rows.push(standing)
    if (touched) this.#mark(standing)
  }

  #mark({ series, time }: StoredRow): void {
    const hour = this.#core.clock.hourStart(time)
    const hours = this.#marks.get(series)
    if (hours) hours.add(hour)
    else this.#marks.set(series, new Set([hour]))
  }

  *#dirtyHours(): Generator<MarkedHour> {
    for (const [seriesId, hours] of this.#marks) {
      const channelId = this.#core.catalogue.seriesById(seriesId)?.channel.id
      if (channelId === undefined) continue
      for (const hour of hours) yield { channelId, hour }
    }
  }

  async #writeRows(): Promise<void> {
    const { writer } = this.#core.database
    await appendChannels(writer, this.#additions.channels)
    await appendSeries(writer, this.#additions.series)
    if (this.#removed.length > 0) {
      await emptyWorkingTable(writer, 'gone')
      await appendGone(writer, this.#removed)
      await writer.run('DELETE FROM readings WHERE rowid IN (SELECT id FROM temp.gone)')
    }
    await appendReadings(writer, this.#rows)
    if (this.#aside.length > 0) await this.#keepAside()
    const marks = [...this.#dirtyHours()]
    const { dirty, unexamined } = this.#core
    await appendMarks(
      writer,
      'dirty',
      marks.filter((mark) => !dirty.has(mark))
    )
    await appendMarks(
      writer,
      'unexamined',
      marks.filter((mark) => !unexamined.has(mark))
    )
  }

  /** A replay brings the same readings again; what is kept aside already is not kept twice. */
  async #keepAside(): Promise<void> {
    const { writer } = this.#core.database
    await emptyWorkingTable(writer, 'aside')
    await appendAside(writer, this.#aside)
    await writer.run(
      `INSERT INTO replaced SELECT * FROM temp.aside a WHERE NOT EXISTS (FROM replaced r
       WHERE r.series = a.series AND r.time = a.time AND r.sequence = a.sequence AND r.import = a.import
         AND r.value = a.value)`
    )
    if (this.counts.replaced === 0) return
    await writer.run(
      "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + $more AS VARCHAR) WHERE key = 'replacements'",
      { more: this.counts.replaced }
    )
  }

  /** The batch is durable: memory follows. */
  async apply(): Promise<void> {
    const { catalogue, database, dirty, unexamined } = this.#core
    for (const row of this.#rows) {
      const series = catalogue.seriesById(row.series)
      if (!series) continue
      if (row.time < series.low) series.low = row.time
      if (row.time > series.high) series.high = row.time
      if (row.flag !== 4) offerLatest(series, row.time, row.value, row.flag, row.reasons)
    }
    for (const mark of this.#dirtyHours()) {
      dirty.mark(mark)
      unexamined.mark(mark)
    }
    this.#core.replacements += this.counts.replaced
    if (this.#unsure.size > 0) await findLatest(database.writer, catalogue, this.#unsure)
  }

  /** Nothing was written: what this batch added to the dictionaries is forgotten. */
  abandon(): void {
    this.#additions.abandon()
  }
}
