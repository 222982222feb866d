/** Numbers through the real command: indoor sites and damp for the operator, and what nobody can tell is refused in words. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  type AddedDevice
} from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { unzip } from '../support/unzip.ts'

const hub = oneHub()
let outdoor: AddedDevice
let bathroom: AddedDevice

beforeAll(async () => {
  outdoor = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
  bathroom = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-12')
  const mapping = {
    name: 'room',
    time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ssZ', label: 'start' },
    intervalS: 3600,
    values: [
      { column: 't', quantity: 'temperature', unit: '°C' },
      { column: 'rh', quantity: 'humidity', unit: '%' }
    ]
  }
  writeFileSync(join(hub.path, 'map.json'), JSON.stringify(mapping))
  await bring(outdoor, () => [0, 90])
  // Steam for six hours of each day.
  await bring(bathroom, (hour) => [20, hour % 24 < 6 ? 75 : 45])
})

async function bring(device: AddedDevice, air: (hour: number) => [number, number]): Promise<void> {
  const rows = Array.from({ length: 96 }, (_, hour) => {
    const time = new Date(Date.UTC(2026, 0, 5, hour)).toISOString().replace('.000', '')
    return [time, ...air(hour)].join(',')
  })
  const file = join(hub.path, `${device.deviceId}.csv`)
  writeFileSync(file, ['time,t,rh', ...rows].join('\n') + '\n')
  const args = ['import', file, '--map', join(hub.path, 'map.json'), '--device', device.deviceId, ...hub.data]
  expect((await command(args)).status).toBe(0)
}

describe('the numbers of a room', () => {
  it('are for the operator, and not for the public', async () => {
    const found = await commandJson<{ periods: object[] }>([
      'summary',
      bathroom.siteId,
      '--quantity',
      'humidity',
      '--by',
      'day',
      '--timezone',
      'UTC',
      ...hub.data
    ])
    expect(found.periods).toHaveLength(4)
    expect(found.periods[0]).toMatchObject({ count: 24, expected: 24, mean: 52.5, max: 75 })
    const refused = await fetch(`${hub.url}/api/v1/sites/${bathroom.siteId}/summary?quantity=humidity`)
    expect(refused.status).toBe(404)
  })

  it('tell hours and the longest spell at risk at an estimated corner, and mould as a range', async () => {
    const found = await commandJson<Record<string, unknown>>(['damp', bathroom.siteId, ...hub.data])
    // 20 °C inside, 0 outside and a factor of 0.75 are 15 °C at the corner: 75 % are 103 % there, 45 % are 62 %.
    expect(found).toMatchObject({
      hours: 96,
      coverage: 1,
      surface: {
        basis: 'estimated',
        factor: 0.75,
        outside: [outdoor.siteId],
        lowestC: 15,
        hoursAtRisk: 24,
        hoursCondensing: 24,
        longestSpellHours: 6
      },
      indicative: true,
      reason: null
    })
    const { lowest, highest } = found['mouldIndex'] as { lowest: number; highest: number }
    expect(highest).toBeGreaterThanOrEqual(lowest)
    const { stdout } = await command(['damp', bathroom.siteId, ...hub.data])
    expect(stdout).toContain('Coldest corner (estimated, factor 0.75)')
    expect(stdout).toContain('which was not measured here')
  })

  it('are a record to print and an archive, of the room or of its home', async () => {
    const pdf = join(hub.path, 'record.pdf')
    const made = await commandJson<Record<string, unknown>>(['damp', 'number-12', '-o', pdf, ...hub.data])
    expect(made).toMatchObject({ rooms: [bathroom.siteId], file: pdf })
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-')
    const zip = join(hub.path, 'record.zip')
    await commandJson(['damp', bathroom.siteId, '--rules', 'england-social', '-o', zip, ...hub.data])
    expect([...unzip(readFileSync(zip)).keys()]).toContain('MANIFEST.sha256')
  })

  it.each([
    [['nobody'], 'There is no site or home "nobody"'],
    [['Ashley Road'], 'Ashley Road is a street'],
    [['number-12', '--rules', 'mars'], '--rules is "mars"'],
    [['number-12', '--from', '2001-01-01', '-o', 'x.pdf'], 'at most two years'],
    [['number-12', '--factor', '3', '-o', 'x.pdf'], '--factor must be a share from 0 to 1']
  ])('refuse damp %j in words', async (args, words) => {
    const { status, stderr } = await command(['damp', ...args, ...hub.data])
    expect(stderr).toContain(words)
    expect(status).toBe(2)
  })

  it('say nothing of a corner without an outdoor temperature', async () => {
    const found = await commandJson<Record<string, unknown>>([
      'damp',
      bathroom.siteId,
      '--outside',
      bathroom.siteId,
      '--from',
      '2026-02-01',
      '--until',
      '2026-02-02',
      ...hub.data
    ])
    expect(found).toMatchObject({
      hours: 0,
      dewPointC: { mean: null },
      surface: { basis: 'none', hoursAtRisk: null },
      mouldIndex: null
    })
    expect(found['reason']).toContain('0 of 24 hours')
  })
})

describe('the figures of a street', () => {
  it.each([
    ['index', ['index', 'ID', '--scale', 'uk-daqi'], 'none. 18 of the last 24 hours'],
    ['exceedances', ['exceedances', 'ID', '--quantity', 'pm2_5'], 'Nothing was measured'],
    ['profile', ['profile', 'Ashley Road', '--quantity', 'humidity'], 'No part of the profile has 5 days'],
    ['trend', ['trend', 'Ashley Road', '--quantity', 'humidity'], 'No trend can be shown yet']
  ])('%s says in words what cannot be told', async (_what, args, words) => {
    const { status, stdout } = await command([
      ...args.map((arg) => (arg === 'ID' ? outdoor.siteId : arg)),
      ...hub.data
    ])
    expect(status).toBe(0)
    expect(stdout).toContain(words)
  })

  it.each([
    ['before-after Ashley%Road --at 2026-01-06 --quantity humidity', '--control is missing'],
    ['summary nowhere --quantity humidity', 'There is no site or street "nowhere"'],
    ['summary ID --quantity humidity --unit ppb', 'no unit of'],
    ['summary ID --quantity dust', 'is not a quantity of this hub'],
    ['colocation --site ID --reference ID --quantity humidity', '--reference is the site itself']
  ])('"%s" is wrong use', async (line, words) => {
    const args = line.split(' ').map((arg) => arg.replace('ID', outdoor.siteId).replace('%', ' '))
    const { status, stderr } = await command([...args, ...hub.data])
    expect(status).toBe(2)
    expect(stderr).toContain(words)
  })
})
