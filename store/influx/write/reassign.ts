/** Moves a device's readings of a period to the site they belong to. */
import type { TimeRange } from '../../../model/columns.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { StoredRow } from '../../resolve.ts'
import type { Move } from '../../promise/keep.ts'
import { storedRows, type Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import { timeMsMax, timeMsMin } from '../wire/flux.ts'
import { findLatest } from '../read/latest.ts'
import { changedLine, encodeTag, newLine, readingsMeasurement, type NamedRow } from '../wire/line-protocol.ts'
import { takeLines, type KnownLines } from '../read/lookup.ts'
import type { KnownLine } from '../state/recent-lines.ts'
import type { Mount } from '../state/mounts.ts'
import { readFields } from '../read/questions.ts'
import { sendLines, type Line } from './sender.ts'
import { stretchesOf } from '../read/stretches.ts'
import { TouchedHours } from '../state/touched.ts'

const doing = 'moving readings'

/**
 * Of each place that both sites have, the reading with the highest sequence stands (of equal ones, the moved one) and
 * the other is kept aside. What moved is written before it is deleted where it was, so at every moment it is somewhere;
 * done twice, the second time finds only what the first had left.
 */
export async function reassignNow(core: Core, move: Move): Promise<number> {
  const sources = core.catalogue
    .seriesOfDevice(move.deviceId)
    .filter(({ channel, low, high }) => channel.siteId !== move.siteId && low <= high)
  const touched = new Set(sources.map(({ channel }) => channel))
  let moved = 0
  for (const mount of core.mounts.ofSeries(sources)) {
    const range = period(move, mount)
    if (range.from >= range.until) continue
    for await (const { range: stretch, fields } of stretchesOf(core, doing, mount, range)) {
      const moving = new Moving(core, move, mount)
      moved += await moving.move(stretch, fields)
      for (const { channel } of moving.targets()) touched.add(channel)
      const tags = { site: encodeTag(mount.siteId), device: encodeTag(mount.deviceId) }
      await core.server.delete(core.buckets.readings, readingsMeasurement, tags, stretch)
    }
    moveAside(core, move, mount)
  }
  if (moved > 0) await findLatest(core, touched)
  return moved
}

function period({ from, until }: Move, { low, high }: Mount): TimeRange {
  return {
    from: Math.max(low, from ?? timeMsMin) as UnixMs,
    until: Math.min(high + 1, until ?? timeMsMax) as UnixMs
  }
}

class Moving {
  readonly #core: Core
  readonly #move: Move
  readonly #mount: Mount
  readonly #lines = new Map<number, { known: KnownLine | undefined; rows: NamedRow[] }>()
  readonly #aside: StoredRow[] = []
  readonly #hours: TouchedHours
  readonly #reach = new Map<Series, { low: number; high: number }>()
  /** Of two readings for one place one is left. */
  #merged = 0

  constructor(core: Core, move: Move, mount: Mount) {
    this.#core = core
    this.#hours = new TouchedHours(core.clock)
    this.#move = move
    this.#mount = mount
  }

  targets(): Iterable<Series> {
    return this.#reach.keys()
  }

  async move(stretch: TimeRange, fields: Fields): Promise<number> {
    const there = await this.#known(stretch)
    let moved = 0
    for (const [quantity, source] of this.#mount.series) {
      for (const row of storedRows(fields, quantity, source.id)) {
        this.#take(source, row, there)
        moved++
      }
    }
    this.#announce()
    const target = [...this.#reach.keys()][0]
    if (target) await sendLines(this.#core, this.#toSend(this.#core.mounts.of(target)))
    if (this.#core.readings !== undefined) this.#core.readings -= this.#merged
    return moved
  }

  /** What the site they go to has at these moments already. */
  async #known(stretch: TimeRange): Promise<Map<number, KnownLine>> {
    const { mounts } = this.#core
    const mount = mounts.find(this.#move.siteId, this.#move.deviceId)
    const known: KnownLines = new Map()
    if (!mount) return new Map()
    const found = await readFields(this.#core, doing, [mount], stretch)
    for (const [of, fields] of found) takeLines(known, of, fields)
    return known.get(mount) ?? new Map<number, KnownLine>()
  }

  #take(source: Series, row: StoredRow, there: ReadonlyMap<number, KnownLine>): void {
    const target = this.#targetOf(source)
    const line = there.get(row.time)
    const standing = line?.rows.get(target.id)
    this.#hours.add(source.channel.id, row.time)
    this.#hours.add(target.channel.id, row.time)
    const moved = { ...row, series: target.id }
    if (standing) {
      this.#merged++
      const wins = moved.sequence >= standing.sequence
      if (!isSame(moved, standing)) this.#aside.push(wins ? standing : moved)
      if (!wins) return
    }
    const reach = this.#reach.get(target) ?? { low: Infinity, high: -Infinity }
    this.#reach.set(target, {
      low: Math.min(reach.low, row.time),
      high: Math.max(reach.high, row.time)
    })
    const to = this.#lines.get(row.time) ?? { known: line, rows: [] }
    to.rows.push({ quantity: target.channel.quantity, row: moved })
    this.#lines.set(row.time, to)
  }

  #targetOf({ channel: { quantity } }: Series): Series {
    const { siteId, deviceId } = this.#move
    const { catalogue, state } = this.#core
    const known = catalogue.series(siteId, deviceId, quantity)
    if (known) return known
    const { series, channelIsNew } = catalogue.add(siteId, deviceId, quantity)
    if (channelIsNew) state.putChannel(series.channel)
    state.putSeries(series, Infinity, -Infinity)
    return series
  }

  #announce(): void {
    const { state, mounts } = this.#core
    state.transaction(() => {
      for (const [series, { low, high }] of this.#reach) {
        state.putSeries(series, Math.min(series.low, low), Math.max(series.high, high))
      }
      this.#hours.write(this.#core)
      state.setAside(this.#aside)
      state.removeMeta('readings')
    })
    for (const [series, { low, high }] of this.#reach) mounts.widen(series, low, high)
    this.#hours.keep(this.#core)
  }

  #toSend(mount: Mount): Line[] {
    return [...this.#lines].map(([time, { known, rows }]) => ({
      mount,
      time,
      rows,
      isNew: !known,
      textOf: known ? changedLine : newLine
    }))
  }
}

/** Written by a move that was cut short: the same reading, which is not to be kept aside from itself. */
function isSame(a: StoredRow, b: StoredRow): boolean {
  return a.value === b.value && a.sequence === b.sequence && a.importId === b.importId
}

/** Readings kept aside move as well. */
function moveAside(core: Core, move: Move, mount: Mount): void {
  const { from, until } = move
  core.state.transaction(() => {
    for (const [quantity, source] of mount.series) {
      const target = core.catalogue.series(move.siteId, move.deviceId, quantity)
      if (!target) continue
      core.state.run(
        'UPDATE aside SET series = ? WHERE series = ? AND time >= ? AND time < ?',
        target.id,
        source.id,
        from ?? Number.MIN_SAFE_INTEGER,
        until ?? Number.MAX_SAFE_INTEGER
      )
    }
  })
}
