/** Kinds of sensors that people build with: what a box holds decides which limits and which corrections suit it. */

/** The name as `--sensor` takes it, with what people call it. */
export const sensorFamilies = {
  sds011: 'Nova SDS011',
  pms5003: 'Plantower PMS5003 or PMS7003',
  sps30: 'Sensirion SPS30',
  bme280: 'Bosch BME280',
  dht22: 'Aosong DHT22',
  sht31: 'Sensirion SHT31',
  ds18b20: 'Dallas DS18B20',
  scd30: 'Sensirion SCD30',
  scd40: 'Sensirion SCD40',
  scd41: 'Sensirion SCD41',
  ics43434: 'InvenSense ICS-43434',
  no2cell: 'electrochemical NO₂ cell',
  woodpin: 'resistive wood moisture pins'
} as const

export type SensorFamily = keyof typeof sensorFamilies

export const sensorFamilyNames = Object.keys(sensorFamilies) as SensorFamily[]

export function isSensorFamily(name: string): name is SensorFamily {
  return Object.hasOwn(sensorFamilies, name)
}
