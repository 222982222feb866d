/** ESPHome: one value a message, as plain text, in a topic for each entity (mqtt_component.cpp, sensor accuracy_decimals). */
import type { Quantity } from '../../model/quantity.ts'
import { field, type Firmware, type Sent } from './firmware.ts'

/** How an entity of a quantity is named, and with how many decimals its driver reports. */
const entities: Partial<Record<Quantity, readonly [object: string, digits: number]>> = {
  pm2_5: ['pm2_5', 1],
  pm10: ['pm10', 1],
  temperature: ['temperature', 1],
  humidity: ['humidity', 1],
  pressure: ['pressure', 1],
  surface_temperature: ['surface_temperature', 1],
  laeq: ['laeq_1min', 1],
  lamax: ['lamax_1s_1min', 1],
  lamin: ['lamin_1s_1min', 1],
  rssi: ['wifi_signal', 0]
}

/** `air`, `noise` or `damp`, as the page calls its blocks; the first unless given. */
export function esphome(block?: string): Firmware {
  return {
    quantities: Object.keys(entities) as Quantity[],
    set(blocks) {
      const text = (blocks.find(({ name }) => name === block) ?? blocks[0])?.text ?? ''
      const prefix = field(text, 'topic_prefix')
      const said = (payload: string): Sent => ({ to: `${prefix}/status`, payload, retain: true })
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${field(text, 'broker')}:${field(text, 'port')}`,
          username: field(text, 'username'),
          password: field(text, 'password'),
          clientId: `${prefix}-aabbccddeeff`,
          qos: 1,
          will: said('offline'),
          hello: said('online')
        },
        firmware: {
          messages: (values) =>
            Object.entries(entities).flatMap(([quantity, [object, digits]]) => {
              const value = values[quantity as Quantity]
              if (value === undefined) return []
              return [
                { to: `${prefix}/sensor/${object}/state`, payload: value.toFixed(digits), retain: true }
              ]
            })
        }
      }
    }
  }
}
