/** Ecowitt gateway, protocol "Ecowitt": a form with everything it has, in imperial units, as text (Fine Offset's customised upload). */
import { toIso } from '../../model/time.ts'
import { field, type Firmware, type Values } from './firmware.ts'

/** In which of its places the values are: outside, at the gateway, or a channel. */
export function ecowitt(where: 'outdoor' | 'indoor' = 'outdoor'): Firmware {
  return {
    quantities: ['temperature', 'humidity'],
    set([block]) {
      const text = block?.text ?? ''
      const path = field(text, 'Path')
      return {
        wire: {
          kind: 'http',
          origin: `http://${field(text, 'Server IP/Hostname')}:${field(text, 'Port')}`,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' }
        },
        firmware: {
          messages: (values, at) => {
            const form = [
              'PASSKEY=0123456789ABCDEF0123456789ABCDEF',
              'stationtype=GW1100A_V2.3.2',
              `dateutc=${toIso(at).slice(0, 19).replace('T', '+')}`,
              ...named(values, where),
              'freq=868M',
              'model=GW1100A',
              `interval=${field(text, 'Upload interval')}`
            ]
            return [{ to: path, payload: form.join('&') }]
          }
        }
      }
    }
  }
}

function named({ temperature, humidity }: Values, where: 'outdoor' | 'indoor'): string[] {
  const [tempName, humidityName] = where === 'outdoor' ? ['tempf', 'humidity'] : ['tempinf', 'humidityin']
  return [
    ...(temperature === undefined ? [] : [`${tempName}=${((temperature * 9) / 5 + 32).toFixed(2)}`]),
    ...(humidity === undefined ? [] : [`${humidityName}=${humidity.toFixed(0)}`])
  ]
}
