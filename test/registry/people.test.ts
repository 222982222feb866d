/** Persons: made with their first place, named later, with homes and sites; whose a place is changes with a hand-over. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { ashleyRoad, at, expectSameAfterRestart, noon, refused, temporaryFile } from './support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const
const indoor = { streetId: 'ashley-road', placement: 'indoor' } as const
const later = (noon + hourMs) as UnixMs
const earlier = (noon - dayMs) as UnixMs

describe('a person', () => {
  it('comes with the first sensor of a home or an outdoor site, and is named later', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const [nobody] = registry.persons()
    expect(nobody).toMatchObject({ name: '', createdAt: noon, keepMonths: null, keepSetAt: null })
    const anna = registry.addPerson({ name: '  Anna  Smith ', homeId: 'number-4' }, later)
    expect(anna).toEqual({ ...nobody, name: 'Anna Smith' })
    expect(registry.addPerson({ name: 'Ben', homeId: 'number-5' }, later).createdAt).toBe(later)
    expect(registry.home('number-5')).toMatchObject({ personId: registry.needPerson('ben').personId })
    expect(registry.renamePerson(anna.personId, 'Anna Jones').name).toBe('Anna Jones')
    expect(registry.needPerson('anna jones')).toMatchObject({ personId: anna.personId })
    expectSameAfterRestart(file, registry)
  })

  it('is told from another of the same name by the id, and a home from a home of somebody else', () => {
    const registry = ashleyRoad()
    const [one, two] = [1, 2].map(() => registry.addPerson({ name: 'Anna' }, noon))
    expect(refused(() => registry.needPerson('Anna')).message).toBe(
      `2 persons are called "Anna". Give the id of one: ${one!.personId}, ${two!.personId}.`
    )
    expect(refused(() => registry.needPerson('Carol')).code).toBe('personUnknown')
    expect(refused(() => registry.addPerson({ name: '\u0007' }, noon)).code).toBe('badName')
    expect(refused(() => registry.addPerson({ name: 'Dora', homeId: 'No. 4' }, noon)).code).toBe('badName')
    registry.addPerson({ name: 'Dora', homeId: 'number-4' }, noon)
    const taken = refused(() => registry.addPerson({ name: 'Eve', homeId: 'number-4' }, noon))
    expect(taken.code).toBe('homeTaken')
    expect(taken.message).toContain('number-4 is the home of Dora')
    const anothers = { ...indoor, homeId: 'number-4', personId: one!.personId }
    expect(refused(() => registry.addDevice(anothers, noon)).code).toBe('homeTaken')
    expect(registry.devices()).toEqual([])
    expect(registry.persons()).toHaveLength(3)
  })

  it('hosts outdoor sites and several homes', () => {
    const registry = ashleyRoad()
    const { personId } = registry.addPerson({ name: 'Anna' }, noon)
    const sites = [
      registry.addDevice({ ...outdoor, personId }, noon),
      registry.addDevice({ ...indoor, homeId: 'number-4', personId }, noon),
      registry.addDevice({ ...indoor, personId }, noon)
    ].map(({ siteId }) => registry.site(siteId)!)
    expect(sites.map((site) => site.personId)).toEqual([personId, personId, personId])
    expect(new Set(sites.map(({ homeId }) => homeId)).size).toBe(3)
  })

  it('chooses for how long raw readings are kept', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { personId } = registry.addPerson({ name: 'Anna' }, noon)
    expect(registry.setKeep(personId, 6, later)).toMatchObject({ keepMonths: 6, keepSetAt: later })
    for (const months of [0, 0.5, -1, 1_201, NaN])
      expect(refused(() => registry.setKeep(personId, months, later)).code).toBe('badMonths')
    expect(registry.setKeep(personId, null, later)).toMatchObject({ keepMonths: null, keepSetAt: null })
    registry.setKeep(personId, 12, later)
    expectSameAfterRestart(file, registry)
  })
})

describe('handing a sensor over', () => {
  it('outdoors leaves the site and its history, and divides its time', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice(outdoor, noon)
    const first = registry.site(siteId)!.personId
    const { personId } = registry.addPerson({ name: 'Ben' }, noon)
    expect(registry.handOver(deviceId, 'Ben', { at: noon, now: later })).toEqual({ siteId, changes: [] })
    expect(registry.hostings(siteId)).toEqual([
      { siteId, personId: first, from: null, until: noon },
      { siteId, personId, from: noon, until: null }
    ])
    expect(registry.site(siteId)?.personId).toBe(personId)
    expectSameAfterRestart(file, registry)
  })

  it('indoors begins in a home of the new person, without consent and without what it measured before', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, noon)
    registry.recordProblems([
      { deviceId, code: 'outOfRange', message: 'humidity 140 %', at: noon, aboutFrom: noon }
    ])
    const { personId } = registry.addPerson({ name: 'Ben' }, noon)
    const { siteId: next, changes } = registry.handOver(deviceId, personId, { at: noon, now: later })
    expect(changes).toEqual([{ deviceId, siteId: next, from: noon, until: null }])
    expect(registry.site(siteId)).toMatchObject({ homeId: 'number-4' })
    expect(registry.site(next)).toMatchObject({ personId, placement: 'indoor' })
    expect(registry.site(next)?.homeId).not.toBe('number-4')
    expect(registry.consents().map((one) => one.homeId)).toEqual(['number-4'])
    expect(registry.problems(deviceId)).toEqual([])
    const before = (noon - 1) as UnixMs
    expect(refused(() => registry.move(deviceId, 'ashley-road', before, later)).message).toContain(
      'what it measured before belongs to its former host'
    )
    expectSameAfterRestart(file, registry)
  })

  it('goes to the home that its new host has, or that is named', () => {
    const registry = ashleyRoad()
    const devices = [1, 2, 3].map(() => registry.addDevice(indoor, noon).deviceId)
    registry.addDevice({ ...indoor, homeId: 'number-5' }, noon)
    const ben = registry.addPerson({ name: 'Ben', homeId: 'number-5' }, noon).personId
    const homeAfter = (deviceId: string, homeId?: string): string => {
      const { siteId } = registry.handOver(deviceId, ben, {
        at: noon,
        now: noon,
        ...(homeId ? { homeId } : {})
      })
      return registry.site(siteId)!.homeId
    }
    expect(homeAfter(devices[0]!)).toBe('number-5')
    expect(homeAfter(devices[1]!, 'number-6')).toBe('number-6')
    const which = refused(() => registry.handOver(devices[2]!, ben, { at: noon, now: noon }))
    expect(which.message).toContain('Give the one the sensor is in: --home number-5 or --home number-6')
  })

  it('to whoever has it, to nobody, or behind the last hand-over is refused', () => {
    const registry = ashleyRoad()
    const { deviceId, siteId } = registry.addDevice(outdoor, noon)
    const { personId } = registry.site(siteId)!
    const to = (who: string, when: UnixMs) =>
      refused(() => registry.handOver(deviceId, who, { at: when, now: later })).code
    expect(to(personId, noon)).toBe('samePerson')
    expect(to('Ben', noon)).toBe('personUnknown')
    registry.addPerson({ name: 'Ben' }, noon)
    registry.addPerson({ name: 'Carol' }, noon)
    registry.handOver(deviceId, 'Ben', { at: noon, now: later })
    expect(to('Carol', earlier)).toBe('badTime')
    expect(to('Carol', at('2027-01-01T00:00:00Z'))).toBe('badTime')
    expect(registry.hostings(siteId)).toHaveLength(2)
  })

  it('takes everything along only from somebody without a name', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, noon)
    const { personId } = registry.addPerson({ name: 'Anna' }, noon)
    expect(registry.takeOver(deviceId, 'Anna')).toEqual({ siteId, personId })
    expect(registry.site(siteId)).toMatchObject({ personId, homeId: 'number-4' })
    expect(registry.home('number-4')?.personId).toBe(personId)
    expect(registry.consents()[0]?.personId).toBe(personId)
    expect(registry.persons()).toHaveLength(1)
    registry.addPerson({ name: 'Ben' }, noon)
    expect(refused(() => registry.takeOver(deviceId, 'Ben')).code).toBe('personNamed')
    expect(refused(() => registry.takeOver(deviceId, 'Anna')).code).toBe('samePerson')
    expectSameAfterRestart(file, registry)
  })
})

describe('a place', () => {
  it('goes indoors as a whole, into a home of its host without consent, or into one that is named', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { siteId } = registry.addDevice(outdoor, noon)
    const { personId } = registry.site(siteId)!
    registry.makePrivate(siteId, undefined, noon)
    const site = registry.site(siteId)!
    expect(site).toMatchObject({ placement: 'indoor', personId })
    expect(registry.home(site.homeId)).toMatchObject({ personId })
    registry.makePrivate(siteId, undefined, later)
    expect(registry.site(siteId)).toBe(site)
    const other = registry.addDevice(outdoor, noon).siteId
    expect(refused(() => registry.makePrivate(other, site.homeId, noon)).code).toBe('homeTaken')
    const second = registry.addDevice({ ...outdoor, personId }, noon).siteId
    registry.makePrivate(second, site.homeId, noon)
    expect(registry.site(second)?.homeId).toBe(site.homeId)
    expect(refused(() => registry.makePrivate('s-nowhere', undefined, noon)).code).toBe('siteUnknown')
    expectSameAfterRestart(file, registry)
  })

  it('becomes public from a time on: what was measured before stays private', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const public_ = registry.makePublic(siteId, noon, later)
    expect(public_.siteId).not.toBe(siteId)
    expect(public_.changes).toEqual([{ deviceId, siteId: public_.siteId, from: noon, until: null }])
    expect(registry.site(siteId)).toMatchObject({ placement: 'indoor', homeId: 'number-4' })
    expect(registry.site(public_.siteId)).toMatchObject({
      placement: 'outdoor',
      homeId: '',
      personId: registry.site(siteId)!.personId
    })
    expect(registry.deployments(deviceId)).toEqual([
      { deviceId, siteId, from: null, until: noon },
      { deviceId, siteId: public_.siteId, from: noon, until: null }
    ])
    expect(registry.makePublic(public_.siteId, noon, later)).toEqual({ siteId: public_.siteId, changes: [] })
    expectSameAfterRestart(file, registry)
  })

  it('becomes public as a whole only when its beginning is said, and not at all where nothing is measured', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const whole = registry.addDevice(indoor, noon)
    expect(registry.makePublic(whole.siteId, null, later)).toEqual({ siteId: whole.siteId, changes: [] })
    expect(registry.site(whole.siteId)).toMatchObject({ placement: 'outdoor', homeId: '' })
    const left = registry.addDevice(indoor, noon)
    registry.move(left.deviceId, 'mill-lane', noon, later)
    const nothing = refused(() => registry.makePublic(left.siteId, later, later))
    expect(nothing).toMatchObject({ code: 'badTime' })
    expect(nothing.message).toContain('Nothing has been measured at Ashley Road')
    const part = registry.makePublic(left.siteId, earlier, later)
    expect(part.changes).toEqual([
      { deviceId: left.deviceId, siteId: part.siteId, from: earlier, until: noon }
    ])
  })

  it('that a device left with a move keeps its person, and a corrected move leaves no empty home', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, earlier)
    const { personId } = registry.site(siteId)!
    const wrong = registry.move(deviceId, 'mill-lane', noon, noon)
    expect(registry.site(wrong.siteId)?.personId).toBe(personId)
    registry.move(deviceId, 'ashley-road', (noon - hourMs) as UnixMs, noon)
    expect(registry.homes()).toHaveLength(2)
    expect(registry.persons()).toHaveLength(1)
    expect(registry.hostings().map((one) => one.siteId)).not.toContain(wrong.siteId)
  })

  it('gets another name', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice(outdoor, noon)
    registry.renameSite(siteId, ' By the  school ')
    expect(registry.site(siteId)?.name).toBe('By the school')
    expect(registry.device(deviceId)?.name).toBe('By the school')
    expect(refused(() => registry.renameSite(siteId, '')).code).toBe('badName')
    expectSameAfterRestart(file, registry)
  })
})
