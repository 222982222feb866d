/** Bytes of the journal that changed on disk: no lie, no drop, reads go on where it can be read, and one clear line where it cannot. */
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  addStreetAndDevice,
  command,
  eventually,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'
import type { AddedDevice } from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { rawPublisher } from '../support/raw-publisher.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const journal = join(folder.path, 'journal.sqlite')
const messages = 200
const pageBytes = 4_096

let device: AddedDevice

/** Sends message after message, each in a commit of its own. */
async function send(port: number, from: number, until: number, acknowledged: Set<number>): Promise<void> {
  const client = await rawPublisher(port, device, (n) => acknowledged.add(n))
  for (let n = from; n < until; n++) {
    client.send(n, numberedPayload(n).replace('}', `,"note":"${'x'.repeat(3 * pageBytes)}"}`))
    while (!acknowledged.has(n)) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  client.destroy()
}

/** Changes bytes inside of payloads, where pages hold nothing but x; gives in how many messages. */
function damage(file: string, wanted: number): number {
  const bytes = readFileSync(file)
  const descriptor = openSync(file, 'r+')
  const page = Buffer.alloc(pageBytes - 512, 'x')
  let damaged = 0
  for (let at = 0; damaged < wanted; damaged++) {
    const found = bytes.indexOf(page, at)
    if (found === -1) break
    writeSync(descriptor, Buffer.from('damage'), 0, 6, found + 100)
    at = found + 10 * pageBytes
  }
  closeSync(descriptor)
  return damaged
}

describe('a journal of which bytes changed', () => {
  it('is read around, everything stored stays, and the health page says so', async () => {
    const first = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    const acknowledged = new Set<number>()
    await send(first.mqttPort, 0, messages, acknowledged)
    expect(await first.stop()).toBe(0)
    copyFileSync(journal, join(folder.path, 'whole'))
    expect(damage(journal, 5)).toBe(5)

    const second = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'error' })
    const replayed = await command(['replay', '--data', folder.path, '--json'])
    expect(replayed.status).toBe(0)
    expect(JSON.parse(replayed.stdout)).toMatchObject({ messages: messages - 5 })
    await send(second.mqttPort, messages, messages + 10, acknowledged)
    const stored = await storedReadings(folder.path)
    expect(lostAndDoubled(stored, new Map([[device.deviceId, acknowledged]]))).toEqual({
      lost: [],
      doubled: []
    })
    expect((await fetch(`${second.url}/api/v1/readings?format=csv`)).status).toBe(200)
    const health = await eventually(
      async () => (await fetch(`${second.url}/api/v1/health`)).text(),
      (text) => text.includes('can no longer be read')
    )
    expect(health).toContain('Some parts of the journal can no longer be read')
    expect(second.output()).toContain('A page of the journal is damaged')
    expect(await second.stop()).toBe(0)
  })

  it.each([
    ['its first page is gone', (bytes: Buffer) => bytes.fill(0x5a, 0, pageBytes)],
    [
      'it was cut in half',
      (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2 / pageBytes) * pageBytes)
    ]
  ])('is refused with one line when %s, untouched', async (_what, damaged) => {
    const broken = damaged(readFileSync(join(folder.path, 'whole')))
    writeFileSync(journal, broken)
    const { status, stderr } = await command(['start', '--data', folder.path, '--http', '0', '--mqtt', '0'])
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('is damaged')
    expect(stderr).toContain('lamppost restore')
    expect(readFileSync(journal).equals(broken)).toBe(true)
  })
})
