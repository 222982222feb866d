/** Takes an import back: its readings go, and what they had replaced stands again. */
import { quantities, type Quantity } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import type { RetractedReading } from '../../promise/keep.ts'
import type { StoredRow } from '../../resolve.ts'
import { storedRows, type Fields } from '../wire/columns.ts'
import type { Core } from '../core.ts'
import {
  allTime,
  anyOf,
  filter,
  isField,
  isMeasurement,
  isValue,
  keep,
  named,
  pipe,
  source,
  step
} from '../wire/flux.ts'
import { findLatest } from '../read/latest.ts'
import { deleteRunMin } from '../../limits.ts'
import {
  changedLine,
  encodeTag,
  fieldsOf,
  flagLine,
  goneFlag,
  readingsMeasurement
} from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'
import { mountOf } from '../read/questions.ts'
import { sendParcels } from './sender.ts'
import type { AsideRow } from '../state/state.ts'
import { stretchesOf } from '../read/stretches.ts'
import { TouchedHours } from '../state/touched.ts'

const doing = 'taking readings back'

/**
 * Of the readings kept aside for an identity, that with the highest sequence stands again (of equal ones, the one kept
 * last). Long runs of lines that hold nothing else are deleted; in the others the reading is marked as gone, since
 * InfluxDB cannot take a field from a line. May be done twice: what is gone already is not found again.
 */
export async function undoNow(core: Core, importId: number): Promise<number> {
  core.state.run('DELETE FROM aside WHERE import = ?', importId)
  return removeAndRestore(core, await places(core, importId), (row) => row.importId === importId)
}

/** The same for single readings, each with the sequence that brought it. */
export async function retractNow(core: Core, readings: readonly RetractedReading[]): Promise<number> {
  const going = new Set<string>()
  const found = new Map<Mount, { from: UnixMs; until: UnixMs }>()
  const keyOf = (seriesId: number, time: number, sequence: number): string =>
    `${seriesId} ${time} ${sequence}`
  for (const { siteId, deviceId, quantity, measuredAt, sequence } of readings) {
    const series = core.catalogue.series(siteId, deviceId, quantity)
    if (!series) continue
    going.add(keyOf(series.id, measuredAt, sequence))
    const mount = core.mounts.of(series)
    const { from, until } = found.get(mount) ?? { from: measuredAt, until: measuredAt }
    found.set(mount, {
      from: Math.min(from, measuredAt) as UnixMs,
      until: Math.max(until, measuredAt + 1) as UnixMs
    })
  }
  return removeAndRestore(core, found, (row) => going.has(keyOf(row.series, row.time, row.sequence)))
}

async function removeAndRestore(
  core: Core,
  stretches: ReadonlyMap<Mount, { from: UnixMs; until: UnixMs }>,
  isGoing: (row: StoredRow) => boolean
): Promise<number> {
  const channels = new Set<Channel>()
  let removed = 0
  for (const [mount, { from, until }] of stretches) {
    for await (const { fields } of stretchesOf(core, doing, mount, { from, until })) {
      const undoing = new Undoing(core, mount, fields, isGoing)
      removed += await undoing.undo()
      for (const channel of undoing.channels) channels.add(channel)
    }
  }
  if (removed > 0) await findLatest(core, channels)
  return removed
}

/** Mounts that have anything of the import, and from when until when. */
async function places(core: Core, importId: number): Promise<Map<Mount, { from: UnixMs; until: UnixMs }>> {
  const own = Object.keys(quantities).map((quantity) => fieldsOf(quantity as Quantity).import)
  const marked = pipe(
    source(core.buckets.readings, allTime),
    filter([isMeasurement(readingsMeasurement), anyOf(['import', ...own].map(isField)), isValue(importId)])
  )
  const kept = keep('_time', '_value', '_field', 'site', 'device')
  const question = pipe(
    marked,
    step`|> first()`,
    kept,
    named('first'),
    marked,
    step`|> last()`,
    kept,
    named('last')
  )
  const found = new Map<Mount, { from: UnixMs; until: UnixMs }>()
  for (const table of await core.server.query(doing, question)) {
    const mount = mountOf(core, table)
    if (!mount) continue
    const range = found.get(mount) ?? { from: Infinity, until: -Infinity }
    for (const time of table.time) {
      range.from = Math.min(range.from, time)
      range.until = Math.max(range.until, time + 1)
    }
    found.set(mount, range as { from: UnixMs; until: UnixMs })
  }
  return found
}

class Undoing {
  readonly channels = new Set<Channel>()
  readonly #core: Core
  readonly #mount: Mount
  readonly #fields: Fields
  readonly #isGoing: (row: StoredRow) => boolean
  readonly #gone = new Map<number, { quantity: Quantity }[]>()
  readonly #restored = new Map<number, { quantity: Quantity; row: StoredRow }[]>()
  readonly #restoredIds: number[] = []
  /** Moments at which something else stands. */
  readonly #shared = new Set<number>()
  readonly #hours: TouchedHours

  constructor(core: Core, mount: Mount, fields: Fields, isGoing: (row: StoredRow) => boolean) {
    this.#core = core
    this.#hours = new TouchedHours(core.clock)
    this.#mount = mount
    this.#fields = fields
    this.#isGoing = isGoing
  }

  async undo(): Promise<number> {
    let removed = 0
    for (const [quantity, series] of this.#mount.series) {
      const rows = storedRows(this.#fields, quantity, series.id)
      const aside = this.#asideOf(series.id, rows)
      for (const row of rows) {
        if (!this.#isGoing(row)) {
          this.#shared.add(row.time)
          continue
        }
        removed++
        this.channels.add(series.channel)
        this.#hours.add(series.channel.id, row.time)
        const before = aside.get(row.time)
        if (before) {
          add(this.#restored, row.time, { quantity, row: before })
          this.#restoredIds.push(before.id)
        } else add(this.#gone, row.time, { quantity })
      }
    }
    if (removed > 0) await this.#carryOut(removed)
    return removed
  }

  /** Of each moment that had several, the one that stands again. */
  #asideOf(seriesId: number, rows: readonly StoredRow[]): Map<number, AsideRow> {
    const [first, last] = [rows[0]?.time, rows.at(-1)?.time]
    if (first === undefined || last === undefined) return new Map()
    return new Map(this.#core.state.asideWithin(seriesId, first, last).map((row) => [row.time, row]))
  }

  async #carryOut(removed: number): Promise<void> {
    const { state, buckets, server } = this.#core
    state.transaction(() => {
      this.#hours.write(this.#core)
      state.removeMeta('readings')
    })
    this.#hours.keep(this.#core)
    const whole = new Set(
      [...this.#gone.keys()].filter((time) => !this.#shared.has(time) && !this.#restored.has(time))
    )
    const lines = this.#fields.get('sequence')?.time ?? []
    const runs = longRuns(lines, whole)
    const deleted = new Set(runs.flatMap(({ times }) => times))
    await sendParcels(this.#core, buckets.readings, this.#parcels(deleted))
    for (const { first, last } of runs) {
      const tags = { site: encodeTag(this.#mount.siteId), device: encodeTag(this.#mount.deviceId) }
      const range = { from: first as UnixMs, until: (last + 1) as UnixMs }
      await server.delete(buckets.readings, readingsMeasurement, tags, range)
    }
    state.transaction(() => {
      for (const id of this.#restoredIds) state.run('DELETE FROM aside WHERE id = ?', id)
    })
    if (this.#core.readings !== undefined) this.#core.readings -= removed - this.#restoredIds.length
  }

  #parcels(deleted: ReadonlySet<number>) {
    const { tags } = this.#mount
    const parcel = (time: number, text: string) => ({ text, time, what: time, parts: () => [] })
    const restored = [...this.#restored].map(([time, rows]) => parcel(time, changedLine(tags, time, rows)))
    const gone = [...this.#gone].flatMap(([time, of]) => {
      if (deleted.has(time)) return []
      const changes = of.map(({ quantity }) => ({ quantity, flag: goneFlag, reasons: 0 }))
      return [parcel(time, flagLine(tags, time, changes))]
    })
    // One request may hold two lines of one moment: they name different fields, so both stand.
    return [...restored, ...gone]
  }
}

function add<Value>(map: Map<number, Value[]>, time: number, value: Value): void {
  const of = map.get(time)
  if (of) of.push(value)
  else map.set(time, [value])
}

/** A deletion costs the server about as much as writing a few hundred lines, so only long runs are deleted. */
function longRuns(
  lines: readonly number[],
  whole: ReadonlySet<number>
): { first: number; last: number; times: number[] }[] {
  const runs: { first: number; last: number; times: number[] }[] = []
  let times: number[] = []
  const end = (): void => {
    if (times.length >= deleteRunMin) runs.push({ first: times[0]!, last: times.at(-1)!, times })
    times = []
  }
  for (const time of lines) {
    if (whole.has(time)) times.push(time)
    else end()
  }
  end()
  return runs
}
