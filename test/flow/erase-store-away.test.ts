/** Somebody is erased while InfluxDB is away: nobody finds them at once, and the server forgets them when it is back. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { influxSettings as readInfluxSettings } from '../../config.ts'
import { hourMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { answersOf } from '../support/every-answer.ts'
import { influxSettings, temporaryFolder } from '../support/hub-process.ts'
import { openHubRooms, send, until } from '../support/hub-rooms.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { foundInFiles } from '../support/planted.ts'

const influxd = outside('influxd')

describe.skipIf(!influxd.present)(`erasing while InfluxDB is away (${influxd.line})`, () => {
  const folder = temporaryFolder()
  let server: InfluxdProcess
  beforeAll(async () => {
    server = await startInfluxd()
  })
  afterAll(async () => {
    await server.close()
    folder.remove()
  })

  it('is done in the registry at once, is said to be unfinished, and goes on until nothing answers', async () => {
    const dataDir = join(folder.path, 'data')
    const influx = readInfluxSettings(influxSettings(server, dataDir))
    const rooms = await openHubRooms(dataDir, undefined, undefined, influx)
    const { registry, eraser, pipeline } = rooms
    const now = systemClock.now()
    const { streetId } = registry.addStreet({ name: 'Ashley Road' })
    const { deviceId, siteId } = registry.addDevice(
      { streetId, placement: 'indoor', homeId: 'zqx-home', name: 'Zqx bath' },
      now
    )
    const { personId } = registry.site(siteId)!
    await rooms.directoryTold()
    for (let hour = 1; hour <= 5; hour++)
      await send(rooms, deviceId, { at: toIso((now - hour * hourMs) as UnixMs), humidity: 71.828182 })
    await pipeline.service.drain()
    const ids = [personId, siteId, deviceId]
    expect(await answersOf(influx, ids)).not.toEqual([])

    await server.stop()
    const erasing = eraser.erase(registry.erasurePlan(personId), () => undefined)
    await expect(erasing).rejects.toThrow(
      /They can no longer be found, but not everything is removed.*continues until it is/
    )
    expect(registry.person(personId)).toBeUndefined()
    expect(registry.openErasures()).toHaveLength(1)

    await server.start()
    await until(() => registry.openErasures().length === 0)
    expect(await answersOf(influx, ids)).toEqual([])
    await rooms.close()
    const planted = { words: [...ids, 'zqx-home', 'Zqx bath'], value: 71.828182 }
    expect(foundInFiles(dataDir, planted)).toEqual([])
  })
})
