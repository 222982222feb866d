/** The stewards' desk at a real hub: ill boxes, streets, requests and notes; and the handing over of the desk. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { DeskBox } from '../../contract/desk/boxes.ts'
import type { DeskHub, DeskOverview } from '../../contract/desk/hub.ts'
import type { DeskRequest } from '../../contract/desk/notes.ts'
import type { DeskPeople } from '../../contract/desk/people.ts'
import type { DeskStreet } from '../../contract/desk/streets.ts'
import type { StreetDetail } from '../../contract/street.ts'
import { addDevice, publishOnce } from '../support/hub-process.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()
const { json } = hub

let carla: Host
beforeAll(async () => {
  await json('street', 'add', 'Ashley Road')
  carla = await hostAt(hub, 'Carla', 'steward')
})

describe('ill boxes', () => {
  it('come first, with why; of an indoor one neither a value nor a number', async () => {
    const indoor = await addDevice(
      hub.dataDir,
      'Ashley Road',
      '--indoor',
      '--home',
      'number-4',
      '--name',
      'Bedroom'
    )
    await publishOnce(hub, indoor, '{"humidity":140.625}')
    const outdoor = await addDevice(hub.dataDir, 'Ashley Road', '--name', 'Railings')
    await publishOnce(hub, outdoor, '{"humidity":171.5}')
    const box = async (deviceId: string): Promise<DeskBox> => {
      const all = await carla.json<DeskBox[]>('GET', '/steward/boxes')
      return all.find((one) => one.deviceId === deviceId)!
    }
    await vi.waitFor(
      async () => {
        expect((await box(indoor.deviceId)).problems).toHaveLength(1)
        expect((await box(outdoor.deviceId)).problems).toHaveLength(1)
      },
      { timeout: 20_000, interval: 200 }
    )
    expect(await box(indoor.deviceId)).toMatchObject({
      name: 'Bedroom',
      placement: 'indoor',
      problems: [{ code: 'outOfRange', message: null, count: null }]
    })
    expect((await box(outdoor.deviceId)).problems).toMatchObject([
      { code: 'outOfRange', message: expect.stringContaining('171.5') as string, count: 1 }
    ])
    const overview = await carla.ask('GET', '/steward/overview')
    const text = await overview.text()
    expect(text).not.toContain('140.625')
    const { ill, boxes } = JSON.parse(text) as DeskOverview
    expect(ill.map(({ deviceId }) => deviceId)).toEqual(
      expect.arrayContaining([indoor.deviceId, outdoor.deviceId])
    )
    expect(boxes).toBeGreaterThanOrEqual(ill.length)
    // Outside now, it still says nothing of what it sent from the bedroom.
    await hub.json('device', 'placement', indoor.deviceId, 'outdoor', '--yes')
    expect(await box(indoor.deviceId)).toMatchObject({
      placement: 'outdoor',
      problems: [{ code: 'outOfRange', message: null, count: null }]
    })
  })

  it('say nothing of a time in a home, however late they tell it; of their time outdoors they do', async () => {
    const home = ['--indoor', '--home', 'number-6', '--name', 'Moved out']
    const moved = await addDevice(hub.dataDir, 'Ashley Road', ...home)
    const hours = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString()
    await hub.json('device', 'placement', moved.deviceId, 'outdoor', '--from', hours(2), '--yes')
    const late = [
      // Measured in the home, sent from the street.
      { at: hours(3), humidity: 140.625 },
      { at: hours(3), temperature: '77.0625' },
      { at: hours(3), mould: 88.0625 },
      [
        { at: hours(3), pm2_5: '66.0625' },
        { at: hours(1), pm2_5: 12 }
      ],
      // Nobody can say when.
      '{"laeq":55.0625',
      { at: 'some day', pressure: 44_000.0625 },
      { at: hours(1), pm10: 77_000.5 }
    ]
    for (const body of late)
      await publishOnce(hub, moved, typeof body === 'string' ? body : JSON.stringify(body))
    const box = async (): Promise<DeskBox> => {
      const all = await carla.json<DeskBox[]>('GET', '/steward/boxes')
      return all.find(({ deviceId }) => deviceId === moved.deviceId)!
    }
    await vi.waitFor(async () => expect((await box()).problems).toHaveLength(8), {
      timeout: 20_000,
      interval: 200
    })
    const { problems, placement } = await box()
    expect(placement).toBe('outdoor')
    expect(problems.filter(({ message, count }) => message !== null || count !== null)).toMatchObject([
      { code: 'outOfRange', message: expect.stringContaining('77000.5') as string, count: 1 }
    ])
    expect(JSON.stringify(problems)).not.toContain('0625')
    expect(await (await carla.ask('GET', '/steward/overview')).text()).not.toContain('0625')
  })
})

describe('streets', () => {
  it('are added, renamed with the id kept, drawn and merged; a rename that another steward overtook is refused', async () => {
    const add = await carla.ask('POST', '/steward/streets', { name: 'Mill Lane' })
    expect(add.status).toBe(200)
    const rename = (was: string, name: string) =>
      carla.ask('PUT', '/steward/streets/mill-lane/name', { name, was })
    expect((await rename('Mill Lane', 'Old Mill Lane')).status).toBe(200)
    const late = await rename('Mill Lane', 'New Mill Lane')
    expect(late.status).toBe(409)
    expect(((await late.json()) as { detail: string }).detail).toContain('Old Mill Lane')
    const draw = (was: string | null, east: number) =>
      carla.ask('PUT', '/steward/streets/mill-lane/line', {
        was,
        line: [
          [-2.59, 51.46],
          [east, 51.461]
        ]
      })
    expect((await draw(null, -2.585)).status).toBe(200)
    const overtaken = await draw(null, -2.58)
    expect(await overtaken.json()).toMatchObject({ code: 'overtaken', status: 409 })
    const street = async () =>
      (await carla.json<DeskStreet[]>('GET', '/steward/streets')).find(({ id }) => id === 'mill-lane')
    expect(await street()).toMatchObject({ name: 'Old Mill Lane', lineMark: expect.any(String) as string })
    expect((await draw((await street())!.lineMark, -2.58)).status).toBe(200)
    const script = '<script>alert(1)</script>'
    expect((await carla.ask('POST', '/steward/streets', { name: script })).status).toBe(200)
    expect((await carla.ask('POST', '/steward/streets', { name: '=1+1' })).status).toBe(200)
    const merged = await carla.ask('POST', '/steward/streets/mill-lane/merge', { into: 'ashley-road' })
    expect(merged.status).toBe(200)
    expect(await street()).toBeUndefined()
  })
})

describe('asking to host a sensor', () => {
  it('reaches the stewards alone, six times an hour from one address, and is gone once answered', async () => {
    const ask = (body: object) =>
      fetch(`${hub.url}/api/v1/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body)
      })
    const eve = { name: '=Eve <b>', contact: 'eve@example.org', street: 'Mill Lane', mayWrite: true }
    expect((await ask(eve)).status).toBe(200)
    expect((await ask({ ...eve, mayWrite: false })).status).toBe(400)
    expect((await ask({ ...eve, name: '\u0007' })).status).toBe(400)
    for (let more = 0; more < 3; more++) expect((await ask({ ...eve, street: '' })).status).toBe(400)
    const busy = await ask(eve)
    expect(busy.status).toBe(429)
    expect(((await busy.json()) as { detail: string }).detail).toContain('have arrived')
    const requests = await carla.json<DeskRequest[]>('GET', '/steward/requests')
    expect(requests).toMatchObject([{ name: '=Eve <b>', contact: 'eve@example.org' }])
    expect((await carla.json<DeskOverview>('GET', '/steward/overview')).requests).toBe(1)
    expect((await carla.ask('DELETE', `/steward/requests/${requests[0]!.requestId}`)).status).toBe(200)
    expect(await carla.json<DeskRequest[]>('GET', '/steward/requests')).toEqual([])
  })
})

describe('a note on a street', () => {
  it('is shown to everybody with the street, and follows it when the street is merged', async () => {
    await json('street', 'add', 'Bridge Lane')
    const note = (body: object) =>
      carla.ask('POST', '/steward/annotations', {
        street: 'bridge-lane',
        from: '2026-11-03',
        until: '2026-11-10',
        text: 'Roadworks',
        ...body
      })
    expect((await note({})).status).toBe(200)
    expect((await note({ until: '2026-11-01' })).status).toBe(400)
    expect((await note({ street: 'nowhere' })).status).toBe(404)
    const notesOf = async (street: string) =>
      ((await (await fetch(`${hub.url}/api/v1/streets/${street}`)).json()) as StreetDetail).annotations
    expect(await notesOf('bridge-lane')).toMatchObject([{ text: 'Roadworks' }])
    const listed = await json<{ annotationId: string }[]>('street', 'notes')
    await json('street', 'merge', 'bridge-lane', 'ashley-road', '--yes')
    expect(await notesOf('ashley-road')).toMatchObject([{ text: 'Roadworks' }])
    await json('street', 'unnote', listed[0]!.annotationId)
    expect(await notesOf('ashley-road')).toEqual([])
  })
})

describe('the desk', () => {
  it('asks the doctor in a process of its own, and says where backups would go', async () => {
    const care = await carla.json<DeskHub>('GET', '/steward/hub')
    expect(care.findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['disk', 'backup']))
    expect(care.storage.freeBytes).toBeGreaterThan(0)
    expect((await carla.ask('POST', '/steward/backups')).status).toBe(409)
  })

  it('is handed over at once: the former steward may do nothing more, and the last one stays', async () => {
    const dora = await hostAt(hub, 'Dora')
    expect((await dora.ask('GET', '/steward/people')).status).toBe(403)
    const alone = await carla.ask('PUT', `/steward/people/${carla.personId}/roles`, {
      steward: false,
      researcher: false
    })
    expect(alone.status).toBe(409)
    const { persons } = await carla.json<DeskPeople>('GET', '/steward/people')
    expect(persons.find(({ personId }) => personId === dora.personId)?.account).toMatchObject({
      userName: 'Dora',
      roles: ['host']
    })
    const over = await carla.ask('POST', '/steward/hand-over', {
      personId: dora.personId,
      confirm: 'HAND OVER'
    })
    expect(over.status).toBe(200)
    expect((await carla.ask('GET', '/steward/people')).status).toBe(403)
    expect((await carla.ask('POST', '/steward/streets', { name: 'Mine' })).status).toBe(403)
    expect((await dora.ask('GET', '/steward/people')).status).toBe(200)
  })
})
