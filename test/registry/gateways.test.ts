/** Gateways, the boxes behind them, and the tokens of boxes that push. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { ashleyRoad, at, noon, openAt, refused, temporaryFile } from './support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const
const damp = { dialect: 'zigbee2mqtt', scope: '', address: '0x00158d0001abcdef', name: 'Bathroom' }

describe('a gateway', () => {
  it('has an id, a password and a token, no place, and is no device of a street', () => {
    const registry = ashleyRoad()
    const given = registry.addGateway({ dialect: 'zigbee2mqtt', name: 'No. 12' }, noon)
    expect(given.gatewayId).toMatch(/^g-[a-z2-7]{8}$/)
    expect(given.username).toBe(given.gatewayId)
    expect(registry.verify(given.gatewayId, given.password)).toBeDefined()
    expect(registry.deviceOfToken(given.token!)).toBe(given.gatewayId)
    expect(registry.devices()).toEqual([])
    expect(registry.directory()).toEqual([])
    expect(registry.gateways()).toMatchObject([
      { deviceId: given.gatewayId, name: 'No. 12', isGateway: true }
    ])
    expect(registry.device(given.gatewayId)?.dialect).toBe('zigbee2mqtt')
  })

  it('has problems, new secrets, and an end, like any device; and is there after a restart', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { gatewayId, password, token } = registry.addGateway({ dialect: 'ttn', name: 'LoRa' }, noon)
    registry.recordProblems([
      { deviceId: gatewayId, code: 'payloadNotJson', message: 'no', at: noon, aboutFrom: null }
    ])
    expect(registry.problems(gatewayId)).toHaveLength(1)
    const rotated = registry.rotate(gatewayId, 0, noon)
    expect(registry.verify(gatewayId, password)).toBeUndefined()
    expect(registry.deviceOfToken(token!)).toBeUndefined()
    expect(registry.deviceOfToken(rotated.token!)).toBe(gatewayId)
    registry.close()
    const again = openAt(file)
    expect(again.deviceOfToken(rotated.token!)).toBe(gatewayId)
    again.remove(gatewayId, noon)
    expect(again.deviceOfToken(rotated.token!)).toBeUndefined()
    expect(again.verify(gatewayId, rotated.password)).toBeUndefined()
  })
})

describe('a token', () => {
  it('is given to boxes that push, and to no other', () => {
    const registry = ashleyRoad()
    expect(registry.addDevice(outdoor, noon).token).toBeUndefined()
    const { deviceId, token } = registry.addDevice({ ...outdoor, dialect: 'airrohr', hasToken: true }, noon)
    expect(token).toMatch(/^[a-z2-7]{26}$/)
    expect(registry.deviceOfToken(token!)).toBe(deviceId)
  })

  it.each(['', 'a', 'a'.repeat(26), 'A'.repeat(26), '../../etc/passwd', '__proto__', 'lp1_d-abcdefgh'])(
    'is not %j',
    (text) => expect(ashleyRoad().deviceOfToken(text)).toBeUndefined()
  )

  it('works for a while beside the new one, as the password does', () => {
    let now = noon
    const registry = openAt(temporaryFile(), { now: () => now })
    registry.addStreet({ name: 'Ashley Road' })
    const { deviceId, token } = registry.addDevice({ ...outdoor, hasToken: true }, now)
    const rotated = registry.rotate(deviceId, dayMs, now)
    expect(registry.deviceOfToken(token!)).toBe(deviceId)
    expect(registry.deviceOfToken(rotated.token!)).toBe(deviceId)
    now = (noon + dayMs) as UnixMs
    expect(registry.deviceOfToken(token!)).toBeUndefined()
    expect(registry.deviceOfToken(rotated.token!)).toBe(deviceId)
  })
})

describe('a thing', () => {
  it('is a device once it is claimed, whichever gateway it is heard by', () => {
    const registry = ashleyRoad()
    expect(registry.deviceOfThing(damp)).toBeUndefined()
    const { deviceId } = registry.addDevice({ ...outdoor, dialect: 'zigbee2mqtt' }, noon)
    registry.claimThing({ ...damp, deviceId }, noon)
    expect(registry.deviceOfThing(damp)).toBe(deviceId)
    expect(registry.deviceOfThing({ ...damp, scope: 'g-abcdefgh' })).toBeUndefined()
    expect(registry.directory()).toMatchObject([{ deviceId, address: damp.address }])
    expect(registry.things()).toEqual([{ ...damp, deviceId, claimedAt: noon }])
  })

  it("is one device's; claiming it again for that one changes nothing", () => {
    const registry = ashleyRoad()
    const [first, second] = [1, 2].map(
      () => registry.addDevice({ ...outdoor, dialect: 'zigbee2mqtt' }, noon).deviceId
    )
    registry.claimThing({ ...damp, deviceId: first! }, noon)
    registry.claimThing({ ...damp, deviceId: first! }, (noon + hourMs) as UnixMs)
    expect(refused(() => registry.claimThing({ ...damp, deviceId: second! }, noon))).toMatchObject({
      code: 'thingClaimed',
      message: expect.stringContaining(first!) as string
    })
  })

  it('is free again when its device is removed', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId } = registry.addDevice({ ...outdoor, dialect: 'zigbee2mqtt' }, noon)
    registry.claimThing({ ...damp, deviceId }, noon)
    registry.remove(deviceId, at('2026-11-23T12:00:00Z'))
    expect(registry.deviceOfThing(damp)).toBeUndefined()
    registry.close()
    expect(openAt(file).things()).toEqual([])
  })

  it.each(['', 'x'.repeat(201)])('has an address, not %j', (address) => {
    const registry = ashleyRoad()
    const { deviceId } = registry.addDevice(outdoor, noon)
    expect(refused(() => registry.claimThing({ ...damp, address, deviceId }, noon)).code).toBe('badName')
  })
})

describe('a box without a secret', () => {
  it('is marked when it is added, or when the first message came that nobody signed', () => {
    const registry = ashleyRoad()
    const kit = registry.addDevice({ ...outdoor, dialect: 'smartcitizen', unauthenticated: true }, noon)
    expect(registry.device(kit.deviceId)?.unauthenticated).toBe(true)
    const { deviceId } = registry.addDevice({ ...outdoor, dialect: 'airgradient' }, noon)
    let changes = 0
    registry.onChange(() => changes++)
    registry.markUnauthenticated(deviceId)
    registry.markUnauthenticated(deviceId)
    expect(registry.device(deviceId)?.unauthenticated).toBe(true)
    expect(changes).toBe(1)
  })
})
