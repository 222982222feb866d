/** What every store must keep of `changesSince`: whoever copies what is public, and follows, has what a fresh export gives. */
import { describe, expect, it } from 'vitest'
import { reasonBits } from '../../model/flag.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { clockHours, dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { notingStore, type NotingStore } from '../../store/changes/noting.ts'
import type { ChangePosition } from '../../store/promise/changes.ts'
import type { LookBackRules, ReadingExaminer, Verdict } from '../../store/promise/examine.ts'
import type { ExportHead } from '../../store/promise/export.ts'
import type { Store } from '../../store/promise/store.ts'
import { createRandom } from '../../firmware-sim/random.ts'
import { aReading, at, winter } from '../support/readings.ts'
import { aCorrection } from './store-corrections.ts'

export interface ChangesRig {
  store: NotingStore
  clock: { now(): UnixMs; set(now: number): void }
}

export function openRig(store: Store & ReadingExaminer, file: string): ChangesRig {
  let now: number = winter + 20 * dayMs
  const clock = { now: () => now as UnixMs, set: (next: number) => void (now = next) }
  return { store: notingStore(store, { file, timezone: 'Europe/London', clock }), clock }
}

const quantities = ['pm2_5', 'humidity', 'pm2_5_corrected'] as const satisfies readonly Quantity[]
const outdoor = ['elm-1', 'elm-2', 'oak-1']
const room = 'elm-bedroom'

/** Somebody elsewhere: rows by site, quantity and time, kept true by nothing but exports and changes. */
export class Follower {
  readonly #store: NotingStore
  readonly #sites: () => readonly string[]
  rows = new Map<string, string>()
  hours = new Map<string, string>()
  #position: ChangePosition | null = null
  #settled = 0 as UnixMs
  followed = 0

  constructor(store: NotingStore, sites: () => readonly string[]) {
    this.#store = store
    this.#sites = sites
  }

  async follow(limit = 100): Promise<void> {
    for (let more = true; more;) {
      const page = await this.#store.changesSince(this.#position, limit)
      if (!page) throw new Error('the position is gone')
      this.#position = page.position
      more = page.more
      // Everything is read in one go, and of it only what the changes name is taken.
      const now = await this.#read(page.settledUntil)
      for (const { siteId, quantity, from, until } of page.changes) {
        this.followed++
        const end = Math.min(until ?? Infinity, this.#settled) as UnixMs
        this.#take(now, siteId, quantity, from ?? (0 as UnixMs), end)
      }
      this.#take(now, null, null, this.#settled, page.settledUntil)
      this.#settled = page.settledUntil
    }
  }

  async #read(until: UnixMs): Promise<Kept> {
    const query = { siteIds: this.#sites(), quantities, from: 0 as UnixMs, until }
    return { rows: await readingsOf(this.#store, query), hours: await hoursOf(this.#store, query) }
  }

  #take(now: Kept, siteId: string | null, quantity: Quantity | null, from: UnixMs, until: UnixMs): void {
    if (from >= until) return
    const wanted = quantity === null ? quantities : quantities.filter((one) => one === quantity)
    const covers = (key: string): boolean => {
      const [site = '', name = '', time = ''] = key.split(' ')
      const isOf = (siteId === null || site === siteId) && wanted.some((one) => one === name)
      return isOf && Number(time) >= from && Number(time) < until
    }
    for (const name of ['rows', 'hours'] as const) {
      for (const key of this[name].keys()) if (covers(key)) this[name].delete(key)
      for (const [key, row] of now[name]) if (covers(key)) this[name].set(key, row)
    }
  }

  /** The same made at once. */
  fresh(): Promise<Kept> {
    return this.#read(this.#settled)
  }
}

interface Kept {
  rows: Map<string, string>
  hours: Map<string, string>
}

/** Of a reading that jumped it is said so while the one that it jumped from is there: a flag that others change. */
const rules: LookBackRules = {
  reachMs: () => hourMs,
  contextMs: () => hourMs,
  ours: reasonBits('spike'),
  failing: 0,
  hasNeighbours: () => false,
  neighboursOf: () => [],
  judge: ({ series }) =>
    series.flatMap(({ time, value, flag, judged }, index) =>
      time.flatMap((at, place): Verdict[] => {
        if (place === 0 || at < judged.from || at >= judged.until) return []
        const isJump = at - time[place - 1]! < hourMs && Math.abs(value[place]! - value[place - 1]!) > 15
        if (isJump === (flag[place] === 3)) return []
        return [{ series: index, place, flag: isJump ? 3 : 1, reasons: isJump ? reasonBits('spike') : 0 }]
      })
    )
}

interface Wanted {
  siteIds: readonly string[]
  quantities: readonly Quantity[]
  from: UnixMs
  until: UnixMs
}

async function readingsOf(store: NotingStore, query: Wanted): Promise<Map<string, string>> {
  const rows = new Map<string, string>()
  if (query.siteIds.length === 0 || query.quantities.length === 0) return rows
  let head: ExportHead = { kind: 'head', series: [], corrections: [] }
  for await (const part of store.export(query)) {
    if (part.kind === 'head') head = part
    else
      for (let i = 0; i < part.time.length; i++) {
        const { siteId, deviceId, quantity } = head.series[part.series[i]!]!
        const at = part.time[i]!
        const isUnjudged = head.unjudged?.[part.series[i]!]?.some(
          ({ from, until }) => from <= at && at < until
        )
        const row = [part.value[i], part.flag[i], part.reasons[i], isUnjudged ?? false].join(' ')
        rows.set(`${siteId} ${quantity} ${part.time[i]} ${deviceId}`, row)
      }
  }
  return rows
}

/** Those that have ended by `until`. */
async function hoursOf(store: NotingStore, query: Wanted): Promise<Map<string, string>> {
  const rows = new Map<string, string>()
  if (query.siteIds.length === 0 || query.quantities.length === 0) return rows
  const clock = clockHours('Europe/London')
  let series: { siteId: string; quantity: Quantity }[] = []
  for await (const part of store.exportWindows({ ...query, window: 'hour' })) {
    if (part.kind === 'head') series = part.series
    else
      for (let i = 0; i < part.time.length; i++) {
        if (clock.hourEnd(part.time[i]!) > query.until) continue
        const { siteId, quantity } = series[part.series[i]!]!
        const row = [part.count[i], part.expected[i], part.mean[i]?.toFixed(6)].join(' ')
        rows.set(`${siteId} ${quantity} ${part.time[i]}`, row)
      }
  }
  return rows
}

/** Every way by which what was given out changes, in an order that a seed says. */
export class RandomChanges {
  readonly #rig: ChangesRig
  readonly #random: () => number
  sites = new Set(outdoor)
  #sequence = 0
  #imports = 0
  #sent: Reading[] = []
  #corrections = 0
  /** Readings that were written, replaced or taken back. */
  changed = 0

  constructor(rig: ChangesRig, seed: number) {
    this.#rig = rig
    const random = createRandom(seed)
    this.#random = () => random.next()
  }

  async begin(): Promise<void> {
    await this.#tellSites()
    for (const device of ['box-1', 'box-2', 'box-3', 'box-4']) await this.#rig.store.setInterval(device, 600)
  }

  async step(): Promise<void> {
    const { store, clock } = this.#rig
    const dice = this.#random()
    if (dice < 0.6) return this.#write()
    if (dice < 0.7) return this.#refresh()
    if (dice < 0.8) return this.#lookBack()
    if (dice < 0.84) return this.#undo()
    if (dice < 0.88) return this.#takeBack()
    if (dice < 0.92) {
      const deviceId = `box-${this.#below(3) + 1}`
      const from = at(clock.now(), -this.#below(18) * dayMs)
      await store.reassign({ deviceId, siteId: this.#pick([...outdoor, room]), from, until: at(from, dayMs) })
      return
    }
    if (dice < 0.97) return this.#correct()
    const siteId = this.#pick(outdoor)
    if (this.sites.has(siteId) && this.sites.size > 1) this.sites.delete(siteId)
    else this.sites.add(siteId)
    await this.#tellSites()
    if (!this.sites.has(siteId)) await store.eraseAll({ siteIds: [siteId], deviceIds: [] })
  }

  #tellSites(): Promise<void> {
    return this.#rig.store.setPublicSites(new Map([...this.sites].map((id) => [id, id.slice(0, 3)])))
  }

  async #write(): Promise<void> {
    const { store, clock } = this.#rig
    clock.set(clock.now() + this.#below(20) * minuteMs)
    const isImport = this.#random() < 0.1
    const importId = isImport ? ++this.#imports : 0
    const isLive = this.#random() < 0.3
    const batch = Array.from({ length: 1 + this.#below(400) }, () => {
      const again = !isImport && !isLive && this.#sent.length > 0 && this.#random() < 0.4
      return again ? { ...this.#pick(this.#sent), ...this.#news() } : this.#reading(importId, isLive)
    })
    await store.write(batch)
    this.#sent.push(...batch)
    this.changed += batch.length
  }

  #reading(importId: number, isLive: boolean): Reading {
    const now = this.#rig.clock.now()
    const device = 1 + this.#below(4)
    const back = isLive ? this.#below(60_000) : this.#below(18 * 24 * 6) * 10 * minuteMs
    return aReading({
      siteId: device === 4 ? room : outdoor[device - 1]!,
      deviceId: `box-${device}`,
      quantity: this.#random() < 0.5 ? 'pm2_5' : 'humidity',
      measuredAt: (isLive ? now - back : Math.floor((now - back) / minuteMs) * minuteMs) as UnixMs,
      ...this.#news(),
      importId
    })
  }

  #news() {
    return { value: this.#below(300) / 10, flag: 1 as const, sequence: ++this.#sequence, importId: 0 }
  }

  async #refresh(): Promise<void> {
    const { store, clock } = this.#rig
    for (let more = true; more;) ({ more } = await store.refreshRollups(clock.now()))
  }

  async #lookBack(): Promise<void> {
    const { store, clock } = this.#rig
    for (let more = true; more;) ({ more } = await store.lookBack(clock.now(), rules))
  }

  async #undo(): Promise<void> {
    if (this.#imports > 0) this.changed += await this.#rig.store.undoImport(1 + this.#below(this.#imports))
  }

  async #takeBack(): Promise<void> {
    if (this.#sent.length > 0) this.changed += await this.#rig.store.retract([this.#pick(this.#sent)])
  }

  async #correct(): Promise<void> {
    const row: CorrectionRow = aCorrection({
      deviceId: `box-${1 + this.#below(3)}`,
      version: ++this.#corrections,
      from: at(this.#rig.clock.now(), -this.#below(18) * dayMs)
    })
    await this.#rig.store.setCorrections(this.#random() < 0.3 ? [] : [row])
  }

  async end(): Promise<void> {
    await this.#lookBack()
    await this.#refresh()
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n)
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)]!
  }
}

export function changesContract(name: string, open: () => Promise<ChangesRig>, changes: number): void {
  describe(`${name}: what changed of what was given out`, () => {
    it(`makes a copy that follows equal to a fresh export after ${changes} random changes`, async () => {
      const seed = Date.parse('2026-01-14') + Math.floor(performance.now() * 1000)
      const rig = await open()
      const random = new RandomChanges(rig, seed)
      await random.begin()
      const follower = new Follower(rig.store, () => [...random.sites])
      for (let step = 0; random.changed < changes; step++) {
        await random.step()
        if (step % 10 === 0) await follower.follow(1_000)
      }
      await random.end()
      await follower.follow()
      const fresh = await follower.fresh()
      expect(fresh.rows.size).toBeGreaterThan(100)
      expect(fresh.hours.size).toBeGreaterThan(100)
      expect(follower.rows, `seed ${seed}`).toEqual(fresh.rows)
      expect(follower.hours, `seed ${seed}`).toEqual(fresh.hours)
      expect(follower.followed).toBeGreaterThan(100)
      await rig.store.close()
    })

    it('says nothing of a room, nor of what is new', async () => {
      const { store, clock } = await open()
      await store.setPublicSites(new Map([['elm-1', 'elm']]))
      const begun = await store.changesSince(null, 10)
      const yesterday = at(clock.now(), -dayMs)
      await store.write([
        aReading({ siteId: room, measuredAt: yesterday }),
        aReading({ siteId: 'elm-1', measuredAt: at(clock.now(), -minuteMs) })
      ])
      await store.reassign({ deviceId: 'box-1', siteId: 'elm-cellar', from: null, until: yesterday })
      const ofImport = { importId: 7, sequence: 9 }
      await store.write([aReading({ ...ofImport, siteId: room, measuredAt: at(yesterday, hourMs) })])
      await store.undoImport(7)
      await store.eraseAll({ siteIds: [room], deviceIds: [] })
      // The position itself would tell that something happened.
      const nothing = { changes: [], more: false, position: begun!.position }
      expect(await store.changesSince(begun!.position, 10)).toMatchObject(nothing)
      await store.close()
    })

    it('tells of an undone import what it brought to a room that is public since', async () => {
      const { store } = await open()
      await store.setPublicSites(new Map([['elm-1', 'elm']]))
      await store.write([aReading({ importId: 7, siteId: room, deviceId: 'box-1', measuredAt: winter })])
      await store.reassign({ deviceId: 'box-1', siteId: 'elm-1', from: winter, until: null })
      const begun = await store.changesSince(null, 10)
      await store.undoImport(7)
      const { changes } = (await store.changesSince(begun!.position, 10))!
      expect(changes).toMatchObject([{ kind: 'withdrawn', siteId: 'elm-1', quantity: null, from: winter }])
      await store.close()
    })

    it('names a street and days where a place is gone, and no place', async () => {
      const { store, clock } = await open()
      await store.setPublicSites(
        new Map([
          ['elm-1', 'elm'],
          ['elm-2', 'elm']
        ])
      )
      await store.write([aReading({ siteId: 'elm-1', measuredAt: winter })])
      const begun = await store.changesSince(null, 10)
      await store.write([aReading({ siteId: 'elm-1', measuredAt: at(winter, hourMs) })])
      await store.setPublicSites(new Map([['elm-2', 'elm']]))
      await store.eraseAll({ siteIds: ['elm-1'], deviceIds: [] })
      const page = await store.changesSince(begun!.position, 10)
      expect(page!.changes).toEqual([
        {
          at: clock.now(),
          kind: 'erased',
          siteId: null,
          streetId: 'elm',
          quantity: null,
          from: winter,
          until: at(winter, dayMs)
        }
      ])
      await store.close()
    })

    it('keeps 400 days, and says so to who asks for more', async () => {
      const { store, clock } = await open()
      await store.setPublicSites(new Map([['elm-1', 'elm']]))
      const begun = await store.changesSince(null, 10)
      await store.write([aReading({ siteId: 'elm-1', measuredAt: winter })])
      const known = await store.changesSince(begun!.position, 10)
      expect(known!.changes.map(({ quantity }) => quantity)).toEqual(['pm2_5', 'pm2_5_corrected'])
      clock.set(clock.now() + 401 * dayMs)
      await store.write([aReading({ siteId: 'elm-1', measuredAt: at(winter, hourMs) })])
      expect(await store.changesSince(begun!.position, 10)).toBeNull()
      expect((await store.changesSince(known!.position, 10))?.changes).toHaveLength(2)
      expect(await store.changesSince({ ...known!.position, log: 'another' }, 10)).toBeNull()
      await store.close()
    })
  })
}
