/** Zigbee2MQTT with one thermometer or air sensor behind it: its whole state with each report, and when it was heard. */
import { toIso } from '../../model/time.ts'
import { blockNamed, field, measured, type Firmware } from './firmware.ts'

/** `direct` to the hub, or as a Mosquitto of the host's passes it on; the page has both. */
export function zigbee2mqtt(thing = 'hall', via: 'direct' | 'bridge' = 'direct'): Firmware {
  return {
    quantities: [
      'temperature',
      'humidity',
      'pressure',
      'pm2_5',
      'co2',
      'tvoc_index',
      'battery',
      'battery_voltage'
    ],
    set(blocks) {
      const text = blockNamed(blocks, via)
      const wire =
        via === 'direct'
          ? {
              url: field(text, 'server'),
              username: field(text, 'user'),
              password: field(text, 'password'),
              clientId: 'mqttjs_zigbee2mqtt',
              qos: 0 as const
            }
          : {
              url: `mqtt://${field(text, 'address')}`,
              username: field(text, 'remote_username'),
              password: field(text, 'remote_password'),
              clientId: field(text, 'remote_clientid'),
              qos: 1 as const
            }
      const base = via === 'direct' ? field(text, 'base_topic') : field(text, 'topic').split('/')[0]!
      return {
        wire: { kind: 'mqtt', ...wire },
        firmware: {
          messages: (values, at) => {
            const state = measured({
              battery: values.battery,
              temperature: values.temperature,
              humidity: values.humidity,
              pressure: values.pressure,
              pm25: values.pm2_5,
              co2: values.co2,
              voc_index: values.tvoc_index,
              voltage: values.battery_voltage && Math.round(values.battery_voltage * 1_000)
            })
            const heard = { linkquality: 96, last_seen: toIso(at) }
            return [{ to: `${base}/${thing}`, payload: JSON.stringify({ ...state, ...heard }), retain: true }]
          }
        }
      }
    }
  }
}
