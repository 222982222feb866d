/** A LoRaWAN sensor (Dragino LHT65 with a probe) as The Things Stack's webhook passes its uplinks on; zero and empty are left out. */
import { toIso } from '../../model/time.ts'
import { field, measured, type Firmware } from './firmware.ts'

/** `index`: of the end device, whose name and address are made of it. */
export function ttn(index = 12): Firmware {
  const name = `damp-${index}`
  const devEui = `70B3D57ED0${index.toString(16).toUpperCase().padStart(6, '0')}`
  return {
    quantities: ['temperature', 'humidity', 'surface_temperature', 'battery_voltage'],
    set([block]) {
      const text = block?.text ?? ''
      const base = new URL(field(text, 'Base URL'))
      let count = 117
      return {
        wire: {
          kind: 'http',
          origin: base.origin,
          headers: { 'Content-Type': 'application/json', 'User-Agent': 'TheThingsStack/3.30.1' }
        },
        firmware: {
          messages: (values, at) => {
            const uplink = {
              end_device_ids: {
                device_id: name,
                application_ids: { application_id: 'nbhd' },
                dev_eui: devEui
              },
              received_at: toIso(at).replace('Z', '123456Z'),
              uplink_message: {
                f_port: 2,
                f_cnt: ++count,
                frm_payload: 'y/YK0AJoAX//f/8=',
                decoded_payload: {
                  ...measured({
                    TempC_SHT: values.temperature,
                    Hum_SHT: values.humidity,
                    TempC_DS: values.surface_temperature,
                    BatV: values.battery_voltage
                  }),
                  Ext_sensor: 'Temperature Sensor'
                },
                rx_metadata: [
                  {
                    gateway_ids: { gateway_id: 'gw1' },
                    rssi: -104,
                    snr: 6.5,
                    location: { latitude: 51.1, longitude: 0.1 }
                  }
                ],
                received_at: toIso(at).replace('Z', '001Z')
              }
            }
            return [{ to: base.pathname, payload: JSON.stringify(uplink) }]
          }
        }
      }
    }
  }
}
