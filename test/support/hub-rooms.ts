/** The rooms of a hub in the test's own process, on either store: what a command works in, without its doors. */
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClockSources, type ClockSources } from '../../hub/clock/watch.ts'
import { openRooms, type Rooms } from '../../hub/rooms.ts'
import type { InfluxSettings } from '../../store/influx/check.ts'
import { deviceTopic } from '../../model/message.ts'
import { influxOf } from './hub-process.ts'

export interface OpenedRooms extends Rooms {
  /** What was logged as a warning or an error. */
  warnings: string[]
}

export async function openHubRooms(
  dataDir: string,
  timezone = 'Europe/London',
  clockSources: ClockSources = systemClockSources,
  /** That of this run unless given. */
  influx?: InfluxSettings
): Promise<OpenedRooms> {
  const warnings: string[] = []
  const warn = (_fields: object, message: string): void => void warnings.push(message)
  const rooms = await openRooms({
    dataDir,
    timezone,
    clockSources,
    kind: 'hub',
    hubName: 'Testing Town',
    influx: influx ?? (await influxOf(dataDir)),
    log: { info: () => undefined, warn, error: warn },
    onFatal(cause) {
      throw cause
    }
  })
  return { ...rooms, warnings }
}

/** As a device would send it; resolves when it is on disk. */
export function send(rooms: Rooms, deviceId: string, body: object | string): Promise<void> {
  const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return new Promise((resolve, reject) =>
    rooms.accept(deviceId, deviceTopic(deviceId, 'readings'), payload, (failure) =>
      failure ? reject(failure) : resolve()
    )
  )
}

/** Until `wanted` holds; fails after a minute. */
export async function until(wanted: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await wanted()); looks++) {
    if (looks > 1_200) throw new Error('It did not happen within a minute.')
    await sleep(50)
  }
}
