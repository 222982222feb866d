/**
 * Pimoroni Enviro (Indoor, Urban, Weather, Grow on a Pico W): `enviro/<nickname>`, retained, or the same by HTTP. It wakes, measures,
 * and sends what it kept when it has Wi-Fi, each with its own time. Source: github.com/pimoroni/enviro, enviro/__init__.py, boards/.
 */
import { compileFields, type FieldTable } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { isObject, readObject, textIn } from '../payload.ts'

export const enviro: Dialect = {
  name: 'enviro',
  label: 'Pimoroni Enviro',
  // reading_frequency in its config.py, in minutes.
  intervalSDefault: 900,
  silenceSMax: null,
  topicUse: (topic) => (topic === 'push/enviro' || /^enviro\/[^/]+$/.test(topic) ? 'readings' : undefined),
  decode,
  usualTopic: () => 'push/enviro',
  looksLike: (topic, text) =>
    /^enviro\/[^/]+$/.test(topic) || (text.includes('"nickname"') && text.includes('"readings"')),
  push: { okStatus: 200, topicOf: () => 'push/enviro' }
}

const notAir = { ignored: 'no quantity that the hub keeps' }
const table: FieldTable = {
  temperature: { quantity: 'temperature' },
  humidity: { quantity: 'humidity' },
  pressure: { quantity: 'pressure' },
  pm1: { quantity: 'pm1' },
  pm2_5: { quantity: 'pm2_5' },
  pm10: { quantity: 'pm10' },
  voltage: { quantity: 'battery_voltage' },
  wind_speed: { quantity: 'wind_speed' },
  wind_direction: { quantity: 'wind_direction' },
  luminance: { quantity: 'lux' },
  // Of `rain`, an amount, nobody says in what time it fell.
  rain_per_second: { quantity: 'rain', unit: 'mm/s' },
  noise: { ignored: 'volts of the microphone: no sound level' },
  ...Object.fromEntries(
    [
      ...['light', 'color_temperature', 'gas_resistance', 'aqi', 'uv_index'],
      ...['rain', 'rain_per_hour', 'rain_today', 'avg_wind_speed'],
      ...['moisture_a', 'moisture_b', 'moisture_c', 'dewpoint', 'sea_level_pressure']
    ].map((name) => [name, notAir])
  )
}
const fields = compileFields(table)

function decode({ payload, receivedAt }: DialectMessage, { notes }: Source): Decoded {
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const { readings, timestamp } = body.value
  if (!isObject(readings)) return refused(noReadings)
  const gathering = new Gathering(notes)
  if (timestamp === undefined) gathering.assumed('no time of its own: measured when it was received')
  const moment =
    timestamp === undefined ? { at: receivedAt, reasons: 0 } : gathering.momentOf(timestamp, receivedAt)
  gathering.object(readings, fields, moment, (name, value) => gathering.unknown(name, value))
  const model = textIn(body.value, 'model')
  if (model !== undefined) gathering.health = { model: model.slice(0, 60) }
  return gathering
}

const noReadings = {
  code: 'payloadShape',
  message: 'The message has no "readings", which an Enviro sends.'
} as const
