/** What hosts do with what is theirs on the web, at a real hub: the same as the commands do, and never with what is another's. */
import { beforeAll, expect, it, vi } from 'vitest'
import type {
  ErasurePreview,
  ErasureReport,
  OwnDevice,
  OwnHome,
  SensorAdded,
  SensorRotated
} from '../../contract/own.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { oneHub } from '../support/one-hub.ts'
import { signUpPassword } from '../support/sign-up.ts'
import { unzip } from '../support/unzip.ts'

const hub = oneHub()

let anna: Host
let bert: Host

const bedroom = { dialect: 'airrohr', street: 'Ashley Road', placement: 'indoor', name: 'Bedroom' }

/** As its firmware sends it. */
const airrohr = {
  esp8266id: '12345678',
  software_version: 'NRZ-2024-135',
  sensordatavalues: [
    { value_type: 'BME280_temperature', value: '18.30' },
    { value_type: 'BME280_humidity', value: '66.10' },
    { value_type: 'BME280_pressure', value: '100920.00' }
  ]
}

/** Her sensors once their readings are stored. */
async function heard(who: Host): Promise<OwnDevice[]> {
  return vi.waitFor(
    async () => {
      const devices = await who.json<OwnDevice[]>('GET', '/me/devices')
      expect(devices.map(({ latest }) => Object.keys(latest))).toContainEqual(
        expect.arrayContaining(['humidity'])
      )
      return devices
    },
    { timeout: 30_000, interval: 200 }
  )
}

beforeAll(async () => {
  await hub.json('street', 'add', 'Ashley Road')
  ;[anna, bert] = [await hostAt(hub, 'Anna'), await hostAt(hub, 'Bert')]
})

it('adds a sensor with its settings, takes its first reading, and shows it to nobody else', async () => {
  const added = await anna.json<SensorAdded>('POST', '/me/devices', bedroom)
  const { pathname } = new URL(added.pushUrl!)
  expect(added.settings[0]?.text).toContain(pathname)
  const sent = await fetch(`${hub.url}${pathname}`, { method: 'POST', body: JSON.stringify(airrohr) })
  expect(sent.status).toBeLessThan(300)
  const [device] = await heard(anna)
  expect(device).toMatchObject({
    deviceId: added.deviceId,
    name: 'Bedroom',
    state: 'online',
    latest: { temperature: { value: 18.3 }, humidity: { value: 66.1 } }
  })
  expect(await bert.json('GET', '/me/devices')).toEqual([])
  // Everything in one home of hers: the next room goes into it.
  const [home] = await anna.json<OwnHome[]>('GET', '/me/homes')
  const kitchen = await anna.json<SensorAdded>('POST', '/me/devices', {
    ...bedroom,
    name: 'Kitchen',
    home: home!.homeId
  })
  expect((await anna.json<OwnHome[]>('GET', '/me/homes'))[0]!.rooms).toHaveLength(2)
  expect((await anna.ask('DELETE', `/me/devices/${kitchen.deviceId}`)).status).toBe(200)
})

it('changes nothing of another’s, and says so as if it were not there', async () => {
  const [device] = await heard(anna)
  const [home] = await anna.json<OwnHome[]>('GET', '/me/homes')
  for (const [method, path, body] of [
    ['POST', `/me/devices/${device!.deviceId}/rotate`, { now: true }],
    ['POST', `/me/devices/${device!.deviceId}/move`, { street: 'Ashley Road' }],
    ['PUT', `/me/devices/${device!.deviceId}/name`, { name: 'Mine' }],
    ['DELETE', `/me/devices/${device!.deviceId}`, undefined],
    ['PUT', `/me/homes/${home!.homeId}/consents/street`, { on: true }]
  ] as const)
    expect((await bert.ask(method, path, body)).status, `${method} ${path}`).toBe(404)
  const taken = await bert.ask('POST', '/me/devices', { ...bedroom, home: home!.homeId })
  expect(await taken.json()).toMatchObject({ code: 'homeUnknown' })
  expect(await bert.json('GET', '/me/devices')).toEqual([])
})

it('gives a new password, another name, and another street', async () => {
  const [device] = await heard(anna)
  const path = `/me/devices/${device!.deviceId}`
  const rotated = await anna.json<SensorRotated>('POST', `${path}/rotate`, { now: false })
  expect(rotated.oldPasswordUntil).not.toBeNull()
  expect(rotated.settings[0]?.text).toContain(new URL(rotated.pushUrl!).pathname)
  await anna.ask('PUT', `${path}/name`, { name: 'Small bedroom' })
  expect((await heard(anna))[0]!.name).toBe('Small bedroom')
  const nowhere = await anna.ask('POST', `${path}/move`, { street: 'Nowhere' })
  expect(await nowhere.json()).toMatchObject({ code: 'streetUnknown' })
})

it('agrees and takes back, in the words that were shown', async () => {
  const [home] = await anna.json<OwnHome[]>('GET', '/me/homes')
  const path = `/me/homes/${home!.homeId}/consents/street`
  const isOn = async () =>
    (await anna.json<OwnHome[]>('GET', '/me/homes'))[0]!.consents.find(({ purpose }) => purpose === 'street')!
      .on
  await anna.ask('PUT', path, { on: true })
  expect(await isOn()).toBe(true)
  await anna.ask('PUT', path, { on: false })
  expect(await isOn()).toBe(false)
})

it('gives everything away as one file, and erases it after a typed word', async () => {
  const archive = await anna.ask('GET', '/me/archive')
  expect(archive.headers.get('cache-control')).toBe('private, no-store')
  const files = unzip(Buffer.from(await archive.arrayBuffer()))
  expect(files.get('person.json')!.toString()).toContain('Small bedroom')
  expect([...files.keys()].join()).toContain('readings/')

  const preview = await anna.json<ErasurePreview>('GET', '/me/erasure')
  expect(preview).toMatchObject({ readings: 3, homes: 1, devices: 2, consents: 1, isLastSteward: false })
  expect(await anna.json('POST', '/me/erasure', { confirm: 'yes' })).toMatchObject({ status: 400 })
  const report = await anna.json<ErasureReport>('POST', '/me/erasure', { confirm: 'ERASE' })
  expect(report).toMatchObject({ readings: 3, devices: 2 })
  expect((await anna.ask('GET', '/me')).status).toBe(401)
  expect((await hub.run('person', 'list')).stdout).not.toContain('Anna')
})

it('keeps the only steward, without whom nobody looks after the hub', async () => {
  const { code, personId } = await hub.json<{ code: string; personId: string }>('steward', 'invite')
  expect(personId).toBeTruthy()
  const accepted = await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: 'carla', name: 'Carla', password: signUpPassword })
  })
  const cookie = accepted.headers.get('set-cookie')!.split(';')[0]!
  const refused = await fetch(`${hub.url}/api/v1/me/erasure`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ confirm: 'ERASE' })
  })
  expect(await refused.json()).toMatchObject({ status: 409, code: 'lastSteward' })
})
