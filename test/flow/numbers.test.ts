/**
 * What people measure for stays in the figures, and what is left out of them is said: a cellar under water, fog, a bathroom in the
 * tropics, a bonfire and a day of dust beside a DHT22 that is really stuck. Through the real command, with the values that
 * test/fixtures/numbers/events.py has of the same readings.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LeftOut } from '../../contract/left-out.ts'
import type { RoomDamp } from '../../contract/damp.ts'
import type { SiteSummary } from '../../contract/summary.ts'
import { addDevice, addStreetAndDevice, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub({ LAMPPOST_TIMEZONE: 'UTC' })

const names = ['cellar', 'fog', 'bathroom', 'stuck', 'bonfire', 'dust'] as const
type Name = (typeof names)[number]
const fixture = readFileSync(join(import.meta.dirname, '../fixtures/numbers/events.json'), 'utf8')
const independent = JSON.parse(fixture) as Record<Name, Record<string, number>>

const swing = (i: number, perDay: number, middle: number, half: number): number =>
  middle + half * Math.sin((2 * Math.PI * i) / perDay)
const bonfire = [40, 90, 180, 420, 700, 999.9, 999.9, 999.9, 999.9, 820, 560, 300, 160, 80, 45]
const dust = [120, 260, 540, 900, 1400, ...Array<number>(24).fill(1999.9), 1500, 1000, 620, 340, 190]

interface Event {
  /** Readings a day, and how many there are. */
  perDay: number
  count: number
  quantities: string[]
  values(i: number): number[]
}

const events: Record<Name, Event> = {
  cellar: {
    perDay: 24,
    count: 744,
    quantities: ['temperature', 'surface_temperature', 'humidity'],
    values: (i) => [14, 12, i >= 240 && i < 312 ? (i % 13 === 0 ? 101.7 : 100) : 66 + (i % 5)]
  },
  fog: {
    perDay: 144,
    count: 864,
    quantities: ['temperature', 'humidity'],
    values: (i) => [swing(i, 144, 6, 1.5), i >= 144 && i < 504 ? 100 : 84 + (i % 7)]
  },
  bathroom: {
    perDay: 24,
    count: 168,
    quantities: ['temperature', 'humidity'],
    values: (i) => [swing(i, 24, 30, 1.5), i % 24 >= 18 || i % 24 < 8 ? 100 : 88 + (i % 3)]
  },
  stuck: {
    perDay: 144,
    count: 1_008,
    quantities: ['temperature', 'humidity'],
    values: (i) => [swing(i, 144, 6, 8), i < 720 ? 99.9 : 60 + ((i - 720) % 9)]
  },
  bonfire: {
    perDay: 144,
    count: 144,
    quantities: ['pm2_5'],
    values: (i) => [i >= 108 && i < 123 ? bonfire[i - 108]! : 9 + (i % 4)]
  },
  dust: {
    perDay: 144,
    count: 144,
    quantities: ['pm10'],
    values: (i) => [i >= 60 && i < 94 ? dust[i - 60]! : 30 + (i % 11)]
  }
}

const devices = {} as Record<Name, AddedDevice>
const from = Date.UTC(2026, 0, 5)
let report: string

beforeAll(async () => {
  devices.fog = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
  for (const name of names) {
    const place = name === 'cellar' || name === 'bathroom' ? ['--indoor', '--home', name] : []
    devices[name] ??= await addDevice(hub.dataDir, 'Ashley Road', ...place)
  }
  await hub.json('device', 'sensors', devices.stuck.deviceId, 'dht22')
  await bringIn('hourly', ['cellar', 'bathroom'])
  report = await bringIn('often', ['fog', 'stuck', 'bonfire', 'dust'])
})

const units: Record<string, string> = { humidity: '%', pm2_5: 'µg/m³', pm10: 'µg/m³' }

/** Events that are measured equally often come in one file, each with columns and a sensor of its own. */
async function bringIn(file: string, together: readonly Name[]): Promise<string> {
  const columns = together.flatMap((name) => events[name].quantities.map((quantity) => ({ name, quantity })))
  const { perDay } = events[together[0]!]
  const length = Math.max(...together.map((name) => events[name].count))
  const rows = Array.from({ length }, (_, i) => {
    const cells = together.flatMap((name) => {
      const { count, quantities, values } = events[name]
      return i < count ? values(i).map(String) : quantities.map(() => '')
    })
    return [new Date(from + (i * 86_400_000) / perDay).toISOString(), ...cells].join(',')
  })
  const titles = columns.map(({ name, quantity }) => `${name} ${quantity}`)
  const [csv, map] = [join(hub.path, `${file}.csv`), join(hub.path, `${file}.json`)]
  writeFileSync(csv, [['time', ...titles].join(','), ...rows, ''].join('\n'))
  const mapping = {
    name: file,
    time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ss.SSSZ', label: 'start' },
    intervalS: 86_400 / perDay,
    values: columns.map(({ name, quantity }) => ({
      column: `${name} ${quantity}`,
      device: name,
      quantity,
      unit: units[quantity] ?? '°C'
    }))
  }
  writeFileSync(map, JSON.stringify(mapping))
  const bound = together.flatMap((name) => ['--device', `${name}=${devices[name].deviceId}`])
  const { status, stdout, stderr } = await hub.run('import', csv, '--map', map, ...bound)
  expect({ status, stderr }).toMatchObject({ status: 0 })
  return stdout
}

async function summaryOf(name: Name, quantity: string): Promise<SiteSummary['periods'][number]> {
  const { siteId } = devices[name]
  const end = new Date(from + (events[name].count / events[name].perDay) * 86_400_000).toISOString()
  const period = ['--from', new Date(from).toISOString(), '--until', end]
  // Of two days in seven there is a mean where nobody asks for more.
  const found = await hub.json<SiteSummary>(
    'summary',
    siteId,
    '--quantity',
    quantity,
    '--coverage-min',
    '0.2',
    ...period
  )
  return found.periods[0]!
}

describe('what people measure for', () => {
  it.each<[Name, string]>([
    ['cellar', 'humidity'],
    ['fog', 'humidity'],
    ['bathroom', 'humidity'],
    ['bonfire', 'pm2_5'],
    ['dust', 'pm10']
  ])('stays in the figures: %s', async (name, quantity) => {
    const { mean, max, failed, coverage } = await summaryOf(name, quantity)
    expect({ failed, coverage, max }).toEqual({ failed: 0, coverage: 1, max: independent[name]!['max'] })
    expect(mean).toBeCloseTo(independent[name]!['mean']!, 5)
  })

  it('is damp in a cellar under water', async () => {
    const period = ['--from', '2026-01-05', '--until', '2026-02-05']
    const { surface, criteria, mouldIndex } = await hub.json<RoomDamp>(
      'damp',
      devices.cellar.siteId,
      ...period
    )
    const { hoursAtRisk, hoursCondensing, highestDay, mouldPeak } = independent.cellar
    expect(surface).toMatchObject({
      basis: 'measured',
      hours: 744,
      hoursAtRisk,
      hoursCondensing,
      longestSpellHours: 72
    })
    expect(criteria.air[0]).toMatchObject({ period: 'day', highest: highestDay, met: false })
    expect(mouldIndex!.peak).toBeCloseTo(mouldPeak!, 5)
  })
})

describe('a DHT22 that is really stuck', () => {
  const why = 'repeating one value where nature does not'

  it('is in no figure, which says how much was left out and why', async () => {
    const { mean, max, failed, leftOut } = await summaryOf('stuck', 'humidity')
    const { left, ...values } = independent.stuck
    expect({ failed, max }).toEqual({ failed: left, max: values['max'] })
    expect(mean).toBeCloseTo(values['mean']!, 5)
    expect(leftOut).toMatchObject({ count: left, reasons: [{ reason: 'stuck', count: left }] })
    const { stdout } = await hub.run('summary', devices.stuck.siteId, '--quantity', 'humidity')
    expect(stdout).toContain(`${left} left out`)
    expect(stdout).toContain(`${left} readings failed their checks and are in no number here: ${why}.`)
  })

  it('is told by the import, by its list, and by the problems of the box', async () => {
    const told = `720 readings failed their checks and are in no number here: ${why}.`
    expect(report).toContain(told)
    expect((await hub.run('import', 'list')).stdout).toContain(told)
    const problems = await hub.json<object[]>('device', 'problems', devices.stuck.deviceId)
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'stuck',
        field: 'humidity',
        count: 720,
        firstAt: '2026-01-05T00:00:00.000Z'
      })
    ])
  })

  it('is told apart from what is only suspect, which the list of imports counts too', async () => {
    const lists = await hub.json<{ doubted: LeftOut; leftOut: LeftOut }[]>('import', 'list')
    expect(lists.map(({ doubted, leftOut }) => [doubted.count, leftOut.count])).toEqual([
      [5, 0],
      [33, 720]
    ])
    expect((await hub.run('import', 'list')).stdout).toContain(
      '33 readings suspect, which count all the same: 28: The sensor was at the end of its scale.'
    )
  })

  it('is told beside its chart and its street, and can be downloaded', async () => {
    const period = 'from=2026-01-05&until=2026-01-12'
    for (const place of [`sites/${devices.stuck.siteId}`, 'streets/ashley-road']) {
      const answer = await fetch(`${hub.url}/api/v1/${place}/series?quantity=humidity&window=day&${period}`)
      expect(await answer.json()).toMatchObject({ leftOut: { count: 720, reasons: [{ reason: 'stuck' }] } })
    }
    const list = await fetch(`${hub.url}/api/v1/readings?site=${devices.stuck.siteId}&flags=4&${period}`)
    const [head, ...rows] = (await list.text()).trim().split('\n')
    expect(head).toContain('flag,reason')
    expect(rows).toHaveLength(720)
    expect(rows.every((row) => row.includes('99.9,%,4,') && row.includes('stuck'))).toBe(true)
    const saved = await hub.run('export', '--flags', '4', '--from', '2026-01-05', '--until', '2026-01-12')
    expect(saved.stdout.trim().split('\n')).toHaveLength(1 + 720)
  })
})

describe('columns that change places inside a file', () => {
  it('are still suspect once all has been looked back on, and count', async () => {
    const device = await addDevice(hub.dataDir, 'Ashley Road')
    const rows = Array.from({ length: 288 }, (_, i) => {
      const [pm10, temperature] = [25 + ((i * 7) % 11) / 4, 8 + ((i * 5) % 7) / 4]
      const cells = i < 150 ? [pm10, temperature] : [temperature, pm10]
      return [new Date(from + i * 300_000).toISOString(), ...cells].join(',')
    })
    const [csv, map] = [join(hub.path, 'exchanged.csv'), join(hub.path, 'exchanged.json')]
    writeFileSync(csv, ['time,PM10,T', ...rows, ''].join('\n'))
    const mapping = {
      name: 'exchanged',
      time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ss.SSSZ', label: 'start' },
      values: [
        { column: 'PM10', quantity: 'pm10', unit: 'µg/m³' },
        { column: 'T', quantity: 'temperature', unit: '°C' }
      ]
    }
    writeFileSync(map, JSON.stringify(mapping))
    const { stdout } = await hub.run('import', csv, '--map', map, '--device', device.deviceId)
    expect(stdout).toContain(
      'exchanged.csv: from line 152 on, pm10 has the values that temperature had before'
    )
    const list = (await hub.json<{ doubted: LeftOut; leftOut: LeftOut }[]>('import', 'list')).at(-1)!
    expect(list.doubted).toMatchObject({ count: 276, reasons: [{ reason: 'doubted', count: 276 }] })
    expect(list.leftOut.count).toBe(0)
  })
})
