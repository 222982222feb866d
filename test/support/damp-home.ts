/** A home on a hub at a handed-in time: a bedroom with a sensor, the air outdoors, its person, and readings as they are asked for. */
import type { ClockSources } from '../../hub/clock/watch.ts'
import { openRecords, type Records } from '../../hub/records/records.ts'
import type { RecordQuestion } from '../../hub/records/gather.ts'
import { placesOf } from '../../hub/records/places.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import { dayMs, hourMs, parseIsoZoned, toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { temporaryFolder } from './hub-process.ts'
import { openHubRooms, send, type OpenedRooms } from './hub-rooms.ts'

export interface Air {
  temperature: number
  humidity: number
}

export interface DampHome {
  rooms: OpenedRooms
  records: Records
  personId: string
  bedroom: Credentials
  outdoors: Credentials
  /** The hub's clock. */
  now(): UnixMs
  /** Time passes at once. */
  pass(ms: number): void
  /** A reading of each quantity every half hour in [from, until), and everything made of them. */
  measure(
    box: Credentials,
    from: UnixMs,
    until: UnixMs,
    air: (at: UnixMs) => Partial<Air> | undefined
  ): Promise<void>
  question(more?: Partial<RecordQuestion>): RecordQuestion
  close(): Promise<void>
}

export const homeStart = moment('2026-01-05T00:00:00Z')
/** The clock that a reading of that day needs: the hub takes no older ones. */
export const homeNow = moment('2026-03-02T12:00:00Z')
const everyMs = hourMs / 2

export function moment(text: string): UnixMs {
  return parseIsoZoned(text)!
}

/** A cold winter: 3 °C outdoors, in the room 16 °C and 72 % at night, 18 °C and 50 % by day. */
export const outdoorAir = (): Air => ({ temperature: 3, humidity: 88 })
export const dampAir = (at: UnixMs): Air => {
  const hour = new Date(at).getUTCHours()
  return { temperature: hour < 7 ? 16 : 18, humidity: hour < 8 ? 72 : 50 }
}

export async function openDampHome({
  start = homeNow,
  sensors = ['sht31']
}: { start?: UnixMs; sensors?: SensorFamily[] } = {}): Promise<DampHome> {
  const folder = temporaryFolder()
  let passed = 0
  const begun = performance.now()
  const sources: ClockSources = {
    wall: { now: () => Math.round(start + passed + performance.now() - begun) as UnixMs },
    steadyMs: () => performance.now() - begun + passed,
    isServed: () => true,
    boot: undefined
  }
  const rooms = await openHubRooms(folder.path, 'Europe/London', sources)
  const now = (): UnixMs => rooms.clock.now()
  const records = openRecords({ ...rooms, readings: rooms.pipeline.service, hubName: 'Testing Town' })
  const { streetId } = rooms.registry.addStreet({ name: 'Ashley Road' })
  const { personId } = rooms.registry.addPerson({ name: 'Anna Łuczak', homeId: 'number-12' }, now())
  const add = (more: object): Credentials =>
    rooms.registry.addDevice({ streetId, placement: 'outdoor', intervalS: everyMs / 1000, ...more }, now())
  const outdoors = add({})
  const bedroom = add({ placement: 'indoor', homeId: 'number-12', name: 'Bedroom, north wall', sensors })
  await rooms.directoryTold()
  return {
    rooms,
    records,
    personId,
    bedroom,
    outdoors,
    now,
    pass: (ms) => void (passed += ms),
    async measure(box, from, until, air) {
      const batch: object[] = []
      for (let at = from; at < until; at = (at + everyMs) as UnixMs) {
        const values = air(at)
        if (values) batch.push({ at: toIso(at), ...values })
        if (batch.length === 400) await send(rooms, box.deviceId, batch.splice(0))
      }
      if (batch.length > 0) await send(rooms, box.deviceId, batch)
      await rooms.pipeline.service.drain()
    },
    question(more = {}) {
      const range = more.range ?? { from: homeStart, until: homeNow }
      const person = more.personId ?? personId
      return {
        personId: person,
        range,
        rules: null,
        places: placesOf(rooms.registry, person, range),
        ...more
      }
    },
    async close() {
      await records.close()
      await rooms.close()
      folder.remove()
    }
  }
}

export const days = (count: number): number => count * dayMs
