/** SIGTERM while messages stream in: the hub ends in order, and what it acknowledged is there. */
import { afterAll, describe, expect, it } from 'vitest'
import { addStreetAndDevice, startHubProcess, temporaryFolder } from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

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
