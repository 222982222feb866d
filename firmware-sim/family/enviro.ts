/** Pimoroni Enviro Urban on a Pico W: it posts each reading that it kept, with its time in whole seconds (destinations/http.py). */
import { toIso } from '../../model/time.ts'
import { blockNamed, measured, type Firmware } from './firmware.ts'

export const enviro: Firmware = {
  quantities: ['temperature', 'humidity', 'pressure', 'pm1', 'pm2_5', 'pm10', 'battery_voltage'],
  set(blocks) {
    const text = blockNamed(blocks, 'http')
    const setting = (name: string): string => new RegExp(`^${name} = '([^']*)'$`, 'm').exec(text)![1]!
    const url = new URL(setting('custom_http_url'))
    return {
      wire: { kind: 'http', origin: url.origin, headers: {} },
      firmware: {
        messages({ temperature, humidity, pressure, pm1, pm2_5, pm10, battery_voltage }, at) {
          const upload = {
            nickname: setting('nickname'),
            timestamp: `${toIso(at).slice(0, 19)}Z`,
            readings: {
              ...measured({ temperature, humidity, pressure, pm1, pm2_5, pm10, voltage: battery_voltage }),
              noise: 0.13
            },
            model: 'urban',
            uid: 'e66164084373532b'
          }
          return [{ to: url.pathname, payload: JSON.stringify(upload) }]
        }
      }
    }
  }
}
