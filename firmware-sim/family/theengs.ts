/** Theengs Gateway with a Xiaomi or Govee thermometer in its reach: each advertisement, decoded, with degrees in both scales. */
import { measured, type Firmware } from './firmware.ts'

/** `index`: of the thermometer, whose address is made of it. */
export function theengs(index = 12): Firmware {
  const mac = `A4C138${index.toString(16).toUpperCase().padStart(6, '0')}`
  return {
    quantities: ['temperature', 'humidity', 'battery', 'battery_voltage'],
    set([block]) {
      const text = block?.text ?? ''
      const option = (name: string): string => new RegExp(`"${name}": "?([^",]*)"?`).exec(text)![1]!
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${option('host')}:${option('port')}`,
          username: option('user'),
          password: option('pass'),
          clientId: 'TheengsGateway',
          qos: 0
        },
        firmware: {
          messages({ temperature, humidity, battery, battery_voltage }) {
            const advertisement = {
              id: mac.match(/../g)!.join(':'),
              rssi: -82,
              brand: 'Xiaomi',
              model: 'TH Sensor',
              model_id: 'LYWSD03MMC_ATC',
              type: 'THB',
              ...measured({
                tempc: temperature,
                tempf:
                  temperature === undefined ? undefined : Number(((temperature * 9) / 5 + 32).toFixed(2)),
                hum: humidity,
                batt: battery,
                volt: battery_voltage
              })
            }
            const to = `${option('publish_topic')}/${mac}`
            return [{ to, payload: JSON.stringify(advertisement) }]
          }
        }
      }
    }
  }
}
