/**
 * How fast each family's messages are decoded, on one core, as its firmware sends them: those in JSON against JSON.parse of the
 * same bytes in the same run, interleaved; single values and forms as messages a second. Longer messages of the same families follow.
 */
import { firmwareOf, familyNames } from '../../firmware-sim/family/families.ts'
import { openSenseMapBox } from '../../firmware-sim/family/opensensemap.ts'
import { otherMap } from '../../firmware-sim/family/other.ts'
import { boxSettings } from '../../hub/hosting/box-settings.ts'
import { decode } from '../../ingest/decode.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { longerMessages, type LongerMessage } from '../support/longer-messages.ts'

const start = Date.UTC(2026, 10, 22, 10) as UnixMs
const minuteMs = 60_000
const jsonBytesMin = 200
const aims = { ofJsonParse: 0.6, perSecond: 300_000 }
const rounds = 15
/** Rounds for the compiler, before those that count. */
const warmRounds = 3
const perRound = 20_000

interface Message {
  topic: string
  payload: Uint8Array
  receivedAt: UnixMs
}

const native = {
  messages: (values: object, at: UnixMs) => [
    { to: 'sensors/d-k3v7m2qa/readings', payload: JSON.stringify({ at: toIso(at), ...values }) }
  ]
}

const asked = process.argv.slice(2)
for (const family of ['lamppost', ...familyNames]) {
  if (asked.length > 0 && !asked.includes(family)) continue
  measure(family, messagesOf(family), mapOf(family))
  for (const longer of longerMessages.filter(({ dialect }) => dialect === family))
    measure(family, copiesOf(longer), longer.map, longer.about)
}

/** One after the other, each of its own minute. */
function messagesOf(family: string): Message[] {
  const facts = {
    host: 'hub.local',
    mqttPort: 1_883,
    httpPort: 8_080,
    id: 'd-k3v7m2qa',
    password: 'x',
    token: 't'
  }
  const set = family === 'lamppost' ? undefined : firmwareOf(family).set(boxSettings(family, facts))
  const running = set?.firmware ?? native
  const sentAs = set?.wire.kind === 'http' ? (set.wire.headers?.['Content-Type'] ?? '') : ''
  const messages: Message[] = []
  for (let i = 0; messages.length < perRound; i++) {
    const at = (start + i * minuteMs) as UnixMs
    const values = {
      ...{ pm1: 3 + (i % 50) / 10, pm2_5: 6 + (i % 60) / 10, pm10: 12 + (i % 70) / 10, co2: 600 + (i % 90) },
      ...{ temperature: 10 + (i % 80) / 10, humidity: 60 + (i % 30), pressure: 1_000 + (i % 200) / 10 },
      ...{ laeq: 50 + (i % 90) / 10, battery: 88, battery_voltage: 2.9, rssi: -60 - (i % 20) }
    }
    for (const { to, payload } of running.messages(values, at)) {
      // A box of openSenseMap's sends CSV to a path of its own.
      const isCsv = sentAs.includes('csv')
      const topic = to.startsWith('/') ? `push/${family}${isCsv ? '/csv' : ''}` : to
      messages.push({ topic, payload: Buffer.from(payload), receivedAt: at })
    }
  }
  return messages.slice(0, perRound)
}

function copiesOf({ topic, body }: LongerMessage): Message[] {
  return Array.from({ length: perRound }, (_, i) => {
    const receivedAt = (start + i * minuteMs) as UnixMs
    return { topic, payload: Buffer.from(JSON.stringify(body(i, receivedAt))), receivedAt }
  })
}

function measure(
  family: string,
  messages: readonly Message[],
  map: string | undefined,
  about = 'as its box sends it'
): void {
  const bytes = messages.reduce((sum, { payload }) => sum + payload.length, 0) / messages.length
  // A kit's raw form begins with a brace too, and is none.
  const isJson = /^[[{]/.test(String.fromCharCode(messages[0]!.payload[0]!)) && family !== 'smartcitizen'
  const ours: number[] = []
  const theirs: number[] = []
  let faults = 0
  for (let round = 0; round < warmRounds + rounds; round++) {
    const decoded = perSecond(() => (faults = decodeAll(family, messages, map)))
    const parsed = isJson ? perSecond(() => parseAll(messages)) : 0
    if (round >= warmRounds) {
      ours.push(decoded)
      theirs.push(parsed)
    }
  }
  const rate = middle(ours)
  const aim = isJson
    ? `${((100 * rate) / middle(theirs)).toFixed(0)} % of JSON.parse, ${shown(middle(theirs))}/s (${bytes < jsonBytesMin ? `no aim below ${jsonBytesMin} bytes` : `aim ≥ ${100 * aims.ofJsonParse} %`})`
    : `(aim ≥ ${shown(aims.perSecond)}/s)`
  console.log(
    `${`${family}, ${about}, ${bytes.toFixed(0)} bytes`.padEnd(58)} ${shown(rate).padStart(9)}/s ${aim}${faults ? `, ${faults} faults` : ''}`
  )
}

function mapOf(family: string): string | undefined {
  return { opensensemap: openSenseMapBox, other: otherMap }[family]
}

function decodeAll(family: string, messages: readonly Message[], map: string | undefined): number {
  let state: unknown
  let faults = 0
  for (const message of messages) {
    const decoded = decode(family, message, { state, map: map ?? null })
    if (decoded.state !== undefined) ({ state } = decoded)
    faults += decoded.faults.length
  }
  return faults
}

function parseAll(messages: readonly Message[]): void {
  for (const { payload } of messages)
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'))
}

/** In time of the processor: what else runs on the machine takes nothing from either side. */
function perSecond(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (perRound * 1e6) / (user + system)
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function shown(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}
