/** Boxes that change hands on the web: a thing of a gateway with two people at once, a swapped board, a lent box, a steward's box. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type {
  HeardBox,
  OwnDevice,
  SensorAdded,
  SensorClaimed,
  SensorOffered,
  SensorTaken
} from '../../contract/own.ts'
import type { SiteSeries } from '../../contract/series.ts'
import { addDevice, connectDevice } from '../support/hub-process.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()
let anna: Host
let bert: Host

const place = { street: 'Ashley Road', placement: 'indoor' } as const

beforeAll(async () => {
  await hub.json('street', 'add', 'Ashley Road')
  ;[anna, bert] = [await hostAt(hub, 'Anna'), await hostAt(hub, 'Bert')]
})

async function publish(username: string, password: string, topic: string, payload: object): Promise<void> {
  const client = await connectDevice(hub, { username, password })
  await client.publishAsync(topic, JSON.stringify(payload), { qos: 1 })
  await client.endAsync()
}

const own = (who: Host) => who.json<OwnDevice[]>('GET', '/me/devices')

/** Values of a place of theirs, once there are that many. */
function values(who: Host, siteId: string, count: number): Promise<(number | null)[]> {
  return vi.waitFor(
    async () => {
      const path = `/me/sites/${siteId}/series?quantity=humidity&window=raw`
      const { value = [] } = await who.json<Partial<SiteSeries> & { value?: (number | null)[] }>('GET', path)
      expect(value).toHaveLength(count)
      return value
    },
    { timeout: 30_000, interval: 200 }
  )
}

it('a thing behind a real gateway is of whoever claims it first', async () => {
  const gateway = await hub.json<{ gatewayId: string; username: string; password: string }>(
    ...['gateway', 'add', '--dialect', 'zigbee2mqtt', '--name', 'Landing']
  )
  const say = (humidity: number) =>
    publish(gateway.username, gateway.password, 'zigbee2mqtt/0x00158d0001a2b3c4', {
      humidity,
      temperature: 19
    })
  await say(55)
  const [thing] = await vi.waitFor(
    async () => {
      const heard = await anna.json<HeardBox[]>('GET', '/me/things')
      expect(heard).toHaveLength(1)
      return heard
    },
    { timeout: 10_000, interval: 100 }
  )
  const claim = (who: Host, name: string) =>
    who.ask('POST', `/me/things/${encodeURIComponent(thing!.thingId)}/claim`, { ...place, name })
  const answers = await Promise.all([claim(anna, 'Hall'), claim(bert, 'Landing')])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, expect.any(Number)])
  const lost = answers.find(({ status }) => status !== 200)!
  expect(['thingUnknown', 'thingClaimed']).toContain(((await lost.json()) as { code: string }).code)
  const won = answers.find(({ status }) => status === 200)!
  const { siteId, deviceId } = (await won.json()) as SensorClaimed
  const winner = won === answers[0] ? anna : bert
  const loser = winner === anna ? bert : anna
  await say(61.5)
  // What it said before somebody claimed it was not kept.
  expect(await values(winner, siteId, 1)).toEqual([61.5])
  expect(await own(loser)).toEqual([])
  expect((await winner.ask('DELETE', `/me/devices/${deviceId}`)).status).toBe(200)
})

describe('a box of Anna’s', () => {
  let box: SensorAdded
  const send = (to: SensorAdded, humidity: number) =>
    publish(to.username, to.password, to.topic, { humidity })

  it('makes room for another board, and its place keeps its history', async () => {
    const first = await anna.json<SensorAdded>('POST', '/me/devices', {
      ...place,
      dialect: 'lamppost',
      name: 'Bedroom'
    })
    await send(first, 50)
    await values(anna, first.siteId, 1)
    box = await anna.json<SensorAdded>('POST', `/me/devices/${first.deviceId}/swap`, { dialect: 'lamppost' })
    expect(box.siteId).toBe(first.siteId)
    expect(box.deviceId).not.toBe(first.deviceId)
    await send(box, 52)
    expect(await values(anna, box.siteId, 2)).toEqual([50, 52])
    await expect(send(first, 99)).rejects.toThrow(/Bad username or password/)
    expect((await own(anna)).map(({ deviceId }) => deviceId)).toEqual([box.deviceId])
    expect((await bert.ask('POST', `/me/devices/${box.deviceId}/swap`, { dialect: 'lamppost' })).status).toBe(
      404
    )
    const odd = await anna.ask('POST', `/me/devices/${box.deviceId}/swap`, { dialect: 'toaster' })
    expect(await odd.json()).toMatchObject({ code: 'badName' })
    expect(await own(anna)).toHaveLength(1)
  })

  it('goes to the next host by a code, once, and without its history', async () => {
    const offer = `/me/devices/${box.deviceId}/offer`
    expect((await bert.ask('POST', offer)).status).toBe(404)
    const older = await anna.json<SensorOffered>('POST', offer)
    const { code } = await anna.json<SensorOffered>('POST', offer)
    const take = (who: Host, what: string) => who.ask('POST', '/me/sensors/take', { code: what })
    expect(await (await take(bert, older.code)).json()).toMatchObject({ code: 'offerUnknown' })
    // As people type it.
    const [once, twice] = await Promise.all([
      take(bert, code.toLowerCase().replaceAll('-', ' ')),
      take(bert, code)
    ])
    expect([once.status, twice.status].toSorted()).toEqual([200, 404])
    const taken = (await (once.ok ? once : twice).json()) as SensorTaken
    expect(taken).toMatchObject({ deviceId: box.deviceId, withHistory: false })
    expect(taken.siteId).not.toBe(box.siteId)
    await send(box, 63)
    expect(await values(bert, taken.siteId, 1)).toEqual([63])
    expect(await values(anna, box.siteId, 2)).toEqual([50, 52])
    expect((await bert.ask('GET', `/me/sites/${box.siteId}/series?quantity=humidity`)).status).toBe(404)
    expect(await own(anna)).toEqual([])
    const notes = await anna.json<{ action: string; about: string }[]>('GET', '/me/audit')
    expect(notes.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['deviceOffer', 'deviceHandOver'])
    )
  })
})

it('a box that the steward set up comes with what it measured', async () => {
  const added = await addDevice(hub.dataDir, 'Ashley Road', '--interval', '60')
  const { code } = await hub.json<SensorOffered>('device', 'offer', added.deviceId)
  const taken = await anna.json<SensorTaken>('POST', '/me/sensors/take', { code })
  expect(taken).toMatchObject({ deviceId: added.deviceId, siteId: added.siteId, withHistory: true })
  expect((await own(anna)).map(({ deviceId }) => deviceId)).toEqual([added.deviceId])
})

it('codes are not to be guessed', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 25; n++)
    statuses.push((await bert.ask('POST', '/me/sensors/take', { code: `AAAA-BBBB-CC${10 + n}` })).status)
  expect(statuses.at(-1)).toBe(429)
})
