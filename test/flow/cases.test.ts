/**
 * Files made after what people who do this job report, through the real command into a hub: each as its EXPECT.txt says. They lie
 * beside the repository; without them the fixtures of the import tests, which are of the same kinds, stand alone.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LeftOut } from '../../contract/left-out.ts'
import type { RoomDamp } from '../../contract/damp.ts'
import type { ImportReport } from '../../ingest/import/import.ts'
import type { Flag } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { absent } from '../support/absent.ts'
import { addDevice, connectDevice, eventually, type AddedDevice } from '../support/hub-process.ts'
import { oneHub, type OneHub } from '../support/one-hub.ts'

const folder = join(import.meta.dirname, '../../../shared/cases')
const isHere = existsSync(folder)
const hub = isHere ? oneHub({ LAMPPOST_TIMEZONE: 'UTC' }) : absent<OneHub>('hub')

interface Row {
  time: string
  quantity: Quantity
  value: number
  flag: Flag
  reason: string
}

/** The device of the case at hand, and what it has after its last import. */
let device: AddedDevice
let rows: Row[] = []

if (isHere) beforeAll(() => hub.run('street', 'add', 'Case Street'))

async function newDevice(...more: string[]): Promise<void> {
  device = await addDevice(hub.dataDir, 'Case Street', ...more)
}

/** Imports files of a case with what its mapping says, changed by `change`; an import that is refused gives its one line. */
async function run(
  name: string,
  files: string | string[],
  map: string | undefined = undefined,
  change: object = {}
): Promise<(ImportReport & { leftOut: LeftOut }) | string> {
  const paths = [files].flat().map((file) => join(folder, name, file))
  return importing(
    paths,
    map === undefined ? ['--format', 'sensor-community-csv'] : ['--map', mappingOf(name, map, change)]
  )
}

async function importing(
  paths: readonly string[],
  how: string[]
): Promise<(ImportReport & { leftOut: LeftOut }) | string> {
  const { status, stdout, stderr } = await hub.run(
    'import',
    ...paths,
    ...how,
    '--device',
    device.deviceId,
    '--json'
  )
  if (status !== 0) return stderr
  await read()
  return JSON.parse(stdout) as ImportReport & { leftOut: LeftOut }
}

async function read(): Promise<void> {
  const query = `site=${device.siteId}&from=2000-01-01&until=2100-01-01&format=jsonl`
  const answer = await fetch(`${hub.url}/api/v1/readings?${query}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  rows = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row)
}

function mappingOf(name: string, map: string, change: object): string {
  const body = JSON.parse(readFileSync(join(folder, name, map), 'utf8')) as object
  const file = join(hub.path, `${name}-${Object.keys(change).join('-')}.json`)
  writeFileSync(file, JSON.stringify({ ...body, ...change }))
  return file
}

/** Oldest first. */
const kept = (quantity: Quantity): Row[] => rows.filter((row) => row.quantity === quantity)
const good = (quantity: Quantity): number[] =>
  kept(quantity).flatMap(({ flag, value }) => (flag === 4 ? [] : [value]))

function mean(quantity: Quantity): number {
  const values = good(quantity)
  return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(6))
}

function byTime(quantity: Quantity): Record<string, number> {
  return Object.fromEntries(kept(quantity).map(({ time, value }) => [time, value]))
}

const truthOf = (name: string): Record<string, number> =>
  JSON.parse(readFileSync(join(folder, name, 'dst_truth.json'), 'utf8')) as Record<string, number>

/** Each case by its name, so that one that is new and has no test is seen. */
const cases: Record<string, () => Promise<void>> = {
  async 'ampm-words'() {
    for (const file of ['ampm_sv.csv', 'ampm_es_nbsp.csv', 'ampm_el.csv']) {
      await newDevice()
      const rows =
        readFileSync(join(folder, 'ampm-words', file), 'utf8')
          .trim()
          .split('\n').length - 2
      expect(await run('ampm-words', file, 'ampm.json')).toMatchObject({ taken: rows, refused: 0 })
      expect(kept('temperature')[0]!.time).toBe('2024-03-04T08:00:00.000Z')
      expect(kept('temperature')[3]!.time).toBe('2024-03-04T11:00:00.000Z')
    }
  },
  async 'co2-zero'() {
    expect(await run('co2-zero', 'scd30.csv')).toMatchObject({ leftOut: { count: 16 } })
    expect(kept('co2').filter(({ flag, reason }) => flag === 4 && reason.includes('sentinel'))).toHaveLength(
      16
    )
    expect(mean('co2')).toBe(900)
  },
  async 'laeq-zero'() {
    await run('laeq-zero', 'dnms.csv')
    expect([mean('laeq'), Math.min(...good('laeq'))]).toEqual([54.2, 54.2])
    expect(kept('laeq').filter(({ flag }) => flag === 4)).toHaveLength(5)
  },
  async 'saturated-days'() {
    await run('saturated-days', 'fog.csv', 'fog.json')
    expect(kept('humidity')).toHaveLength(240)
    expect(good('humidity')).toHaveLength(240)
  },
  async 'saturated-humidity'() {
    // The corner of a room needs the air outside, which is the same here.
    await run('saturated-humidity', 'rh101.csv', 'rh101.json')
    const { siteId: outside } = device
    await newDevice('--indoor', '--home', 'cases')
    const file = join(folder, 'saturated-humidity/rh101.csv')
    const map = mappingOf('saturated-humidity', 'rh101.json', {})
    expect(await hub.run('import', file, '--map', map, '--device', device.deviceId)).toMatchObject({
      status: 0
    })
    const period = ['--outside', outside, '--from', '2024-11-05', '--until', '2024-11-06']
    expect(await hub.json<RoomDamp>('damp', device.siteId, ...period)).toMatchObject({
      hours: 24,
      humidity: { max: 100 },
      surface: { hoursAtRisk: 24, longestSpellHours: 24 },
      leftOut: { count: 0 }
    })
  },
  async 'trailing-nul'() {
    const payload = readFileSync(join(folder, 'trailing-nul/payload.bin'))
    const client = await connectDevice(hub.process, device)
    await client.publishAsync(device.topic, payload, { qos: 1 })
    await client.endAsync()
    await eventually(read, () => rows.length === 2)
    expect(rows.map(({ quantity, value }) => [quantity, value]).toSorted()).toEqual([
      ['pm2_5', 8.2],
      ['temperature', 9.5]
    ])
  },
  async 'control-bytes'() {
    expect(await run('control-bytes', 'esc.csv', 'dst.json')).toContain('has no column "Time"')
  },
  async 'dst-ascending'() {
    await run('dst-ascending', 'dst_asc.csv', 'dst.json')
    expect(byTime('temperature')).toMatchObject(truthOf('dst-ascending'))
    await newDevice()
    await run('dst-ascending', 'dst_end.csv', 'dst_end.json')
    expect(kept('temperature').map(({ time }) => time.slice(5, 13))).toEqual(
      ['26T21', '26T22', '26T23', '27T00', '27T01', '27T02', '27T03', '27T04'].map((hour) => `10-${hour}`)
    )
  },
  async 'dst-descending'() {
    await run('dst-descending', 'dst_desc.csv', 'dst.json')
    expect(byTime('temperature')).toMatchObject(truthOf('dst-descending'))
  },
  async 'dst-duplicate'() {
    expect(await run('dst-duplicate', 'dst_dup.csv', 'dst.json')).toMatchObject({ duplicates: 1, refused: 0 })
    expect(byTime('temperature')).toEqual(truthOf('dst-duplicate'))
  },
  async encodings() {
    for (const file of ['easylog_latin1.txt', 'easylog_utf16le.txt']) {
      await newDevice()
      const report = await run('encodings', file, 'easylog.json')
      expect(report).toMatchObject({ refused: 0 })
      expect(
        kept('temperature')
          .slice(0, 3)
          .map(({ value }) => value)
      ).toEqual([14, 14.5, 15])
      expect(kept('humidity')).toHaveLength(kept('temperature').length)
    }
  },
  async 'header-changes'() {
    const report = await run('header-changes', 'reboot.txt', 'reboot.json')
    expect(report).toMatchObject({ refused: 0 })
    expect([mean('pm10'), mean('pm2_5'), mean('temperature'), mean('humidity')]).toEqual([
      22.95, 12.95, 5.45, 82.45
    ])
  },
  async 'header-repeated-same'() {
    expect(await run('header-repeated-same', 'reboot_same.txt', 'reboot.json')).toMatchObject({
      taken: 240,
      refused: 0,
      ignored: [{ count: 2 }]
    })
  },
  async 'many-files'() {
    const daily = join(hub.path, 'daily')
    mkdirSync(daily)
    const days = readdirSync(join(folder, 'many-files/daily'))
    const files = Array.from({ length: 120 }, (_, day) => {
      const file = join(daily, `day-${day}.csv`)
      cpSync(join(folder, 'many-files/daily', days[day % days.length]!), file)
      const date = toIso((Date.UTC(2024, 0, 1) + day * dayMs) as UnixMs).slice(0, 10)
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/2024-01-0\dT/g, `${date}T`))
      return file
    })
    expect(await importing(files, ['--format', 'sensor-community-csv'])).toMatchObject({
      isFinished: true,
      refused: 0,
      duplicates: 0,
      rows: 120 * 24
    })
  },
  async 'moved-sensor'() {
    const report = (await run('moved-sensor', 'moved.csv')) as ImportReport
    expect(report.reasons).toMatchObject([{ code: 'otherPlace' }])
    expect(report.reasons[0]?.example).toContain(
      'moved.csv line 50, location 1812 is 227 km from location 60'
    )
    expect(mean('pm10')).toBe(12)
  },
  async overlap() {
    const report = await run('overlap', ['overlap_first.csv', 'overlap_second.csv'], 'overlap.json')
    expect(report).toMatchObject({ taken: 20, duplicates: 20 })
  },
  async 'thousands-comma'() {
    const plain = (await run('thousands-comma', 'thousands_en.csv', 'thousands_en.json')) as ImportReport
    expect(plain.refused).toBe(38)
    expect(plain.reasons[0]?.example).toContain('if "," parts thousands, say "thousands": "," in the mapping')
    await newDevice()
    const change = { thousands: ',' }
    expect(await run('thousands-comma', 'thousands_en.csv', 'thousands_en.json', change)).toMatchObject({
      taken: 48,
      refused: 0
    })
    expect(kept('pressure')[0]?.value).toBe(1009)
    expect(kept('co2')[10]?.value).toBe(1000)
  },
  async 'two-towns'() {
    const { stdout } = await hub.run('street', 'import', join(folder, 'two-towns/streets_noempty.geojson'))
    expect(stdout).toContain(
      '2 that are not lines, among them Grote Markt (an area), Old Quay (a collection of shapes)'
    )
    expect(stdout).toContain('High Street (2) lies 17 km from High Street, so it is a street of its own.')
  },
  async 'uk-air'() {
    expect(await run('uk-air', 'ukair.csv', 'ukair.json')).toMatchObject({ taken: 213, refused: 0 })
    expect(kept('pm10')[0]).toMatchObject({ value: 10.1, flag: 2, time: '2025-10-01T00:00:00.000Z' })
    await newDevice()
    const pivot = {
      time: {
        columns: ['Date'],
        format: 'DD-MM-YYYY',
        offset: 'Z',
        label: 'end',
        marks: { '##': 'valid' }
      },
      hours: { format: 'HH:mm', quantity: 'pm2_5', unit: 'µg/m³' },
      values: undefined
    }
    expect(await run('uk-air', 'ukair_pivot.csv', 'ukair.json', pivot)).toMatchObject({
      taken: 96,
      refused: 0
    })
    expect(kept('pm2_5').at(0)).toMatchObject({ value: 1.01, flag: 2, time: '2025-10-01T00:00:00.000Z' })
    expect(kept('pm2_5').at(-1)).toMatchObject({ value: 4.24, flag: 1, time: '2025-10-04T23:00:00.000Z' })
  },
  async 'units-in-cells'() {
    expect(await run('units-in-cells', 'grafana.csv', 'grafana.json')).toMatchObject({
      taken: 11,
      refused: 0
    })
    const times = kept('temperature').map(({ time }) => time.slice(8, 16))
    expect(times).toEqual([
      '26T22:00',
      '26T22:30',
      '26T23:00',
      '26T23:30',
      '27T00:00',
      '27T00:30',
      '27T01:00',
      '27T01:30',
      '27T02:00',
      '27T02:30',
      '27T03:00'
    ])
  },
  async zip() {
    expect(await run('zip', 'easylog_deflate.zip', 'easylog.json')).toContain(
      'it is a zip archive; unpack it'
    )
  }
}

/** What no file goes through: test/broker/bridge.test.ts has it. */
const elsewhere = ['mosquitto-bridge']

describe(`the cases beside the repository${isHere ? '' : ', which are not on this machine: none is walked'}`, () => {
  it('are all tested', () => {
    const there = isHere ? readdirSync(folder).filter((name) => !name.includes('.')) : []
    expect([...Object.keys(cases), ...elsewhere]).toEqual(expect.arrayContaining(there))
  })

  it.each(isHere ? Object.entries(cases) : [])('%s', async (_name, check) => {
    await newDevice()
    await check()
  })
})

/** Of the archive of sensor.community, Aberdeen in April and May 2019; test/flow/numbers.test.ts has a series of the kind. */
const archive = join(import.meta.dirname, '../../../shared/data/air')
const isArchiveHere = isHere && existsSync(archive)

describe(`humidity of the archive${isArchiveHere ? '' : ', which is not on this machine: none is judged'}`, () => {
  it.each(
    isArchiveHere
      ? [
          ['a DHT22 that sticks at 99.9 fails there and nowhere else', 'dht22_sensor_5332', [0.9, 1]],
          ['a BME280 in fog passes', 'bme280_sensor_15093', [0, 0]]
        ]
      : []
  )('%s', async (_what, name, [least, most]) => {
    const file = join(archive, `${name}_2019-04_2019-05.csv.gz`)
    const [head = '', ...lines] = gunzipSync(readFileSync(file)).toString().trim().split(/\r?\n/)
    const place = head.split(';').indexOf('humidity')
    const saturated = lines.filter((line) => Number(line.split(';')[place]) >= 99.8).length
    expect(saturated).toBeGreaterThan(5_000)
    await newDevice()
    expect(await importing([file], ['--format', 'sensor-community-csv'])).toMatchObject({ refused: 0 })
    const failed = kept('humidity').filter(({ flag }) => flag === 4)
    expect(failed.every(({ value }) => value >= 99.8)).toBe(true)
    expect(failed.length / saturated).toBeGreaterThanOrEqual(least!)
    expect(failed.length / saturated).toBeLessThanOrEqual(most!)
  })
})
