/** Tasmota: one JSON with a member for each sensor, a local time without a zone, one decimal (xsns_*.ino, MqttPublishTeleSensor). */
import { blockNamed, measured, type Firmware, type Sent } from './firmware.ts'

export const tasmota: Firmware = {
  quantities: ['pm1', 'pm2_5', 'pm10', 'co2', 'temperature', 'humidity', 'pressure'],
  set(blocks) {
    const commands = new Map(
      blockNamed(blocks, 'settings')
        .replace(/^Backlog /, '')
        .split('; ')
        .map((one): [string, string] => [one.split(' ')[0]!, one.slice(one.indexOf(' ') + 1)])
    )
    const command = (name: string): string => {
      const value = commands.get(name)
      if (value === undefined) throw new Error(`The settings have no ${name}.`)
      return value
    }
    const topic = (prefix: string, last: string): string =>
      command('FullTopic').replace('%prefix%', prefix).replace('%topic%', command('Topic')) + last
    const presence = (payload: string): Sent => ({ to: topic('tele', 'LWT'), payload, retain: true })
    return {
      wire: {
        kind: 'mqtt',
        url: `mqtt://${command('MqttHost')}:${command('MqttPort')}`,
        username: command('MqttUser'),
        password: command('MqttPassword'),
        clientId: 'DVES_ABCDEF',
        qos: 0,
        will: presence('Offline'),
        hello: presence('Online')
      },
      firmware: {
        messages(values, at) {
          const { temperature, humidity, pressure, pm1, pm2_5, pm10, co2 } = values
          const sensors = {
            BME280: measured({ Temperature: temperature, Humidity: humidity, Pressure: pressure }),
            PMS5003: measured({ CF1: pm1, PM1: pm1, 'PM2.5': pm2_5, PM10: pm10 }),
            MHZ19B: measured({ CarbonDioxide: co2 })
          }
          const there = Object.entries(sensors).filter(([, members]) => Object.keys(members).length > 0)
          // Two hours off: nobody set its time zone.
          const Time = new Date(at + 7_200_000).toISOString().slice(0, 19)
          const units = { PressureUnit: 'hPa', TempUnit: 'C' }
          const payload = JSON.stringify({ Time, ...Object.fromEntries(there), ...units })
          return [{ to: topic('tele', 'SENSOR'), payload }]
        }
      }
    }
  }
}
