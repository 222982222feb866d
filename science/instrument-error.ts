/** How far the sensors of a room's climate may be off, as their makers say: no one box was measured for this. */
import type { SensorFamily } from '../model/sensor.ts'

export interface InstrumentError {
  /** ± percentage points of relative humidity; null where the sensor measures none. */
  humidity: number | null
  /** ± °C. */
  temperatureC: number
  source: string
}

/** Typical accuracy at room temperature, new; above 80 % and with age it is worse. */
const errors: Partial<Record<SensorFamily, InstrumentError>> = {
  bme280: { humidity: 3, temperatureC: 1, source: 'Bosch BME280 datasheet: ±3 % (20 to 80 %), ±1 °C' },
  sht31: { humidity: 2, temperatureC: 0.2, source: 'Sensirion SHT31 datasheet: ±2 %, ±0.2 °C' },
  dht22: { humidity: 5, temperatureC: 0.5, source: 'Aosong DHT22 (AM2302) datasheet: at most ±5 %, ±0.5 °C' },
  scd30: { humidity: 3, temperatureC: 0.5, source: 'Sensirion SCD30 datasheet: ±3 %, ±(0.4 °C + 2.3 %)' },
  scd40: { humidity: 6, temperatureC: 0.8, source: 'Sensirion SCD40 datasheet: ±6 %, ±0.8 °C' },
  scd41: { humidity: 6, temperatureC: 0.8, source: 'Sensirion SCD41 datasheet: ±6 %, ±0.8 °C' },
  ds18b20: { humidity: null, temperatureC: 0.5, source: 'Dallas DS18B20 datasheet: ±0.5 °C' }
}

/** Where nobody said what is in the box: the middle of what people build with. */
export const errorAssumed: InstrumentError = {
  humidity: 3,
  temperatureC: 1,
  source: 'assumed: ±3 % and ±1 °C, as the common BME280'
}

/** Of the sensor of the box that measures humidity; the assumed one where nobody said what is in it. */
export function humidityError(sensors: readonly SensorFamily[]): InstrumentError & { isAssumed: boolean } {
  const known = sensors.flatMap((sensor) => errors[sensor] ?? []).filter(({ humidity }) => humidity !== null)
  // Of two sensors nobody knows which was read: the one that may be further off.
  const worst = known.toSorted((a, b) => (b.humidity ?? 0) - (a.humidity ?? 0))[0]
  return worst ? { ...worst, isAssumed: false } : { ...errorAssumed, isAssumed: true }
}
