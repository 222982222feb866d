/** kill -9 at random moments, again and again, under 2,000 messages a second with repetitions: nothing acknowledged is lost or double. */
import { afterAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  startHubProcess,
  temporaryFolder,
  type AddedDevice
} from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { randomFrom } from '../support/random.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

/** 20 with every change; `npm run soak` asks for 200. */
const rounds = Number(process.env['LAMPPOST_TEST_KILLS'] ?? 20)
const messagesPerSecond = 2_000
const devices = 4
/** A round is killed somewhere in here. */
const killAfterMs = { min: 100, max: 600 }
const everyMs = 5

const folder = temporaryFolder()
afterAll(() => folder.remove())

interface Sender {
  device: AddedDevice
  next: number
  acknowledged: Set<number>
}

describe(`a hub killed ${rounds} times`, () => {
  it(
    'has everything that it acknowledged, once',
    async () => {
      const random = randomFrom(20_261_123)
      const senders: Sender[] = []
      for (let round = 0; round < rounds; round++) {
        const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'error' })
        while (senders.length < devices) {
          const device =
            senders.length === 0
              ? await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '1')
              : await addDevice(folder.path, 'Ashley Road', '--interval', '1')
          senders.push({ device, next: 0, acknowledged: new Set() })
        }
        const ending = killAfterMs.min + random() * (killAfterMs.max - killAfterMs.min)
        const sending = senders.map((sender) => publish(hub.mqttPort, sender, random))
        await new Promise((resolve) => setTimeout(resolve, ending))
        await hub.kill()
        await Promise.all(sending)
      }
      const acknowledged = new Map(senders.map(({ device, acknowledged }) => [device.deviceId, acknowledged]))
      const total = senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)
      expect(total).toBeGreaterThan(rounds * 50)

      const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'error' })
      const stored = await storedReadings(folder.path)
      expect(lostAndDoubled(stored, acknowledged)).toEqual({ lost: [], doubled: [] })
      expect(await hub.stop()).toBe(0)
    },
    rounds * 20_000
  )
})

/** Sends on until the connection breaks: first again what was never acknowledged, then new ones, some of them twice. */
async function publish(port: number, sender: Sender, random: () => number): Promise<void> {
  const { device, acknowledged } = sender
  const client = await rawPublisher(port, device, (n) => acknowledged.add(n)).catch(() => undefined)
  // Killed before it answered.
  if (!client) return
  for (let n = Math.max(0, sender.next - 200); n < sender.next; n++)
    if (!acknowledged.has(n)) client.send(n, numberedPayload(n), true)
  const perTurn = (messagesPerSecond / devices / 1_000) * everyMs
  const timer = setInterval(() => {
    for (let i = 0; i < perTurn; i++) {
      const n = sender.next++
      client.send(n, numberedPayload(n))
      if (random() < 0.05) client.send(n, numberedPayload(n), true)
    }
  }, everyMs)
  await client.closed
  clearInterval(timer)
}
