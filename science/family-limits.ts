/** QARTOD gross range by sensor family: what a kind of sensor can say, where that is less than what the quantity can be. */
import { quantities, type MeasuredQuantity } from '../model/quantity.ts'
import type { SensorFamily } from '../model/sensor.ts'

export interface FamilyLimit {
  /** Outside a value cannot have been measured by it: flag 4. */
  fail: { min: number; max: number }
  /** Outside it is doubtful: flag 3. Absent where nothing narrower than the quantity's own is known. */
  suspect?: { min: number; max: number }
  source: string
}

type Table = Readonly<Record<SensorFamily, Partial<Record<MeasuredQuantity, FamilyLimit>>>>

const sds011: FamilyLimit = {
  fail: { min: 0, max: 999.9 },
  // The convention of this project is for means of an hour; single puffs above it are doubtful too, and only that.
  suspect: { min: 0, max: 300 },
  source: 'Nova SDS011 specification: 0.0 to 999.9 µg/m³'
}

/** Of PM10 it says twice as much as of PM2.5: a dust storm stays on its scale. */
const sds011Coarse: FamilyLimit = {
  fail: { min: 0, max: 1_999.9 },
  suspect: sds011.suspect!,
  source: 'archives of sensor.community: PM10 to 1999.9 µg/m³, where the SDS011 specification says 999.9'
}

const plantower: FamilyLimit = {
  fail: { min: 0, max: 1000 },
  suspect: { min: 0, max: 500 },
  source: 'Plantower PMS5003 datasheet: effective range to 500 µg/m³, at most 1000'
}

const sps30: FamilyLimit = {
  fail: { min: 0, max: 1000 },
  suspect: { min: 0, max: 1000 },
  source: 'Sensirion SPS30 datasheet: 0 to 1000 µg/m³'
}

/** Firmware adds offsets to what these sensors cut off at 100 %, so a little more is as possible as it is elsewhere. */
const wholeHumidity = (source: string): FamilyLimit => ({
  fail: { min: 0, max: quantities.humidity.possibleMax },
  source
})

const carbonDioxide = (usualMax: number, source: string): FamilyLimit => ({
  fail: { min: 0, max: 40_000 },
  suspect: { min: 380, max: usualMax },
  source
})

const microphone: FamilyLimit = {
  fail: { min: 20, max: 120 },
  suspect: { min: 32, max: 120 },
  source:
    'InvenSense DS-000069: SNR 65 dBA (self-noise about 29 dBA), overload at 120 dB; below 32 dB it hears itself'
}

const dallas: FamilyLimit = {
  fail: { min: -55, max: 125 },
  suspect: { min: -20, max: 60 },
  source: 'DS18B20 datasheet; at a wall −20 to 60 °C'
}

/** The values are those of the datasheets as project notes have them; where marked there as recalled, not seen in a copy. */
export const familyLimits: Table = {
  sds011: { pm2_5: sds011, pm10: sds011Coarse },
  pms5003: { pm1: plantower, pm2_5: plantower, pm10: plantower },
  sps30: { pm1: sps30, pm2_5: sps30, pm4: sps30, pm10: sps30 },
  bme280: {
    temperature: { fail: { min: -40, max: 85 }, source: 'Bosch BME280 datasheet' },
    humidity: wholeHumidity('Bosch BME280 datasheet'),
    pressure: {
      fail: { min: 300, max: 1100 },
      suspect: { min: 850, max: 1085 },
      source: 'Bosch BME280 datasheet'
    }
  },
  dht22: {
    temperature: { fail: { min: -40, max: 80 }, source: 'Aosong AM2302 datasheet' },
    humidity: wholeHumidity('Aosong AM2302 datasheet')
  },
  sht31: {
    temperature: { fail: { min: -40, max: 125 }, source: 'Sensirion SHT3x datasheet' },
    humidity: wholeHumidity('Sensirion SHT3x datasheet')
  },
  ds18b20: { temperature: dallas, surface_temperature: dallas },
  scd30: { co2: carbonDioxide(5_000, 'Sensirion SCD30 datasheet') },
  scd40: { co2: carbonDioxide(2_000, 'Sensirion SCD4x datasheet: accuracy given to 2,000 ppm') },
  scd41: { co2: carbonDioxide(5_000, 'Sensirion SCD4x datasheet: accuracy given to 5,000 ppm') },
  ics43434: {
    laeq: microphone,
    lamin: microphone,
    lamax: microphone,
    la10: microphone,
    la50: microphone,
    la90: microphone
  },
  no2cell: {
    no2: {
      fail: { min: -95, max: quantities.no2.possibleMax },
      source: 'electrochemical cells drift to −50 ppb and read to 2 ppm'
    }
  },
  woodpin: {
    wall_moisture: {
      fail: { min: 6, max: 40 },
      source: 'resistance of wood says nothing below 6 % and above fibre saturation'
    }
  }
}

/** Which of a box's sensors measured a quantity; undefined where none is known to. */
export function familyOf(
  sensors: readonly SensorFamily[],
  quantity: MeasuredQuantity
): SensorFamily | undefined {
  for (const family of sensors) if (familyLimits[family][quantity] !== undefined) return family
  return undefined
}
