/** Devices: added with a password shown once, moved, removed; their deployments, sites, homes and intervals. */
import { describe, expect, it } from 'vitest'
import { deploymentAt } from '../../model/place.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'
import { ashleyRoad, at, noon, openAt, refused, temporaryFile } from './support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const
const indoor = { streetId: 'ashley-road', placement: 'indoor' } as const

describe('adding a device', () => {
  it('gives an id, a site, a password and its topic', () => {
    const registry = ashleyRoad()
    const given = registry.addDevice({ ...outdoor, streetId: 'ASHLEY ROAD', name: 'By the school' }, noon)
    expect(given.deviceId).toMatch(/^d-[a-z2-7]{8}$/)
    expect(given.siteId).toMatch(/^s-[a-z2-7]{8}$/)
    expect(given.username).toBe(given.deviceId)
    expect(given.topic).toBe(`sensors/${given.deviceId}/readings`)
    expect(registry.device(given.deviceId)).toEqual({
      deviceId: given.deviceId,
      name: 'By the school',
      dialect: 'lamppost',
      sensors: [],
      intervalS: null,
      intervalSource: null,
      createdAt: noon,
      removedAt: null,
      isGateway: false,
      unauthenticated: false,
      isReference: false
    })
    expect(registry.site(given.siteId)).toEqual({
      siteId: given.siteId,
      streetId: 'ashley-road',
      name: 'By the school',
      placement: 'outdoor',
      homeId: '',
      personId: expect.stringMatching(/^p-[a-z2-7]{8}$/) as string
    })
    const deployment = { deviceId: given.deviceId, siteId: given.siteId, from: null, until: null }
    expect(registry.deployments(given.deviceId)).toEqual([deployment])
    expect(registry.directory()).toEqual([
      {
        deviceId: given.deviceId,
        dialect: 'lamppost',
        sensors: [],
        intervalS: null,
        intervalSource: null,
        address: null,
        deployments: [deployment]
      }
    ])
  })

  it('names sites by the street and a number that is free', () => {
    const registry = ashleyRoad()
    registry.addDevice({ ...outdoor, name: 'Ashley Road 2' }, noon)
    const names = [1, 2].map(() => registry.site(registry.addDevice(outdoor, noon).siteId)?.name)
    expect(names).toEqual(['Ashley Road 3', 'Ashley Road 4'])
  })

  it('makes every indoor device a home of its own, unless told otherwise', () => {
    const registry = ashleyRoad()
    const alone = registry.site(registry.addDevice(indoor, noon).siteId)!
    expect(alone.homeId).toMatch(/^h-[a-z2-7]{8}$/)
    const bath = registry.site(registry.addDevice({ ...indoor, homeId: 'number-4' }, noon).siteId)!
    const hall = registry.site(registry.addDevice({ ...indoor, homeId: 'number-4' }, noon).siteId)!
    expect([bath.homeId, hall.homeId]).toEqual(['number-4', 'number-4'])
    expect(hall.personId).toBe(bath.personId)
    expect(registry.home('number-4')?.personId).toBe(bath.personId)
    expect(alone.personId).not.toBe(bath.personId)
    expect(registry.consents()).toEqual([])
  })

  it('starts where it is told, and refuses the future, bad intervals and bad names', () => {
    const registry = ashleyRoad()
    const from = at('2019-04-01T00:00:00Z')
    const given = registry.addDevice({ ...outdoor, from, intervalS: 147.8 }, noon)
    expect(registry.deployments(given.deviceId)[0]?.from).toBe(from)
    expect(registry.device(given.deviceId)).toMatchObject({ intervalS: 147.8, intervalSource: 'given' })

    const refusal = (more: object): string =>
      refused(() => registry.addDevice({ ...outdoor, ...more }, noon)).code
    expect(refusal({ from: at('2026-11-23T12:00:00Z') })).toBe('badTime')
    expect(refusal({ from: NaN as UnixMs })).toBe('badTime')
    for (const intervalS of [0, 0.9, 86_401, NaN, Infinity])
      expect(refusal({ intervalS })).toBe('badInterval')
    expect(refusal({ name: '' })).toBe('badName')
    expect(refusal({ dialect: 'No Such' })).toBe('badName')
    expect(refused(() => registry.addDevice({ ...indoor, homeId: 'Number 4' }, noon)).code).toBe('badName')
    expect(registry.devices()).toHaveLength(1)
    expect(registry.sites()).toHaveLength(1)
  })

  it('draws another id when one is taken', () => {
    const file = temporaryFile()
    const first = ashleyRoad(file)
    const one = first.addDevice(outdoor, noon)
    first.close()
    // The same seed again: the ids that it gives are taken.
    const two = openAt(file).addDevice(outdoor, noon)
    expect(two.deviceId).not.toBe(one.deviceId)
    expect(two.siteId).not.toBe(one.siteId)
  })
})

describe('moving a device', () => {
  const moved = at('2026-11-20T08:00:00Z')

  it('ends the old deployment, begins one at a new site, and says which readings go with it', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const given = registry.addDevice(outdoor, noon)
    const { siteId, changes } = registry.move(given.deviceId, 'mill lane', moved, noon)
    expect(registry.site(siteId)).toMatchObject({
      streetId: 'mill-lane',
      name: 'Mill Lane 1',
      placement: 'outdoor'
    })
    expect(changes).toEqual([{ deviceId: given.deviceId, siteId, from: moved, until: null }])
    const deployments = registry.deployments(given.deviceId)
    expect(deployments).toEqual([
      { deviceId: given.deviceId, siteId: given.siteId, from: null, until: moved },
      { deviceId: given.deviceId, siteId, from: moved, until: null }
    ])
    expect(deploymentAt(deployments, (moved - 1) as UnixMs)?.siteId).toBe(given.siteId)
    expect(deploymentAt(deployments, moved)?.siteId).toBe(siteId)
    expect(registry.verify(given.deviceId, given.password)).toBeDefined()
  })

  it('at the very moment at which it began to hang where it hangs replaces the old place', () => {
    const registry = ashleyRoad()
    const given = registry.addDevice({ ...outdoor, from: moved }, noon)
    const { siteId } = registry.move(given.deviceId, 'ashley-road', moved, noon)
    expect(registry.deployments(given.deviceId)).toEqual([
      { deviceId: given.deviceId, siteId, from: moved, until: null }
    ])
  })

  it('before it was installed anywhere gives it a place for that time, and leaves the later ones', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.addStreet({ name: 'Mill Lane' })
    const { deviceId, siteId } = registry.addDevice({ ...outdoor, from: moved }, noon)
    const later = registry.move(deviceId, 'mill lane', (moved + dayMs) as UnixMs, noon)
    const dayBefore = (moved - dayMs) as UnixMs
    expect(registry.move(deviceId, 'ashley road', dayBefore, noon)).toEqual({
      siteId,
      changes: [{ deviceId, siteId, from: dayBefore, until: moved }]
    })
    registry.remove(deviceId, noon)
    const weekBefore = (moved - 7 * dayMs) as UnixMs
    const elsewhere = registry.move(deviceId, 'mill lane', weekBefore, noon)
    const wanted = [
      { deviceId, siteId: elsewhere.siteId, from: weekBefore, until: dayBefore },
      { deviceId, siteId, from: dayBefore, until: moved + dayMs },
      { deviceId, siteId: later.siteId, from: moved + dayMs, until: noon }
    ]
    expect(registry.deployments(deviceId)).toEqual(wanted)
    expect(refused(() => registry.move(deviceId, 'mill lane', moved, noon)).code).toBe('deviceRemoved')
    registry.close()
    expect(openAt(file).deployments(deviceId)).toEqual(wanted)
  })

  it('is corrected by another date, back as well, and leaves no site behind', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const given = registry.addDevice(outdoor, noon)
    const wrong = registry.move(given.deviceId, 'mill lane', moved, noon)
    const earlier = (moved - 86_400_000) as UnixMs
    const right = registry.move(given.deviceId, 'mill lane', earlier, noon)
    expect(right.siteId).toBe(wrong.siteId)
    expect(right.changes).toEqual([
      { deviceId: given.deviceId, siteId: right.siteId, from: earlier, until: null }
    ])
    const elsewhere = registry.move(given.deviceId, 'ashley-road', earlier, noon)
    expect(registry.deployments(given.deviceId)).toEqual([
      { deviceId: given.deviceId, siteId: given.siteId, from: null, until: earlier },
      { deviceId: given.deviceId, siteId: elsewhere.siteId, from: earlier, until: null }
    ])
    expect(registry.site(wrong.siteId)).toBeUndefined()
    expect(registry.sites()).toHaveLength(2)
  })

  it('to nowhere, in the future, or of no device is refused, and nothing changed', () => {
    const registry = ashleyRoad()
    const { deviceId } = registry.addDevice(outdoor, noon)
    expect(refused(() => registry.move(deviceId, 'Mill Lane', moved, noon)).code).toBe('streetUnknown')
    expect(refused(() => registry.move(deviceId, 'ashley-road', at('2027-01-01T00:00:00Z'), noon)).code).toBe(
      'badTime'
    )
    expect(refused(() => registry.move('d-aaaaaaaa', 'ashley-road', moved, noon)).message).toBe(
      'There is no device d-aaaaaaaa. The devices are listed with: npx lamppost device list'
    )
    expect(registry.sites()).toHaveLength(1)
    expect(registry.deployments()).toHaveLength(1)
  })

  it('many times keeps every place, over a restart too', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId } = registry.addDevice(outdoor, noon)
    for (let day = 1; day <= 20; day++) registry.move(deviceId, 'ashley-road', (moved + day) as UnixMs, noon)
    const deployments = registry.deployments(deviceId)
    expect(deployments).toHaveLength(21)
    registry.close()
    expect(openAt(file).deployments(deviceId)).toEqual(deployments)
  })
})

describe('removing a device', () => {
  it('ends deployment and password; what it was stays known', () => {
    const registry = ashleyRoad()
    const given = registry.addDevice(outdoor, noon)
    registry.remove(given.deviceId, noon)
    expect(registry.verify(given.deviceId, given.password)).toBeUndefined()
    expect(registry.device(given.deviceId)?.removedAt).toBe(noon)
    expect(registry.deployments(given.deviceId)[0]?.until).toBe(noon)
    expect(registry.site(given.siteId)).toBeDefined()
    expect(registry.directory()).toHaveLength(1)
    for (const again of [
      () => registry.remove(given.deviceId, noon),
      () => registry.rotate(given.deviceId, 0, noon),
      () => registry.move(given.deviceId, 'ashley-road', noon, noon),
      () => registry.setInterval(given.deviceId, 60, 'given')
    ]) {
      expect(refused(again)).toMatchObject({
        code: 'deviceRemoved',
        message: `${given.deviceId} was removed at 2026-11-22T12:00:00.000Z. Add it again with: npx lamppost device add`
      })
    }
  })

  it('before its first deployment began leaves none', () => {
    const registry = ashleyRoad()
    const { deviceId } = registry.addDevice({ ...outdoor, from: noon }, noon)
    registry.remove(deviceId, (noon - 1) as UnixMs)
    expect(registry.deployments(deviceId)).toEqual([])
  })
})

describe('intervals', () => {
  it('that were learnt never replace what somebody gave, and never fail', () => {
    const registry = ashleyRoad()
    const { deviceId } = registry.addDevice(outdoor, noon)
    const interval = (): unknown => {
      const { intervalS, intervalSource } = registry.device(deviceId)!
      return [intervalS, intervalSource]
    }
    registry.setInterval(deviceId, 148, 'learnt')
    expect(interval()).toEqual([148, 'learnt'])
    registry.setInterval(deviceId, 60, 'given')
    registry.setInterval(deviceId, 148, 'learnt')
    expect(interval()).toEqual([60, 'given'])
    registry.setInterval('d-aaaaaaaa', 148, 'learnt')
    registry.setInterval(registry.addDevice(outdoor, noon).deviceId, 0, 'learnt')
    expect(refused(() => registry.setInterval(deviceId, 0, 'given')).message).toBe(
      'An interval of 0 s is not possible: give 1 to 86400 seconds between readings.'
    )
  })
})

describe('whoever listens', () => {
  it('hears of streets, sites, devices and deployments, and can stop', () => {
    const registry = ashleyRoad()
    let heard = 0
    const stop = registry.onChange(() => heard++)
    registry.addStreet({ name: 'Mill Lane' })
    registry.importStreets([{ name: 'New Road' }])
    const { deviceId, siteId } = registry.addDevice(indoor, noon)
    registry.setInterval(deviceId, 60, 'given')
    registry.recordConsent({ homeId: registry.site(siteId)!.homeId, purpose: 'street', by: 'Anna' }, noon)
    registry.move(deviceId, 'mill-lane', noon, noon)
    registry.remove(deviceId, noon)
    expect(heard).toBe(7)
    registry.setInterval(deviceId, 148, 'learnt')
    refused(() => registry.addStreet({ name: '' }))
    registry.setSetting('name', 'Ours')
    expect(heard).toBe(7)
    stop()
    registry.addStreet({ name: 'Quiet Street' })
    expect(heard).toBe(7)
  })
})
