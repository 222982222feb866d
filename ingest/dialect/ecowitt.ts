/**
 * Ecowitt and Fine Offset stations ("customised" server, protocol Ecowitt): a form of texts, imperial. What the station's channels
 * measure is measured in different rooms, so each is a thing of its own: indoor, outdoor, ch1 to ch8, co2, pm1 to pm4.
 * Source: Ecowitt's "API of customised upload"; aioecowitt's table of sensors and its recorded uploads.
 */
import type { Fault } from '../../model/fault.ts'
import { definitionOf, type MeasuredQuantity } from '../../model/quantity.ts'
import { parseIsoZoned } from '../../model/time.ts'
import { compileFields, type FieldTable } from '../fields.ts'
import { eachFormField, unescaped } from '../form.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import { noParts, type GatewayMessage, type Part, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Health, Source } from '../ingest.ts'
import { readNumber, readText } from '../payload.ts'
import { keptValue, shownValue } from '../wording.ts'

export const ecowitt: Dialect = {
  name: 'ecowitt',
  label: 'Ecowitt',
  // "Upload interval" in the app; a station says its own in `interval`.
  intervalSDefault: 60,
  silenceSMax: null,
  topicUse: (topic) =>
    topic === 'push/ecowitt' || topic.startsWith('push/ecowitt/') ? 'readings' : undefined,
  decode,
  usualTopic: () => 'push/ecowitt',
  looksLike: (_topic, text) => /(?:^|&)(?:stationtype|PASSKEY|baromrelin|tempinf)=/.test(text),
  split,
  isLocalAddress: () => true,
  push: { okStatus: 200, topicOf: () => 'push/ecowitt' }
}

const celsius = { quantity: 'temperature' } as const
const fahrenheit = { quantity: 'temperature', unit: '°F' } as const
const percent = { quantity: 'humidity' } as const
const reduced = { rank: 1, isOtherForm: true } as const
const derived = { ignored: 'derived; the hub computes its own' }
const dayMean = { ignored: 'a mean of 24 hours, no reading' }

/** The parts of a station, each with the fields that are measured there. */
const parts: Readonly<Record<string, FieldTable>> = {
  indoor: {
    tempinf: fahrenheit,
    tempinc: celsius,
    humidityin: percent,
    // What the barometer measures comes before what the station makes of it for sea level.
    baromabsin: { quantity: 'pressure', unit: 'inHg' },
    baromabshpa: { quantity: 'pressure' },
    baromrelin: { quantity: 'pressure', unit: 'inHg', ...reduced },
    baromrelhpa: { quantity: 'pressure', ...reduced },
    // A console with a CO₂ sensor of its own.
    co2in: { quantity: 'co2' },
    co2in_24h: dayMean
  },
  outdoor: {
    tempf: fahrenheit,
    tempc: celsius,
    humidity: percent,
    windspeedmph: { quantity: 'wind_speed', unit: 'mph' },
    winddir: { quantity: 'wind_direction' },
    solarradiation: { quantity: 'solar' },
    // A rate, of a gauge that tips or one that hears drops; the other rain fields are amounts.
    rainratein: { quantity: 'rain', unit: 'in/h' },
    rrain_piezo: { quantity: 'rain', unit: 'in/h', rank: 1 }
  },
  ...channels(8, 'ch', (n) => ({
    [`temp${n}f`]: fahrenheit,
    [`temp${n}c`]: celsius,
    [`humidity${n}`]: percent
  })),
  ...channels(4, 'pm', (n) => ({
    [`pm25_ch${n}`]: { quantity: 'pm2_5' },
    [`pm25_avg_24h_ch${n}`]: dayMean
  })),
  co2: {
    tf_co2: fahrenheit,
    tc_co2: celsius,
    humi_co2: percent,
    pm25_co2: { quantity: 'pm2_5' },
    pm10_co2: { quantity: 'pm10' },
    co2: { quantity: 'co2' },
    pm1_co2: { quantity: 'pm1' },
    pm4_co2: { quantity: 'pm4' },
    pm25_24h_co2: dayMean,
    pm10_24h_co2: dayMean,
    pm1_24h_co2: dayMean,
    pm4_24h_co2: dayMean,
    co2_24h: dayMean
  }
}

function channels(
  count: number,
  prefix: string,
  table: (n: number) => FieldTable
): Record<string, FieldTable> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i + 1}`, table(i + 1)]))
}

const fieldsOf = new Map(Object.entries(parts).map(([part, table]) => [part, compileFields(table)]))
const partOf: ReadonlyMap<string, string> = new Map(
  Object.entries(parts).flatMap(([part, table]) => Object.keys(table).map((name) => [name, part] as const))
)

/** Which part a message with several is, for a station whose address nobody said. */
const outdoorsFirst = ['outdoor', ...Object.keys(parts).filter((part) => part !== 'outdoor')]
const orderOf = new Map([...partOf].map(([name, part]) => [name, outdoorsFirst.indexOf(part)]))

function decode({ topic, payload, receivedAt }: DialectMessage, { address, notes }: Source): Decoded {
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  const gathering = new Gathering(notes)
  const asked = topic.slice('push/ecowitt/'.length) || (address ?? '')
  if (asked !== '' && !fieldsOf.has(asked)) return refused(noSuchPart(asked))
  const part = asked === '' ? partIn(text.value) : asked
  if (part === undefined) {
    return refused({
      code: 'nothingMeasured',
      message:
        'The form contains no field that an Ecowitt station measures; set its protocol to Ecowitt, not Wunderground.'
    })
  }
  const moment = momentIn(gathering, text.value, receivedAt)
  const fields = fieldsOf.get(part)!
  eachFormField(text.value, (name, value) => {
    const field = fields.get(name)
    if (field === undefined) {
      if (notes) gathering.ignored(name, whyNot(name, part))
    } else if ('ignored' in field) gathering.ignored(name, field.ignored)
    else if (value === '' || value === '--') gathering.ignored(name, 'nothing was measured')
    else gathering.text(name, value, field, moment)
    if (name === 'interval') takeInterval(gathering, value)
    else if (name === 'stationtype') healthOf(gathering).firmware = value.slice(0, 40)
  })
  return gathering
}

/** Another part's values would be a wrong place's. */
function noSuchPart(asked: string): Fault {
  return {
    code: 'otherAddress',
    message: `the device was added as ${shownValue(asked)}, which is no part of a station; its parts are ${Object.keys(parts).join(', ')}`,
    field: 'address',
    value: keptValue(asked)
  }
}

function whyNot(name: string, part: string): string {
  const other = partOf.get(name)
  if (other !== undefined) return `measured elsewhere: it belongs to ${other}, and this is ${part}`
  return /dewpoint|feels|windchill|heat|vpd/.test(name)
    ? derived.ignored
    : 'about the station, or no quantity that the hub knows'
}

function healthOf(gathering: Gathering): Health {
  return (gathering.health ??= {})
}

function takeInterval(gathering: Gathering, value: string): void {
  const intervalS = readNumber(value)
  if (intervalS !== undefined && intervalS >= 1) healthOf(gathering).intervalS = intervalS
}

/** `dateutc` is UTC, though it does not say so; `now` is what a station without a clock writes. */
function momentIn(gathering: Gathering, text: string, receivedAt: DialectMessage['receivedAt']): Moment {
  const written = /(?:^|&)dateutc=([^&]*)/.exec(text)?.[1]
  const time = written === undefined ? '' : unescaped(written)
  if (time === '' || time === 'now') {
    gathering.assumed('no time of its own: measured when it was received')
    return { at: receivedAt, reasons: 0 }
  }
  gathering.assumed('dateutc is UTC')
  const zoned = parseIsoZoned(`${time}Z`) === undefined ? time : `${time}Z`
  return gathering.momentOf(zoned, receivedAt)
}

/** The first in that order of which the form has a value. */
function partIn(text: string): string | undefined {
  let first = Infinity
  eachFormField(text, (name, value) => {
    const order = orderOf.get(name)
    if (order !== undefined && order < first && value !== '') first = order
  })
  return outdoorsFirst[first]
}

/** PASSKEY is made of the station's MAC and is no secret; it names the station nowhere here, and does not reach the disk. */
const everyPart = new Set(['dateutc', 'stationtype', 'model', 'interval'])

function split({ topic, payload }: GatewayMessage): SplitMessage {
  const text = readText(payload)
  if (!text.ok) return { parts: [], fault: text.fault }
  const shared: string[] = []
  const own = new Map<string, { pairs: string[]; quantities: MeasuredQuantity[] }>()
  eachFormField(text.value, (name, value) => {
    const part = partOf.get(name)
    if (part === undefined) {
      if (everyPart.has(name)) shared.push(`${name}=${encodeURIComponent(value)}`)
      return
    }
    const known = own.get(part) ?? { pairs: [], quantities: [] }
    own.set(part, known)
    known.pairs.push(`${name}=${encodeURIComponent(value)}`)
    const field = fieldsOf.get(part)!.get(name)!
    if (!('ignored' in field)) known.quantities.push(field.quantity)
  })
  if (own.size === 0) return noParts
  return { parts: [...own].map(([part, known]) => partMessage(topic, part, known, shared)) }
}

function partMessage(
  topic: string,
  part: string,
  { pairs, quantities }: { pairs: string[]; quantities: MeasuredQuantity[] },
  shared: readonly string[]
): Part {
  return {
    address: part,
    isLocal: true,
    name: `${part} (${quantities.map((quantity) => definitionOf(quantity).label).join(', ')})`,
    quantities,
    topic: `${topic.split('/').slice(0, 2).join('/')}/${part}`,
    payload: new TextEncoder().encode([...shared, ...pairs].join('&'))
  }
}
