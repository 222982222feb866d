/** An ESP32 with ThingsBoard's Arduino client: its token is the user name, telemetry in milliseconds (MQTT Device API). */
import { blockNamed, field, measured, type Firmware, type Running } from './firmware.ts'

export function thingsboard(via: 'mqtt' | 'http' = 'mqtt'): Firmware {
  return {
    quantities: ['temperature', 'humidity', 'pressure', 'co2', 'pm2_5', 'pm10', 'battery'],
    set(blocks) {
      const text = blockNamed(blocks, via)
      if (via === 'http') {
        const url = new URL(field(text, 'URL'))
        return {
          wire: { kind: 'http', origin: url.origin, headers: { 'Content-Type': 'application/json' } },
          firmware: running(url.pathname)
        }
      }
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${field(text, 'Server')}:${field(text, 'Port')}`,
          username: field(text, 'Access token'),
          clientId: 'esp32',
          qos: 1
        },
        firmware: running('v1/devices/me/telemetry')
      }
    }
  }
}

function running(to: string): Running {
  return {
    messages({ temperature, humidity, pressure, co2, pm2_5, pm10, battery }, at) {
      const values = measured({ temperature, humidity, pressure, co2, pm25: pm2_5, pm10, battery })
      return [{ to, payload: JSON.stringify({ ts: at, values }) }]
    }
  }
}
