/**
 * Both stores are told the same, at random: late, repeated and corrected readings, flags, imports taken back, moves,
 * erasures, corrections. Whatever is asked then, both answer alike, to a millionth.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RawColumns, TimeRange } from '../../model/columns.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Flag } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { dayMs, hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { ReadingExaminer } from '../../store/promise/examine.ts'
import type { Store } from '../../store/promise/store.ts'
import { lookBackAll } from '../contract/store-look-back.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { exported } from '../contract/store.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { outside } from '../support/outside.ts'
import { at, everything, winter } from '../support/readings.ts'

type BothStore = Store & ReadingExaminer

const influx = outside('influx')
const sites = ['site-1', 'site-2', 'site-3']
const devices = ['box-1', 'box-2']
const quantities = ['pm2_5', 'humidity', 'laeq', 'lamax', 'la90'] as const
const asked = [...quantities, 'pm2_5_corrected'] as const

interface Draft {
  site: number
  device: number
  quantity: number
  /** Twentieths of an hour. */
  slot: number
  value: number
  flag: Flag
  reasons: number
  sequence: number
  importId: number
}

type Step =
  | { kind: 'write'; drafts: Draft[] }
  | { kind: 'undo'; importId: number }
  | { kind: 'move'; device: number; site: number; from: number | null; until: number | null }
  | { kind: 'erase'; site: number }
  | { kind: 'interval'; device: number; intervalS: number }
  | { kind: 'correct'; rows: { device: number; kappa: number; from: number | null }[] }
  | { kind: 'refresh' }
  | { kind: 'look back' }

/** Few places, so that identities meet often; sequences collide on purpose. */
const draft = fc.record<Draft>({
  site: fc.nat(1),
  device: fc.nat(1),
  quantity: fc.nat(quantities.length - 1),
  slot: fc.oneof({ weight: 4, arbitrary: fc.nat(60) }, fc.nat(20 * 40)),
  value: fc.oneof(
    fc.constantFrom(1, 2, 50.5),
    fc.integer({ min: -40_000, max: 99_000 }).map((thousandths) => thousandths / 1_000)
  ),
  flag: fc.constantFrom<Flag>(1, 1, 1, 2, 3, 4),
  reasons: fc.constantFrom(0, 0, 2, 9),
  sequence: fc.nat(12),
  importId: fc.constantFrom(0, 0, 0, 1, 2)
})

/** The hours of a few days in a row, so that days come to have their valid hours. */
const stretch = fc
  .record({ site: fc.nat(1), device: fc.nat(1), quantity: fc.nat(quantities.length - 1), slot: fc.nat(200) })
  .chain((place) =>
    fc
      .record({
        length: fc.integer({ min: 1, max: 600 }),
        seed: fc.nat(1_000),
        importId: fc.constantFrom(0, 0, 1, 2),
        sequence: fc.nat(12)
      })
      .map(({ length, seed, importId, sequence }) =>
        Array.from({ length }, (_, i): Draft => {
          const value = 30 + ((seed + i * 7_919) % 997) / 31
          const flag = (seed + i) % 17 === 0 ? 4 : 1
          return {
            ...place,
            slot: place.slot + i,
            value,
            flag,
            reasons: flag === 4 ? 1 : 0,
            sequence,
            importId
          }
        })
      )
  )

const slot = fc.option(fc.nat(400), { nil: null })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(draft, { minLength: 1, maxLength: 40 })
      .map((drafts): Step => ({ kind: 'write', drafts }))
  },
  { weight: 4, arbitrary: stretch.map((drafts): Step => ({ kind: 'write', drafts })) },
  { weight: 2, arbitrary: fc.constantFrom(1, 2).map((importId): Step => ({ kind: 'undo', importId })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ device: fc.nat(1), site: fc.nat(2), from: slot, until: slot })
      .map((move): Step => ({ kind: 'move', ...move }))
  },
  { weight: 1, arbitrary: fc.nat(2).map((site): Step => ({ kind: 'erase', site })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ device: fc.nat(1), intervalS: fc.constantFrom(180, 600) })
      .map((one): Step => ({ kind: 'interval', ...one }))
  },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(fc.record({ device: fc.nat(1), kappa: fc.constantFrom(0.3, 0.5), from: slot }), {
        maxLength: 2,
        selector: ({ device }) => device
      })
      .map((rows): Step => ({ kind: 'correct', rows }))
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'refresh' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'look back' }) }
)

function timeOf(slotNumber: number): UnixMs {
  return at(winter, slotNumber * 3 * minuteMs)
}

function readingOf({
  site,
  device,
  quantity,
  slot: of,
  value,
  flag,
  reasons,
  sequence,
  importId
}: Draft): Reading {
  const measuredAt = timeOf(of)
  return {
    siteId: sites[site]!,
    deviceId: devices[device]!,
    quantity: quantities[quantity]!,
    measuredAt,
    receivedAt: at(measuredAt, 90 + sequence),
    value,
    flag,
    reasons,
    sequence,
    importId
  }
}

async function take(store: BothStore, what: Step): Promise<unknown> {
  switch (what.kind) {
    case 'write':
      return store.write(what.drafts.map(readingOf))
    case 'undo':
      return store.undoImport(what.importId)
    case 'move': {
      const [from, until] = [what.from, what.until].map((of) => (of === null ? null : timeOf(of)))
      return store.reassign({
        deviceId: devices[what.device]!,
        siteId: sites[what.site]!,
        from: from ?? null,
        until: until ?? null
      })
    }
    case 'erase':
      return store.erase(sites[what.site]!)
    case 'interval':
      return store.setInterval(devices[what.device]!, what.intervalS)
    case 'correct':
      return store.setCorrections(what.rows.map(correctionOf))
    case 'refresh':
      return refreshAll(store)
    case 'look back':
      return lookBackAll(store)
  }
}

function correctionOf({
  device,
  kappa,
  from
}: {
  device: number
  kappa: number
  from: number | null
}): CorrectionRow {
  return {
    correctionId: `c-${device}`,
    version: 1,
    deviceId: devices[device]!,
    siteId: null,
    quantity: 'pm2_5',
    formula: 'kappaKohler',
    formulaVersion: 1,
    coefficients: { kappa },
    sensor: 'opc',
    signal: 'only',
    from: from === null ? null : timeOf(from),
    until: null
  }
}

/** Everything that can be asked, in an order that does not depend on the store. */
async function answers(store: BothStore): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  const until = at(winter, 3 * dayMs)
  await Promise.all(
    sites.flatMap((siteId) => asked.map((quantity) => askPlace(store, { siteId, quantity }, found)))
  )
  for (const window of ['hour', 'day'] as const) {
    for (const coverageMin of [0, 0.75]) {
      const query = { siteIds: sites, quantity: 'pm2_5', window, coverageMin, from: winter, until } as const
      found[`across ${window} ${coverageMin}`] = await store.acrossSites(query)
    }
    const means = await store.means({ siteIds: sites, quantities: asked, window, from: winter, until })
    found[`means ${window}`] = byPlace(means)
  }
  found.latest = byPlace(await store.latest())
  found.export = await exported(store, { siteIds: sites, ...everything })
  const { readings, replaced, dirtyHours } = await store.stats()
  found.stats = { readings, replaced, dirtyHours }
  return found
}

type Place = { siteId: string; quantity: (typeof asked)[number] }

async function askPlace(store: BothStore, place: Place, found: Record<string, unknown>): Promise<void> {
  const { siteId, quantity } = place
  const range = { from: at(winter, 90 * minuteMs), until: at(winter, 30 * hourMs) }
  const stretches = [0, 1, 2].map((i) => ({
    from: at(winter, i * 8 * hourMs),
    until: at(winter, (i * 8 + 6) * hourMs),
    group: i % 2
  }))
  const questions: Record<string, () => Promise<unknown>> = {
    raw: () => store.raw({ ...place, ...everything }),
    'a part': () => store.raw({ ...place, ...range }),
    count: () => store.count({ ...place, ...range }, 1e6),
    coverage: () => store.coverage({ ...place, ...range }),
    // How much wider than its readings a series is said to be may differ.
    reach: async () =>
      reachesAll(await store.reach(siteId, quantity), await store.raw({ ...place, ...everything })),
    hours: () => store.rollup({ ...place, ...everything, window: 'hour' }),
    days: () => store.rollup({ ...place, ...everything, window: 'day' }),
    summary: () => store.summary({ ...place, stretches, groups: 2, percentiles: [5, 50, 98] })
  }
  if (quantity === 'pm2_5_corrected') {
    questions.corrections = () => store.corrections({ siteIds: [siteId], quantity, ...everything })
  }
  for (const [what, ask] of Object.entries(questions)) {
    found[`${what} of ${quantity} at ${siteId}`] = await ask()
  }
}

function reachesAll(reach: TimeRange | null, { time }: RawColumns): boolean {
  const [first, last] = [time[0], time.at(-1)]
  if (first === undefined || last === undefined) return true
  return reach !== null && reach.from <= first && last < reach.until
}

function byPlace<Of extends { siteId: string; quantity: string }>(all: readonly Of[]): Of[] {
  const name = ({ siteId, quantity }: Of): string => `${siteId} ${quantity}`
  return all.toSorted((a, b) => (name(a) < name(b) ? -1 : 1))
}

/**
 * Expected readings where a device was moved away or to: the embedded store takes a series along that has no reading in
 * the period, and then its interval counts there too. Both answers are right by the promise; the readings are the same.
 */
const afterMoves = /^(coverage|summary) of .*\.(expected|coverage)(\.\d+)?:/

/** Where two answers differ by more than a millionth (of the number, where it is large). */
function differences(expected: unknown, got: unknown, path = ''): string[] {
  if (typeof expected === 'number' && typeof got === 'number') {
    const near = Math.abs(expected - got) <= 1e-6 * Math.max(1, Math.abs(expected))
    return near ? [] : [`${path}: ${got}, not ${expected}`]
  }
  if (expected === null || got === null || typeof expected !== 'object' || typeof got !== 'object') {
    return Object.is(expected, got) ? [] : [`${path}: ${String(got)}, not ${String(expected)}`]
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)])
  return [...keys].flatMap((key) =>
    differences(
      (expected as Record<string, unknown>)[key],
      (got as Record<string, unknown>)[key],
      path ? `${path}.${key}` : key
    )
  )
}

describe.skipIf(!influx.present)(`both stores (${influx.line})`, () => {
  let server: InfluxServer
  let folder = ''
  let run = 0

  beforeAll(async () => {
    server = await anyInflux()
    folder = await mkdtemp(join(tmpdir(), 'lamppost-alike-'))
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('answer alike whatever they were told', async () => {
    const steps = fc.array(step, { minLength: 3, maxLength: 14 })
    const property = fc.asyncProperty(steps, async (told) => {
      run++
      const file = join(folder, `readings-${run}.duckdb`)
      const stateFile = join(folder, `state-${run}.sqlite`)
      const duckDb: BothStore = await openDuckDbStore({ file, timezone: 'Europe/London' })
      const influxDb: BothStore = await openInflux(server, {
        bucket: await makeInfluxBucket(server),
        stateFile
      })
      try {
        for (const one of told) {
          const [expected, got] = [await take(duckDb, one), await take(influxDb, one)]
          expect({ [one.kind]: got }).toEqual({ [one.kind]: expected })
        }
        await Promise.all([refreshAll(duckDb), refreshAll(influxDb)])
        const [expected, got] = await Promise.all([answers(duckDb), answers(influxDb)])
        const hasMoved = told.some(({ kind }) => kind === 'move')
        expect(differences(expected, got).filter((one) => !hasMoved || !afterMoves.test(one))).toEqual([])
      } finally {
        await duckDb.close()
        await influxDb.close()
      }
    })
    await fc.assert(property, {
      numRuns: Number(process.env.LAMPPOST_TEST_ALIKE ?? 8),
      // A counterexample is small already, and each try costs a second.
      endOnFailure: true
    })
  })
})
