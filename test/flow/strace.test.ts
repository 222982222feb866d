/** What the kernel saw: no PUBACK leaves before the sync that covers it returned; and a sync that fails ends the hub. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addStreetAndDevice, startHubProcess, temporaryFolder } from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { rawPublisher } from '../support/raw-publisher.ts'
import { underFailingSync, underSlowSync } from '../support/slow-sync.ts'

const strace = outside('strace')
const quiet = { LAMPPOST_LOG_LEVEL: 'warn' }

/** The hub itself, below strace. */
function hubUnder(stracePid: number): number {
  const children = readFileSync(`/proc/${stracePid}/task/${stracePid}/children`, 'utf8').trim().split(' ')
  return Number(children[0])
}

describe.skipIf(!strace.present)(`10,000 acknowledgements as the kernel saw them (${strace.line})`, () => {
  const messages = 10_000
  const folder = temporaryFolder()
  afterAll(() => folder.remove())
  /** Said at both ends of a message, so that one is whole wherever a page of the log ends. */
  const marker = (n: number): string => `#${String(n).padStart(6, '0')}#`
  const payload = (n: number): string =>
    numberedPayload(n).replace('}', `,"m":"${marker(n)}${' '.repeat(40)}${marker(n)}"}`)

  it('left only after the sync that covers them', async () => {
    const trace = join(folder.path, 'trace')
    const data = join(folder.path, 'data')
    const calls = 'trace=pwrite64,fdatasync,fsync,write,writev'
    const hub = await startHubProcess(data, [], quiet, [
      ...[
        strace.path,
        '-f',
        '--seccomp-bpf',
        '-e',
        'abbrev=none',
        '-y',
        '-xx',
        '-s',
        '65536',
        '-e',
        calls,
        '-o',
        trace
      ]
    ])
    const device = await addStreetAndDevice(data, 'Ashley Road', '--interval', '60')
    const acknowledged = new Set<number>()
    const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
    for (let n = 0; n < messages; n++) {
      client.send(n, payload(n))
      // A burst at a time, so that there are many commits and not one.
      if (n % 100 === 99)
        while (acknowledged.size <= n - 100) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    while (acknowledged.size < messages) await new Promise((resolve) => setTimeout(resolve, 5))
    client.destroy()
    process.kill(hubUnder(hub.pid), 'SIGTERM')
    await hub.ended

    const seen = acknowledgementsInTrace(readFileSync(trace, 'latin1'))
    expect(seen.early).toEqual([])
    expect(seen.acknowledged).toBe(messages)
    expect(seen.syncs).toBeGreaterThan(20)
  })
})

interface Seen {
  acknowledged: number
  /** Acknowledged before any sync covered them. */
  early: number[]
  syncs: number
}

/** With -xx strace writes names in hexadecimal too. */
const hexadecimal = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const logName = hexadecimal('journal.sqlite-wal')
const socketName = `<${hexadecimal('socket:')}`

/** Goes through the trace in the order in which the kernel did it. Message n has id n + 1 on its one connection. */
function acknowledgementsInTrace(trace: string): Seen {
  const seen: Seen = { acknowledged: 0, early: [], syncs: 0 }
  const durable = new Set<number>()
  /** Written and not yet synced, and what of it the sync under way covers, for each thread. */
  const written = new Map<string, number[]>()
  const syncing = new Map<string, number[]>()
  for (const line of trace.split('\n')) {
    const thread = line.slice(0, line.indexOf(' '))
    if (line.includes(' pwrite64(') && line.includes(logName)) {
      const mine = written.get(thread) ?? []
      written.set(thread, mine)
      for (const [, n] of textOf(line).matchAll(/#(\d{6})#/g)) mine.push(Number(n))
    } else if (/ (fdatasync|fsync)\(/.test(line) && line.includes(logName)) {
      syncing.set(thread, written.get(thread) ?? [])
      written.set(thread, [])
    }
    if (/(fdatasync|fsync)(\(| resumed).* = 0$/.test(line) && syncing.has(thread)) {
      for (const n of syncing.get(thread) ?? []) durable.add(n)
      syncing.delete(thread)
      seen.syncs++
    }
    if (/ writev?\(\d+</.test(line) && line.includes(socketName)) {
      for (const id of pubacks(bytesOf(line))) {
        seen.acknowledged++
        if (!durable.has(id - 1)) seen.early.push(id - 1)
      }
    }
  }
  return seen
}

/** Every quoted string of a line; all bytes are in hexadecimal. */
function bytesOf(line: string): Buffer {
  const strings = [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text = '']) => text)
  return Buffer.from(strings.join('').replaceAll('\\x', ''), 'hex')
}

function textOf(line: string): string {
  return bytesOf(line).toString('latin1')
}

function* pubacks(bytes: Buffer): Generator<number> {
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    // Anything else that is written to a socket (CONNACK, answers over HTTP) does not begin so.
    if (bytes[at] !== 0x40 || bytes[at + 1] !== 2) return
    yield bytes.readUInt16BE(at + 2)
  }
}

describe.skipIf(!strace.present)(`a disk that fails to sync (${strace.line})`, () => {
  const folder = temporaryFolder()
  afterAll(() => folder.remove())

  it('ends the hub with its line, and nothing acknowledged is missing after the next start', async () => {
    const first = await startHubProcess(folder.path, [], quiet)
    const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    await first.stop()

    const hub = await startHubProcess(folder.path, [], quiet, underFailingSync(strace.path, folder.path, 30))
    const acknowledged = new Set<number>()
    const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
    const sending = setInterval(() => {
      for (let i = 0; i < 10; i++) client.send(sent, numberedPayload(sent++))
    }, 5)
    let sent = 0
    expect(await hub.ended).toBe(1)
    clearInterval(sending)
    client.destroy()
    expect(hub.output()).toContain('The disk of the journal failed')
    expect(acknowledged.size).toBeGreaterThan(0)
    expect(acknowledged.size).toBeLessThan(sent)

    const second = await startHubProcess(folder.path, [], quiet)
    const stored = await storedReadings(folder.path)
    expect(lostAndDoubled(stored, new Map([[device.deviceId, acknowledged]]))).toEqual({
      lost: [],
      doubled: []
    })
    expect(await second.stop()).toBe(0)
    expect(readdirSync(folder.path)).toContain('journal.sqlite')
  })
})

describe.skipIf(!strace.present)(`a disk that takes three seconds to sync (${strace.line})`, () => {
  const folder = temporaryFolder()
  afterAll(() => folder.remove())

  it('slows acknowledgements down, and nothing else', async () => {
    const first = await startHubProcess(folder.path, [], quiet)
    const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    await first.stop()
    const hub = await startHubProcess(folder.path, [], quiet, underSlowSync(strace.path, folder.path, 3_000))
    const acknowledged = new Set<number>()
    const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
    for (let n = 0; n < 3; n++) {
      client.send(n, numberedPayload(n))
      // Others come, are let in and are answered, over MQTT and HTTP, while this one waits for its sync.
      for (let asked = 0; asked < 3; asked++) {
        const other = await rawPublisher(hub.mqttPort, device, () => undefined)
        expect((await fetch(`${hub.url}/api/v1/health`)).status).toBe(200)
        expect((await fetch(`${hub.url}/api/v1/streets`)).status).toBe(200)
        other.destroy()
      }
      expect(acknowledged.size).toBe(n)
      while (acknowledged.size === n) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    client.destroy()
    process.kill(hubUnder(hub.pid), 'SIGTERM')
    await hub.ended
  })
})
