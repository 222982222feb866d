/** A Meshtastic node with a BME280 on an allotment, and the gateway that hears it and speaks JSON (MeshPacketSerializer.cpp). */
import { field, measured, type Firmware } from './firmware.ts'

/** `index`: of the node, whose number is made of it. */
export function meshtastic(index = 12): Firmware {
  const from = 0x7c5b0000 + index
  return {
    quantities: ['temperature', 'humidity', 'pressure'],
    set([block]) {
      const text = block?.text ?? ''
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${field(text, 'Address')}`,
          username: field(text, 'Username'),
          password: field(text, 'Password'),
          clientId: '!7c5b1234',
          qos: 1
        },
        firmware: {
          messages({ temperature, humidity, pressure }, at) {
            const packet = {
              channel: 0,
              from,
              hop_start: 3,
              // A node that starts again begins at a number of its own.
              id: Math.floor(at / 1_000) % 0x1_0000_0000,
              payload: measured({
                barometric_pressure: pressure,
                relative_humidity: humidity,
                temperature
              }),
              rssi: -91,
              sender: '!7c5b1234',
              snr: 5.5,
              timestamp: Math.floor(at / 1_000),
              to: 4294967295,
              type: 'telemetry'
            }
            const to = `${field(text, 'Root topic')}/2/json/LongFast/!7c5b1234`
            return [{ to, payload: JSON.stringify(packet) }]
          }
        }
      }
    }
  }
}
