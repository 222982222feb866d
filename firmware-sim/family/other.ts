/** A board that somebody built: JSON with names of its own, whole numbers in tenths, posted or published. */
import { toIso } from '../../model/time.ts'
import { blockNamed, field, measured, type Firmware, type Running } from './firmware.ts'

/** What its steward tells the hub of it. */
export const otherMap = JSON.stringify({
  time: 'sent',
  fields: {
    'values.t_out': { quantity: 'temperature', scale: 0.1 },
    'values.rh': 'humidity',
    'values.wall': { quantity: 'surface_temperature', scale: 0.1, sentinel: -999 },
    'values.vdd': { quantity: 'battery_voltage', unit: 'mV' }
  }
})

export function other(door: 'http' | 'mqtt' = 'http'): Firmware {
  return {
    quantities: ['temperature', 'humidity', 'battery_voltage'],
    set(blocks) {
      const text = blockNamed(blocks, door)
      if (door === 'http') {
        const address = new URL(field(text, 'Address'))
        return {
          wire: { kind: 'http', origin: address.origin, headers: {} },
          firmware: running(address.pathname)
        }
      }
      return {
        wire: {
          kind: 'mqtt',
          url: `mqtt://${field(text, 'Broker')}:${field(text, 'Port')}`,
          username: field(text, 'User'),
          password: field(text, 'Password'),
          clientId: 'roof',
          qos: 1
        },
        firmware: running('boards/roof/all')
      }
    }
  }
}

function running(to: string): Running {
  return {
    messages({ temperature, humidity, battery_voltage }, at) {
      const tenths = (value: number | undefined): number | undefined =>
        value === undefined ? undefined : Math.round(value * 10)
      const values = measured({
        t_out: tenths(temperature),
        rh: humidity,
        wall: -999,
        vdd: battery_voltage === undefined ? undefined : Math.round(battery_voltage * 1_000)
      })
      return [{ to, payload: JSON.stringify({ station: 'roof', sent: toIso(at), values }) }]
    }
  }
}
