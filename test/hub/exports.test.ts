/**
 * The desk of exports: files that are made in the background, and what may happen to them: a restart, an erasure, a consent that
 * ends, a disk without room, a store that does not answer, and whoever asks for everything at once.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportReceipt } from '../../contract/export.ts'
import type { ExportDesk } from '../../documents/export/desk.ts'
import { sealedExport } from '../../documents/export/sealed.ts'
import { openExportDesk, type ExportDeskDeps } from '../../hub/exports/desk.ts'
import { ExportFiles } from '../../hub/exports/files.ts'
import { forgetExports } from '../../hub/exports/forget.ts'
import { newReceipt, openLedger } from '../../hub/exports/ledger.ts'
import { receiptsMax } from '../../hub/exports/limits.ts'
import { Moves } from '../../hub/moves.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { hoursBefore, openTestHub, start, steady, timezone, type TestHub } from '../support/api-hub.ts'
import { exportDeskRig } from '../support/export-desk.ts'
import { eventually } from '../support/hub-process.ts'

let hub: TestHub
let oak: Credentials
let room: Credentials

beforeAll(async () => {
  hub = await openTestHub()
  hub.registry.addStreet({ name: 'Elm Road' })
  const elm = hub.addSite('elm-road')
  oak = hub.addSite('elm-road')
  room = hub.addSite('elm-road', 'indoor', { homeId: 'home-a' })
  hub.store(steady(elm, 'pm2_5', hoursBefore(start, 100), start, 8.25))
  hub.store(steady(oak, 'pm2_5', hoursBefore(start, 100), start, 9))
  hub.store(steady(room, 'humidity', hoursBefore(start, 100), start, 61.5))
})
afterAll(() => hub.close())

const folder = mkdtempSync(join(tmpdir(), 'lamppost-jobs-'))
afterAll(() => rmSync(folder, { recursive: true }))
let last = 0
let now = start
const clock = { now: () => now }

const open = (name: string, more: Partial<ExportDeskDeps> = {}): ExportDesk =>
  openExportDesk({
    ...exportDeskRig({
      ...{ folder, reader: hub.readings, registry: hub.registry, clock, timezone, moves: new Moves() }
    }),
    file: join(folder, `${name}.sqlite`),
    folder: join(folder, name),
    againMs: 10,
    log: { error: () => undefined },
    newId: () => `e-${++last}`,
    ...more
  })
const whole = (desk: ExportDesk, id: string) =>
  eventually(
    () => Promise.resolve(desk.receipt(id)),
    (receipt) => receipt?.state === 'whole' || receipt?.state === 'failed'
  )

/** Gives the first piece, and the rest once it is let. */
function halting(): { make: ExportDeskDeps['make']; begun: Promise<void>; go(): void } {
  const begun = Promise.withResolvers<void>()
  const going = Promise.withResolvers<void>()
  return {
    begun: begun.promise,
    go: going.resolve,
    async *make(request, encoding) {
      yield Buffer.from('')
      begun.resolve()
      await going.promise
      yield* sealedExport(hub.readings, request, encoding)
    }
  }
}

it('makes again after a restart what a stop cut short, and keeps it for a week with its receipt beside it', async () => {
  const halted = halting()
  const first = open('restart', { make: halted.make })
  const { id } = await first.order({ format: 'parquet' }, 'a')
  await halted.begun
  expect(first.receipt(id)).toMatchObject({ state: 'making', bytes: 0 })
  const closed = first.close()
  halted.go()
  await closed
  expect(readdirSync(join(folder, 'restart'))).toEqual([])
  const second = open('restart')
  expect(await whole(second, id)).toMatchObject({ state: 'whole', rows: 1_200 })
  expect(readdirSync(join(folder, 'restart')).toSorted()).toEqual([`${id}.json`, `${id}.parquet`])
  const beside = JSON.parse(readFileSync(join(folder, 'restart', `${id}.json`), 'utf8')) as ExportReceipt
  expect(beside).toMatchObject({ id, rows: 1_200, licence: 'CC BY 4.0', query: { format: 'parquet' } })
  await second.close()
  now = (start + 8 * dayMs) as UnixMs
  const third = open('restart')
  expect(third.receipt(id)).toBeUndefined()
  expect(readdirSync(join(folder, 'restart'))).toEqual([])
  await third.close()
  now = start
})

it('makes a file again that holds what is erased, also the one that is being made', async () => {
  const desk = open('erased')
  const { id } = await desk.order({}, 'a')
  await whole(desk, id)
  const before = desk.finished(id)!.file
  expect(readFileSync(before, 'utf8')).toContain(oak.siteId)
  await desk.forget(['another-site'])
  expect(existsSync(before)).toBe(true)
  const forgotten = desk.forget([oak.siteId])
  await forgotten
  expect(desk.finished(id)).toBeUndefined()
  expect(await whole(desk, id)).toMatchObject({ state: 'whole' })
  await desk.close()

  const halted = halting()
  const making = open('making', { make: halted.make })
  const other = await making.order({}, 'a')
  await halted.begun
  const gone = making.forget([oak.siteId])
  halted.go()
  await gone
  expect(await whole(making, other.id)).toMatchObject({ state: 'whole', rows: 1_200 })
  await making.close()
})

it('gives no file of a place that is not public any more, and makes it again', async () => {
  let isPublic = true
  const desk = open('private', { mayHave: () => isPublic })
  const { id } = await desk.order({}, 'a')
  await whole(desk, id)
  const { file } = desk.finished(id)!
  isPublic = false
  expect(desk.finished(id)).toBeUndefined()
  expect(existsSync(file)).toBe(false)
  isPublic = true
  expect(await whole(desk, id)).toMatchObject({ state: 'whole' })
  await desk.close()
})

it('leaves room on the disk, and says so', async () => {
  const desk = open('full', { estimate: () => Promise.resolve(1e15) })
  const { id } = await desk.order({}, 'a')
  expect(await whole(desk, id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('no room for it')
  })
  expect(readdirSync(join(folder, 'full'))).toEqual([])
  await desk.close()
})

it('takes four of one address, and others beside them', async () => {
  const halted = halting()
  const desk = open('shares', { make: halted.make })
  for (let i = 0; i < 4; i++) await desk.order({}, 'a')
  await expect(desk.order({}, 'a')).rejects.toMatchObject({ code: 'exportsBusy' })
  const { id } = await desk.order({}, 'b')
  halted.go()
  expect(await whole(desk, id)).toMatchObject({ state: 'whole' })
  await desk.close()
})

describe('whoever asks for everything', () => {
  it('has four waiting, however many orders come at once', async () => {
    const halted = halting()
    const desk = open('at-once', { make: halted.make })
    const orders = await Promise.allSettled(Array.from({ length: 50 }, () => desk.order({}, 'a')))
    expect(orders.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    expect(orders.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'exportsBusy' }
    })
    halted.go()
    await desk.close()
  })

  it('holds no more than half of the room that files can have', async () => {
    const files = new ExportFiles(join(folder, 'room'))
    await files.needRoom(1_000, { share: 0, all: 1e15 })
    await expect(files.needRoom(1_000, { share: 1e15, all: 1e15 })).rejects.toMatchObject({
      code: 'exportsFull',
      message: expect.stringContaining('files of your address')
    })
  })

  it('pushes out no file of others by many downloads', () => {
    const ledger = openLedger(join(folder, 'flood.sqlite'), clock)
    const facts = { query: {}, licence: '', publisher: '', methods: { lamppost: '1', corrections: [] } }
    ledger.put({ ...newReceipt(clock, 'e-kept', 'waiting', 'csv', facts), state: 'whole' })
    ledger.addJob({ id: 'e-kept', share: 'a', siteIds: [] })
    for (let i = 0; i <= receiptsMax; i++)
      ledger.put(newReceipt(clock, `e-flood-${i}`, 'sending', 'csv', facts))
    expect(ledger.trim()).toHaveLength(1)
    expect(ledger.get('e-kept')).toBeDefined()
    ledger.close()
  })
})

describe('when something fails', () => {
  it('makes again a file that is gone from the disk, or is not as long as it was', async () => {
    const desk = open('gone')
    const { id } = await desk.order({}, 'a')
    await whole(desk, id)
    rmSync(desk.finished(id)!.file)
    expect(desk.finished(id)).toBeUndefined()
    expect(await whole(desk, id)).toMatchObject({ state: 'whole', rows: 1_200 })
    expect(existsSync(desk.finished(id)!.file)).toBe(true)
    await desk.close()
  })

  it('goes on once its ledger can be written again', async () => {
    const halted = halting()
    const desk = open('locked', { make: halted.make })
    const { id } = await desk.order({}, 'a')
    await halted.begun
    const holder = new DatabaseSync(join(folder, 'locked.sqlite'))
    holder.exec('BEGIN IMMEDIATE')
    await expect(desk.order({}, 'b')).rejects.toThrow()
    halted.go()
    await eventually(
      () => Promise.resolve(readdirSync(join(folder, 'locked'))),
      (names) => !names.some((name) => name.endsWith('.making'))
    )
    holder.exec('ROLLBACK')
    holder.close()
    expect(await whole(desk, id)).toMatchObject({ state: 'whole', rows: 1_200 })
    await desk.close()
  })

  it('stops without waiting for a store that does not answer', async () => {
    const begun = Promise.withResolvers<void>()
    const desk = open('hangs', {
      async *make() {
        yield Buffer.from('time')
        begun.resolve()
        await new Promise(() => undefined)
      }
    })
    await desk.order({}, 'a')
    await begun.promise
    await desk.close()
    expect(readdirSync(join(folder, 'hangs'))).toEqual([])
  })

  it('does not begin one that has waited for its whole time', async () => {
    const ledger = openLedger(join(folder, 'old.sqlite'), clock)
    const facts = { query: {}, licence: '', publisher: '', methods: { lamppost: '1', corrections: [] } }
    ledger.put(newReceipt(clock, 'e-old', 'waiting', 'csv', facts))
    ledger.addJob({ id: 'e-old', share: 'a', siteIds: [] })
    expect(ledger.nextJob()).toBeDefined()
    now = (start + 8 * dayMs) as UnixMs
    expect(ledger.nextJob()).toBeUndefined()
    now = start
    ledger.close()
  })
})

describe('when somebody is erased', () => {
  it('makes it again only once nothing is being erased: what a place that stays loses is still there until then', async () => {
    let isErasing = false
    const desk = open('erasing', { isErasing: () => isErasing })
    const { id } = await desk.order({}, 'a')
    await whole(desk, id)
    const { file } = desk.finished(id)!
    isErasing = true
    await desk.forget([oak.siteId])
    const { id: later } = await desk.order({ format: 'jsonl' }, 'a')
    await new Promise(setImmediate)
    expect([desk.receipt(id)?.state, desk.receipt(later)?.state, existsSync(file)]).toEqual([
      ...['waiting', 'waiting', false]
    ])
    isErasing = false
    desk.resume()
    expect(await whole(desk, id)).toMatchObject({ state: 'whole', rows: 1_200 })
    expect(await whole(desk, later)).toMatchObject({ state: 'whole', rows: 1_200 })
    await desk.close()
  })

  it('leaves nothing of them in a folder on which no hub runs, and makes the file again without them', async () => {
    const desk = open('offline')
    const { id } = await desk.order({}, 'a')
    await whole(desk, id)
    const { file } = desk.finished(id)!
    await desk.close()
    const place = { exportsFile: join(folder, 'offline.sqlite'), exportsFolder: join(folder, 'offline') }
    expect(forgetExports(place, { siteIds: [oak.siteId], sharedSiteIds: [], others: [] })).toEqual({
      count: 0,
      isFolded: true
    })
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(place.exportsFile, 'latin1')).not.toContain(oak.siteId)
    const next = open('offline')
    expect(next.finished(id)).toBeUndefined()
    expect(await whole(next, id)).toMatchObject({ state: 'whole' })
    await next.close()
  })

  it('also where only some readings of a shared place go, and where a researcher does', async () => {
    hub.registry.recordConsent({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, hoursBefore(start, 50))
    const desk = open('shared')
    const shared = await desk.order({}, 'a')
    const research = await desk.order({}, 'b', { personId: 'p-ruth', dataset: 'damp' })
    await whole(desk, shared.id)
    await whole(desk, research.id)
    await desk.close()
    const place = { exportsFile: join(folder, 'shared.sqlite'), exportsFolder: join(folder, 'shared') }
    forgetExports(place, { siteIds: [], sharedSiteIds: [oak.siteId], others: ['p-ruth'] })
    expect(readdirSync(place.exportsFolder)).toEqual([])
    const next = open('shared')
    expect(next.receipt(research.id)).toBeUndefined()
    expect(next.finished(shared.id)).toBeUndefined()
    expect(await whole(next, shared.id)).toMatchObject({ state: 'whole' })
    await next.close()
    hub.registry.endConsents({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, start)
  })
})

describe('of rooms, for a researcher', () => {
  const agree = (at: UnixMs): void =>
    void hub.registry.recordConsent({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, at)
  const disagree = (at: UnixMs): void =>
    void hub.registry.endConsents({ homeId: 'home-a', purpose: 'research', by: 'Anna' }, at)
  const ruth = { personId: 'p-ruth', dataset: 'damp' }

  it('is a file under pseudonyms, which goes with the consent and does not come back', async () => {
    now = (start + hourMs) as UnixMs
    agree(hoursBefore(now, 2))
    const desk = open('research')
    const { id } = await desk.order({ dataset: 'damp' }, 'a', ruth)
    expect(await whole(desk, id)).toMatchObject({ state: 'whole', query: { dataset: 'damp' } })
    const { file, research } = desk.finished(id)!
    expect(research).toEqual(ruth)
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/,s-[0-9a-f]{12},d-[0-9a-f]{12},humidity,61.5,/)
    expect(text).not.toContain(room.siteId)
    disagree(now)
    desk.endWithConsents()
    expect(readdirSync(join(folder, 'research'))).toEqual([])
    expect(desk.receipt(id)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('ended its consent')
    })
    // Agreeing anew is for what is measured from then on.
    agree(now)
    expect(desk.finished(id)).toBeUndefined()
    disagree(now)
    await desk.close()
  })

  it('stops while it is made, and after a restart of the hub', async () => {
    agree(hoursBefore(now, 1))
    const halted = halting()
    const desk = open('research-making', { make: halted.make })
    const { id } = await desk.order({}, 'a', ruth)
    await halted.begun
    disagree(now)
    desk.endWithConsents()
    expect(desk.receipt(id)).toMatchObject({ state: 'failed' })
    halted.go()
    await desk.close()
    expect(readdirSync(join(folder, 'research-making'))).toEqual([])

    agree(now)
    const before = open('research-restart')
    const second = await before.order({}, 'a', ruth)
    await whole(before, second.id)
    await before.close()
    disagree(now)
    const after = open('research-restart')
    expect(after.receipt(second.id)).toMatchObject({ state: 'failed' })
    expect(readdirSync(join(folder, 'research-restart'))).toEqual([])
    await after.close()
    now = start
  })
})
