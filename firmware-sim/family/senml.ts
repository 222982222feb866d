/** A constrained board that posts SenML packs: a base name and time, and a record for each quantity (RFC 8428, section 5). */
import { field, type Firmware } from './firmware.ts'

export const senml: Firmware = {
  quantities: ['temperature', 'humidity', 'pressure', 'battery'],
  set([block]) {
    const address = new URL(field(block?.text ?? '', 'Address'))
    return {
      wire: { kind: 'http', origin: address.origin, headers: { 'Content-Type': 'application/senml+json' } },
      firmware: {
        messages({ temperature, humidity, pressure, battery }, at) {
          const records: [name: string, unit: string, value: number | undefined][] = [
            ['temperature', 'Cel', temperature],
            ['humidity', '%RH', humidity],
            ['pressure', 'Pa', pressure === undefined ? undefined : Math.round(pressure * 100)],
            ['battery', '%EL', battery]
          ]
          const there = records.flatMap(([n, u, v]) => (v === undefined ? [] : [{ n, u, v }]))
          const pack = [{ bn: 'urn:dev:mac:0024befffe804ff1:', bt: Math.floor(at / 1_000) }, ...there]
          return [{ to: address.pathname, payload: JSON.stringify(pack) }]
        }
      }
    }
  }
}
