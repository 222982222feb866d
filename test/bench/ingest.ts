/**
 * The whole hub against a bare Aedes that stores nothing, fed by the same publisher, interleaved in one run: messages a
 * second acknowledged, and stored so that they can be queried; how long a PUBACK takes; what it costs.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { systemClock } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { processFigures, threadFigures } from '../support/process-figures.ts'
import { published } from '../support/published.ts'
import type { PublisherOrder, PublisherResult } from '../support/publisher-process.ts'

const repeats = Number(process.argv[2] ?? 3)
/** A run takes some seconds: less would measure the compiler. */
const messagesPerRun = Number(process.argv[3] ?? 200_000)
const valuesPerMessage = 4
/** Sensors keep one message under way; gateways and backlogs many. */
const shapes = [
  { devices: 1_000, window: 1 },
  { devices: 100, window: 50 }
]
type Shape = (typeof shapes)[number]
const many = { devices: 1_000, seconds: 5 }
const support = join(import.meta.dirname, '..', 'support')
const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-'))
/** 300 days ago, so that a year of 10 s steps still lies where times are believed. */
const firstAt = systemClock.now() - 300 * 86_400_000

const credentials = prepare()
const bare = await startBare()
const hub = await startHubProcess(join(folder, 'data'), [], { LAMPPOST_LOG_LEVEL: 'warn' })
let stored = 0
let firstMessage = 0
try {
  // The first run of each is not counted: the code is compiled during it.
  await runBare(40_000, shapes[0]!)
  await runHub(40_000, shapes[0]!)
  for (const shape of shapes) await compare(shape)
  for (const [perSecond, aimMs] of [
    [1_000, 25],
    [5_000, 50]
  ] as const) {
    for (let i = 0; i < repeats; i++) await paced(perSecond, aimMs)
  }
  await disk()
} finally {
  bare.child.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function compare(shape: Shape): Promise<void> {
  console.log(
    `${messagesPerRun} messages of ${valuesPerMessage} values, QoS 1, ${shape.devices} connections × window ${shape.window}`
  )
  const ratios: number[] = []
  for (let i = 0; i < repeats; i++) {
    const without = await runBare(messagesPerRun, shape)
    const whole = await runHub(messagesPerRun, shape)
    ratios.push(whole.perSecond / without.perSecond)
    console.log(`  bare Aedes  ${without.text}`)
    console.log(`  whole hub   ${whole.text}`)
  }
  const listed = ratios.map((ratio) => ratio.toFixed(2)).join(', ')
  console.log(`  ratio hub / bare Aedes: ${listed} (aim ≥ 0.7)`)
}

interface Run {
  perSecond: number
  text: string
}

/** A street and its devices, before the hub starts: adding a thousand by command would take minutes. */
function prepare(): Credentials[] {
  const dataDir = join(folder, 'data')
  spawnSync('mkdir', ['-m', '700', dataDir])
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const devices = Array.from({ length: many.devices + 1 }, () =>
    registry.addDevice({ streetId, placement: 'outdoor', intervalS: 10 }, systemClock.now())
  )
  registry.close()
  return devices
}

async function startBare(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(support, 'bare-aedes-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, port: Number(text.toString()) }
}

async function publish(
  order: Pick<PublisherOrder, 'port' | 'messages' | 'window'> & { devices: number; perSecond?: number }
): Promise<PublisherResult> {
  const devices = credentials.slice(0, order.devices)
  const whole = { ...order, devices, firstAt, firstMessage }
  firstMessage += Math.floor(order.messages / order.devices)
  return published(folder, whole)
}

async function runBare(messages: number, shape: Shape): Promise<Run> {
  const before = processFigures(bare.child.pid!)
  const result = await publish({ port: bare.port, messages, ...shape })
  const after = processFigures(bare.child.pid!)
  return described(result, (after.cpuS - before.cpuS) / result.acknowledged, after.memoryBytes, '')
}

async function runHub(messages: number, shape: Shape): Promise<Run> {
  const before = processFigures(hub.pid)
  const startedAt = performance.now()
  const result = await publish({ port: hub.mqttPort, messages, ...shape })
  stored += result.acknowledged
  await untilStored()
  const storedPerSecond = result.acknowledged / ((performance.now() - startedAt) / 1_000)
  const after = processFigures(hub.pid)
  const mainUs = ((after.mainThreadCpuS - before.mainThreadCpuS) / result.acknowledged) * 1e6
  return described(
    result,
    (after.cpuS - before.cpuS) / result.acknowledged,
    after.memoryBytes,
    `, stored ${Math.round(storedPerSecond)}/s; main thread ${mainUs.toFixed(0)} µs`
  )
}

function described(result: PublisherResult, cpuS: number, memoryBytes: number, more: string): Run {
  const perSecond = result.acknowledged / result.tookS
  const text =
    `${Math.round(perSecond)}/s acknowledged${more}; PUBACK p50 ${result.p50Ms.toFixed(1)} p99 ${result.p99Ms.toFixed(1)} ms; ` +
    `${(cpuS * 1e6).toFixed(0)} µs CPU a message, ${mb(memoryBytes)} MB; publisher ${result.cores.toFixed(2)} cores`
  return { perSecond, text }
}

/** Every reading can be queried. */
async function untilStored(): Promise<void> {
  while ((await metric('lamppost_store_readings')) < stored * valuesPerMessage)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Seconds until all hours are computed but those that still run: of the one device that sends the present. */
async function untilFresh(): Promise<number> {
  const startedAt = performance.now()
  while ((await metric('lamppost_store_hours_waiting')) > 2 * valuesPerMessage)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return (performance.now() - startedAt) / 1_000
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN)
}

async function paced(perSecond: number, aimMs: number): Promise<void> {
  const messages = perSecond * many.seconds
  const stop = new AbortController()
  const before = processFigures(hub.pid)
  const looking = visibility(stop.signal)
  const result = await publish({ port: hub.mqttPort, messages, window: 1, devices: many.devices, perSecond })
  stop.abort()
  const visibleMs = await looking
  stored += result.acknowledged
  const after = processFigures(hub.pid)
  await untilStored()
  const freshS = await untilFresh()
  const cores = (after.cpuS - before.cpuS) / result.tookS
  console.log(
    `${perSecond}/s from ${many.devices} connections: PUBACK p50 ${result.p50Ms.toFixed(1)}, p95 ${result.p95Ms.toFixed(1)}, ` +
      `p99 ${result.p99Ms.toFixed(1)} ms (aim ≤ ${aimMs}), most ${result.maxMs.toFixed(0)}; PUBACK to visible: median ${middle(visibleMs, 0.5)}, ` +
      `p99 ${middle(visibleMs, 0.99)} ms of ${visibleMs.length} (aim ≤ 1000); hours and days ${freshS.toFixed(0)} s after the last (aim ≤ 60); hub ${cores.toFixed(2)} cores, ${mb(after.memoryBytes)} MB`
  )
}

/** One device more, which asks the API for each of its readings from the moment it was acknowledged. */
async function visibility(signal: AbortSignal): Promise<number[]> {
  const { username, password, topic, siteId } = credentials.at(-1)!
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, { username, password })
  const took: number[] = []
  while (!signal.aborted) {
    const at = systemClock.now()
    await client.publishAsync(topic, `{"at":${at},"pm2_5":8.1,"pm10":14.2,"temperature":9.4,"humidity":81}`, {
      qos: 1
    })
    const acknowledgedAt = performance.now()
    const url = `${hub.url}/api/v1/readings?site=${siteId}&from=${at}&until=${at + 1}&format=csv`
    while ((await (await fetch(url)).text()).trimEnd().split('\n').length < 2)
      await new Promise((resolve) => setTimeout(resolve, 10))
    took.push(performance.now() - acknowledgedAt)
    stored++
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await client.endAsync()
  return took.toSorted((a, b) => a - b)
}

function middle(sorted: number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(0)
}

async function disk(): Promise<void> {
  const busiest = threadFigures(hub.pid)
    .slice(0, 5)
    .map(({ name, cpuS }) => `${name} ${cpuS.toFixed(1)} s`)
  console.log(`processor time by thread: ${busiest.join(', ')}`)
  const { memoryBytesMax } = processFigures(hub.pid)
  await hub.stop()
  const size = (name: string): number => statSync(join(folder, 'data', name)).size
  const readings = stored * valuesPerMessage
  console.log(
    `${readings} readings: ${(size('readings.duckdb') / readings).toFixed(1)} bytes a reading (aim ≤ 4), ` +
      `journal ${(size('journal.sqlite') / stored).toFixed(0)} bytes a message; most memory ${mb(memoryBytesMax)} MB`
  )
}

function mb(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}
