/** A LoRaWAN sensor (Milesight AM107 by its codec) as ChirpStack's HTTP integration posts its uplinks; zero values are left out. */
import { toIso } from '../../model/time.ts'
import { field, measured, type Firmware } from './firmware.ts'

/** `index`: of the end device, whose name and address are made of it. */
export function chirpstack(index = 12): Firmware {
  const devEui = `24e124${index.toString(16).padStart(10, '0')}`
  return {
    quantities: ['temperature', 'humidity', 'co2', 'pressure', 'battery'],
    set([block]) {
      const endpoint = new URL(field(block?.text ?? '', 'Event endpoint URL'))
      let fCnt = 0
      return {
        wire: { kind: 'http', origin: endpoint.origin, headers: { 'Content-Type': 'application/json' } },
        firmware: {
          messages(values, at) {
            const { temperature, humidity, co2, pressure, battery } = values
            const uplink = {
              deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
              time: toIso(at).replace('Z', '000+00:00'),
              deviceInfo: {
                tenantName: 'ChirpStack',
                applicationName: 'nbhd',
                deviceProfileName: 'AM107',
                deviceName: `room-${index}`,
                devEui
              },
              devAddr: '00189440',
              dr: 1,
              ...(fCnt === 0 ? {} : { fCnt }),
              fPort: 85,
              data: 'AXVcA2cBAQRoUQ==',
              object: measured({ temperature, humidity, co2, pressure, battery }),
              rxInfo: [
                {
                  gatewayId: '0016c001f153a14c',
                  rssi: -57,
                  snr: 10,
                  location: { latitude: 51.1, longitude: 0.1, altitude: 20 }
                }
              ]
            }
            fCnt++
            return [{ to: `${endpoint.pathname}?event=up`, payload: JSON.stringify(uplink) }]
          }
        }
      }
    }
  }
}
