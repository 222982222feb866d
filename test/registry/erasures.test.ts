/** Erasing a person from the registry: what goes, what of shared places stays with others, and what is still noted until all is done. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import type { ErasedIds } from '../../registry/promise/erasing.ts'
import type { Registry } from '../../registry/registry.ts'
import { ashleyRoad, expectSameAfterRestart, noon, openAt, refused, temporaryFile } from './support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const
const indoor = { streetId: 'ashley-road', placement: 'indoor' } as const
const later = (noon + hourMs) as UnixMs
const earlier = (noon - dayMs) as UnixMs

function erase(registry: Registry, who: string): ErasedIds {
  const erasure = registry.beginErasure(registry.erasurePlan(registry.needPerson(who).personId), later)
  return erasure.ids
}

const erasedOf = (registry: Registry, deviceId: string) =>
  registry.directory().find((entry) => entry.deviceId === deviceId)?.erased

describe('erasing a person', () => {
  it('takes homes, places, sensors, credentials, consents, problems, imports and corrections, and nobody else’s', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const anna = registry.addPerson({ name: 'Zqx Anna' }, noon).personId
    const bath = registry.addDevice({ ...indoor, homeId: 'zqx-4', personId: anna, name: 'Zqx bath' }, noon)
    const rail = registry.addDevice({ ...outdoor, personId: anna, name: 'Zqx rail' }, noon)
    const bens = registry.addDevice({ ...indoor, homeId: 'number-5' }, noon)
    for (const homeId of ['zqx-4', 'number-5'])
      registry.recordConsent({ homeId, purpose: 'street', by: homeId }, noon)
    const problem = { code: 'outOfRange', message: 'zqx 140 %', at: noon, aboutFrom: noon } as const
    registry.recordProblems([{ deviceId: bath.deviceId, ...problem }])
    registry.forward({ deviceId: rail.deviceId, node: 'esp8266-zqx', by: 'Zqx Anna', since: noon })
    registry.saveImport({
      importId: 3,
      deviceId: rail.deviceId,
      files: ['zqx.csv'],
      format: 'lamppost-csv',
      startedAt: noon,
      finishedAt: noon,
      undoneAt: null,
      rowsDone: [1],
      taken: 1,
      repeated: 0,
      flagged: 0,
      refused: 0
    })
    const diary = { personId: anna, homeId: 'zqx-4' }
    registry.addDiaryEntry(
      { ...diary, kind: 'reported', note: 'zqx mould', reportedTo: 'zqx landlord' },
      noon
    )
    const browser = {
      personId: anna,
      endpoint: 'https://push.example.org/zqx',
      p256dh: '',
      auth: '',
      accountId: '',
      sessionId: ''
    }
    registry.keepPushBrowser({ ...browser, userAgent: 'zqx' }, noon)
    registry.addCorner({ ...diary, siteId: bath.siteId, at: noon, surfaceC: 9, insideC: 19, outsideC: 4 })
    registry.setSetting('demo', JSON.stringify({ deviceIds: [bath.deviceId, bens.deviceId] }))
    const plan = registry.erasurePlan(anna)
    expect(plan).toMatchObject({
      personIds: [anna],
      stays: [],
      consents: 1,
      diaryEntries: 1,
      keptDeviceIds: []
    })
    expect(plan.homes.map(({ homeId }) => homeId)).toEqual(['zqx-4'])
    expect(plan.siteIds.toSorted()).toEqual([bath.siteId, rail.siteId].toSorted())
    expect(plan.deviceIds.toSorted()).toEqual([bath.deviceId, rail.deviceId].toSorted())

    const erasure = registry.beginErasure(plan, later)
    expect(registry.devices().map(({ deviceId }) => deviceId)).toEqual([bens.deviceId])
    expect(registry.sites().map(({ siteId }) => siteId)).toEqual([bens.siteId])
    expect(registry.homes().map(({ homeId }) => homeId)).toEqual(['number-5'])
    expect(registry.consents().map(({ homeId }) => homeId)).toEqual(['number-5'])
    expect([registry.persons().length, registry.problems(), registry.imports()]).toEqual([1, [], []])
    const left = [registry.diary(anna), registry.corners(anna), registry.pushBrowsers(anna)]
    expect(left).toEqual([[], [], []])
    expect(registry.verify(bath.deviceId, bath.password)).toBeUndefined()
    expect(registry.verify(bens.deviceId, bens.password)).toBeDefined()
    expect(JSON.parse(registry.setting('demo')!)).toEqual({ deviceIds: ['', bens.deviceId] })
    // What is on its way is dropped, until nothing can be any more.
    expect(erasedOf(registry, bath.deviceId)).toEqual([{ from: null, until: null }])
    expect(registry.openErasures()).toEqual([erasure])

    expect(registry.finishErasure(erasure.erasureId)).toBe(true)
    expect(registry.openErasures()).toEqual([])
    expect(erasedOf(registry, bath.deviceId)).toBeUndefined()
    const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)])
    for (const word of ['zqx', 'Zqx', anna, bath.siteId, bath.deviceId, rail.siteId, rail.deviceId])
      expect([word, bytes.includes(word)]).toEqual([word, false])
    expect(bytes.includes(bens.siteId)).toBe(true)
    expectSameAfterRestart(file, registry)
  })

  it('is gone on with after a restart', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    const ids = erase(registry, 'Anna')
    registry.close()
    const again = openAt(file)
    expect(again.openErasures()).toMatchObject([{ ids }])
    expect(erasedOf(again, deviceId)).toHaveLength(1)
  })

  it('of somebody unknown is refused; of somebody with nothing takes the name', () => {
    const registry = ashleyRoad()
    expect(refused(() => registry.erasurePlan('p-aaaaaaaa')).code).toBe('personUnknown')
    registry.addPerson({ name: 'Anna' }, noon)
    expect(erase(registry, 'Anna')).toMatchObject({ siteIds: [], deviceIds: [] })
    expect(registry.persons()).toEqual([])
  })

  it('reaches every place that a sensor of theirs had', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    const moved = registry.move(deviceId, 'mill-lane', noon, noon)
    registry.remove(deviceId, noon)
    expect(erase(registry, 'Anna').siteIds.toSorted()).toEqual([siteId, moved.siteId].toSorted())
    expect([registry.sites(), registry.devices(), registry.homes()]).toEqual([[], [], []])
  })
})

describe('a sensor that was handed over', () => {
  it('stays with its new host when the former one goes; what it measured before never comes back', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const given = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const { deviceId } = given
    registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    registry.addPerson({ name: 'Ben' }, noon)
    const { siteId } = registry.handOver(deviceId, 'Ben', { at: noon, now: later })
    registry.recordProblems([
      { deviceId, code: 'outOfRange', message: 'humidity 140 %', at: noon, aboutFrom: noon }
    ])
    expect(erase(registry, 'Anna')).toMatchObject({
      siteIds: [given.siteId],
      deviceIds: [],
      keptDeviceIds: [deviceId]
    })
    expect(registry.deployments(deviceId)).toEqual([{ deviceId, siteId, from: noon, until: null }])
    expect(erasedOf(registry, deviceId)).toEqual([{ from: null, until: noon }])
    expect(registry.verify(deviceId, given.password)).toBeDefined()
    expect(registry.problems(deviceId)).toEqual([])
    expectSameAfterRestart(file, registry)
  })

  it('ends when its present host goes, and keeps what the former one has', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const given = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const { deviceId, siteId } = given
    registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    registry.addPerson({ name: 'Ben' }, noon)
    const next = registry.handOver(deviceId, 'Ben', { at: noon, now: later })
    expect(erase(registry, 'Ben')).toMatchObject({ siteIds: [next.siteId], keptDeviceIds: [deviceId] })
    expect(registry.deployments(deviceId)).toEqual([{ deviceId, siteId, from: null, until: noon }])
    expect(registry.device(deviceId)?.removedAt).toBe(later)
    expect(registry.verify(deviceId, given.password)).toBeUndefined()
    expect(registry.site(siteId)).toMatchObject({ homeId: 'number-4' })
    expectSameAfterRestart(file, registry)
  })

  it('outdoors leaves the site to whoever else hosted it, without the time of who goes', () => {
    for (const [who, left, erased] of [
      ['Anna', { from: noon, until: null }, { from: null, until: noon }],
      ['Ben', { from: null, until: noon }, { from: noon, until: null }]
    ] as const) {
      const file = temporaryFile()
      const registry = ashleyRoad(file)
      const anna = registry.addPerson({ name: 'Anna' }, earlier).personId
      registry.addPerson({ name: 'Ben' }, earlier)
      const { deviceId, siteId } = registry.addDevice({ ...outdoor, personId: anna }, earlier)
      registry.handOver(deviceId, 'Ben', { at: noon, now: later })
      expect(erase(registry, who)).toMatchObject({
        siteIds: [],
        deviceIds: [],
        stays: [{ siteId, deviceId, ...erased }],
        keptDeviceIds: [deviceId]
      })
      expect(registry.deployments(deviceId)).toEqual([{ deviceId, siteId, ...left }])
      expect(erasedOf(registry, deviceId)).toEqual([erased])
      const [other] = registry.persons()
      expect(registry.site(siteId)?.personId).toBe(other?.personId)
      expect(registry.hostings(siteId)).toMatchObject([{ personId: other?.personId, until: null }])
      expect(registry.device(deviceId)?.removedAt).toBe(who === 'Ben' ? later : null)
      expectSameAfterRestart(file, registry)
    }
  })
})

describe('a list of erasures', () => {
  it('finds in an older copy what was erased since, and nothing in a newer one', () => {
    const registry = ashleyRoad()
    const gone = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const stays = registry.addDevice({ ...indoor, homeId: 'number-5' }, noon)
    const anna = registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon).personId
    const shared = registry.addDevice(outdoor, noon)
    const listed = new Set([gone.siteId, gone.deviceId, anna])
    const isErased = {
      id: (id: string) => listed.has(id),
      stays: (id: string) => (id === shared.siteId ? [{ from: earlier, until: noon }] : [])
    }
    const plan = registry.erasurePlanOf(isErased)!
    expect(plan).toMatchObject({
      personIds: [anna],
      siteIds: [gone.siteId],
      deviceIds: [gone.deviceId],
      stays: [{ siteId: shared.siteId, deviceId: shared.deviceId, from: earlier, until: noon }]
    })
    registry.beginErasure(plan, later)
    expect(registry.deployments(shared.deviceId)).toMatchObject([
      { from: null, until: earlier },
      { from: noon, until: null }
    ])
    expect(registry.devices().map(({ deviceId }) => deviceId)).toEqual([stays.deviceId, shared.deviceId])
    expect(registry.erasurePlanOf({ ...isErased, stays: () => [] })).toBeUndefined()
    expect(registry.erasurePlanOf(isErased)).toBeUndefined()
  })
})
