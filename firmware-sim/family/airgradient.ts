/** AirGradient ONE and Open Air, firmware 3.1: one JSON a minute, of whole counts; what it could not measure it leaves out (AgValue.cpp). */
import { blockNamed, measured, type Firmware } from './firmware.ts'

const serial = 'aabbccddeeff'

export const airgradient: Firmware = {
  quantities: ['pm1', 'pm2_5', 'pm10', 'co2', 'temperature', 'humidity', 'tvoc_index', 'rssi'],
  set(blocks) {
    const url = /"mqttBrokerUrl":"([^"]+)"/.exec(blockNamed(blocks, 'settings'))?.[1]
    if (url === undefined) throw new Error('The settings have no mqttBrokerUrl.')
    // The ESP's client splits at the first colon and the last @: a password must have neither.
    const [, username = '', password = '', host = ''] = /^mqtt:\/\/([^:]+):([^:@]+)@(.+)$/.exec(url) ?? []
    let boot = 41
    return {
      wire: {
        kind: 'mqtt',
        url: `mqtt://${host}`,
        username,
        password,
        clientId: `airgradient-${serial}`,
        qos: 0
      },
      firmware: {
        messages: (values) => {
          const named = measured({
            pm01: values.pm1,
            pm02: values.pm2_5,
            pm10: values.pm10,
            rco2: values.co2,
            atmp: values.temperature,
            rhum: values.humidity,
            tvocIndex: values.tvoc_index,
            wifi: values.rssi,
            // Corrected by the box itself, and another value than the sensor's.
            atmpCompensated: values.temperature === undefined ? undefined : values.temperature - 1.5,
            pm02Compensated: values.pm2_5 === undefined ? undefined : values.pm2_5 * 0.7
          })
          const about = { serialno: serial, bootCount: ++boot, firmware: '3.1.1', model: 'O-1PST' }
          return [{ to: `airgradient/readings/${serial}`, payload: JSON.stringify({ ...named, ...about }) }]
        }
      }
    }
  }
}
