/**
 * Whether the time of an answer tells that somebody has a sensor indoors. Two hubs with the same sensors outdoors, one of them with homes as
 * well, of which nobody agreed to anything; everything that can be asked without a name is asked of both in turns, and the
 * times of each question are compared by their ranks (Mann and Whitney). On the hub with homes, what is about a hidden sensor
 * is compared with what is about none. `npm run bench -- timing 40 60` takes 40 rounds with 60 homes.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import type { Reading } from '../../model/reading.ts'
import { dayMs, minuteMs, systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { publicAnswers } from '../support/public-answers.ts'

const rounds = Number(process.argv[2] ?? 20)
const homes = Number(process.argv[3] ?? 60)
/** Those that differ in the first rounds are asked so many times again: of hundreds some differ by chance. */
const roundsOfSuspects = 10 * rounds
const suspectZ = 3
const provenZ = 4

const timezone = 'Europe/London'
const outdoorsPerStreet = 3
const days = 3
const stepMs = 10 * minuteMs
const until = (Math.floor(systemClock.now() / minuteMs) * minuteMs) as UnixMs
const from = (until - days * dayMs) as UnixMs
const nobody = { siteId: 's-bbbbbbbb', deviceId: 'd-bbbbbbbb' }

interface Built {
  streets: string[]
  shown: string[]
  hidden: { siteId: string; deviceId: string }[]
}

const folder = mkdtempSync(join(tmpdir(), 'bench-timing-'))
const env = { LAMPPOST_LOG_LEVEL: 'error', LAMPPOST_PROXIES: '127.0.0.1', LAMPPOST_TIMEZONE: timezone }
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const hubs: HubProcess[] = []
let asked = 0
try {
  await build(join(folder, 'without'), 0)
  const { streets, shown, hidden } = await build(join(folder, 'with'), homes)
  for (const name of ['without', 'with']) hubs.push(await startHubProcess(join(folder, name), [], env))
  const [without, with_] = hubs as [HubProcess, HubProcess]
  const wanted = {
    streets,
    sites: [shown[0]!, hidden[0]?.siteId ?? nobody.siteId, nobody.siteId],
    quantities: ['pm2_5', 'humidity'],
    from,
    until,
    at: (until - dayMs) as UnixMs
  }
  const urls = [...(await publicAnswers(with_, wanted)).keys()]
  await publicAnswers(without, wanted)

  const ofBoth = urls.map((url) => ({
    name: url,
    one: () => timeOf(without, url),
    other: () => timeOf(with_, url)
  }))
  const ofOne = urls
    .filter((url) => url.includes(hidden[0]!.siteId))
    .map((url) => ({
      name: `hidden, and none: ${url}`,
      one: () => timeOf(with_, url.replaceAll(hidden[0]!.siteId, nobody.siteId)),
      other: () => timeOf(with_, url)
    }))
  const password = 'aaaa-bbbb-cccc-dddd-eeee'
  const doors = [
    {
      name: 'MQTT: a wrong password of a hidden box, and of none',
      one: () => timeOfRefusal(with_, nobody.deviceId, password),
      other: () => timeOfRefusal(with_, hidden[0]!.deviceId, password)
    },
    {
      name: '/push: a token of none, with and without homes',
      one: () => timeOf(without, '/push/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'POST'),
      other: () => timeOf(with_, '/push/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'POST')
    }
  ]
  const all = [...ofBoth, ...ofOne, ...doors]
  console.log(`${all.length} questions, ${homes} homes indoors beside ${shown.length} sensors outdoors`)
  const first = await compare(all, rounds)
  const suspects = all.filter((_, i) => Math.abs(first[i]!.z) >= suspectZ)
  console.log(
    `${suspects.length} of them differ in ${rounds} rounds (by chance: ${(all.length * 0.0027).toFixed(1)})`
  )
  const second = await compare(suspects, roundsOfSuspects)
  const proven = second.filter(({ z }) => Math.abs(z) >= provenZ)
  for (const { name, one, other, z } of second.toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(0, 30))
    console.log(
      `  ${ms(one)} without, ${ms(other)} with, z ${z.toFixed(1)}  ${decodeURIComponent(name).slice(0, 110)}`
    )
  console.log(`${proven.length} can be told apart in ${roundsOfSuspects} rounds; aim: none`)
} finally {
  agent.destroy()
  for (const hub of hubs) await hub.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Sensors outdoors, the same in each folder, and then homes. */
async function build(dataDir: string, homeCount: number): Promise<Built> {
  mkdirSync(dataDir, { mode: 0o700 })
  let drawn = 0
  const randomBytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => (drawn = (drawn * 1_103_515_245 + 12_345) & 0x7f_ff_ff_ff) >> 16)
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), randomBytes })
  const store = await openDuckDbStore({ file: join(dataDir, 'readings.duckdb'), timezone })
  const streets = ['Mina Road', 'Ashley Road'].map((name) => registry.addStreet({ name }).streetId)
  const built: Built = { streets, shown: [], hidden: [] }
  const add = async (placement: 'outdoor' | 'indoor', n: number): Promise<void> => {
    const streetId = streets[n % streets.length]!
    const { siteId, deviceId } = registry.addDevice({ streetId, placement, intervalS: stepMs / 1_000 }, from)
    await store.setInterval(deviceId, stepMs / 1_000)
    if (placement === 'outdoor') built.shown.push(siteId)
    else built.hidden.push({ siteId, deviceId })
    await store.write([...history(siteId, deviceId, placement, n)])
  }
  for (let n = 0; n < outdoorsPerStreet * streets.length; n++) await add('outdoor', n)
  for (let n = 0; n < homeCount; n++) await add('indoor', n)
  for (let more = true; more;) ({ more } = await store.refreshRollups(until))
  await store.close()
  registry.close()
  return built
}

function* history(siteId: string, deviceId: string, placement: string, n: number): Generator<Reading> {
  const quantities =
    placement === 'outdoor' ? (['pm2_5', 'temperature'] as const) : (['humidity', 'co2'] as const)
  let sequence = n * 1_000_000
  for (let at = from; at < until; at = (at + stepMs) as UnixMs)
    for (const quantity of quantities)
      yield {
        siteId,
        deviceId,
        quantity,
        measuredAt: at,
        receivedAt: at,
        value: 20 + ((at / stepMs + n) % 17),
        flag: 1,
        reasons: 0,
        sequence: ++sequence,
        importId: 0
      }
}

interface Question {
  name: string
  one(): Promise<number>
  other(): Promise<number>
}

interface Compared {
  name: string
  one: number
  other: number
  z: number
}

/** Each question of both in turns, in an order that changes. */
async function compare(questions: readonly Question[], times: number): Promise<Compared[]> {
  const taken = questions.map(() => ({ one: [] as number[], other: [] as number[] }))
  for (let round = 0; round < times; round++)
    for (const [i, { one, other }] of questions.entries()) {
      const isFirst = (round + i) % 2 === 0
      if (isFirst) taken[i]!.one.push(await one())
      taken[i]!.other.push(await other())
      if (!isFirst) taken[i]!.one.push(await one())
    }
  return questions.map(({ name }, i) => {
    const { one, other } = taken[i]!
    return { name, one: medianOf(one), other: medianOf(other), z: rankZ(one, other) }
  })
}

/** Each from an address of its own: limits are not what is looked for. */
function timeOf(hub: HubProcess, path: string, method = 'GET'): Promise<number> {
  const number = ++asked
  const headers = {
    'x-forwarded-for': `198.${18 + ((number >> 16) & 1)}.${(number >> 8) & 255}.${number & 255}`
  }
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const sent = request(hub.url + path, { method, headers, agent }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(performance.now() - began))
    })
    sent.once('error', reject)
    sent.end()
  })
}

function timeOfRefusal(hub: HubProcess, username: string, password: string): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now()
    const client = mqtt.connect(`mqtt://127.0.0.1:${hub.mqttPort}`, {
      username,
      password,
      reconnectPeriod: 0
    })
    client.once('error', () => {
      resolve(performance.now() - began)
      client.end(true)
    })
  })
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

/** Of the test of Mann and Whitney, by its normal approximation: positive where the second takes longer. */
function rankZ(one: readonly number[], other: readonly number[]): number {
  const joint = [
    ...one.map((value) => ({ value, isOther: false })),
    ...other.map((value) => ({ value, isOther: true }))
  ]
  let ranks = 0
  joint.toSorted((a, b) => a.value - b.value).forEach(({ isOther }, i) => (ranks += isOther ? i + 1 : 0))
  const [n, m] = [one.length, other.length]
  const u = ranks - (m * (m + 1)) / 2
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}
