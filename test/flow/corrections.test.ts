/** Corrections through the real command and a running hub: set, looked at before, ended, removed, refused in words. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { growthFactor } from '../../science/correction.ts'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  type AddedDevice
} from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()
let box: AddedDevice
let reference: AddedDevice

beforeAll(async () => {
  box = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
  reference = await addDevice(hub.dataDir, 'Ashley Road', '--name', 'Reference')
  // Twenty days of hours: the box shows twice what there is, and five more.
  const truth = (hour: number): number => 10 + 5 * Math.sin(hour / 7) + hour / 100
  await bring(reference, (hour) => `${truth(hour).toFixed(3)},50`)
  await bring(box, (hour) => `${(2 * truth(hour) + 5).toFixed(3)},60`)
})

async function bring(device: AddedDevice, row: (hour: number) => string): Promise<void> {
  const mapping = {
    name: 'box',
    time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ssZ', label: 'start' },
    intervalS: 3600,
    values: [
      { column: 'pm', quantity: 'pm2_5', unit: 'µg/m³' },
      { column: 'rh', quantity: 'humidity', unit: '%' }
    ]
  }
  const map = join(hub.path, 'map.json')
  writeFileSync(map, JSON.stringify(mapping))
  const rows = Array.from({ length: 20 * 24 }, (_, hour) => {
    const time = new Date(Date.UTC(2026, 5, 1, hour)).toISOString().replace('.000', '')
    return `${time},${row(hour)}`
  })
  const file = join(hub.path, `${device.deviceId}.csv`)
  writeFileSync(file, ['time,pm,rh', ...rows].join('\n') + '\n')
  const { status, stderr } = await command([
    'import',
    file,
    '--map',
    map,
    '--device',
    device.deviceId,
    ...hub.data
  ])
  expect(stderr).not.toContain('lamppost:')
  expect(status).toBe(0)
}

const add = (...more: string[]): string[] => [
  'correction',
  'add',
  box.deviceId,
  '--quantity',
  'pm2_5',
  ...more,
  ...hub.data
]

describe('a correction', () => {
  it('can be looked at, set, and taken away again, with every hour following', async () => {
    const kappa = ['--formula', 'kappaKohler', '--coefficient', 'kappa=0.3', '--sensor', 'sds011']
    const would = await commandJson<{ sites: { hours: number; rawMean: number; correctedMean: number }[] }>(
      add(...kappa, '--dry-run')
    )
    expect(would.sites).toHaveLength(1)
    const [site] = would.sites
    expect(site!.hours).toBe(480)
    expect(site!.correctedMean).toBeCloseTo(site!.rawMean / growthFactor(60, 0.3), 6)

    const added = await commandJson<{ correctionId: string; hoursRecomputed: number }>(add(...kappa))
    expect(added.hoursRecomputed).toBe(480)
    // Health is as of the hub's last look at itself, which may have been while the hours were made.
    const health = await eventually(
      async () => (await fetch(`${hub.url}/api/v1/health`)).json() as Promise<{ doing: string[] }>,
      ({ doing }) => doing.length === 0
    )
    expect(health).toMatchObject({ status: 'ready', doing: [] })
    const series = await ask(
      `sites/${box.siteId}/series?quantity=pm2_5_corrected&window=day&from=2026-06-01T00:00:00Z&until=2026-06-03T00:00:00Z`
    )
    expect(series).toMatchObject({
      corrections: [{ id: added.correctionId, version: 1 }],
      recomputing: false
    })

    const ended = await commandJson<object>([
      'correction',
      'end',
      added.correctionId,
      '--at',
      '2026-06-10T00:00:00Z',
      ...hub.data
    ])
    expect(ended).toMatchObject({ version: 2, hoursRecomputed: 480, until: '2026-06-10T00:00:00.000Z' })
    const summary = [
      'summary',
      box.siteId,
      '--quantity',
      'pm2_5_corrected',
      '--from',
      '2026-06-01T00:00:00Z',
      ...hub.data
    ]
    expect(await commandJson(summary)).toMatchObject({ periods: [{ count: 216 }] })
    await commandJson(['correction', 'remove', added.correctionId, ...hub.data])
    expect(await commandJson(summary)).toMatchObject({ periods: [], corrections: [] })
    const { corrections } = await commandJson<{ corrections: object[] }>([
      'correction',
      'list',
      '--history',
      ...hub.data
    ])
    expect(corrections).toHaveLength(3)
  })

  it('is fitted beside a reference, and the box then says what the reference said', async () => {
    const fitted = await commandJson<{
      correctionId: string
      coefficients: { slope: number; intercept: number }
    }>(add('--reference', reference.siteId))
    expect(fitted.coefficients.slope).toBeCloseTo(2, 3)
    expect(fitted.coefficients.intercept).toBeCloseTo(5, 2)
    const mean = async (site: string, quantity: string): Promise<number> => {
      const url = `sites/${site}/summary?quantity=${quantity}&by=all`
      return ((await ask(url)) as { periods: { mean: number }[] }).periods[0]!.mean
    }
    expect(await mean(box.siteId, 'pm2_5_corrected')).toBeCloseTo(await mean(reference.siteId, 'pm2_5'), 2)
    await commandJson(['correction', 'remove', fitted.correctionId, ...hub.data])
  })
})

describe('what cannot be', () => {
  it.each<[string, string[], string]>([
    [
      'a line from three days',
      ['--reference', 'REF', '--from', '2026-06-01T00:00:00Z', '--until', '2026-06-04T00:00:00Z'],
      'needs 14'
    ],
    [
      'a line from a week of hours',
      ['--reference', 'REF', '--window', 'hour', '--until', '2026-06-08T00:00:00Z'],
      'needs 252'
    ],
    ['a line from one reading', ['--reference', 'REF', '--until', '2026-06-01T01:00:00Z'], 'needs 14'],
    [
      'a formula of other sensors',
      ['--formula', 'barkjohn2021', '--sensor', 'sds011'],
      'was not made for sds011'
    ],
    [
      'a formula for a box of which nobody said what it holds',
      ['--formula', 'kappaKohler', '--coefficient', 'kappa=0.3'],
      'was not made for other'
    ],
    [
      'the wrong one of its numbers',
      ['--formula', 'barkjohn2021', '--sensor', 'plantower', '--signal', 'cf_atm'],
      'takes cf_1'
    ],
    [
      'a Plantower of unknown signal',
      ['--formula', 'fasm2021', '--sensor', 'plantower'],
      '--signal is missing'
    ],
    ['no κ', ['--formula', 'kappaKohler', '--sensor', 'sds011'], 'needs a number for kappa'],
    [
      'a slope of nothing',
      ['--formula', 'linear', '--coefficient', 'slope=0', '--coefficient', 'intercept=1'],
      'slope is 0'
    ],
    ['an unknown formula', ['--formula', 'best'], 'Give one of: kappaKohler'],
    [
      'a period that ends before it begins',
      ['--formula', 'linear', '--from', '2026-06-02T00:00:00Z', '--until', '2026-06-01T00:00:00Z'],
      '--from must be before'
    ],
    ['a reference that is not there', ['--reference', 's-nowhere'], 'no site "s-nowhere"']
  ])('%s is refused in one line', async (_what, args, says) => {
    const { status, stderr } = await command(
      add(...args.map((arg) => (arg === 'REF' ? reference.siteId : arg)))
    )
    expect(status).toBe(2)
    expect(stderr).toContain(says)
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('lamppost:'))
    ).toHaveLength(1)
  })

  it('leaves nothing behind', async () => {
    const { corrections } = await commandJson<{ corrections: object[] }>(['correction', 'list', ...hub.data])
    expect(corrections).toEqual([])
  })
})

async function ask(path: string): Promise<unknown> {
  return (await fetch(`${hub.url}/api/v1/${path}`)).json()
}
