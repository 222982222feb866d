/**
 * A hub whose InfluxDB was away: millions of readings wait in the journal, and while they are written new ones are
 * acknowledged. Prints how fast the backlog goes and how long a PUBACK takes meanwhile.
 * `node test/bench/outage.ts [MILLION_READINGS]`; needs the server (LAMPPOST_TEST_INFLUXD).
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { influxSettings, startHubProcess } from '../support/hub-process.ts'
import { startInfluxd } from '../support/influxd.ts'
import { processFigures } from '../support/process-figures.ts'
import { published } from '../support/published.ts'
import type { PublisherOrder, PublisherResult } from '../support/publisher-process.ts'

const readings = Number(process.argv[2] ?? 10) * 1e6
const valuesPerMessage = 4
const sensors = 1_000
const newPerSecond = 1_000
const pacedSeconds = 10
const folder = mkdtempSync(join(tmpdir(), 'bench-outage-'))
const dataDir = join(folder, 'data')
const firstAt = systemClock.now() - 300 * 86_400_000
let firstMessage = 0

const credentials = prepare()
const server = await startInfluxd()
const hub = await startHubProcess(dataDir, [], {
  ...influxSettings(server, dataDir),
  LAMPPOST_LOG_LEVEL: 'error'
})
try {
  const quiet = await paced()
  console.log(`InfluxDB there, ${newPerSecond}/s: ${pubacks(quiet)}`)
  await drained()

  await server.kill()
  const without = await publish(readings / valuesPerMessage, { window: 50, devices: 100 })
  const atOutage = processFigures(hub.pid)
  console.log(
    `InfluxDB away: ${((without.acknowledged * valuesPerMessage) / 1e6).toFixed(1)} million readings acknowledged at ` +
      `${rate(without.acknowledged * valuesPerMessage, without.tookS)}; journal ${mb(statSync(join(dataDir, 'journal.sqlite')).size)} MB, ` +
      `hub ${mb(atOutage.memoryBytes)} MB`
  )

  const before = await behind()
  await server.start()
  const startedAt = performance.now()
  let worst: PublisherResult | undefined
  let rounds = 0
  let memoryBytesMax = 0
  // What waits then came in the last round and is on its way.
  for (; (await behind()) > pacedSeconds * newPerSecond; rounds++) {
    const result = await paced()
    if (!worst || result.p99Ms > worst.p99Ms) worst = result
    memoryBytesMax = Math.max(memoryBytesMax, processFigures(hub.pid).memoryBytes)
    const left = await behind()
    const seconds = (performance.now() - startedAt) / 1_000
    const written = before + (rounds + 1) * newPerSecond * pacedSeconds - left
    console.log(
      `  after ${seconds.toFixed(0)} s ${((left * valuesPerMessage) / 1e6).toFixed(1)} million wait, ` +
        `${rate(written * valuesPerMessage, seconds)} written; ${pubacks(result)}`
    )
  }
  await drained()
  const tookS = (performance.now() - startedAt) / 1_000
  const written = (before + rounds * newPerSecond * pacedSeconds) * valuesPerMessage
  console.log(
    `drained: ${rate(written, tookS)} (aim ≥ 150,000/s) beside ${newPerSecond} new messages a second; ` +
      `PUBACK p99 at worst ${worst?.p99Ms.toFixed(1) ?? '-'} ms (aim ≤ 50); hub at most ${mb(memoryBytesMax)} MB`
  )
} finally {
  await hub.kill()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

/** A street and its sensors, before the hub starts. */
function prepare(): Credentials[] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const devices = Array.from({ length: sensors }, () =>
    registry.addDevice({ streetId, placement: 'outdoor', intervalS: 10 }, systemClock.now())
  )
  registry.close()
  return devices
}

function paced(): Promise<PublisherResult> {
  const perSecond = newPerSecond
  return publish(newPerSecond * pacedSeconds, { window: 1, devices: sensors, perSecond })
}

async function publish(
  messages: number,
  { devices: count, ...shape }: { window: number; devices: number; perSecond?: number }
): Promise<PublisherResult> {
  const devices = credentials.slice(0, count)
  const order: PublisherOrder = { port: hub.mqttPort, devices, messages, firstAt, firstMessage, ...shape }
  firstMessage += Math.floor(messages / count)
  return published(folder, order)
}

/** Messages on disk and not yet in InfluxDB. */
async function behind(): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text()
  return Number(/^lamppost_journal_behind (\S+)$/m.exec(text)?.[1] ?? NaN)
}

async function drained(): Promise<void> {
  while ((await behind()) > 0) await new Promise((resolve) => setTimeout(resolve, 100))
}

function pubacks({ p50Ms, p99Ms, maxMs }: PublisherResult): string {
  return `PUBACK p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(1)}, most ${maxMs.toFixed(0)} ms`
}

function rate(count: number, seconds: number): string {
  return `${Math.round(count / seconds).toLocaleString('en-GB')} readings/s`
}

function mb(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}
