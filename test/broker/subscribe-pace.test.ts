/** Whoever subscribes again and again holds up nobody else: a filter costs a look at every retained message. */
import { describe, expect, it } from 'vitest'
import { Hearers } from '../../broker/hearers.ts'
import { Audience } from '../../broker/audience.ts'
import {
  subscribeBurst,
  subscribesPerSecond,
  subscribeWaitMsMax,
  wildFiltersMax
} from '../../broker/limits.ts'
import { SubscribePace } from '../../broker/subscribe-pace.ts'
import { aBroker, asDevice, connected, rawClient, readings, until, wire } from './support.ts'
import type { Client } from 'aedes'

/** CONNECT without a user name. */
const anonymous = wire.packet(0x10, wire.text('MQTT'), Buffer.of(4, 2, 0, 60), wire.text('flood'))
const filters = (of: string): string[] => Array.from({ length: 10 }, (_, n) => `streets/${of}-${n}/#`)

describe('one client without a user name', () => {
  it('that subscribes without end is disconnected, and a device is acknowledged meanwhile', async () => {
    const { broker, port } = await aBroker()
    for (let n = 0; n < 500; n++) await broker.publish(`streets/s${n}/pm2_5`, '{}', { retain: true })
    const device = await connected(port, asDevice('a1'))
    const flood = Array.from({ length: 2 * subscribeBurst }, () => wire.subscribe(filters('none')))
    const raw = await rawClient(port, anonymous, ...flood)
    await device.publishAsync(readings('a1'), '{"pm2_5":8.1}', { qos: 1 })
    await raw.closed
    const subackBytes = 4 + 10
    expect((raw.received().length - 4) / subackBytes).toBeLessThanOrEqual(subscribeBurst / 10)
    expect(broker.stats().refused).toMatchObject({ packetMalformed: 1 })
    // It holds up only its own address, and no device of that.
    await device.subscribeAsync('sensors/a1/#')
  })
})

describe('the pace of subscribing', () => {
  it('lets a share have so many at once, then so many a second, and refuses who would wait for too long', async () => {
    let now = 0
    const pace = new SubscribePace(() => now)
    let granted = 0
    const take = (share?: string): boolean => pace.take(share, () => granted++)
    for (let n = 0; n < subscribeBurst; n++) expect(take('a')).toBe(true)
    await until(() => granted === subscribeBurst)
    for (let n = 0; n < (subscribesPerSecond * subscribeWaitMsMax) / 1_000; n++) expect(take('a')).toBe(true)
    for (let n = 0; n < 1_000; n++) expect(take('a')).toBe(false)
    expect([take('b'), take()]).toEqual([true, true])
    now += 1_000
    for (let n = 0; n < subscribesPerSecond; n++) expect(take('a')).toBe(true)
    expect(take('a')).toBe(false)
  })
})

describe('who listens', () => {
  it('is known without looking through thousands of filters, as they come and go', () => {
    const told: [string, boolean][] = []
    const hearers = new Hearers()
    hearers.watch('streets', (isHeard) => told.push(['streets', isHeard]))
    const audience = new Audience({
      came: (_circle, filter) => hearers.came(filter),
      went: (_circle, filter) => hearers.went(filter)
    })
    const [one, two] = [{}, {}] as Client[]
    audience.set('', one!, new Set(['streets/a/#', 'streets/b/pm2_5']))
    audience.set('', two!, new Set(['streets/a/#']))
    expect(told).toEqual([['streets', true]])
    expect(['streets/a/x', 'streets/b/pm2_5', 'streets/b/pm10'].map((t) => hearers.hears(t))).toEqual([
      true,
      true,
      false
    ])
    expect(audience.of('', 'streets/a/x')).toBe(2)
    audience.set('', one!, new Set())
    expect(hearers.hears('streets/b/pm2_5')).toBe(false)
    expect(hearers.hears('streets/a/x')).toBe(true)
    audience.gone('', two!)
    expect(hearers.hears('streets/a/x')).toBe(false)
    expect(told).toEqual([
      ['streets', true],
      ['streets', false]
    ])
    audience.set('', one!, new Set(Array.from({ length: wildFiltersMax + 1 }, (_, n) => `other/${n}/#`)))
    expect(hearers.hears('streets/a/x')).toBe(true)
  })
})
