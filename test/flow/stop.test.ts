/** SIGTERM while messages stream in: the hub ends in order, and what it acknowledged is there. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  addStreetAndDevice,
  eventually,
  influxSettings,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'
import { startInfluxd } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const influxd = outside('influxd')

describe.skipIf(!influxd.present)(`a hub whose InfluxDB does not answer (${influxd.line})`, () => {
  it('ends all the same, and stores what it acknowledged after its next start', async () => {
    const server = await startInfluxd()
    const data = join(folder.path, 'influx')
    const env = { ...influxSettings(server, data), LAMPPOST_LOG_LEVEL: 'error' }
    let hub = await startHubProcess(data, [], env)
    const device = await addStreetAndDevice(data, 'Ashley Road', '--interval', '1')
    server.pause()
    const acknowledged = new Set<number>()
    const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
    client.send(0, numberedPayload(0))
    await eventually(
      () => Promise.resolve(acknowledged.size),
      (size) => size === 1
    )
    expect(await hub.stop()).toBe(0)
    await client.closed
    server.resume()
    hub = await startHubProcess(data, [], env)
    const metrics = async () => (await fetch(`${hub.url}/metrics`)).text()
    const stored = /^lamppost_ingest_messages_total 1$/m
    expect(await eventually(metrics, (text) => stored.test(text))).toMatch(stored)
    await hub.stop()
    await server.close()
  })
})

describe('a hub told to stop under load', () => {
  it('ends with status 0 and has everything that it acknowledged, once', async () => {
    const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'error' })
    const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '1')
    const acknowledged = new Set<number>()
    const clients = [0, 1, 2, 3]
    let sent = 0
    const publishers = await Promise.all(
      clients.map(() => rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n)))
    )
    const timer = setInterval(() => {
      for (const client of publishers) for (let i = 0; i < 5; i++) client.send(sent, numberedPayload(sent++))
    }, 5)
    while (acknowledged.size < 1_000) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await hub.stop()).toBe(0)
    clearInterval(timer)
    await Promise.all(publishers.map(({ closed }) => closed))
    expect(acknowledged.size).toBeLessThan(sent)

    const stored = await storedReadings(folder.path)
    const wanted = new Map([[device.deviceId, acknowledged]])
    expect(lostAndDoubled(stored, wanted)).toEqual({ lost: [], doubled: [] })
  })
})
