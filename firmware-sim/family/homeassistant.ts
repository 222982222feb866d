/** Home Assistant's mqtt_statestream behind a bridge: of each entity a state, its times and its attributes, all retained, QoS 1. */
import type { Quantity } from '../../model/quantity.ts'
import { toIso } from '../../model/time.ts'
import { blockNamed, field, type Firmware } from './firmware.ts'

const entities: Partial<Record<Quantity, readonly [ending: string, deviceClass: string, unit: string]>> = {
  temperature: ['temperature', 'temperature', '°C'],
  humidity: ['humidity', 'humidity', '%'],
  pressure: ['pressure', 'atmospheric_pressure', 'hPa'],
  co2: ['carbon_dioxide', 'carbon_dioxide', 'ppm'],
  pm2_5: ['pm2_5', 'pm25', 'µg/m³'],
  pm10: ['pm10', 'pm10', 'µg/m³']
}

/** `thing`: how the entities of the box begin. */
export function homeassistant(thing = 'hall'): Firmware {
  return {
    quantities: Object.keys(entities) as Quantity[],
    set(blocks) {
      const base = field(blockNamed(blocks, 'statestream'), 'base_topic')
      const bridge = blockNamed(blocks, 'bridge')
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${field(bridge, 'address')}`,
          username: field(bridge, 'remote_username'),
          password: field(bridge, 'remote_password'),
          clientId: field(bridge, 'remote_clientid'),
          qos: 1
        },
        firmware: {
          messages: (values, at) =>
            Object.entries(entities).flatMap(([quantity, [ending, deviceClass, unit]]) => {
              const value = values[quantity as Quantity]
              if (value === undefined) return []
              const topic = `${base}/sensor/${thing}_${ending}`
              const time = toIso(at).replace('Z', '000+00:00')
              return [
                { to: `${topic}/state`, payload: String(value), retain: true },
                { to: `${topic}/last_updated`, payload: time, retain: true },
                { to: `${topic}/last_changed`, payload: time, retain: true },
                { to: `${topic}/state_class`, payload: '"measurement"', retain: true },
                { to: `${topic}/unit_of_measurement`, payload: JSON.stringify(unit), retain: true },
                { to: `${topic}/device_class`, payload: JSON.stringify(deviceClass), retain: true }
              ]
            })
        }
      }
    }
  }
}
