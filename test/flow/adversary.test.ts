/**
 * Somebody asks everything that can be asked, before and after each change of one home on streets of 4 to 12 homes, and
 * follows live. Nothing that was out changes but by a withdrawal, nothing else of the answers changes either, and what comes
 * out afterwards is what the rules say, as this file works it out by itself.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../config.ts'
import { daysOut } from '../../hub/coming-out.ts'
import { startHub, type Hub } from '../../main.ts'
import { dayMs, dayStart, hourMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { backUp } from '../../operate/backup/back-up.ts'
import { restore } from '../../operate/backup/restore.ts'
import type { Credentials, NewDevice } from '../../registry/registry.ts'
import { influxOf, temporaryFolder, testStore } from '../support/hub-process.ts'
import { send, until } from '../support/hub-rooms.ts'
import {
  differences,
  follow,
  publicAnswers,
  type Answers,
  type Following
} from '../support/public-answers.ts'

const homesOf = { four: 4, five: 5, six: 6, nine: 9, ten: 10, eleven: 11, twelve: 12 }
const streetIds = Object.keys(homesOf)
const outdoorsOn: Record<string, number> = { four: 3, twelve: 2 }

/** Noon of a day in this zone is near: no day ends while the test runs. */
const startedAt = systemClock.now()
const hoursToNoon = 12 - new Date(startedAt).getUTCHours()
const zone = zoneAhead(hoursToNoon)
const today = dayStart(startedAt, zone)
/** Civil days before today; the zone has no summer time. */
const dayOf = (ago: number): UnixMs => (today - ago * dayMs) as UnixMs
const dateOf = (ago: number): string => toIso((dayOf(ago) + hoursToNoon * hourMs) as UnixMs).slice(0, 10)

/** The first day of all, and the last of those that are out at first. */
const [first, known] = [14, 6]
const stepMs = 30 * minuteMs

interface TestHome {
  streetId: string
  homeId: string
  personId: string
  box: Credentials
  /** When it agreed, and until when. */
  agreed: { from: UnixMs; until: UnixMs | null }[]
  /** What it measures as the mean of each day, by days ago; null: not enough of it. */
  means: Map<number, number | null>
}

const folder = temporaryFolder()
let dataDir = join(folder.path, 'data')
let hub: Hub
let following: Following
let homes: TestHome[] = []
const outdoors: Credentials[] = []
/** A site indoors, which nobody may see. */
let hidden: string
/** The moment of the story: handed to whatever asks for the time of a change. */
let moment: UnixMs
let answers: Answers

const registry = () => hub.rooms.registry

async function start(timezone = zone): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const config = readConfig({
    LAMPPOST_DATA: dataDir,
    LAMPPOST_NAME: 'Testing Town',
    LAMPPOST_HTTP_PORT: '0',
    LAMPPOST_MQTT_PORT: '0',
    LAMPPOST_HOST: '127.0.0.1',
    LAMPPOST_PROXIES: '127.0.0.1',
    LAMPPOST_TIMEZONE: timezone
  })
  const influx = await influxOf(dataDir)
  const quiet = () => undefined
  hub = await startHub(
    influx ? { ...config, store: 'influx', influx: { ...influx, retentionDays: null } } : config,
    {
      version: '1.0.0',
      demo: false,
      daysWait: true,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      commands: () => undefined,
      onFatal(cause) {
        throw cause
      }
    }
  )
}

const address = () => ({ url: `http://127.0.0.1:${hub.httpPort}`, mqttPort: hub.mqttPort })

/** All that was sent is stored, judged and worked out. */
async function settle(): Promise<void> {
  const { service } = hub.rooms.pipeline
  await hub.rooms.directoryTold()
  await service.drain()
  await service.lookBack()
  await service.drain()
}

function comeOut() {
  return daysOut({ ...hub.rooms, clock: { now: () => moment }, timezone: zone })
}

/** Alternates about the mean, so that it is that mean exactly. */
function sendDay({ deviceId }: Credentials, ago: number, mean: number, isSent = (_n: number) => true) {
  const readings = Array.from({ length: dayMs / stepMs }, (_, n) => ({
    at: toIso((dayOf(ago) + n * stepMs) as UnixMs),
    humidity: mean + (n % 2 === 0 ? 0.5 : -0.5),
    pm2_5: mean / 2 + (n % 2 === 0 ? 0.5 : -0.5)
  })).filter((_, n) => isSent(n))
  return send(hub.rooms, deviceId, readings as unknown as object)
}

function addHome(streetId: string, homeId: string, more: Partial<NewDevice> = {}): TestHome {
  const box = registry().addDevice(
    { streetId, placement: 'indoor', homeId, intervalS: stepMs / 1_000, ...more },
    moment
  )
  const { personId } = registry().site(box.siteId)!
  const home: TestHome = { streetId, homeId, personId, box, agreed: [], means: new Map() }
  homes.push(home)
  return home
}

function agree(home: TestHome): void {
  registry().recordConsent({ homeId: home.homeId, purpose: 'street', by: 'Anna' }, moment)
  home.agreed.push({ from: moment, until: null })
}

function takeBack(home: TestHome): void {
  registry().endConsents({ homeId: home.homeId, by: 'Anna' }, moment)
  home.agreed.at(-1)!.until = moment
}

/** Of each street its nth home; only where `streets` has it. */
const nth = (n: number, streets = streetIds): TestHome[] =>
  streets.map((streetId) => homes.filter((home) => home.streetId === streetId)[n]!)

/** Humidity a home has on a day. */
const meanOf = (n: number, ago: number): number => 40 + ((n * 37 + ago * 11) % 41) + 0.25

async function sendAll(ago: number, except: readonly TestHome[] = []): Promise<void> {
  for (const [n, home] of homes.entries()) {
    if (except.includes(home)) continue
    home.means.set(ago, meanOf(n, ago))
    await sendDay(home.box, ago, meanOf(n, ago))
  }
}

/** The rules, once more and plainly. */
function expected(streetId: string, ago: number): number | null {
  const counted = homes
    .filter((home) => home.streetId === streetId && (home.means.get(ago) ?? null) !== null)
    .filter(({ agreed }) =>
      agreed.some(({ from, until }) => from <= dayOf(ago) && (until === null || until >= moment))
    )
    .toSorted((a, b) => (`${a.personId} ${a.homeId}` < `${b.personId} ${b.homeId}` ? -1 : 1))
  const cohort = counted.slice(0, counted.length - (counted.length % 5))
  const values = cohort.map((home) => home.means.get(ago)!).sort((a, b) => a - b)
  const middle = values.slice(values.length / 5, (values.length * 4) / 5)
  return middle.length === 0
    ? null
    : Math.round(middle.reduce((sum, value) => sum + value, 0) / middle.length)
}

interface Series {
  time: number[]
  median: (number | null)[]
}

async function indoors(streetId: string, window: 'day' | 'hour'): Promise<Series> {
  const query = `quantity=humidity&placement=indoor&window=${window}&from=${dayOf(first)}&until=${today}`
  const answer = await fetch(`${address().url}/api/v1/streets/${streetId}/series?${query}`)
  const series = (await answer.json()) as Series & Record<string, unknown[]>
  for (const column of ['p25', 'p75', 'sites', 'coverage'])
    expect(new Set(series[column]), column).toEqual(new Set([null]))
  return series
}

async function valueOf(streetId: string, ago: number): Promise<number | null> {
  return (await indoors(streetId, 'day')).median[first - ago]!
}

/** What could tell of homes most directly: asked after each change; everything is asked after each few of them. */
const isNearHomes = (url: string): boolean =>
  url.includes('placement=indoor') || /\/(streets(\/\w+)?|health|hub|corrections|estimate)$/.test(url)

function fetchAnswers(isAsked?: (url: string) => boolean): Promise<Answers> {
  return publicAnswers(
    address(),
    {
      streets: streetIds,
      sites: [outdoors[0]!.siteId, hidden],
      quantities: ['humidity', 'pm2_5_corrected'],
      from: dayOf(known + 3),
      until: today,
      at: dayOf(known)
    },
    isAsked
  )
}

/** One change of a home of each street, and nobody outside can tell. */
async function unseen(what: string, change: () => unknown): Promise<void> {
  following.heard()
  const retained = following.retained()
  await change()
  await settle()
  expect(await comeOut(), `${what}: no day`).toEqual([])
  expect(differences(answers, await fetchAnswers(isNearHomes), isNearHomes), what).toEqual([])
  expect(following.heard(), what).toEqual([])
  expect(following.retained(), what).toEqual(retained)
}

async function nothingElseChanged(): Promise<void> {
  expect(differences(answers, await fetchAnswers())).toEqual([])
}

/** A day comes out: it is what the rules say, and nothing of before has changed. */
async function nextDay(ago: number): Promise<void> {
  await settle()
  await nothingElseChanged()
  moment = (dayOf(ago - 2) + hourMs) as UnixMs
  const before = await Promise.all(streetIds.map((streetId) => indoors(streetId, 'day')))
  expect((await comeOut()).map(({ date }) => date)).toEqual([dateOf(ago)])
  for (const [i, streetId] of streetIds.entries()) {
    const wanted = before[i]!.median.with(first - ago, expected(streetId, ago))
    expect((await indoors(streetId, 'day')).median, `${streetId}, ${ago} days ago`).toEqual(wanted)
  }
  answers = await fetchAnswers()
}

beforeAll(async () => {
  await start()
  moment = (dayOf(first) - hourMs) as UnixMs
  for (const [streetId, count] of Object.entries(homesOf)) {
    registry().addStreet({ name: streetId })
    // Enough for a street's value on one street, and a single box on another.
    for (let n = 0; n < (outdoorsOn[streetId] ?? 0); n++)
      outdoors.push(
        registry().addDevice({ streetId, placement: 'outdoor', intervalS: stepMs / 1_000 }, moment)
      )
    for (let n = 1; n <= count; n++) agree(addHome(streetId, `${streetId}-${n}`))
  }
  hidden = homes[0]!.box.siteId
  await hub.rooms.directoryTold()
  for (const [n, box] of outdoors.entries())
    for (let ago = known + 2; ago >= known; ago--) await sendDay(box, ago, 30 + n / 10)
  for (let ago = first; ago >= known; ago--) await sendAll(ago)
  moment = (dayOf(known - 2) + hourMs) as UnixMs
  await settle()
  following = await follow(address())
}, 120_000)

afterAll(async () => {
  await following?.close()
  await hub?.stop()
  folder.remove()
})

describe(`what is out of homes (${testStore})`, () => {
  it('is what the rules say from five homes up, and hours from ten', async () => {
    const out = await comeOut()
    expect(out.map(({ date }) => date)).toEqual(
      Array.from({ length: first - known + 1 }, (_, i) => dateOf(first - i))
    )
    for (const streetId of streetIds) {
      const days = await indoors(streetId, 'day')
      const wanted = days.time.map((_, i) => (first - i < known ? null : expected(streetId, first - i)))
      expect(days.median, streetId).toEqual(wanted)
      const hours = (await indoors(streetId, 'hour')).median.filter((value) => value !== null)
      expect(hours.length, streetId).toBe(homesOf[streetId as 'ten'] >= 10 ? 24 * out.length : 0)
    }
    expect(expected('four', known)).toBeNull()
    answers = await fetchAnswers()
  })

  it('does not change by what boxes send later, by their settings or by another box', async () => {
    await unseen('a late reading', () =>
      Promise.all(
        nth(0).map(({ box }) =>
          send(hub.rooms, box.deviceId, { at: toIso((dayOf(7) + 5 * minuteMs) as UnixMs), humidity: 99 })
        )
      )
    )
    await unseen('other values for the same times', () =>
      Promise.all(nth(0).map(({ box }) => sendDay(box, known, 95)))
    )
    await unseen('a backfill of days that nobody had', () =>
      Promise.all(nth(1).map(({ box }) => sendDay(box, 20, 95)))
    )
    await unseen('an outlier and what nobody can read', () =>
      Promise.all(
        nth(0).flatMap(({ box }) => [
          send(hub.rooms, box.deviceId, { at: toIso(dayOf(8)), humidity: 140 }),
          send(hub.rooms, box.deviceId, '{"humidity":'),
          send(hub.rooms, box.deviceId, { at: toIso(dayOf(8)), unheardOf: 1 })
        ])
      )
    )
    await unseen('an interval', () =>
      nth(0).forEach(({ box }) => registry().setInterval(box.deviceId, 60, 'given'))
    )
    nth(0).forEach(({ box }) => registry().setInterval(box.deviceId, stepMs / 1_000, 'given'))
    await unseen('a password', () => nth(0).forEach(({ box }) => registry().rotate(box.deviceId, 0, moment)))
    await unseen('names', () =>
      nth(0).forEach(({ box, personId }) => {
        registry().renameSite(box.siteId, 'Bathroom')
        registry().renamePerson(personId, `Anna ${box.siteId}`)
      })
    )
    await unseen('four more boxes in a flat', async () => {
      for (const { streetId, homeId } of nth(2)) {
        for (let n = 0; n < 4; n++) {
          const box = registry().addDevice(
            { streetId, homeId, placement: 'indoor', intervalS: stepMs / 1_000 },
            moment
          )
          await hub.rooms.directoryTold()
          for (const ago of [9, 5]) await sendDay(box, ago, 99)
        }
      }
    })
    await unseen('a correction of a box indoors', () => correctAll(nth(1)))
    await unseen('the end of that correction', () =>
      registry()
        .corrections()
        .forEach(({ correctionId }) => registry().removeCorrection(correctionId, moment))
    )
    await sendAll(5)
    // Five boxes in one home are one home: its mean is that of them all.
    for (const home of nth(2)) home.means.set(5, (home.means.get(5)! + 4 * 99) / 5)
    await nextDay(5)
  })

  it('does not change by consents, and counts from the next whole day', async () => {
    await unseen('consent taken back', () => nth(0).forEach(takeBack))
    moment = (moment + minuteMs) as UnixMs
    await unseen('consent given again', () => nth(0).forEach(agree))
    await unseen('consent to something else', () =>
      nth(1).forEach(({ homeId }) =>
        registry().recordConsent({ homeId, purpose: 'research', by: 'Anna' }, moment)
      )
    )
    await unseen('a home that joins, with a past of its own', async () => {
      for (const streetId of ['four', 'nine']) {
        const home = addHome(streetId, `${streetId}-new`)
        agree(home)
        await hub.rooms.directoryTold()
        for (let ago = first; ago >= 5; ago--) await sendDay(home.box, ago, 80)
      }
    })
    await unseen('a home of which anybody can send readings', () => {
      const home = addHome('four', 'four-open', { unauthenticated: true })
      registry().recordConsent({ homeId: home.homeId, purpose: 'street', by: 'Anna' }, moment)
    })
    await unseen('a home that joins without consent', () => addHome('nine', 'nine-silent'))
    // Unplugged from 09 to 13: the day has its coverage, and its hours do not come out in part.
    const unplugged = [...nth(5, ['twelve']), ...nth(6, ['twelve'])]
    await sendAll(4, unplugged)
    for (const home of unplugged) {
      home.means.set(4, 60.25)
      await sendDay(home.box, 4, 60.25, (n) => n < 18 || n >= 26)
    }
    await nextDay(4)
    const hoursOf4 = async (streetId: string) =>
      (await indoors(streetId, 'hour')).median.slice((first - 4) * 24, (first - 3) * 24)
    expect(await hoursOf4('eleven')).not.toContain(null)
    expect(await hoursOf4('twelve')).toEqual(Array(24).fill(null))
    expect(await valueOf('twelve', 4)).not.toBeNull()
    expect(await valueOf('five', 4)).toBeNull()
    expect(await valueOf('four', 4)).toBeNull()
  })

  it('does not change by moves, removals, hand-overs and places', async () => {
    const all = streetIds.filter((streetId) => streetId !== 'four')
    await unseen('a move to another street, and to one before', async () => {
      for (const home of nth(3, ['six', 'nine', 'twelve'])) {
        const moved = registry().move(home.box.deviceId, 'four', dayOf(9), moment)
        await hub.rooms.directoryTold()
        for (const change of moved.changes) await hub.rooms.pipeline.service.reassign(change)
        home.agreed.at(-1)!.until = moment
        home.means.clear()
        home.streetId = 'four'
      }
    })
    await unseen('removal', () => {
      for (const home of nth(2, all)) registry().remove(home.box.deviceId, moment)
    })
    await unseen('a hand-over', () => {
      for (const home of nth(4, ['ten', 'eleven'])) {
        const { personId } = registry().addPerson({ name: `Ben ${home.homeId}` }, moment)
        registry().handOver(home.box.deviceId, personId, { at: moment, now: moment })
        home.agreed.at(-1)!.until = moment
      }
    })
    await unseen('months for which readings are kept', () =>
      nth(1).forEach(({ personId }) => registry().setKeep(personId, 1, moment))
    )
    await unseen('messages decoded again', () => hub.rooms.pipeline.service.replay({}))
    const gone = [...nth(2, all), ...nth(4, ['ten', 'eleven'])]
    await sendAll(3, gone)
    await nextDay(3)
  })

  it('does not change by erasing, and shows in the last week, live and on MQTT', async () => {
    await sendAll(
      2,
      homes.filter((home) => registry().device(home.box.deviceId)?.removedAt !== null)
    )
    await nextDay(2)
    expect(Object.keys(following.retained()).some((topic) => topic.endsWith('/humidity'))).toBe(true)
    await unseen('an erasure', async () => {
      for (const home of nth(0)) {
        await hub.rooms.eraser.erase(registry().erasurePlan(home.personId), () => undefined)
        homes = homes.filter((one) => one !== home)
      }
    })
    await nothingElseChanged()
  })

  it('goes public by itself where a place outdoors becomes one indoors, and the other way round', async () => {
    const isIndoor = (url: string) => url.includes('placement=indoor')
    const [shed] = outdoors.splice(-1)
    registry().makePrivate(shed!.siteId, undefined, moment)
    const stays = homes.find(({ streetId }) => streetId === 'nine')!
    registry().makePublic(stays.box.siteId, systemClock.now(), systemClock.now())
    await settle()
    const after = await fetchAnswers()
    expect(differences(answers, after, isIndoor)).toEqual([])
    expect(JSON.stringify([...after])).not.toContain(shed!.siteId)
    answers = after
  })

  it('is what it was after a backup and a restore, and no day of before comes out then', async () => {
    const archive = join(folder.path, 'hub.tar')
    const retained = following.retained()
    await backUp(hub.rooms, archive, () => undefined)
    await following.close()
    await hub.stop()
    dataDir = join(folder.path, 'restored')
    await restore(archive, dataDir, { without: true }, () => undefined)
    expect(existsSync(join(dataDir, 'registry.sqlite'))).toBe(true)
    await start()
    await settle()
    following = await follow(address())
    // Which boxes were heard lately is known since the start alone.
    const isOfHomes = (url: string) => isNearHomes(url) && !/streets\/\w+$/.test(url)
    expect(differences(answers, await fetchAnswers(isOfHomes), isOfHomes)).toEqual([])
    // Topics are published a few seconds after the start.
    await until(() => Object.keys(following.retained()).length >= Object.keys(retained).length)
    expect(following.retained()).toEqual(retained)
    moment = (today + 3 * dayMs) as UnixMs
    await comeOut()
    expect(differences(answers, await fetchAnswers(isOfHomes), isOfHomes)).toEqual([])
    expect(registry().publishing().last?.until).toBeLessThanOrEqual(today + 2 * dayMs)
  })

  it('keeps its dates when the hub changes its zone', async () => {
    const before = await Promise.all(streetIds.map((streetId) => indoors(streetId, 'day')))
    await following.close()
    await hub.stop()
    await start(zoneAhead(hoursToNoon > 0 ? hoursToNoon - 3 : hoursToNoon + 3))
    await settle()
    for (const [i, streetId] of streetIds.entries()) {
      const known = (series: Series) => series.median.filter((value) => value !== null)
      expect(known(await indoors(streetId, 'day')), streetId).toEqual(known(before[i]!))
    }
  })

  it('loses the day that is withdrawn, and nothing else', async () => {
    const before = await indoors('ten', 'day')
    registry().withdrawDay('ten', dateOf(9), moment)
    const after = await indoors('ten', 'day')
    expect(after.median.filter((value) => value !== null)).toHaveLength(
      before.median.filter((value) => value !== null).length - 1
    )
    expect(() => registry().withdrawDay('ten', dateOf(9), moment)).toThrow('was withdrawn already')
  })
})

/** The signs of these names are the other way round. */
function zoneAhead(hours: number): string {
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

function correctAll(list: readonly TestHome[]): void {
  for (const { box } of list)
    registry().addCorrection(
      {
        row: {
          deviceId: box.deviceId,
          siteId: null,
          quantity: 'pm2_5',
          formula: 'linear',
          formulaVersion: 1,
          coefficients: { slope: 2, intercept: 1 },
          sensor: 'other',
          signal: 'only',
          from: null,
          until: null
        },
        origin: 'a test'
      },
      moment
    )
}
