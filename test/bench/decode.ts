/**
 * How fast each family's messages are decoded, on one core, as its firmware sends them: those in JSON against JSON.parse of the
 * same bytes in the same run, interleaved; single values and forms as messages a second.
 */
import { firmwareOf, familyNames } from '../../firmware-sim/family/families.ts'
import { boxSettings } from '../../hub/hosting/box-settings.ts'
import { decode } from '../../ingest/decode.ts'
import { toIso, type UnixMs } from '../../model/time.ts'

const start = Date.UTC(2026, 10, 22, 10) as UnixMs
const minuteMs = 60_000
const jsonBytesMin = 200
const aims = { ofJsonParse: 0.6, perSecond: 300_000 }
const rounds = 9
const perRound = 5_000

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

for (const family of ['lamppost', ...familyNames]) measure(family, messagesOf(family))

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
  const running = family === 'lamppost' ? native : firmwareOf(family).set(boxSettings(family, facts)).firmware
  const messages: Message[] = []
  for (let i = 0; messages.length < perRound; i++) {
    const at = (start + i * minuteMs) as UnixMs
    const values = {
      ...{ pm1: 3 + (i % 50) / 10, pm2_5: 6 + (i % 60) / 10, pm10: 12 + (i % 70) / 10, co2: 600 + (i % 90) },
      ...{ temperature: 10 + (i % 80) / 10, humidity: 60 + (i % 30), pressure: 1_000 + (i % 200) / 10 },
      ...{ laeq: 50 + (i % 90) / 10, battery: 88, battery_voltage: 2.9, rssi: -60 - (i % 20) }
    }
    for (const { to, payload } of running.messages(values, at)) {
      const topic = to.startsWith('/push/') ? `push/${family}` : to
      messages.push({ topic, payload: Buffer.from(payload), receivedAt: at })
    }
  }
  return messages.slice(0, perRound)
}

function measure(family: string, messages: readonly Message[]): void {
  const bytes = messages.reduce((sum, { payload }) => sum + payload.length, 0) / messages.length
  const isJson = messages[0]!.payload[0] === 0x7b && bytes >= jsonBytesMin
  const ours: number[] = []
  const theirs: number[] = []
  let faults = 0
  for (let round = 0; round <= rounds; round++) {
    const decoded = perSecond(() => (faults = decodeAll(family, messages)))
    const parsed = isJson ? perSecond(() => parseAll(messages)) : 0
    // The first is for the compiler.
    if (round > 0) {
      ours.push(decoded)
      theirs.push(parsed)
    }
  }
  const rate = middle(ours)
  const aim = isJson
    ? `${((100 * rate) / middle(theirs)).toFixed(0)} % of JSON.parse, ${shown(middle(theirs))}/s (aim ≥ ${100 * aims.ofJsonParse} %)`
    : `(aim ≥ ${shown(aims.perSecond)}/s)`
  console.log(
    `${`${family}, ${bytes.toFixed(0)} bytes`.padEnd(26)} ${shown(rate).padStart(9)}/s ${aim}${faults ? `, ${faults} faults` : ''}`
  )
}

function decodeAll(family: string, messages: readonly Message[]): number {
  let state: unknown
  let faults = 0
  for (const message of messages) {
    const decoded = decode(family, message, { state })
    if (decoded.state !== undefined) ({ state } = decoded)
    faults += decoded.faults.length
  }
  return faults
}

function parseAll(messages: readonly Message[]): void {
  for (const { payload } of messages)
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'))
}

function perSecond(work: () => void): number {
  const began = performance.now()
  work()
  return (perRound * 1_000) / (performance.now() - began)
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function shown(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}
