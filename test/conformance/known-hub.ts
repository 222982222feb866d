/** A hub with known data, for clients from outside: three outdoor sensors, a correction, a room that nobody may see, a published day. */
import { openHubHere, type HubHere } from '../support/hub-here.ts'
import { send } from '../support/hub-rooms.ts'
import { dayMs, hourMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'

export interface KnownHub {
  here: HubHere
  base: string
  outdoor: Credentials[]
  /** Every reading that was sent from outdoors, by site and quantity, oldest first. */
  readings: KnownReading[]
  close(): Promise<void>
}

export interface KnownReading {
  site: string
  quantity: 'pm2_5' | 'humidity' | 'laeq'
  at: number
  value: number
}

/** Two days of ten minutes. */
const count = 288

export async function openKnownHub(env: Record<string, string> = {}): Promise<KnownHub> {
  const here = await openHubHere(env)
  const { registry, hub } = here
  const begin = (Math.floor((systemClock.now() - 3 * dayMs) / hourMs) * hourMs) as UnixMs
  registry.addStreet({
    name: 'Mill Lane',
    lines: [
      [
        [-2.58, 51.46],
        [-2.579, 51.461]
      ]
    ]
  })
  const streets = ['ashley-road', 'ashley-road', 'mill-lane']
  const outdoor = streets.map((streetId) =>
    registry.addDevice(
      { streetId, placement: 'outdoor', intervalS: 600, sensors: ['sds011', 'bme280'] },
      begin
    )
  )
  const room = registry.addDevice({ streetId: 'mill-lane', placement: 'indoor', intervalS: 600 }, begin)
  registry.addCorrection(
    {
      row: {
        deviceId: outdoor[0]!.deviceId,
        siteId: null,
        quantity: 'pm2_5',
        formula: 'linear',
        formulaVersion: 1,
        coefficients: { slope: 0.5, intercept: 1 },
        sensor: 'sds011',
        signal: 'only',
        from: null,
        until: null
      },
      origin: 'the conformance suite'
    },
    begin
  )
  const day = { date: toIso(begin).slice(0, 10), from: (begin - dayMs) as UnixMs, until: begin }
  const figure = { streetId: 'mill-lane', quantity: 'humidity' as const, value: 57, homes: 5, hours: null }
  registry.decideDay(day, [figure], systemClock.now())
  await hub.rooms.directoryTold()

  const readings: KnownReading[] = []
  for (const [place, { siteId, deviceId }] of [...outdoor, room].entries()) {
    const messages = Array.from({ length: count }, (_, n) => {
      const at = begin + n * 10 * minuteMs + place * 1_000
      const values = {
        pm2_5: ((n * 7 + place * 3) % 50) + 0.25,
        humidity: 40 + ((n + place) % 40),
        laeq: 50 + (n % 20)
      }
      if (siteId !== room.siteId)
        for (const [quantity, value] of Object.entries(values))
          readings.push({ site: siteId, quantity: quantity as KnownReading['quantity'], at, value })
      return { at: toIso(at as UnixMs), ...values }
    })
    await send(hub.rooms, deviceId, messages)
  }
  await hub.rooms.pipeline.service.drain()
  await hub.rooms.pipeline.service.settleRollups()
  return { here, base: `${here.url}/sta/v1.1`, outdoor, readings, close: () => here.close() }
}
