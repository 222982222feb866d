/**
 * Weeks around changes of the clock, in zones on and off the whole hour: imported from a file, asked through the API, kept in
 * either store, beside what Python's own time zones make of them (test/fixtures/numbers/clock-changes.py).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importFiles } from '../../../ingest/import/import.ts'
import { readMapping } from '../../../ingest/import/mapping.ts'
import { toIso, type UnixMs } from '../../../model/time.ts'
import type { Credentials } from '../../../registry/registry.ts'
import { openDuckDbStore } from '../../../store/duckdb/open.ts'
import type { Store } from '../../../store/promise/store.ts'
import { refreshAll } from '../../contract/store-rollups.ts'
import { directoryWith, now, recordOf } from '../../ingest/import-rig.ts'
import { openTestHub, type TestHub } from '../../support/api-hub.ts'
import { makeInfluxBucket, openInflux } from '../../support/influx-store.ts'
import { anyInflux, type InfluxServer } from '../../support/influxd.ts'
import { outside } from '../../support/outside.ts'

interface Week {
  zone: string
  from: number
  until: number
  hours: number
  /** Start and minutes of those that are longer or shorter than others. */
  oddHours: [number, number][]
  days: {
    from: number[]
    until: number[]
    count: number[]
    max: number[]
    meanOfHours: (number | null)[]
    mean: (number | null)[]
    lden: (number | null)[]
  }
  /** Of the last day in standard time that was over at each moment. */
  aqi: { at: number[]; from: number[]; concentration: (number | null)[]; index: (number | null)[] }
  profile: number[]
  mean: number
  /** Days with a value, and those of them above. */
  daysAbove15: [number, number]
  eightsAbove100: [number, number]
}

const fixture = join(import.meta.dirname, '../../fixtures/numbers/clock-changes.json')
const weeks = JSON.parse(await readFile(fixture, 'utf8')) as Week[]
const influx = outside('influx')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-clocks-'))
})
afterAll(() => rm(folder, { recursive: true }))

const stepMs = 600_000

/** As in the Python file; a mean to the sixth decimal needs every digit of the values. */
function readingsOf({ from, until }: Week): string {
  const rows = ['time,pm2_5,laeq,o3']
  for (let i = 0; from + i * stepMs < until; i++) {
    if ([7, 8, 11, 29, 30].includes((i * 31) % 50)) continue
    if (i >= 2 * 144 + 60 && i < 2 * 144 + 108) continue
    const values = [
      4 + ((i * 7_919) % 997) / 44,
      40 + ((i * 104_729) % 499) / 16,
      36 + ((i * 1_299_709) % 1_009) / 8
    ]
    rows.push([toIso((from + i * stepMs) as UnixMs), ...values].join(','))
  }
  return `${rows.join('\n')}\n`
}

const mapping = {
  name: 'week',
  time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ss.SSSZ', label: 'start' },
  intervalS: stepMs / 1_000,
  values: [
    { column: 'pm2_5', quantity: 'pm2_5', unit: 'µg/m³' },
    { column: 'laeq', quantity: 'laeq', unit: 'dB(A)' },
    { column: 'o3', quantity: 'o3', unit: 'µg/m³' }
  ]
}

async function bringIn(week: Week, store: Store, { deviceId, siteId }: Credentials): Promise<void> {
  const file = join(folder, 'week.csv')
  await writeFile(file, readingsOf(week))
  const read = readMapping(JSON.stringify(mapping))
  if (!read.ok) throw new Error(read.refusal)
  const [entry] = [...directoryWith({ deviceId, siteId }).values()]
  const said: Promise<void>[] = []
  const report = await importFiles({
    files: [file],
    format: { mapping: read.mapping, devices: { '': deviceId } },
    directory: () => new Map([[deviceId, { ...entry!, deviceId }]]),
    store,
    record: recordOf([file], { deviceId }),
    saveRecord: () => undefined,
    sequence: 1,
    clock: { now: () => now },
    onInterval: (of, interval) => void said.push(store.setInterval(of, interval))
  })
  expect(report).toMatchObject({ refused: 0, flagged: 0, isFinished: true })
  await Promise.all(said)
  await refreshAll(store)
}

let server: Promise<InfluxServer> | undefined
const influxServer = (): Promise<InfluxServer> => (server ??= anyInflux())
afterAll(async () => (await server)?.close())

describe.each(weeks.map((week, i) => ({ ...week, run: i, day: toIso(week.from as UnixMs).slice(0, 10) })))(
  'nine days from $day in $zone',
  (week) => {
    describe('in DuckDB', () => {
      judged(week, () =>
        openDuckDbStore({ file: join(folder, `readings-${week.run}.duckdb`), timezone: week.zone })
      )
    })
    describe.skipIf(!influx.present)(`in InfluxDB (${influx.line})`, () => {
      judged(week, async () =>
        openInflux(await influxServer(), {
          bucket: await makeInfluxBucket(await influxServer()),
          stateFile: join(folder, `state-${week.run}.sqlite`),
          timezone: week.zone
        })
      )
    })
  }
)

function judged(week: Week, open: () => Promise<Store>): void {
  let store: Store
  let hub: TestHub
  let site: Credentials

  beforeAll(async () => {
    store = await open()
    hub = await openTestHub({ reader: () => store, hub: { timezone: week.zone } })
    hub.clock.set(now)
    hub.registry.addStreet({ name: 'High Street' })
    site = hub.addSite('high-street')
    await bringIn(week, store, site)
  })
  afterAll(async () => {
    await hub.close()
    await store.close()
  })

  async function ask<T>(path: string, query: Record<string, string | number>): Promise<T> {
    const text = Object.entries(query).map(([name, value]) => `${name}=${value}`)
    const answer = await hub.app.inject(`/api/v1/sites/${site.siteId}/${path}?${text.join('&')}`)
    expect({ path, status: answer.statusCode, body: answer.statusCode === 200 ? '' : answer.body }).toEqual({
      path,
      status: 200,
      body: ''
    })
    return answer.json() as T
  }
  const all = { from: week.from, until: week.until }

  it('has its hours where the clock has them', async () => {
    const { time } = await ask<{ time: number[] }>('series', { quantity: 'pm2_5', window: 'hour', ...all })
    expect(time).toHaveLength(week.hours)
    const lengths = time.map((at, i) => [at, ((time[i + 1] ?? week.until) - at) / 60_000])
    expect(lengths.filter(([, minutes]) => minutes !== 60)).toEqual(week.oddHours)
  })

  it('has the means and maxima of its days, of hours and of readings', async () => {
    const drawn = await ask<Record<'time' | 'mean' | 'max', (number | null)[]>>('series', {
      quantity: 'pm2_5',
      window: 'day',
      ...all
    })
    expect(drawn.time).toEqual(week.days.from)
    near(drawn.max, week.days.max, shownBy)
    near(drawn.mean, week.days.meanOfHours, shownBy)
    const { periods } = await ask<{ periods: Period[] }>('summary', { quantity: 'pm2_5', by: 'day', ...all })
    expect(periods.map(({ from }) => Date.parse(from))).toEqual(week.days.from)
    expect(periods.map(({ until }) => Date.parse(until))).toEqual(week.days.until)
    expect(periods.map(({ count }) => count)).toEqual(week.days.count)
    near(
      periods.map(({ mean }) => mean),
      week.days.mean
    )
  })

  it('has the Lden of its days', async () => {
    const { periods } = await ask<{ periods: Period[] }>('summary', { quantity: 'laeq', by: 'day', ...all })
    near(
      periods.map(({ noise }) => noise!.lden),
      week.days.lden
    )
  })

  it('has the index of each day in standard time', async () => {
    for (const [i, at] of week.aqi.at.entries()) {
      const found = await ask<{ pollutants: Pollutant[] }>('index', { scale: 'us-aqi', at })
      const [pm2_5] = found.pollutants
      const expected = { at, from: week.aqi.from[i], index: week.aqi.index[i] }
      expect({ at, from: Date.parse(pm2_5!.from), index: pm2_5!.index }).toEqual(expected)
      near([pm2_5!.concentration], [week.aqi.concentration[i]!])
    }
  })

  it('has the profile of its hours', async () => {
    const { points } = await ask<{ points: { mean: number | null }[] }>('profile', {
      quantity: 'pm2_5',
      ...all
    })
    near(
      points.map(({ mean }) => mean),
      week.profile
    )
  })

  it('has a month whose mean is the same in the profile and in the summary', async () => {
    const { periods } = await ask<{ periods: Period[] }>('summary', { quantity: 'pm2_5', ...all })
    near([periods[0]!.mean], [week.mean])
    const of = { quantity: 'pm2_5', by: 'month', ...all }
    const months = await ask<{ periods: Period[] }>('summary', { ...of, coverageMin: 0 })
    const { points } = await ask<{ points: { mean: number | null; days: number }[] }>('profile', of)
    const shown = points.filter(({ mean }) => mean !== null)
    const enough = months.periods.filter(({ count }) => count > 5 * 144)
    // A quarter of an hour that a jump leaves over may hold a reading more than its share.
    near(
      shown.map(({ mean }) => mean),
      enough.map(({ mean }) => mean),
      week.zone === 'Pacific/Chatham' ? 0.01 : 2e-6
    )
  })

  it('has its days above a limit', async () => {
    const of = async (quantity: string, id: string): Promise<number[]> => {
      const { comparisons } = await ask<{ comparisons: Compared[] }>('exceedances', { quantity })
      const { valid, count } = comparisons.find(({ limit }) => limit.id === id)!
      return [valid, count]
    }
    expect(await of('pm2_5', 'who-2021/pm2_5/day')).toEqual(week.daysAbove15)
    expect(await of('o3', 'who-2021/o3/8hours')).toEqual(week.eightsAbove100)
  })
}

interface Period {
  from: string
  until: string
  count: number
  mean: number | null
  noise: { lden: number | null } | null
}

interface Pollutant {
  from: string
  concentration: number | null
  index: number | null
}

interface Compared {
  limit: { id: string }
  valid: number
  count: number
}

/** Charts have three decimals, figures six. */
const shownBy = 6e-4

function near(got: readonly (number | null)[], expected: readonly (number | null)[], by = 2e-6): void {
  expect(got).toEqual(
    expected.map((value, i) => (value !== null && Math.abs((got[i] ?? NaN) - value) <= by ? got[i] : value))
  )
}
