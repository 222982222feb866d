/** A hub over a real store with a small, known neighbourhood, asked by its SensorThings addresses. */
import { openNumbersRig, type NumbersRig } from '../support/figures-rig.ts'
import { at, start } from '../support/api-hub.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import type { Reading } from '../../model/reading.ts'
import type { Store } from '../../store/promise/store.ts'

export type Json = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any

export interface StaRig {
  rig: NumbersRig
  outdoor: Credentials[]
  indoor: Credentials
  /** Everything that was measured outdoors. */
  readings: Reading[]
  /** An address behind the service's; throws where it is not answered with 200. */
  get(path: string): Promise<Json>
  /** Whatever it answers. */
  ask(
    path: string,
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  ): Promise<{ status: number; body: string; headers: Json }>
  /** Follows `@iot.nextLink` to the end. */
  all(path: string): Promise<Json[]>
  close(): Promise<void>
}

/** Stands in every reading of the one room, so that it can be looked for in everything. */
export const telltale = 71.828182
export const begin = at('2026-11-22T00:00:00Z')

export async function openStaRig(openStore?: (folder: string) => Promise<Store>): Promise<StaRig> {
  const rig = await openNumbersRig(openStore)
  const { registry, app } = rig.hub
  registry.addStreet({
    name: 'Mill Lane',
    lines: [
      [
        [-2.58, 51.46],
        [-2.579, 51.461]
      ]
    ],
    attribution: '© OpenStreetMap contributors'
  })
  registry.addStreet({ name: "St Mary's Row" })
  const outdoor = [
    rig.hub.addSite('mill-lane'),
    rig.hub.addSite('mill-lane'),
    rig.hub.addSite('st-marys-row')
  ]
  const indoor = rig.hub.addSite('mill-lane', 'indoor', { homeId: 'home-1' })
  for (const site of [...outdoor, indoor]) await rig.store.setInterval(site.deviceId, 600)
  const written = readings(outdoor, indoor)
  await rig.write(written)
  let requests = 0
  const ask: StaRig['ask'] = async (path, method = 'GET') => {
    // One address may ask three thousand times a minute.
    const remoteAddress = `10.0.${Math.floor(++requests / 1_000)}.1`
    const url = `/sta/v1.1${path}`
    const { statusCode: status, body, headers } = await app.inject({ method, url, remoteAddress })
    return { status, body, headers }
  }
  const get = async (path: string): Promise<Json> => {
    const { status, body } = await ask(path)
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
    return JSON.parse(body) as Json
  }
  return {
    rig,
    outdoor,
    indoor,
    readings: written.filter(({ siteId }) => siteId !== indoor.siteId),
    ask,
    get,
    async all(path) {
      const found: Json[] = []
      for (let next: string | undefined = path; next !== undefined;) {
        const page: Json = await get(next)
        found.push(...(page['value'] as Json[]))
        next = (page['@iot.nextLink'] as string | undefined)?.replace(/^.*\/sta\/v1\.1/, '')
      }
      return found
    },
    close: () => rig.close()
  }
}

/** Every ten minutes since `begin`; values, flags and reasons that repeat with different periods. */
function readings(outdoor: readonly Credentials[], indoor: Credentials): Reading[] {
  const made: Reading[] = []
  for (let n = 0, time = begin as number; time < start; n++, time += 10 * minuteMs) {
    for (const [place, { siteId, deviceId }] of [...outdoor, indoor].entries()) {
      for (const [i, quantity] of (['pm2_5', 'humidity', 'laeq'] as const).entries()) {
        const isIndoor = siteId === indoor.siteId
        made.push({
          siteId,
          deviceId,
          quantity,
          // Not all at the same moment, and some with milliseconds.
          measuredAt: (time + place * 1_000 + (n % 3 === 0 ? 250 : 0)) as UnixMs,
          receivedAt: (time + 2_000) as UnixMs,
          value: isIndoor ? telltale : ((n * 7 + place * 3 + i * 11) % 50) + (n % 4) / 4,
          flag: n % 11 === 0 ? 4 : n % 5 === 0 ? 3 : 1,
          reasons: n % 11 === 0 ? 1 : n % 5 === 0 ? 2 : 0,
          sequence: n + 1,
          importId: 0
        })
      }
    }
  }
  return made
}
