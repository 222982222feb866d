/** Acknowledged messages a second through broker and journal, against the same broker without a journal, with one publisher process. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acceptInto } from '../../journal/accept.ts'
import { Arrivals } from '../../journal/arrivals.ts'
import { openJournal } from '../../journal/open.ts'
import { startBroker } from '../../broker/start.ts'
import type { Accept } from '../../model/message.ts'
import { systemClock } from '../../model/time.ts'

const payload = JSON.stringify({
  at: '2026-11-22T10:00:00Z',
  pm2_5: 8.1,
  pm10: 14.2,
  temperature: 9.4,
  humidity: 81
})
const seconds = 5
const [role, portText, clientsText, windowText] = process.argv.slice(2)

if (role === 'publish') await publish(Number(portText), Number(clientsText), Number(windowText))
else await measure()

async function measure(): Promise<void> {
  for (const [clients, window] of [
    [1, 1],
    [100, 1],
    [1_000, 1],
    [100, 20]
  ] as const) {
    const bare = await withBroker((_deviceId, _topic, _payload, done) => done(), clients, window)
    const journaled = await withJournal(clients, window)
    const ratio = (journaled.perSecond / bare.perSecond).toFixed(2)
    const title = `${clients} clients × window ${window}`.padEnd(26)
    console.log(`${title} without journal ${line(bare)} | with journal ${line(journaled)} | ratio ${ratio}`)
  }
}

interface Measured {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Processor time of all threads of the hub for one message; less disturbed by a busy machine than the rate. */
  cpuUs: number
}

function line({ perSecond, p50Ms, p99Ms, cpuUs }: Measured): string {
  return `${String(perSecond).padStart(6)}/s, PUBACK p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${cpuUs.toFixed(0)} µs CPU`
}

async function withJournal(clients: number, window: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-journal-'))
  const journal = await openJournal({ dataFile: join(folder, 'journal.sqlite'), clock: systemClock })
  const accept = acceptInto(journal, new Arrivals(systemClock, journal.newestReceivedAt))
  const measured = await withBroker(accept, clients, window)
  await journal.close()
  rmSync(folder, { recursive: true })
  return measured
}

async function withBroker(accept: Accept, clients: number, window: number): Promise<Measured> {
  const quiet = (): void => undefined
  const broker = await startBroker(
    {
      verify: () => '',
      accept,
      publicRead: false,
      onFault: () => undefined,
      onPresence: quiet,
      clock: systemClock,
      log: { info: quiet, warn: quiet }
    },
    { host: '127.0.0.1', mqttPort: 0 }
  )
  const cpuBefore = process.cpuUsage()
  const child = spawn(
    process.execPath,
    [import.meta.filename, 'publish', String(broker.port), String(clients), String(window)],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await new Promise((resolve) => child.once('close', resolve))
  const { user, system } = process.cpuUsage(cpuBefore)
  const { received } = broker.stats()
  await broker.stop()
  return { ...(JSON.parse(printed) as Omit<Measured, 'cpuUs'>), cpuUs: (user + system) / received }
}

/** Raw sockets: an MQTT client library would be measured instead of the hub. */
async function publish(port: number, clients: number, window: number): Promise<void> {
  const latencies: number[] = []
  let counting = false
  let acknowledged = 0
  const onAck = (ms: number): void => {
    if (!counting) return
    acknowledged++
    if (acknowledged % 7 === 0) latencies.push(ms)
  }
  const sockets = await Promise.all(
    Array.from({ length: clients }, (_no, n) => device(port, n, window, onAck))
  )
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  counting = true
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  counting = false
  const took = performance.now() - startedAt
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0
  console.log(
    JSON.stringify({ perSecond: Math.round((acknowledged / took) * 1_000), p50Ms: at(0.5), p99Ms: at(0.99) })
  )
  for (const socket of sockets) socket.destroy()
}

/** Connects, then keeps `window` messages unacknowledged. */
function device(port: number, n: number, window: number, onAck: (ms: number) => void): Promise<Socket> {
  const deviceId = `bench-${n}`
  const topic = `sensors/${deviceId}/readings`
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const sentAt = new Float64Array(65_536)
  const message = packet(0x32, text(topic), Buffer.alloc(2), Buffer.from(payload))
  const idAt = message.length - payload.length - 2
  let nextId = 1
  const send = (): void => {
    const copy = Buffer.from(message)
    copy.writeUInt16BE(nextId, idAt)
    sentAt[nextId] = performance.now()
    nextId = nextId === 65_535 ? 1 : nextId + 1
    socket.write(copy)
  }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('connect', () => {
      const head = [text('MQTT'), Buffer.of(4, 0xc2, 0, 0), text('bench')]
      socket.write(packet(0x10, ...head, text(deviceId), text('secret')))
    })
    let rest: Buffer = Buffer.alloc(0)
    let connected = false
    socket.on('data', (chunk: Buffer) => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      let at = 0
      // CONNACK and PUBACK both have four bytes.
      for (; at + 4 <= rest.length; at += 4) {
        if (!connected) {
          connected = true
          resolve(socket)
          for (let i = 0; i < window; i++) send()
        } else {
          onAck(performance.now() - (sentAt[rest.readUInt16BE(at + 2)] ?? 0))
          send()
        }
      }
      rest = rest.subarray(at)
    })
  })
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

function packet(firstByte: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 128, body.length >> 7]
  return Buffer.concat([Buffer.of(firstByte, ...length), body])
}
