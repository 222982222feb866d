/** Whose a sensor is, where it is, and what its home agreed to, as commands on a running hub. */
import { beforeAll, describe, expect, it } from 'vitest'
import { addDevice, eventually, publishOnce, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()
const { run, json } = hub

beforeAll(async () => {
  for (const street of ['Ashley Road', 'Mill Lane']) await json('street', 'add', street)
})

const publish = (device: AddedDevice, payload: string) => publishOnce(hub, device, payload)

const publicRows = async (): Promise<string[]> =>
  (await (await fetch(`${hub.url}/api/v1/readings?format=jsonl`)).text()).split('\n').filter(Boolean)

interface Consented {
  ended: { homeId: string }[]
}

interface Placed {
  readingsPublic: number
  places: { siteId: string }[]
  others: { siteId: string; placement: string }[]
}

describe('adding a sensor', () => {
  it.each([
    ['neither outdoors nor indoors', []],
    ['both', ['--outdoor', '--indoor', '--home', 'number-1']],
    ['indoors in no home', ['--indoor']],
    ['outdoors in a home', ['--outdoor', '--home', 'number-1']]
  ])('%s ends with status 2 and what to say', async (_what, place) => {
    const { status, stderr } = await run('device', 'add', '--street', 'Ashley Road', ...place)
    expect(status).toBe(2)
    expect(stderr).toContain('--outdoor')
    expect(stderr).toContain('--indoor')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('consent', () => {
  it('taken back through one sensor ends in every home of its person, and in the home that it left', async () => {
    const device = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-4')
    const agree = () =>
      json<Consented>('device', 'consent', device.deviceId, 'on', '--for', 'street', '--by', 'Anna')
    await agree()
    await json('device', 'move', device.deviceId, '--street', 'Mill Lane')
    await agree()
    const { ended } = await json<Consented>('device', 'consent', device.deviceId, 'off', '--by', 'Anna')
    expect(ended).toHaveLength(2)
    expect(ended[0]!.homeId).toBe('number-4')
    const again = await run('device', 'consent', device.deviceId, 'off')
    expect(again.stdout).toContain('so nothing changed')
  })

  it.each([
    ['without a purpose', ['on', '--by', 'Anna'], '--for is missing'],
    ['for something else', ['on', '--for', 'fame', '--by', 'Anna'], 'street, page, research'],
    ['by nobody', ['on', '--for', 'street'], '--by is missing'],
    ['neither on nor off', ['perhaps'], 'Give on or off']
  ])('%s is refused', async (_what, args, says) => {
    const device = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-5')
    const { status, stderr } = await run('device', 'consent', device.deviceId, ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(says)
  })

  it('for a removed or an outdoor sensor, or none, says why not', async () => {
    const consent = (id: string) => run('device', 'consent', id, 'on', '--for', 'street', '--by', 'Anna')
    const outdoor = await addDevice(hub.dataDir, 'Ashley Road')
    expect((await consent(outdoor.deviceId)).stderr).toContain('It needs no consent')
    const gone = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-6')
    await json('device', 'remove', gone.deviceId)
    expect((await consent(gone.deviceId)).stderr).toContain('was removed')
    expect((await consent('d-aaaaaaaa')).stderr).toContain('There is no sensor')
  })
})

describe('placement', () => {
  it('indoors takes the rows and the name of one place away, names the others, and takes all with --all', async () => {
    const device = await addDevice(hub.dataDir, 'Ashley Road', '--name', 'Old shed', '--interval', '60')
    await publish(device, '{"at":"2026-11-01T10:00:00Z","pm2_5":7.25}')
    await json('device', 'move', device.deviceId, '--street', 'Mill Lane', '--at', '2026-11-02T00:00:00Z')
    await publish(device, '{"at":"2026-11-03T10:00:00Z","pm2_5":8.25}')
    const rows = async (value: string) =>
      (await publicRows()).filter((row) => row.includes(`"value":${value}`))
    await eventually(
      () => rows('8.25'),
      (found) => found.length === 1
    )
    const first = await json<Placed>('device', 'placement', device.deviceId, 'indoor')
    expect(first.others).toMatchObject([{ siteId: device.siteId, placement: 'outdoor' }])
    expect([await rows('7.25'), await rows('8.25')].map((list) => list.length)).toEqual([1, 0])
    const text = await run('device', 'placement', device.deviceId, 'indoor', '--place', device.siteId)
    expect(text.stdout).toContain('Old shed, Ashley Road')
    expect(await rows('7.25')).toEqual([])
    const places = JSON.stringify(await (await fetch(`${hub.url}/api/v1/streets/ashley-road`)).json())
    expect(places).not.toContain('Old shed')
    const all = await json<Placed>('device', 'placement', device.deviceId, 'indoor', '--all')
    expect(all.others).toEqual([])
    const where = await run('device', 'placement', device.deviceId, 'indoor', '--place', 'the moon')
    expect(where.stderr).toContain('was never at "the moon"')
  })

  it('outdoors asks, says how many readings it is about, and begins now unless told otherwise', async () => {
    const device = await addDevice(
      hub.dataDir,
      'Ashley Road',
      '--indoor',
      '--home',
      'number-7',
      '--interval',
      '60'
    )
    for (const hour of [10, 11, 12])
      await publish(device, `{"at":"2026-11-01T${hour}:00:00Z","humidity":61.5}`)
    const rows = async () => (await publicRows()).filter((row) => row.includes('61.5'))
    const asked = await run('device', 'placement', device.deviceId, 'outdoor')
    expect(asked.status).toBe(2)
    expect(asked.stderr).toContain('0 readings that are private now would become public at once')
    expect(asked.stderr).toContain('To go ahead, add --yes')
    const since = ['--from', '2026-11-01T11:00:00Z']
    await eventually(
      () => run('device', 'placement', device.deviceId, 'outdoor', ...since),
      ({ stderr }) => stderr.includes('2 readings that are private now would become public at once')
    )
    expect(await rows()).toEqual([])
    const now = await json<Placed>('device', 'placement', device.deviceId, 'outdoor', '--yes')
    expect(now).toMatchObject({ readingsPublic: 0, others: [] })
    expect(await rows()).toEqual([])
    const past = await json<Placed>(
      'device',
      'placement',
      device.deviceId,
      'outdoor',
      '--place',
      device.siteId,
      ...since,
      '--yes'
    )
    expect(past.readingsPublic).toBe(2)
    expect(await rows()).toHaveLength(2)
  })
})

describe('handing over', () => {
  it('needs another person who is known, and keeps what was measured with the former host', async () => {
    const device = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-8')
    const anna = await json<{ personId: string }>('person', 'add', 'Anna Eight', '--home', 'number-8')
    const over = (...args: string[]) => run('device', 'hand-over', device.deviceId, ...args)
    expect((await over('--to', 'Nobody')).stderr).toContain('There is no person "Nobody"')
    expect((await over('--to', anna.personId)).stderr).toContain('already hosts')
    expect((await over()).stderr).toContain('--to is missing')
    await json('person', 'add', 'Ben Eight')
    expect((await over('--to', 'Ben Eight', '--with-history')).stderr).toContain('stays theirs')
    expect((await over('--to', 'Ben Eight')).stdout).toContain(
      'What it measured before stays with its former host'
    )
    const persons = await json<{ name: string; homes: { homeId: string; sites: unknown[] }[] }[]>(
      'person',
      'list'
    )
    const homesOf = (name: string) => persons.find((person) => person.name === name)?.homes
    expect(homesOf('Anna Eight')).toMatchObject([
      { homeId: 'number-8', sites: [{ siteId: device.siteId, devices: [] }] }
    ])
    expect(homesOf('Ben Eight')).toMatchObject([{ sites: [{ devices: [device.deviceId] }] }])
  })
})

describe('renaming a sensor', () => {
  it('changes the name of its place, which everybody sees outdoors and nobody indoors', async () => {
    const device = await addDevice(hub.dataDir, 'Ashley Road', '--name', 'Mrs Smith at 12')
    const renamed = await run('device', 'rename', device.deviceId, 'Front railings')
    expect(renamed.stdout).toContain('called "Front railings". Everybody sees this name.')
    const street = JSON.stringify(await (await fetch(`${hub.url}/api/v1/streets/ashley-road`)).json())
    expect(street).toContain('Front railings')
    expect(street).not.toContain('Mrs Smith')
    const indoor = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-3')
    expect((await run('device', 'rename', indoor.deviceId, 'Bath')).stdout).toContain('Only its host and you')
    for (const name of ['', '  ', 'x'.repeat(300)])
      expect((await run('device', 'rename', indoor.deviceId, name)).status).toBe(2)
    expect((await run('device', 'rename', 'd-aaaaaaaa', 'Bath')).stderr).toContain('There is no sensor')
  })
})

describe('persons', () => {
  it('are listed with their homes, renamed, and say for how long readings are kept', async () => {
    const { personId } = await json<{ personId: string }>('person', 'add', 'Carol', '--home', 'number-9')
    expect((await run('person', 'rename', personId, 'Carol Nine')).stdout).toContain(
      'is now called Carol Nine'
    )
    expect((await run('person', 'keep', 'Carol Nine', '6')).stdout).toContain(
      '6 months after they were measured'
    )
    expect((await run('person', 'list')).stdout).toContain(
      `${personId}  Carol Nine, raw indoor readings kept for 6 months`
    )
    expect((await run('person', 'keep', personId, 'always')).stdout).toContain('until they are erased')
    for (const months of ['0', '1.5', 'ever']) {
      const { status, stderr } = await run('person', 'keep', personId, months)
      expect([status, stderr]).toEqual([2, expect.stringContaining('months')])
    }
  })
})
