/** Erasing is real: what was planted everywhere is found before and nowhere after, whatever comes between, and no backup brings it back. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../operate/backup/back-up.ts'
import { restore } from '../../operate/backup/restore.ts'
import { influxAnswers } from '../support/every-answer.ts'
import { relocate } from '../../hub/moving.ts'
import type { ExportReceipt } from '../../documents/export/desk.ts'
import { openLedger } from '../../hub/exports/ledger.ts'
import { openHubRooms, send, until, type OpenedRooms } from '../support/hub-rooms.ts'
import { foundByDuckDb, foundInFiles } from '../support/planted.ts'
import { temporaryFolder, testStore } from '../support/hub-process.ts'
import type { Credentials } from '../../registry/registry.ts'
import type { ErasurePlan } from '../../registry/promise/erasing.ts'
import { hourMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'

/** A value that nobody else measures, and texts that stand nowhere else. */
const planted = 71.828182
const words = ['zqx-home', 'Zqxanna', 'Zqx bath', 'zqxfield', 'zqx-archive', 'Zqx rail']

let folder = temporaryFolder()
let rooms: OpenedRooms
let bath: Credentials
let rail: Credentials
let others: Credentials
let personId: string

const data = (): string => join(folder.path, 'data')
const now = (): UnixMs => systemClock.now()
let startedAt: UnixMs
const hoursAgo = (hours: number): string => toIso((startedAt - hours * hourMs) as UnixMs)
const nothing = (): undefined => undefined

beforeEach(async () => {
  startedAt = now()
  rooms = await openHubRooms(data())
  const { registry } = rooms
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  personId = registry.addPerson({ name: 'Zqxanna' }, now()).personId
  const place = { streetId, intervalS: 600 }
  bath = registry.addDevice(
    { ...place, placement: 'indoor', homeId: 'zqx-home', personId, name: 'Zqx bath' },
    now()
  )
  rail = registry.addDevice({ ...place, placement: 'outdoor', personId, name: 'Zqx rail' }, now())
  others = registry.addDevice({ ...place, placement: 'outdoor', name: 'Front railings' }, now())
  registry.recordConsent({ homeId: 'zqx-home', purpose: 'street', by: 'Zqxanna' }, now())
  rooms.accounts.invite({ personId, role: 'host', by: { kind: 'operator' } })
  await rooms.directoryTold()
  const sending: Promise<void>[] = []
  for (let hour = 1; hour <= 30; hour++) {
    sending.push(
      send(rooms, bath.deviceId, { at: hoursAgo(hour), humidity: planted, zqxfield: 'zqxfield' }),
      send(rooms, rail.deviceId, { at: hoursAgo(hour), pm2_5: planted }),
      send(rooms, others.deviceId, { at: hoursAgo(hour), pm2_5: 8.125 })
    )
  }
  await Promise.all(sending)
  // Replaced, impossible, and of a time before it was anywhere.
  await send(rooms, bath.deviceId, { at: hoursAgo(1), humidity: 55 })
  await send(rooms, bath.deviceId, { at: hoursAgo(2), temperature: 'zqxfield' })
  registry.saveImport({ ...importRecord, deviceId: bath.deviceId, files: ['zqx-archive.csv'] })
  await rooms.pipeline.service.drain()
  await until(() => registry.problems(bath.deviceId).length > 0)
})

afterEach(async () => {
  await rooms.close()
  folder.remove()
  folder = temporaryFolder()
})

const importRecord = {
  importId: 1,
  format: 'lamppost-csv',
  startedAt: 1 as UnixMs,
  finishedAt: 2 as UnixMs,
  undoneAt: null,
  rowsDone: [1],
  taken: 1,
  repeated: 0,
  flagged: 0,
  refused: 0
}

const receipt: Omit<ExportReceipt, 'id' | 'query'> = {
  state: 'whole',
  startedAt: toIso(now()),
  expiresAt: toIso((now() + 24 * hourMs) as UnixMs)
} as Omit<ExportReceipt, 'id' | 'query'>

const found = (path: string, ids: readonly string[]): string[] =>
  foundInFiles(path, { words: [...words, ...ids], value: planted })

const inDuckDb = async (ids: readonly string[]): Promise<string[]> =>
  testStore === 'influx' ? [] : foundByDuckDb(data(), { words: ids, value: planted })

const planOf = (): ErasurePlan => rooms.registry.erasurePlan(personId)
const idsOf = ({ personIds, siteIds, deviceIds }: ErasurePlan): string[] => [
  ...personIds,
  ...siteIds,
  ...deviceIds
]

async function expectNothingLeft(ids: readonly string[]): Promise<void> {
  expect(found(data(), ids)).toEqual([])
  expect(await inDuckDb(ids)).toEqual([])
  expect(await influxAnswers(data(), ids)).toEqual([])
  const { readings } = await rooms.pipeline.service.stats()
  expect(readings).toBe(30)
}

describe('a person who is erased', () => {
  it('is in no file, and others are as they were; what they measured and what came with it', async () => {
    const plan = planOf()
    const ids = idsOf(plan)
    const receipts = openLedger(join(data(), 'exports.sqlite'), systemClock)
    receipts.put({ ...receipt, id: 'e-1', query: { site: rail.siteId } })
    receipts.put({ ...receipt, id: 'e-2', query: { site: others.siteId } })
    // An older copy that an upgrade put aside, and one of a migration.
    copyFileSync(join(data(), 'registry.sqlite'), join(data(), 'registry-v3-20261122T120000000Z.sqlite'))
    if (testStore === 'duckdb')
      copyFileSync(join(data(), 'readings.duckdb'), join(data(), 'influx.sqlite.migrated'))
    const before = found(data(), ids)
    for (const mark of [...words, ...ids]) expect(before.join()).toContain(mark)
    if (testStore === 'duckdb') expect(await inDuckDb(ids)).not.toEqual([])
    else expect(await influxAnswers(data(), ids)).not.toEqual([])

    const told: string[] = []
    const erased = await rooms.eraser.erase(plan, ({ doing }) => void told.push(doing))
    expect(erased.readings).toBe(60)
    expect(erased.messages).toBe(62)
    expect(erased.files).toContain('registry-v3-20261122T120000000Z.sqlite')
    expect(told).toHaveLength(5)
    expect(erased.receipts).toBe(1)
    expect(receipts.get('e-2')).toBeDefined()
    receipts.close()
    await expectNothingLeft(ids)
    await rooms.close()
    expect(found(data(), ids)).toEqual([])
    rooms = await openHubRooms(data())
    await expectNothingLeft(ids)
    expect(rooms.registry.devices().map(({ deviceId }) => deviceId)).toEqual([others.deviceId])
    // The journal goes on where it was, and nothing comes back through it.
    await send(rooms, others.deviceId, { at: hoursAgo(0), pm2_5: 8.125 })
    await rooms.pipeline.service.replay({})
    expect((await rooms.pipeline.service.stats()).readings).toBe(31)
  })

  it('leaves to the next host a sensor without its history, names and files', async () => {
    const { registry } = rooms
    const ben = registry.addPerson({ name: 'Ben' }, now())
    await relocate(rooms, rail.deviceId, () =>
      registry.handOver(rail.deviceId, ben.personId, { at: (startedAt - 0.5 * hourMs) as UnixMs, now: now() })
    )
    await relocate(rooms, bath.deviceId, () =>
      registry.handOver(bath.deviceId, ben.personId, { at: (startedAt - 0.5 * hourMs) as UnixMs, now: now() })
    )
    const later = [0.4, 0.3, 0.2, 0.1].flatMap((hours) => [
      send(rooms, rail.deviceId, { at: hoursAgo(hours), pm2_5: 9.5 }),
      send(rooms, bath.deviceId, { at: hoursAgo(hours), humidity: 50.5 })
    ])
    await Promise.all(later)
    // The name of an outdoor place, which everybody sees, stays with the place.
    registry.renameSite(rail.siteId, 'Front window')
    await rooms.pipeline.service.drain()
    const plan = planOf()
    expect(plan.keptDeviceIds.toSorted()).toEqual([bath.deviceId, rail.deviceId].toSorted())
    expect(plan.stays).toMatchObject([{ siteId: rail.siteId, deviceId: rail.deviceId }])
    // Whoever makes a dataset just then does not keep in it what goes.
    const making: Promise<unknown>[] = []
    await rooms.eraser.erase(plan, () => void making.push(rooms.datasets.make(nothing).catch(String)))
    await Promise.all(making)
    expect(rooms.datasets.list().filter(({ manifest }) => manifest !== null)).not.toEqual([])
    const ids = [...plan.personIds, ...plan.siteIds]
    await rooms.close()
    expect(found(data(), ids)).toEqual([])
    rooms = await openHubRooms(data())
    expect(await inDuckDb(ids)).toEqual([])
    expect(await influxAnswers(data(), ids)).toEqual([])
    const all = { from: 0 as UnixMs, until: Number.MAX_SAFE_INTEGER as UnixMs }
    const left = await rooms.pipeline.service.raw({ siteId: rail.siteId, quantity: 'pm2_5', ...all })
    expect(left.value).toEqual([9.5, 9.5, 9.5, 9.5])
    const days = await rooms.pipeline.service.rollup({
      siteId: rail.siteId,
      quantity: 'pm2_5',
      window: 'hour',
      ...all
    })
    expect(new Set(days.mean)).toEqual(new Set([9.5]))
    expect(rooms.registry.devices().map(({ name }) => name)).not.toContain('Zqx bath')
  })

  it('once is erased once: a second call is refused while the first runs', async () => {
    const plan = planOf()
    const first = rooms.eraser.erase(plan, nothing)
    await expect(rooms.eraser.erase(plan, nothing)).rejects.toThrow('are already being erased')
    await first
    expect(() => planOf()).toThrow('There is no person')
  })

  it('goes while messages, a replay and a backup are on their way, which bring nothing back', async () => {
    const plan = planOf()
    const replaying = rooms.pipeline.service.replay({})
    const backing = backUp(rooms, join(folder.path, 'meanwhile.tar'), nothing)
    const sending = Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        send(rooms, bath.deviceId, { at: hoursAgo(100 + n), humidity: planted })
      )
    )
    await rooms.eraser.erase(plan, nothing)
    await Promise.all([replaying, backing, sending])
    await rooms.pipeline.service.drain()
    await expectNothingLeft(idsOf(plan))
  })

  it('that a crash cut in the middle goes on being erased at the next start', async () => {
    const plan = planOf()
    rooms.registry.beginErasure(plan, now())
    await rooms.close()
    rooms = await openHubRooms(data())
    expect(rooms.registry.person(personId)).toBeUndefined()
    await rooms.eraser.settled()
    await expectNothingLeft(idsOf(plan))
  })

  it('whose name alone was listed before a crash goes at the next start', async () => {
    const plan = planOf()
    const cut = new Error('killed here')
    const registry = {
      ...rooms.registry,
      beginErasure: () => {
        throw cut
      }
    }
    const { createEraser } = await import('../../hub/erasing/erase.ts')
    const eraser = createEraser({ ...rooms, registry, log: { info: nothing, warn: nothing } })
    await expect(eraser.erase(plan, nothing)).rejects.toThrow(cut)
    await rooms.close()
    rooms = await openHubRooms(data())
    await rooms.eraser.settled()
    await expectNothingLeft(idsOf(plan))
  })
})

describe('a backup made before', () => {
  const archive = (): string => join(folder.path, 'before.tar')
  const restored = (): string => join(folder.path, 'restored')

  async function eraseAfterBackup(): Promise<string[]> {
    await backUp(rooms, archive(), nothing)
    const plan = planOf()
    await rooms.eraser.erase(plan, nothing)
    return idsOf(plan)
  }

  it('brings nothing back: the list beside it names who was erased since', async () => {
    const ids = await eraseAfterBackup()
    const { hasErasures } = await restore(archive(), restored(), {}, nothing)
    expect(hasErasures).toBe(true)
    await rooms.close()
    rooms = await openHubRooms(restored())
    await rooms.eraser.settled()
    expect(rooms.registry.devices().map(({ deviceId }) => deviceId)).toEqual([others.deviceId])
    expect(found(restored(), ids)).toEqual([])
    expect(rooms.registry.publishing().notBefore).not.toBeNull()
  })

  it('is refused without the list, takes it from elsewhere, and goes without only when told so', async () => {
    await eraseAfterBackup()
    const elsewhere = join(folder.path, 'elsewhere')
    mkdirSync(elsewhere)
    copyFileSync(archive(), join(elsewhere, 'alone.tar'))
    const alone = join(elsewhere, 'alone.tar')
    await expect(restore(alone, restored(), {}, nothing)).rejects.toThrow(
      /It is unknown who was erased, .*--erasures FILE/
    )
    expect(existsSync(restored())).toBe(false)
    await expect(restore(alone, restored(), { file: archive() }, nothing)).rejects.toThrow(
      'cannot be read as a list of erasures'
    )
    const list = { file: join(data(), 'erasures.json') }
    expect((await restore(alone, restored(), list, nothing)).hasErasures).toBe(true)
    const without = await restore(alone, join(folder.path, 'without'), { without: true }, nothing)
    expect(without.hasErasures).toBe(false)
  })

  it('does not show a day of homes again that was withdrawn since', async () => {
    const day = { date: '2026-03-24', from: 1_774_310_400_000 as UnixMs, until: 1_774_396_800_000 as UnixMs }
    const other = { date: '2026-03-25', from: day.until, until: (day.until + 24 * hourMs) as UnixMs }
    for (const one of [day, other])
      rooms.registry.decideDay(
        one,
        [{ streetId: 'ashley-road', quantity: 'humidity', value: 61, homes: 5, hours: null }],
        now()
      )
    await backUp(rooms, archive(), nothing)
    rooms.registry.withdrawDay('ashley-road', day.date, now())
    await restore(archive(), restored(), {}, nothing)
    await rooms.close()
    rooms = await openHubRooms(restored())
    expect(rooms.registry.publishedDates()).toEqual([{ streetId: 'ashley-road', date: other.date }])
    expect(rooms.registry.withdrawals()).toMatchObject([{ streetId: 'ashley-road', date: day.date }])
  })

  it('made after an erasure has its list, and goes on refusing to forget it', async () => {
    const plan = planOf()
    await rooms.eraser.erase(plan, nothing)
    await backUp(rooms, archive(), nothing)
    await restore(archive(), restored(), {}, nothing)
    const lists = JSON.parse(readFileSync(join(restored(), 'erasures.json'), 'utf8')) as {
      lists: { entries: unknown[] }[]
    }
    expect(lists.lists[0]?.entries).toHaveLength(idsOf(plan).length)
    expect(found(restored(), idsOf(plan))).toEqual([])
  })
})
