/**
 * Writes batches: one reading for each identity. What the state file must know is synced first, then the lines go to
 * the server, and the batch is durable when that has said so. An outage in between leaves part of the batch there;
 * whoever writes it again (ingest does, until it is done) finds that part and completes it.
 */
import type { Reading } from '../../../model/reading.ts'
import { Additions } from '../../memory/additions.ts'
import { offerLatest, type Channel, type Series } from '../../memory/catalogue.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { noteReplaced, resolve, storedRow, type StoredRow } from '../../resolve.ts'
import { refuseUnstorable } from '../../storable.ts'
import type { WriteResult } from '../../promise/write.ts'
import type { Core } from '../core.ts'
import { findLatest } from '../read/latest.ts'
import { changedLine, newLine, type NamedRow } from '../wire/line-protocol.ts'
import { lookUp } from '../read/lookup.ts'
import type { Mount } from '../state/mounts.ts'
import type { KnownLine } from '../state/recent-lines.ts'
import { sendLines, type Line } from './sender.ts'

export async function writeBatch(core: Core, batch: readonly Reading[]): Promise<WriteResult> {
  batch.forEach(refuseUnstorable)
  return core.alone('writing readings', async () => {
    const plan = new WritePlan(core)
    try {
      plan.take(batch)
      await plan.resolveContended()
      plan.announce()
    } catch (failure) {
      plan.abandon()
      throw failure
    }
    await plan.send()
    await plan.apply()
    return plan.counts
  })
}

/** What a batch brings for one moment of one mount where something may be already, in its order. */
interface Contended {
  mount: Mount
  time: number
  arrivals: StoredRow[]
}

/** A line that is certainly new, while the batch is being sorted. */
interface Fresh {
  mount: Mount
  time: number
  rows: NamedRow[]
}

class WritePlan {
  readonly counts: WriteResult = { inserted: 0, repeated: 0, replaced: 0, superseded: 0 }
  readonly #core: Core
  readonly #additions: Additions
  /** The newest line of each mount so far. */
  readonly #tops = new Map<Mount, { time: number; fresh: Fresh | undefined }>()
  #fresh: Fresh[] = []
  readonly #contended: Contended[] = []
  readonly #lines: Line[] = []
  readonly #aside: StoredRow[] = []
  readonly #reach = new Map<Series, { low: number; high: number }>()
  readonly #marks = new Map<number, Set<number>>()
  #newMarks: MarkedHour[] = []
  /** Channels whose newest reading failed its check after all: another is the newest, and only the server knows which. */
  readonly #unsure = new Set<Channel>()

  constructor(core: Core) {
    this.#core = core
    this.#additions = new Additions(core.catalogue)
  }

  /** Sorts the batch into lines that are certainly new (later than all of their mount) and contended identities. */
  take(batch: readonly Reading[]): void {
    const late: { mount: Mount; row: StoredRow }[] = []
    for (const reading of batch) {
      const series = this.#additions.seriesOf(reading)
      const mount = this.#core.mounts.of(series)
      this.#core.recent.begin(mount)
      const row = storedRow(reading, series.id)
      const named = { quantity: reading.quantity, row }
      const top = this.#tops.get(mount)
      if (row.time > (top?.time ?? mount.high)) {
        const fresh = { mount, time: row.time, rows: [named] }
        this.#fresh.push(fresh)
        this.#tops.set(mount, { time: row.time, fresh })
      } else if (
        top?.fresh?.time === row.time &&
        !top.fresh.rows.some((one) => one.quantity === named.quantity)
      ) {
        top.fresh.rows.push(named)
      } else late.push({ mount, row })
    }
    if (late.length > 0) this.#contend(late)
    for (const { mount, time, rows } of this.#fresh) this.#addNew(mount, time, rows)
  }

  /** Late readings, and the lines of this batch at the same moment, which therefore are not certainly new. */
  #contend(late: readonly { mount: Mount; row: StoredRow }[]): void {
    const byMount = new Map<Mount, Map<number, Contended>>()
    for (const { mount, row } of late) {
      const times = byMount.get(mount) ?? new Map<number, Contended>()
      byMount.set(mount, times)
      if (times.has(row.time)) continue
      const contended = { mount, time: row.time, arrivals: [] }
      times.set(row.time, contended)
      this.#contended.push(contended)
    }
    // A line of the batch that counted as new came before the late readings of its moment, since it set the top.
    this.#fresh = this.#fresh.filter(({ mount, time, rows }) => {
      const contended = byMount.get(mount)?.get(time)
      contended?.arrivals.push(...rows.map(({ row }) => row))
      return !contended
    })
    for (const { mount, row } of late) byMount.get(mount)?.get(row.time)?.arrivals.push(row)
  }

  #addNew(mount: Mount, time: number, rows: readonly NamedRow[]): void {
    this.#lines.push({ mount, time, rows, isNew: true, textOf: newLine })
    for (const { row } of rows) this.#noteRow(row, true)
    this.counts.inserted += rows.length
  }

  /** The only step that asks the server, and only of what was not written just now; what it answers cannot move before the writer's turn ends. */
  async resolveContended(): Promise<void> {
    if (this.#contended.length === 0) return
    const { recent } = this.#core
    const asked = this.#contended.filter(
      ({ mount, time }) => time >= mount.low && time <= mount.high && !recent.covers(mount, time)
    )
    const known = await lookUp(this.#core, asked)
    for (const contended of this.#contended) {
      const { mount, time } = contended
      this.#resolve(contended, recent.line(mount, time) ?? known.get(mount)?.get(time))
    }
  }

  /**
   * What is there already is written again. The server answers questions from what it could not write to its disk (its
   * cache takes points before its log does: tsm1/engine.go, WritePoints), so only its answer to a write says that they
   * are there for good; and what comes again may come because that answer never came.
   */
  #resolve({ mount, time, arrivals }: Contended, known: KnownLine | undefined): void {
    const bySeries = Map.groupBy(arrivals, (row) => row.series)
    const rows: NamedRow[] = []
    let isChanged = false
    for (const [seriesId, of] of bySeries) {
      const series = this.#core.catalogue.seriesById(seriesId)
      if (!series) throw new Error(`series ${seriesId} is in a batch but not in the catalogue`)
      const stored = known?.rows.get(seriesId)
      const { standing, aside, touched } = resolve(stored, of, this.counts)
      noteReplaced(this.counts, series, stored, standing)
      this.#aside.push(...aside)
      isChanged ||= standing !== stored
      const { latest } = series.channel
      const wasNewest = latest?.series === series && latest.time === standing.time
      if (stored && wasNewest && standing.flag === 4) this.#unsure.add(series.channel)
      rows.push({ quantity: series.channel.quantity, row: standing })
      this.#noteRow(standing, touched)
    }
    // A whole line that is as it was is written as it was: to say of each reading what is said once would make it longer.
    const isAsNew = !known || (!isChanged && rows.length === known.rows.size)
    this.#lines.push({ mount, time, rows, isNew: !known, textOf: isAsNew ? newLine : changedLine })
  }

  #noteRow({ series: id, time }: StoredRow, touched: boolean): void {
    const series = this.#core.catalogue.seriesById(id)!
    const reach = this.#reach.get(series)
    if (!reach)
      this.#reach.set(series, { low: Math.min(series.low, time), high: Math.max(series.high, time) })
    else {
      if (time < reach.low) reach.low = time
      if (time > reach.high) reach.high = time
    }
    if (!touched) return
    const hour = this.#core.clock.hourStart(time)
    const channelId = series.channel.id
    const hours = this.#marks.get(channelId)
    if (hours) hours.add(hour)
    else this.#marks.set(channelId, new Set([hour]))
  }

  /** Before a line leaves, the state file knows how far it reaches and which hours it touches; memory follows at once. */
  announce(): void {
    const { state, mounts, dirty, unexamined } = this.#core
    const marks: MarkedHour[] = []
    for (const [channelId, hours] of this.#marks) for (const hour of hours) marks.push({ channelId, hour })
    const forDirty = marks.filter((mark) => !dirty.has(mark))
    const forUnexamined = marks.filter((mark) => !unexamined.has(mark))
    state.transaction(() => {
      for (const channel of this.#additions.channels) state.putChannel(channel)
      for (const [series, { low, high }] of this.#reach) {
        if (low !== series.low || high !== series.high || this.#additions.series.includes(series)) {
          state.putSeries(series, low, high)
        }
      }
      state.mark('dirty', forDirty)
      state.mark('unexamined', forUnexamined)
      state.setAside(this.#aside)
      if (this.counts.replaced > 0) {
        state.setMeta('replacements', String(this.#core.replacements + this.counts.replaced))
      }
      // Until the store is closed in order, only the server knows how many there are.
      state.removeMeta('readings')
    })
    for (const [series, { low, high }] of this.#reach) mounts.widen(series, low, high)
    this.#core.replacements += this.counts.replaced
    this.#newMarks = marks
  }

  async send(): Promise<void> {
    const { dirty, unexamined } = this.#core
    const { readings } = this.#core
    this.#core.readings = undefined
    for (const mark of this.#newMarks) {
      dirty.mark(mark)
      unexamined.mark(mark)
    }
    const refused = await sendLines(this.#core, this.#lines)
    for (const { parcel } of refused) if (parcel.what.isNew) this.counts.inserted -= parcel.what.rows.length
    const gone = new Set(refused.flatMap(({ parcel }) => parcel.what.rows.map(({ row }) => row)))
    if (gone.size > 0) {
      for (const line of this.#lines) line.rows = line.rows.filter(({ row }) => !gone.has(row))
    }
    if (readings !== undefined) this.#core.readings = readings + this.counts.inserted
    if (refused.length > 0) return this.#core.recent.clear()
    for (const { mount, time, rows } of this.#lines) {
      this.#core.recent.note(
        mount,
        time,
        rows.map(({ row }) => row)
      )
    }
  }

  /** The batch is durable: what is shown follows. */
  async apply(): Promise<void> {
    const { catalogue } = this.#core
    for (const { rows } of this.#lines) {
      for (const { row } of rows) {
        if (row.flag === 4) continue
        const series = catalogue.seriesById(row.series)!
        offerLatest(series, row.time, row.value, row.flag, row.reasons)
      }
    }
    if (this.#unsure.size > 0) await findLatest(this.#core, this.#unsure)
  }

  /** Nothing was written: what this batch added to the dictionaries is forgotten. */
  abandon(): void {
    this.#core.recent.clear()
    for (const series of this.#additions.series) this.#core.mounts.forgetSeries(series)
    this.#additions.abandon()
  }
}
