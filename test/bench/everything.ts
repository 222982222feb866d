/**
 * Everything at once, for as long as is asked for: 1,000 messages a second, three addresses that begin downloads and read none, 900
 * live viewers, questions for a year, backups, imports, moves, and a kill every five minutes. At the end every acknowledged message
 * must be there once. `npm run bench -- everything [MINUTES] [duckdb|influx] [MINUTES BETWEEN KILLS]`
 */
import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { dayMs, hourMs, minuteMs, secondMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { command, influxSettings, startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { startInfluxd } from '../support/influxd.ts'
import { numberedPayload, numberOf } from '../support/numbered-readings.ts'
import { processFigures } from '../support/process-figures.ts'
import { rawPublisher, type RawPublisher } from '../support/raw-publisher.ts'

const minutes = Number(process.argv[2] ?? 60)
const storeKind = process.argv[3] ?? 'duckdb'
const killEveryMs = Number(process.argv[4] ?? 5) * minuteMs

const senders = 20
const perSecond = 1_000
const everyMs = 20
/** Ten addresses with ninety each, as the share of an address is a hundred. */
const viewerAddresses = Array.from({ length: 10 }, (_, n) => `127.0.1.${n + 1}`)
const viewersEach = 90
/** Half a minute, and what a look and a kill take. */
const notCutAfterMs = 50 * secondMs
const stalledAddresses = ['127.0.2.1', '127.0.2.2', '127.0.2.3']

const folder = mkdtempSync(join(tmpdir(), 'bench-everything-'))
const dataDir = join(folder, 'data')
const server = storeKind === 'influx' ? await startInfluxd() : undefined
const env = { ...(server ? influxSettings(server, dataDir) : {}), LAMPPOST_LOG_LEVEL: 'error' }
const devices = prepare()
const importFile = writeImport()

interface Sender {
  device: Credentials
  next: number
  acknowledged: Set<number>
  /** When each message that waits was first sent. */
  sentAt: Map<number, number>
  client: RawPublisher | undefined
}

const counts: Record<string, number> = {}
const latencies: number[] = []
const memoryMb: number[] = []
let latenciesOfDisturbed = 0
/** Around a kill acknowledgements wait for the next start: those are counted apart. */
let disturbedUntil = 0
const until = performance.now() + minutes * minuteMs
const isOver = (): boolean => performance.now() >= until

const counted = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1)
let hub = await start()
const all: Sender[] = devices.slice(0, senders).map((device) => ({
  device,
  next: 0,
  acknowledged: new Set(),
  sentAt: new Map(),
  client: undefined
}))
const work = [
  ...all.map(send),
  ...viewerAddresses.flatMap((from) => Array.from({ length: viewersEach }, () => watch(from))),
  ...stalledAddresses.map(stall),
  ask('127.0.3.1'),
  ask('127.0.3.2'),
  download('127.0.4.1'),
  backups(),
  imports(),
  moves(),
  look()
]
await kills()
await Promise.all(work)
console.log(`${minutes} minutes, ${storeKind}: ${JSON.stringify(counts)}`)
report()
await compare()
await hub.stop()
await server?.close()
rmSync(folder, { recursive: true, force: true })
process.exit()

function prepare(): Credentials[] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const streets = ['Ashley Road', 'Mina Road', 'Mill Lane'].map((name) => registry.addStreet({ name }))
  const added = Array.from({ length: senders + 1 }, (_, n) =>
    registry.addDevice(
      { streetId: streets[n % 2]!.streetId, placement: 'outdoor', intervalS: n === senders ? 3_600 : 1 },
      systemClock.now()
    )
  )
  registry.close()
  return added
}

/** A year of hours for the last of the devices. */
function writeImport(): string {
  const file = join(folder, 'year.csv')
  const { deviceId } = devices[senders]!
  const first = (Math.floor(systemClock.now() / hourMs) * hourMs - 365 * dayMs) as UnixMs
  const rows = Array.from(
    { length: 8_760 },
    (_, hour) => `${toIso((first + hour * hourMs) as UnixMs)},${deviceId},pm2_5,${(hour % 300) / 10},µg/m³`
  )
  writeFileSync(file, ['time,device,quantity,value,unit', ...rows, ''].join('\n'))
  return file
}

async function start(): Promise<HubProcess> {
  const startedAt = performance.now()
  const started = await startHubProcess(dataDir, [], env)
  disturbedUntil = performance.now() + 5 * secondMs
  console.log(`started in ${((performance.now() - startedAt) / secondMs).toFixed(1)} s`)
  return started
}

async function kills(): Promise<void> {
  while (!isOver()) {
    await pause(Math.min(killEveryMs, until - performance.now()))
    if (isOver()) return
    disturbedUntil = Infinity
    await hub.kill()
    counted('kills')
    hub = await start()
  }
}

/** A message every twentieth of a second in all; after a kill first again what was not acknowledged. */
async function send(sender: Sender): Promise<void> {
  const { device, acknowledged, sentAt } = sender
  const onAck = (n: number): void => {
    if (acknowledged.has(n)) return
    acknowledged.add(n)
    const tookMs = performance.now() - sentAt.get(n)!
    sentAt.delete(n)
    if (performance.now() < disturbedUntil) latenciesOfDisturbed++
    else latencies.push(tookMs)
  }
  while (!isOver() || sentAt.size > 0) {
    const client = await rawPublisher(hub.mqttPort, device, onAck).catch(() => undefined)
    if (!client) {
      await pause(200)
      continue
    }
    for (const n of sentAt.keys()) client.send(n, numberedPayload(n), true)
    const timer = setInterval(() => {
      if (isOver()) {
        if (sentAt.size === 0) client.destroy()
        return
      }
      for (let i = 0; i < (perSecond / senders / secondMs) * everyMs; i++) {
        const n = sender.next++
        sentAt.set(n, performance.now())
        client.send(n, numberedPayload(n))
      }
    }, everyMs)
    await client.closed
    clearInterval(timer)
  }
}

/** Opens an answer from one of this machine's addresses; undefined where the hub is away. */
function open(path: string, localAddress: string): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const asking = get(
      { host: '127.0.0.1', port: hub.httpPort, path: `/api/v1/${path}`, localAddress, agent: false },
      (answer) => {
        answer.on('error', () => undefined) // It is cut.
        resolve(answer)
      }
    )
    asking.on('error', () => resolve(undefined))
  })
}

async function watch(from: string): Promise<void> {
  while (!isOver()) {
    const answer = await open('live', from)
    if (answer?.statusCode !== 200) {
      counted(`viewer ${answer?.statusCode ?? 'away'}`)
      answer?.destroy()
      await pause(secondMs)
      continue
    }
    counted('viewers let in')
    answer.on('data', () => counted('live pieces'))
    await Promise.race([closed(answer), pause(until - performance.now())])
    answer.destroy()
  }
}

/** Reads nothing of a download until it is cut. */
async function stall(from: string): Promise<void> {
  while (!isOver()) {
    const answer = await open('readings', from)
    if (answer?.statusCode === 200) {
      answer.pause()
      const isCut = await Promise.race([closed(answer.socket).then(() => true), pause(notCutAfterMs)])
      // What fits into the buffers on its way is whole and waits for its reader alone.
      counted(isCut ? 'stalled downloads cut' : 'stalled downloads that were whole already')
    } else {
      counted(`stalled download ${answer?.statusCode ?? 'away'}`)
      await pause(secondMs)
    }
    answer?.destroy()
  }
}

async function ask(from: string): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const since = systemClock.now() - 365 * dayMs + n
    const answer = await open(`streets/ashley-road/series?quantity=pm2_5&window=hour&from=${since}`, from)
    counted(`year question ${answer ? await outcomeOf(answer) : 'away'}`)
    if (!answer) await pause(secondMs)
  }
}

async function download(from: string): Promise<void> {
  while (!isOver()) {
    const answer = await open('readings?quantity=humidity&format=csv', from)
    counted(`download ${answer ? await outcomeOf(answer) : 'away'}`)
    await pause(5 * secondMs)
  }
}

/** Reads it to its end: its status, and the code of a refusal. */
async function outcomeOf(answer: IncomingMessage): Promise<string> {
  if (answer.statusCode === 200) {
    answer.resume()
    await closed(answer)
    return answer.complete ? '200' : 'cut'
  }
  let text = ''
  answer.on('data', (bytes: Buffer) => (text += bytes.toString()))
  await closed(answer)
  return `${answer.statusCode} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`
}

async function backups(): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    const file = join(folder, `backup-${n}.tar`)
    await run('backup', ['backup', file])
    rmSync(file, { force: true })
    await pause(20 * secondMs)
  }
}

async function imports(): Promise<void> {
  const { deviceId } = devices[senders]!
  while (!isOver()) {
    await run('import', ['import', importFile, '--format', 'lamppost-csv', '--device', deviceId])
    await pause(15 * secondMs)
  }
}

/** Later and later times of one device's readings are of another street. */
async function moves(): Promise<void> {
  const { deviceId } = devices[0]!
  const streets = ['Mill Lane', 'Ashley Road']
  for (let n = 1; !isOver(); n++) {
    const at = toIso((Date.UTC(2026, 0, 1) + n * 10 * minuteMs) as UnixMs)
    await run('move', ['device', 'move', deviceId, '--street', streets[n % 2]!, '--at', at])
    await pause(10 * secondMs)
  }
}

async function run(what: string, args: string[]): Promise<void> {
  const { status, stderr } = await command([...args, '--data', dataDir], env)
  counted(`${what} ${status === 0 ? 'done' : 'not done'}`)
  if (status === 0) return
  const [line = ''] = stderr.trim().split('\n').slice(-1)
  if (!line.includes('The hub stopped before')) console.log(`${what}: ${line}`)
}

async function look(): Promise<void> {
  for (; !isOver(); await pause(2 * secondMs)) {
    try {
      memoryMb.push(processFigures(hub.pid).memoryBytes / 1024 ** 2)
    } catch {
      // Just killed.
    }
  }
}

function report(): void {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1)
  const acknowledged = all.reduce((sum, one) => sum + one.acknowledged.size, 0)
  console.log(
    `${acknowledged} messages acknowledged (${(acknowledged / minutes / 60).toFixed(0)} a second); PUBACK p50 ${at(0.5)} ms, ` +
      `p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms, max ${at(1)} ms, without ${latenciesOfDisturbed} within five seconds of a start`
  )
  const memory = memoryMb.toSorted((a, b) => a - b)
  console.log(
    `memory: median ${(memory[Math.floor(memory.length / 2)] ?? NaN).toFixed(0)} MB, most ${(memory.at(-1) ?? NaN).toFixed(0)} MB`
  )
}

/** What the store has, counted by device and message, beside what was acknowledged. */
async function compare(): Promise<void> {
  const file = join(folder, 'all.csv')
  const exported = await command(['export', '--format', 'csv', '-o', file, '--data', dataDir], env)
  if (exported.status !== 0) throw new Error(exported.stderr)
  const stored = new Map(
    all.map(({ device, next }) => [
      device.deviceId,
      new Map(['pm2_5', 'humidity'].map((quantity) => [quantity, new Uint8Array(next)]))
    ])
  )
  let rows = 0
  let strange = 0
  let columns: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const cells = line.split(',')
    if (columns.length === 0) {
      columns = cells
      continue
    }
    rows++
    const [time = '', device = '', quantity = ''] = ['time', 'device', 'quantity'].map(
      (name) => cells[columns.indexOf(name)]
    )
    const found = stored.get(device)?.get(quantity)
    if (!found) continue
    const n = numberOf(time)
    if (n in found) found[n]!++
    else strange++
  }
  let [lost, doubled] = [0, 0]
  for (const { device, acknowledged } of all) {
    for (const found of stored.get(device.deviceId)!.values()) {
      for (const n of acknowledged) if (found[n] === 0) lost++
      for (const count of found) if (count > 1) doubled++
    }
  }
  console.log(`${rows} readings stored: ${lost} lost, ${doubled} double, ${strange} that nobody sent`)
  if (lost + doubled + strange > 0) process.exitCode = 1
}

/** However it ends. */
function closed(stream: Readable | Socket): Promise<void> {
  return new Promise((resolve) => (stream.destroyed ? resolve() : stream.once('close', () => resolve())))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
