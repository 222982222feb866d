/** Smart Citizen Kit 2.x: known by its token as client id alone; what it kept comes in one raw message, which is no JSON (sck2x-esp). */
import type { Quantity } from '../../model/quantity.ts'
import { toIso } from '../../model/time.ts'
import { type Firmware } from './firmware.ts'

/** Ids of the platform's sensors, and what the value must be multiplied with: pressure is in kilopascal. */
const ids: Partial<Record<Quantity, readonly [id: number, times: number]>> = {
  temperature: [55, 1],
  humidity: [56, 1],
  laeq: [53, 1],
  pressure: [58, 0.1],
  pm1: [89, 1],
  pm2_5: [87, 1],
  pm10: [88, 1],
  battery: [10, 1],
  rssi: [220, 1]
}

export const smartcitizen: Firmware = {
  quantities: Object.keys(ids) as Quantity[],
  set([block]) {
    const text = block?.text ?? ''
    const [, host, port] = /mqttsrv -host (\S+) -port (\d+)/.exec(text) ?? []
    const token = /config .*-token (\w{6})/.exec(text)?.[1]
    if (host === undefined || port === undefined || token === undefined)
      throw new Error('The settings lack the server or the token.')
    return {
      wire: {
        kind: 'mqtt',
        url: `mqtt://${host}:${port}`,
        clientId: token,
        qos: 0,
        hello: { to: `device/sck/${token}/hello`, payload: `${token}:Hello` }
      },
      firmware: {
        messages(values, at) {
          const pairs = Object.entries(ids).map(([quantity, [id, times]]) => {
            const value = values[quantity as Quantity]
            return `${id}:${value === undefined ? 'null' : Number((value * times).toFixed(3))}`
          })
          const t = `t:${toIso(at).slice(0, 19)}Z`
          return [{ to: `device/sck/${token}/readings/raw`, payload: `{${[t, ...pairs].join(',')}}` }]
        }
      }
    }
  }
}
