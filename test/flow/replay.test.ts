/** Messages decoded again: what a decoder had missed comes, what is there stays once, what was erased stays away. */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRooms, type Rooms } from '../../hub/rooms.ts'
import type { ReplayReport } from '../../ingest/replay.ts'
import { deviceTopic } from '../../model/message.ts'
import type { UnixMs } from '../../model/time.ts'
import type { InfluxSettings } from '../../store/influx/check.ts'
import { goneFlag } from '../../store/influx/wire/line-protocol.ts'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  eventually,
  influxOf,
  startHubProcess,
  temporaryFolder,
  type AddedDevice
} from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const dataDir = folder.path

const messagesEach = 1_200
const firstAt = Date.UTC(2026, 0, 1)
const readingsEach = messagesEach * 2

let oldBox: AddedDevice
let newBox: AddedDevice
/** When the second box began to send. */
let secondFrom: UnixMs

beforeAll(async () => {
  oldBox = await addStreetAndDevice(dataDir, 'Ashley Road', '--interval', '60')
  newBox = await addDevice(dataDir, 'Ashley Road', '--interval', '60')
  await inRooms(async (rooms) => {
    await sendAll(rooms, oldBox.deviceId)
    // Messages of one device are received a millisecond apart at least, so the last one lies ahead of the clock.
    secondFrom = (rooms.clock.now() + messagesEach + 1) as UnixMs
    await eventually(
      () => Promise.resolve(rooms.clock.now()),
      (now) => now >= secondFrom
    )
    await sendAll(rooms, newBox.deviceId)
    await rooms.pipeline.service.drain()
  })
})

describe('lamppost replay', () => {
  it('changes nothing where nothing was missed, and says what is still wrong', async () => {
    const report = await replay()
    expect(report).toMatchObject({
      messages: messagesEach * 2,
      inserted: 0,
      replaced: 0,
      superseded: 0,
      repeated: readingsEach * 2,
      faults: { unknownQuantity: messagesEach * 2 }
    })
    expect(await countRows()).toBe(readingsEach * 2)
  })

  it('brings what an older decoder did not read, and mends what it read wrongly', async () => {
    await asAnOlderDecoderLeftIt()
    const report = await replay()
    expect(report).toMatchObject({ inserted: readingsEach, replaced: readingsEach, repeated: 0 })
    expect(await replay()).toMatchObject({ inserted: 0, replaced: 0, repeated: readingsEach * 2 })
    expect(await countRows()).toBe(readingsEach * 2)
  })

  it('goes over one device, or what came since a time, when asked', async () => {
    expect(await replay('--device', oldBox.deviceId)).toMatchObject({
      messages: messagesEach,
      repeated: readingsEach
    })
    const since = new Date(secondFrom).toISOString()
    expect(await replay('--from', since)).toMatchObject({ messages: messagesEach, repeated: readingsEach })
    expect(await replay('--from', since, '--device', oldBox.deviceId)).toMatchObject({ messages: 0 })
  })

  it('refuses a device that is not there with one line', async () => {
    const { status, stderr } = await command(['replay', '--device', 'd-nobody', '--data', dataDir])
    expect(status).toBe(2)
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('device list')])
  })

  it('goes on beside live messages, which are taken and stored meanwhile', async () => {
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const client = await connectDevice(hub, oldBox)
    const replaying = replay()
    for (let n = 0; n < 50; n++) {
      await client.publishAsync(oldBox.topic, payloadOf(messagesEach + n), { qos: 1 })
    }
    expect(await replaying).toMatchObject({ inserted: 0, replaced: 0 })
    expect(await countRows()).toBe(readingsEach * 2 + 100)
    client.end(true)
    expect(await hub.stop()).toBe(0)
  })

  it('does not bring back what was erased', async () => {
    await inRooms(async ({ journal, pipeline }) => {
      await journal.erase(newBox.deviceId)
      await pipeline.service.erase(newBox.siteId)
    })
    expect(await replay()).toMatchObject({ messages: messagesEach + 50, inserted: 0 })
    expect(await countRows()).toBe(readingsEach + 100)
  })
})

function payloadOf(n: number): string {
  const at = new Date(firstAt + n * 1_000).toISOString()
  return JSON.stringify({ at, pm2_5: 1 + n / 100, humidity: 60, glow: 1 })
}

async function sendAll({ accept }: Rooms, deviceId: string): Promise<void> {
  const topic = deviceTopic(deviceId, 'readings')
  const sent = Array.from(
    { length: messagesEach },
    (_, n) =>
      new Promise<void>((resolve, reject) =>
        accept(deviceId, topic, Buffer.from(payloadOf(n)), (failure) =>
          failure ? reject(failure) : resolve()
        )
      )
  )
  await Promise.all(sent)
}

async function inRooms(work: (rooms: Rooms) => Promise<void>): Promise<void> {
  const say = (_fields: object, message: string): void => void message
  const rooms = await openRooms({
    dataDir,
    hubName: 'Lanternfield',
    timezone: 'Europe/London',
    influx: await influxOf(dataDir),
    log: { info: say, warn: say, error: say },
    onFatal(cause) {
      throw cause
    }
  })
  try {
    await work(rooms)
  } finally {
    await rooms.close()
  }
}

/** Without humidity and with PM2.5 ten times too high: changed behind the store's back. */
async function asAnOlderDecoderLeftIt(): Promise<void> {
  const influx = await influxOf(dataDir)
  if (influx) return asAnOlderDecoderLeftInflux(influx)
  const instance = await DuckDBInstance.create(join(dataDir, 'readings.duckdb'))
  const connection = await instance.connect()
  const of = (quantity: string): string =>
    `series IN (SELECT series FROM series s JOIN channels c USING (channel) WHERE quantity = '${quantity}')`
  await connection.run(`DELETE FROM readings WHERE ${of('humidity')}`)
  await connection.run(`UPDATE readings SET value = value * 10 WHERE ${of('pm2_5')}`)
  connection.closeSync()
  instance.closeSync()
}

async function asAnOlderDecoderLeftInflux({ url, token, org, bucket }: InfluxSettings): Promise<void> {
  const lines = [oldBox, newBox].flatMap(({ deviceId, siteId }) =>
    Array.from({ length: messagesEach }, (_, n) => {
      const fields = `pm2_5=${(1 + n / 100) * 10},humidity_flag=${goneFlag}i,humidity_reasons=0i`
      return `readings,device=${deviceId},site=${siteId} ${fields} ${firstAt + n * 1_000}`
    })
  )
  const where = new URLSearchParams({ org, bucket, precision: 'ms' })
  const headers = { authorization: `Token ${token}` }
  const body = lines.join('\n')
  const answer = await fetch(`${url}/api/v2/write?${where}`, { method: 'POST', headers, body })
  expect(answer.status, await answer.text()).toBe(204)
}

function replay(...options: string[]): Promise<ReplayReport> {
  return commandJson<ReplayReport>(['replay', ...options, '--data', dataDir])
}

async function countRows(): Promise<number> {
  const { status, stdout, stderr } = await command(['export', '--format', 'jsonl', '--data', dataDir])
  expect(status, stderr).toBe(0)
  return stdout.split('\n').filter(Boolean).length
}
