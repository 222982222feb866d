/** airRohr, "Send data to own API": an SPS30 or a DNMS, and a BME280; all values are text (airrohr-firmware.ino, createJson…). */
import { decimals, field, type Firmware, type Sent } from './firmware.ts'

const chip = '12345678'

export const airrohr: Firmware = {
  quantities: [
    'pm1',
    'pm2_5',
    'pm4',
    'pm10',
    'temperature',
    'humidity',
    'pressure',
    'laeq',
    'lamin',
    'lamax',
    'rssi'
  ],
  set([block]) {
    const text = block?.text ?? ''
    const path = field(text, 'Path')
    const scheme = field(text, 'HTTPS') === 'on' ? 'https' : 'http'
    const headers = {
      'Content-Type': 'application/json',
      'X-Sensor': `esp8266-${chip}`,
      'X-MAC-ID': 'esp8266-aabbcc345678',
      'X-PIN': '0',
      // It always sends the header, also where no name was typed in.
      Authorization: 'Basic ',
      'User-Agent': `NRZ-2024-135/${chip}/aabbcc345678`
    }
    return {
      wire: { kind: 'http', origin: `${scheme}://${field(text, 'Server')}:${field(text, 'Port')}`, headers },
      firmware: { messages: (values) => [{ to: path, payload: body(values) }] satisfies Sent[] }
    }
  }
}

type Given = Parameters<ReturnType<Firmware['set']>['firmware']['messages']>[0]

function body(values: Given): string {
  const list: [name: string, value: string | undefined][] = [
    ['SPS30_P0', decimals(values.pm1, 2)],
    ['SPS30_P2', decimals(values.pm2_5, 2)],
    ['SPS30_P4', decimals(values.pm4, 2)],
    ['SPS30_P1', decimals(values.pm10, 2)],
    ['BME280_temperature', decimals(values.temperature, 2)],
    ['BME280_pressure', decimals(values.pressure && values.pressure * 100, 2)],
    ['BME280_humidity', decimals(values.humidity, 2)],
    ['DNMS_noise_LAeq', decimals(values.laeq, 2)],
    ['DNMS_noise_LA_min', decimals(values.lamin, 2)],
    ['DNMS_noise_LA_max', decimals(values.lamax, 2)],
    ['samples', '5012345'],
    ['min_micro', '28'],
    ['max_micro', '20253'],
    ['interval', '145000'],
    ['signal', decimals(values.rssi, 0)]
  ]
  const sensordatavalues = list.flatMap(([value_type, value]) =>
    value === undefined ? [] : [{ value_type, value }]
  )
  return JSON.stringify({ esp8266id: chip, software_version: 'NRZ-2024-135', sensordatavalues })
}
