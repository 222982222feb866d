/** Streets of 4 to 12 homes on a real hub, told as a story: what happens to homes, what everybody then sees, what the rules would have. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { commandByWords } from '../../cli/commands/all.ts'
import { readConfig } from '../../config.ts'
import { daysOut } from '../../hub/coming-out.ts'
import { askHub } from '../../hub/control/client.ts'
import type { CommandInput } from '../../hub/control/command.ts'
import { socketFileOf } from '../../hub/data-folder.ts'
import { startHub, type Hub } from '../../main.ts'
import { dayMs, dayStart, hourMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials, NewDevice } from '../../registry/registry.ts'
import { influxOf, temporaryFolder } from './hub-process.ts'
import { send } from './hub-rooms.ts'
import { differences, follow, publicAnswers, type Answers, type Following } from './public-answers.ts'

export const homesOf = { four: 4, five: 5, six: 6, nine: 9, ten: 10, eleven: 11, twelve: 12 }
export const streetIds = Object.keys(homesOf)
export const outdoorsOn: Record<string, number> = { four: 3, twelve: 2 }

/** Noon of a day in this zone is near: no day ends while the test runs. */
const startedAt = systemClock.now()
export const hoursToNoon = 12 - new Date(startedAt).getUTCHours()
export const zone = zoneAhead(hoursToNoon)
export const today = dayStart(startedAt, zone)
/** Civil days before today; the zone has no summer time. */
export const dayOf = (ago: number): UnixMs => (today - ago * dayMs) as UnixMs
export const dateOf = (ago: number): string =>
  toIso((dayOf(ago) + hoursToNoon * hourMs) as UnixMs).slice(0, 10)

/** The first day of all, and the last of those that are out at first. */
export const [first, known] = [14, 6]
export const stepMs = 30 * minuteMs

export interface TestHome {
  streetId: string
  homeId: string
  personId: string
  box: Credentials
  /** When it agreed, and until when. */
  agreed: { from: UnixMs; until: UnixMs | null }[]
  /** What it measures as the mean of each day, by days ago; null: not enough of it. */
  means: Map<number, number | null>
}

export const folder = temporaryFolder()
export const outdoors: Credentials[] = []

/** What changes while the story is told. */
export const story = {
  dataDir: join(folder.path, 'data')
} as {
  dataDir: string
  hub: Hub
  following: Following
  homes: TestHome[]
  /** The moment of the story: handed to whatever asks for the time of a change. */
  moment: UnixMs
  answers: Answers
  /** A site indoors, which nobody may see. */
  hidden: string
}
story.homes = []

export const registry = () => story.hub.rooms.registry

export async function start(timezone = zone): Promise<void> {
  mkdirSync(story.dataDir, { recursive: true, mode: 0o700 })
  const config = readConfig({
    LAMPPOST_DATA: story.dataDir,
    LAMPPOST_NAME: 'Testing Town',
    LAMPPOST_HTTP_PORT: '0',
    LAMPPOST_MQTT_PORT: '0',
    LAMPPOST_HOST: '127.0.0.1',
    LAMPPOST_PROXIES: '127.0.0.1',
    LAMPPOST_TIMEZONE: timezone
  })
  const influx = await influxOf(story.dataDir)
  const quiet = () => undefined
  story.hub = await startHub(
    influx ? { ...config, store: 'influx', influx: { ...influx, retentionDays: null } } : config,
    {
      version: '1.0.0',
      demo: false,
      daysWait: true,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      commands: async (words) => (await commandByWords(words))?.run,
      onFatal(cause) {
        throw cause
      }
    }
  )
}

export const address = () => ({ url: `http://127.0.0.1:${story.hub.httpPort}`, mqttPort: story.hub.mqttPort })

/** A command of the operator, in the hub; gives what `--json` would print. */
export async function operate<T>(
  words: string,
  positionals: string[],
  values: CommandInput['values'] = {}
): Promise<T> {
  const asked = { words, input: { positionals, values } }
  const result = await askHub(socketFileOf(story.dataDir), asked, () => undefined)
  return result!.json as T
}

/** All that was sent is stored, judged and worked out. */
export async function settle(): Promise<void> {
  const { service } = story.hub.rooms.pipeline
  await story.hub.rooms.directoryTold()
  await service.drain()
  await service.lookBack()
  await service.drain()
}

export function comeOut() {
  return daysOut({ ...story.hub.rooms, clock: { now: () => story.moment }, timezone: zone })
}

/** Alternates about the mean, so that it is that mean exactly. */
export function sendDay({ deviceId }: Credentials, ago: number, mean: number, isSent = (_n: number) => true) {
  const readings = Array.from({ length: dayMs / stepMs }, (_, n) => ({
    at: toIso((dayOf(ago) + n * stepMs) as UnixMs),
    humidity: mean + (n % 2 === 0 ? 0.5 : -0.5),
    pm2_5: mean / 2 + (n % 2 === 0 ? 0.5 : -0.5)
  })).filter((_, n) => isSent(n))
  return send(story.hub.rooms, deviceId, readings as unknown as object)
}

export function addHome(streetId: string, homeId: string, more: Partial<NewDevice> = {}): TestHome {
  const box = registry().addDevice(
    { streetId, placement: 'indoor', homeId, intervalS: stepMs / 1_000, ...more },
    story.moment
  )
  const { personId } = registry().site(box.siteId)!
  const home: TestHome = { streetId, homeId, personId, box, agreed: [], means: new Map() }
  story.homes.push(home)
  return home
}

export function agree(home: TestHome): void {
  registry().recordConsent({ homeId: home.homeId, purpose: 'street', by: 'Anna' }, story.moment)
  home.agreed.push({ from: story.moment, until: null })
}

export function withdraw(home: TestHome): void {
  registry().endConsents({ homeId: home.homeId, by: 'Anna' }, story.moment)
  home.agreed.at(-1)!.until = story.moment
}

/** Of each street its nth home; only where `streets` has it. */
export const nth = (n: number, streets = streetIds): TestHome[] =>
  streets.map((streetId) => story.homes.filter((home) => home.streetId === streetId)[n]!)

/** Humidity a home has on a day. */
const meanOf = (n: number, ago: number): number => 40 + ((n * 37 + ago * 11) % 41) + 0.25

export async function sendAll(ago: number, except: readonly TestHome[] = []): Promise<void> {
  for (const [n, home] of story.homes.entries()) {
    if (except.includes(home)) continue
    home.means.set(ago, meanOf(n, ago))
    await sendDay(home.box, ago, meanOf(n, ago))
  }
}

/** The rules, once more and plainly. */
export function expected(streetId: string, ago: number): number | null {
  const counted = story.homes
    .filter((home) => home.streetId === streetId && (home.means.get(ago) ?? null) !== null)
    .filter(({ agreed }) =>
      agreed.some(({ from, until }) => from <= dayOf(ago) && (until === null || until >= story.moment))
    )
    .toSorted((a, b) => (`${a.personId} ${a.homeId}` < `${b.personId} ${b.homeId}` ? -1 : 1))
  const cohort = counted.slice(0, counted.length - (counted.length % 5))
  const values = cohort.map((home) => home.means.get(ago)!).sort((a, b) => a - b)
  const middle = values.slice(values.length / 5, (values.length * 4) / 5)
  return middle.length === 0
    ? null
    : Math.round(middle.reduce((sum, value) => sum + value, 0) / middle.length)
}

export interface Series {
  time: number[]
  median: (number | null)[]
}

export async function indoors(streetId: string, window: 'day' | 'hour'): Promise<Series> {
  const query = `quantity=humidity&placement=indoor&window=${window}&from=${dayOf(first)}&until=${today}`
  const answer = await fetch(`${address().url}/api/v1/streets/${streetId}/series?${query}`)
  const series = (await answer.json()) as Series & Record<string, unknown[]>
  for (const column of ['p25', 'p75', 'sites', 'coverage'])
    expect(new Set(series[column]), column).toEqual(new Set([null]))
  return series
}

export async function valueOf(streetId: string, ago: number): Promise<number | null> {
  return (await indoors(streetId, 'day')).median[first - ago]!
}

/** Of no site. */
export const nobody = 's-2222zzzz'

/** What could tell of homes most directly: asked after each change; everything is asked after each few of them. */
export const isNearHomes = (url: string): boolean =>
  url.includes('placement=indoor') || /\/(streets(\/\w+)?|health|hub|corrections|estimate|changes)$/.test(url)

export function fetchAnswers(isAsked?: (url: string) => boolean): Promise<Answers> {
  return publicAnswers(
    address(),
    {
      streets: streetIds,
      sites: [outdoors[0]!.siteId, story.hidden, nobody],
      quantities: ['humidity', 'pm2_5_corrected'],
      from: dayOf(known + 3),
      until: today,
      at: dayOf(known)
    },
    isAsked
  )
}

/** One change of a home of each street, and nobody outside can tell. */
export async function unseen<T>(what: string, change: () => T): Promise<Awaited<T>> {
  story.following.heard()
  const retained = story.following.retained()
  const changed = await change()
  await settle()
  expect(await comeOut(), `${what}: no day`).toEqual([])
  expect(differences(story.answers, await fetchAnswers(isNearHomes), isNearHomes), what).toEqual([])
  expect(story.following.heard(), what).toEqual([])
  expect(story.following.retained(), what).toEqual(retained)
  return changed
}

export async function nothingElseChanged(): Promise<void> {
  expect(differences(story.answers, await fetchAnswers())).toEqual([])
}

/** A day comes out: it is what the rules say, and nothing of before has changed. */
export async function nextDay(ago: number): Promise<void> {
  await settle()
  await nothingElseChanged()
  story.moment = (dayOf(ago - 2) + hourMs) as UnixMs
  const before = await Promise.all(streetIds.map((streetId) => indoors(streetId, 'day')))
  expect((await comeOut()).map(({ date }) => date)).toEqual([dateOf(ago)])
  for (const [i, streetId] of streetIds.entries()) {
    const wanted = before[i]!.median.with(first - ago, expected(streetId, ago))
    expect((await indoors(streetId, 'day')).median, `${streetId}, ${ago} days ago`).toEqual(wanted)
  }
  story.answers = await fetchAnswers()
}

/** The signs of these names are the other way round. */
export function zoneAhead(hours: number): string {
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

export function correctAll(list: readonly TestHome[]): void {
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
      story.moment
    )
}

/** All streets with their homes, of which days are out; somebody follows live. */
export async function begin(): Promise<void> {
  await start()
  story.moment = (dayOf(first) - hourMs) as UnixMs
  for (const [streetId, count] of Object.entries(homesOf)) {
    registry().addStreet({ name: streetId })
    // Enough for a street's value on one street, and a single box on another.
    for (let n = 0; n < (outdoorsOn[streetId] ?? 0); n++)
      outdoors.push(
        registry().addDevice({ streetId, placement: 'outdoor', intervalS: stepMs / 1_000 }, story.moment)
      )
    for (let n = 1; n <= count; n++) agree(addHome(streetId, `${streetId}-${n}`))
  }
  story.hidden = story.homes[0]!.box.siteId
  await story.hub.rooms.directoryTold()
  for (const [n, box] of outdoors.entries())
    for (let ago = known + 2; ago >= known; ago--) await sendDay(box, ago, 30 + n / 10)
  for (let ago = first; ago >= known; ago--) await sendAll(ago)
  story.moment = (dayOf(known - 2) + hourMs) as UnixMs
  await settle()
  // Figures kept from before the look back would say that it is still to come, until they are a while old.
  await story.hub.stop()
  await start()
  await settle()
  story.following = await follow(address())
}

export async function end(): Promise<void> {
  await story.following?.close()
  await story.hub?.stop()
  folder.remove()
}
