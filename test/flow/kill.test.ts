/** The promise itself: what was acknowledged is there once, although the hub was killed in the middle. */
import { afterAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  connectDevice,
  startHubProcess,
  temporaryFolder,
  type AddedDevice
} from '../support/hub-process.ts'

const messages = 20_000
const killAfterAcknowledged = 7_000
const inFlightMax = 2_000
const folder = temporaryFolder()
afterAll(() => folder.remove())

/** Message n of the run: its own second, and a value that says which it was. */
const firstAt = Date.UTC(2026, 0, 1)
const payloadOf = (n: number): string =>
  JSON.stringify({
    at: new Date(firstAt + n * 1_000).toISOString(),
    pm2_5: n / 100,
    temperature: (n % 400) / 10
  })

describe('a hub killed with kill -9 in the middle of 20,000 QoS 1 messages', () => {
  it('has every acknowledged reading once after the next start, and takes the rest', async () => {
    const first = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    const acknowledged = new Set<number>()

    await publishUntil(first.mqttPort, device, range(0, messages), acknowledged, killAfterAcknowledged, () =>
      first.kill()
    )
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfterAcknowledged)
    expect(acknowledged.size).toBeLessThan(messages)

    const second = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const rowsNow = await exported(folder.path)
    const storedNow = new Set(rowsNow.map((row) => row.time))
    expect([...acknowledged].filter((n) => !storedNow.has(timeOf(n)))).toEqual([])

    const rest = range(0, messages).filter((n) => !acknowledged.has(n))
    await publishUntil(second.mqttPort, device, rest, acknowledged, Infinity, () => Promise.resolve())
    expect(acknowledged.size).toBe(messages)

    const rows = await exported(folder.path)
    expect(rows).toHaveLength(messages * 2)
    expect(new Set(rows.map((row) => `${row.time} ${row.quantity}`)).size).toBe(messages * 2)
    const pm = rows.filter((row) => row.quantity === 'pm2_5')
    expect(pm.every((row, n) => row.time === timeOf(n) && row.value === n / 100)).toBe(true)

    const served = await fetch(`${second.url}/api/v1/readings?format=csv`)
    expect((await served.text()).trimEnd().split('\r\n')).toHaveLength(messages * 2 + 1)
    expect(await second.stop()).toBe(0)
  })

  it('shows none of an indoor sensor to the public, and all to the operator', async () => {
    const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const indoor = await addDevice(
      folder.path,
      'Ashley Road',
      '--indoor',
      '--home',
      'number-12',
      '--interval',
      '60'
    )
    await publishUntil(hub.mqttPort, indoor, range(0, 100), new Set(), Infinity, () => Promise.resolve())

    const everything = await exported(folder.path)
    expect(everything.filter((row) => row.site === indoor.siteId)).toHaveLength(200)
    const served = await (await fetch(`${hub.url}/api/v1/readings?format=jsonl`)).text()
    expect(served).not.toContain(indoor.siteId)
    expect(served).not.toContain(indoor.deviceId)
    expect(served.trimEnd().split('\n')).toHaveLength(messages * 2)
    expect((await fetch(`${hub.url}/api/v1/sites/${indoor.siteId}`)).status).toBe(404)
    await hub.stop()
  })
})

interface ExportedRow {
  time: string
  site: string
  quantity: string
  value: number
}

async function exported(dataDir: string): Promise<ExportedRow[]> {
  const { status, stdout, stderr } = await command(['export', '--format', 'jsonl', '--data', dataDir])
  expect(status, stderr).toBe(0)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ExportedRow)
}

/** Publishes the given messages; `interrupt` is called once so many are acknowledged. Resolves when all are, or the hub is gone. */
async function publishUntil(
  port: number,
  device: AddedDevice,
  numbers: number[],
  acknowledged: Set<number>,
  interruptAfter: number,
  interrupt: () => Promise<void>
): Promise<void> {
  const client = await connectDevice({ mqttPort: port }, device)
  let interrupted: Promise<void> | undefined
  await new Promise<void>((resolve) => {
    let left = numbers.length
    let next = 0
    client.on('close', () => resolve())
    client.on('error', () => resolve())
    const publishNext = (): void => {
      const n = numbers[next++]
      // Acknowledgements of a hub that is gone may still be on their way, but none of what it was never sent.
      if (n === undefined || interrupted) return
      client.publish(device.topic, payloadOf(n), { qos: 1 }, (error) => {
        if (!error) acknowledged.add(n)
        if (acknowledged.size >= interruptAfter) interrupted ??= interrupt()
        if (--left === 0) resolve()
        publishNext()
      })
    }
    for (let sent = 0; sent < inFlightMax; sent++) publishNext()
  })
  await interrupted
  client.end(true)
}

function range(from: number, until: number): number[] {
  return Array.from({ length: until - from }, (_, index) => from + index)
}

function timeOf(n: number): string {
  return new Date(firstAt + n * 1_000).toISOString()
}
