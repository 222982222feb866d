/**
 * airRohr, the firmware of Sensor.Community: its "own API" (one POST, names with the sensor before them) and the form of
 * its own servers (one POST a sensor, named by the header X-PIN). All values are text, and there is no time.
 * Source: airrohr-firmware.ino and its ext_def.h, NRZ-2020 to NRZ-2024.
 */
import type { Fault } from '../../model/fault.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { firstOfDoubled, type LastBody } from '../doubled.ts'
import { compileFields, named, type FieldTable } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { isObject, readNumber, readObject, textIn, type JsonObject } from '../payload.ts'
import { addressFault } from '../wording.ts'

export const airrohr: Dialect<AirrohrState> = {
  name: 'airrohr',
  label: 'airRohr',
  // SENDING_INTERVALL_MS in ext_def.h; a box says its own in `interval`.
  intervalSDefault: 145,
  silenceSMax: null,
  topicUse: (topic) =>
    topic === 'push/airrohr' || topic.startsWith('push/airrohr/') ? 'readings' : undefined,
  decode,
  usualTopic: () => 'push/airrohr',
  looksLike: (_topic, text) => text.includes('"sensordatavalues"'),
  push: {
    okStatus: 201,
    topicOf: ({ header }) => {
      const pin = header('x-pin') ?? header('pin') ?? ''
      // Older firmware sends X-PIN: 0 to its own API.
      return /^[1-9]\d?$/.test(pin) ? `push/airrohr/${pin}` : 'push/airrohr'
    },
    fixed: {
      path: '/v1/push-sensor-data/',
      addressOf: ({ header }) => /^(?:esp8266|esp32)-(\w{1,32})$/.exec(header('x-sensor') ?? '')?.[1]
    }
  },
  rewound: ({ owners }) => ({ last: {}, owners })
}

const counts = { ignored: 'a count of particles, not a mass' }

/** P0 is PM1, P2 is PM2.5 and P1 is PM10: the names are older than the sensors that tell more than two sizes. */
const particles: FieldTable = {
  P0: { quantity: 'pm1' },
  P1: { quantity: 'pm10' },
  P2: { quantity: 'pm2_5' },
  P4: { quantity: 'pm4' },
  ...Object.fromEntries(
    ['N1', 'N4', 'N5', 'N05', 'N10', 'N25', 'N03', 'N01', 'N3', 'TS', 'P01', 'P03', 'P05', 'P5'].map(
      (name) => [name, counts]
    )
  )
}

const climate: FieldTable = { temperature: { quantity: 'temperature' }, humidity: { quantity: 'humidity' } }
const barometer: FieldTable = {
  temperature: { quantity: 'temperature' },
  pressure: { quantity: 'pressure', unit: 'Pa' }
}
const noise: FieldTable = {
  noise_LAeq: { quantity: 'laeq' },
  noise_LA_min: { quantity: 'lamin' },
  noise_LA_max: { quantity: 'lamax' }
}
const co2: FieldTable = { ...climate, co2_ppm: { quantity: 'co2' } }
/** Sensirion's SEN5x, which forks of the firmware read: its NOx is an index of its own scale. */
const sen5x: FieldTable = {
  ...particles,
  ...climate,
  VOC: { quantity: 'tvoc_index' },
  NOX: { ignored: 'an index of its own scale, which the hub does not keep' }
}

/** Of several sensors of one quantity the better one stands: the lower the rank, the better. */
const sensors: readonly (readonly [prefix: string, rank: number, table: FieldTable])[] = [
  ['SPS30_', 0, particles],
  ['SEN5X_', 0, sen5x],
  ['NPM_', 1, particles],
  ['IPS_', 2, particles],
  ['PMS_', 3, particles],
  ['HPM_', 4, particles],
  ['SDS_', 5, particles],
  ['BME280_', 0, { ...climate, ...barometer }],
  ['SHT3X_', 1, climate],
  ['SCD30_', 2, co2],
  ['HTU21D_', 3, climate],
  // A DHT22 has no name before its values.
  ['', 4, climate],
  ['BMP280_', 5, barometer],
  ['BMP_', 6, barometer],
  ['BMP180_', 6, barometer],
  ['DS18B20_', 7, { temperature: { quantity: 'temperature' } }],
  ['DNMS_', 0, noise]
]

/** What a box says of itself; place and time of a GPS are none of the hub's business. */
const about: FieldTable = {
  signal: { quantity: 'rssi' },
  ...Object.fromEntries(
    [
      ...['samples', 'min_micro', 'max_micro', 'interval', 'last_sample_age'],
      // A heated chamber, of forks that dry the air before they count its particles.
      ...['HECA_temperature', 'HECA_humidity']
    ].map((name) => [name, { ignored: 'about the box, no measurement' }])
  ),
  ...Object.fromEntries(
    [
      ...['GPS_lat', 'GPS_lon', 'GPS_height', 'GPS_timestamp', 'GPS_date', 'GPS_time'],
      ...['lat', 'lon', 'height', 'timestamp']
    ].map((name) => [name, { ignored: 'a place; the hub knows where the box is' }])
  ),
  ...Object.fromEntries(
    [
      'durP1',
      'durP2',
      'ratioP1',
      'ratioP2',
      'PPD_P1',
      'PPD_P2',
      'PPD_durP1',
      'PPD_durP2',
      'PPD_ratioP1',
      'PPD_ratioP2'
    ].map((name) => [name, { ignored: 'a PPD42NS counts particles in a volume: not µg/m³' }])
  )
}

/** Without the sensor's name: what X-PIN's form sends for any sensor, or a box that was set to an older style. */
const plain: FieldTable = { ...particles, ...co2, ...barometer, ...noise }

const ownApi = compileFields({
  ...plain,
  ...Object.assign(
    {},
    ...sensors.map(([prefix, rank, table]) =>
      named(
        Object.fromEntries(
          Object.entries(table).map(([name, rule]) => [name, 'ignored' in rule ? rule : { ...rule, rank }])
        ),
        (name) => prefix + name
      )
    )
  ),
  ...about
})

/** A GPS measures no air. */
const gpsPin = '9'

/** X-PIN 5: the values of a PPD42NS have the names of a mass, and are none. */
const ppd42ns = compileFields({
  ...about,
  P1: counts,
  P2: counts
})

/** Of each form the last message, and which sensor's form has the say for a quantity that several sensors measure. */
export interface AirrohrState {
  last: Readonly<Record<string, LastBody>>
  owners: Readonly<Partial<Record<MeasuredQuantity, string>>>
}

/** Best first: BME280, DHT22 and its like, SCD30, BMP, DS18B20; what is not named here comes before. */
const pins = ['11', '7', '17', '3', '13']

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state, address, notes }: Source<AirrohrState>
): Decoded<AirrohrState> {
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const values = body.value['sensordatavalues']
  if (!Array.isArray(values)) return refused(noList)
  const gathering = new Gathering<AirrohrState>(notes)
  const pin = knownPin(topic)
  const last = state?.last[pin]
  const first = firstOfDoubled(payload, receivedAt, last)
  const moment: Moment = { at: (first.at - ageMs(body.value)) as UnixMs, reasons: 0 }
  const wrongAddress = addressFault('chip id', textIn(body.value, 'esp8266id'), address)
  if (wrongAddress) gathering.fault(wrongAddress)
  gathering.assumed('no time of its own: measured when it was received')

  const fields = pin === '5' ? ppd42ns : ownApi
  const health: Health = {}
  const firmware = textIn(body.value, 'software_version')
  if (firmware !== undefined) health.firmware = firmware
  for (const member of values as readonly unknown[]) {
    const name = isObject(member) ? textIn(member, 'value_type') : undefined
    if (name === undefined) continue
    const { value } = member as JsonObject
    takeValue(gathering, name, value, fields, moment)
    if (name === 'interval') takeInterval(health, value)
  }
  gathering.health = health
  const isPlace = pin === gpsPin
  if (gathering.measurements.length === 0 && gathering.faults.length === 0 && !isPlace)
    gathering.fault(emptyList)
  const owners = pin === '' ? (state?.owners ?? {}) : takeTurns(gathering, pin, state?.owners ?? {})
  if (first !== last || owners !== state?.owners) {
    gathering.state = { last: { ...state?.last, [pin]: first }, owners }
  }
  return gathering
}

const noList: Fault = {
  code: 'payloadShape',
  message: 'The message has no list "sensordatavalues", which airRohr sends.'
}
const emptyList: Fault = {
  code: 'nothingMeasured',
  message: 'The list "sensordatavalues" contains no measured value.'
}

/** The form that X-PIN names; '' for the own API and for numbers that no sensor has. */
function knownPin(topic: string): string {
  const pin = topic.slice('push/airrohr/'.length)
  return pin !== '' && /^(?:[1-9]|1[1357])$/.test(pin) ? pin : ''
}

/**
 * Sensors of one box come in messages of their own, moments apart: two thermometers would make one line of two. The better
 * sensor has the say from its first message on, and the others' values of that quantity are left out.
 */
function takeTurns(
  gathering: Gathering<AirrohrState>,
  pin: string,
  before: AirrohrState['owners']
): AirrohrState['owners'] {
  let owners = before
  const isBefore = (a: string, b: string): boolean => pins.indexOf(a) < pins.indexOf(b)
  for (const { quantity } of [...gathering.measurements]) {
    const owner = owners[quantity]
    if (owner === pin || quantity === 'rssi') continue
    if (owner === undefined || isBefore(pin, owner)) owners = { ...owners, [quantity]: pin }
    else gathering.leaveOut(quantity, `the sensor with X-PIN ${owner}`)
  }
  return owners
}

function takeInterval(health: Health, value: unknown): void {
  const ms = readNumber(String(value))
  if (ms !== undefined && ms >= 1_000) health.intervalS = Math.round(ms / 1_000)
}

function takeValue(
  gathering: Gathering<AirrohrState>,
  name: string,
  value: unknown,
  fields: typeof ownApi,
  moment: Moment
): void {
  const field = fields.get(name)
  if (field === undefined) gathering.unknown(name, value)
  else if ('ignored' in field) gathering.ignored(name, field.ignored)
  else if (typeof value === 'string') gathering.text(name, value, field, moment)
  else gathering.value(name, value, field, moment)
}

/** A box that is polled says how old its values are. */
function ageMs(body: JsonObject): number {
  if (body['age'] === undefined) return 0
  const age = readNumber(String(body['age'])) ?? 0
  return age >= 0 && age <= 86_400 ? age * 1_000 : 0
}
