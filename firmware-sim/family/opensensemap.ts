/** A senseBox: CSV lines of sensor, value and time, posted with its token (SenseBoxMCU, upload of csv). */
import { toIso } from '../../model/time.ts'
import { field, type Firmware } from './firmware.ts'

const sensors = {
  temperature: '5b26181b1fef04001b69093d',
  humidity: '5b26181b1fef04001b69093c',
  pressure: '5b26181b1fef04001b69093b',
  pm2_5: '5b26181b1fef04001b690939',
  pm10: '5b26181b1fef04001b69093a'
} as const

/** As https://api.opensensemap.org/boxes/<box> describes it. */
export const openSenseMapBox = JSON.stringify({
  _id: '5b26181b1fef04001b690938',
  name: 'yard',
  sensors: [
    { _id: sensors.temperature, title: 'Temperatur', unit: '°C', sensorType: 'HDC1080' },
    { _id: sensors.humidity, title: 'rel. Luftfeuchte', unit: '%', sensorType: 'HDC1080' },
    { _id: sensors.pressure, title: 'Luftdruck', unit: 'Pa', sensorType: 'BMP280' },
    { _id: sensors.pm2_5, title: 'PM2.5', unit: 'µg/m³', sensorType: 'SDS 011' },
    { _id: sensors.pm10, title: 'PM10', unit: 'µg/m³', sensorType: 'SDS 011' },
    { _id: '5b26181b1fef04001b690937', title: 'UV-Intensität', unit: 'μW/cm²', sensorType: 'VEML6070' }
  ]
})

export const opensensemap: Firmware = {
  quantities: ['temperature', 'humidity', 'pressure', 'pm2_5', 'pm10'],
  set([block]) {
    const text = block?.text ?? ''
    const origin = `http://${field(text, 'Server')}:${field(text, 'Port')}`
    const headers = { 'Content-Type': 'text/csv', Authorization: field(text, 'Access token') }
    return {
      wire: { kind: 'http', origin, headers },
      firmware: {
        messages(values, at) {
          const lines = Object.entries(sensors).flatMap(([quantity, id]) => {
            const value = values[quantity as keyof typeof sensors]
            if (value === undefined) return []
            return [`${id},${quantity === 'pressure' ? (value * 100).toFixed(2) : value},${toIso(at)}`]
          })
          lines.push(`5b26181b1fef04001b690937,${(20).toFixed(2)},${toIso(at)}`)
          return [{ to: '/boxes/5b26181b1fef04001b690938/data', payload: lines.join('\n') }]
        }
      }
    }
  }
}
