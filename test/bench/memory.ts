/**
 * How much memory a whole hub takes: empty, while the demo writes its history, at 5,000 messages a second, and while a year of
 * one sensor's values, six an hour, is imported; the most at any time, and what is left afterwards. Given a number of megabytes, hubs run
 * with that as LAMPPOST_MEMORY. `npm run bench -- memory [MEGABYTES] [empty|demo|storm|import …]`
 */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { command, startDemoProcess, startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { memoryShare, processFigures, type MemoryShare } from '../support/process-figures.ts'
import { published } from '../support/published.ts'

const mebibyte = 1024 ** 2
const lookEveryMs = 100
/** What a hub gives back, it gives back within this. */
const settleMs = 30_000
const storm = { devices: 1_000, perSecond: 5_000, seconds: 40 }
const valuesPerMessage = 4
const imported = { days: 365, everyMs: 10 * minuteMs }

const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'))
const args = process.argv.slice(2)
const megabytes = args.find((arg) => /^\d+$/.test(arg))
const named = args.filter((arg) => arg !== megabytes)
const env = { LAMPPOST_LOG_LEVEL: 'warn', ...(megabytes ? { LAMPPOST_MEMORY: megabytes } : {}) }
console.log(megabytes ? `LAMPPOST_MEMORY=${megabytes}` : 'no LAMPPOST_MEMORY')
try {
  for (const [name, measure] of Object.entries({ empty, demo, storm: underStorm, import: importing }))
    if (named.length === 0 || named.includes(name)) await measure()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function empty(): Promise<void> {
  const hub = await startHubProcess(join(folder, 'empty'), [], env)
  const watch = watchMemory(hub.pid)
  await pause(settleMs)
  report('empty hub, half a minute', watch.stop(), 150)
  await hub.stop()
}

async function demo(): Promise<void> {
  let watch: Watch | undefined
  const hub = await startDemoProcess(join(folder, 'demo'), [], {
    env,
    onStart: (pid) => (watch = watchMemory(pid))
  })
  const { cpuS } = processFigures(hub.pid)
  await pause(settleMs)
  report(`demo, its history written (${cpuS.toFixed(0)} s of processor time)`, watch!.stop(), 350)
  await hub.stop()
}

async function underStorm(): Promise<void> {
  const dataDir = join(folder, 'storm')
  const devices = prepare(dataDir, storm.devices)
  const hub = await startHubProcess(dataDir, [], env)
  await pause(settleMs / 3)
  const watch = watchMemory(hub.pid)
  const { seconds, perSecond } = storm
  const result = await published(folder, {
    port: hub.mqttPort,
    devices,
    messages: perSecond * seconds,
    window: 1,
    perSecond,
    firstAt: systemClock.now() - 300 * dayMs,
    firstMessage: 0
  })
  while ((await metric(hub, 'lamppost_store_readings')) < result.acknowledged * valuesPerMessage)
    await pause(200)
  await pause(settleMs)
  const { cpuS } = processFigures(hub.pid)
  report(
    `${perSecond} messages/s for ${seconds} s (PUBACK p99 ${result.p99Ms.toFixed(0)} ms, ` +
      `${((cpuS / result.acknowledged) * 1e6).toFixed(0)} µs of processor time each)`,
    watch.stop(),
    300
  )
  await hub.stop()
}

async function importing(): Promise<void> {
  const dataDir = join(folder, 'import')
  const [device] = prepare(dataDir, 1)
  const file = await writeYear(device!)
  const hub = await startHubProcess(dataDir, [], env)
  await pause(settleMs / 3)
  const watch = watchMemory(hub.pid)
  const startedAt = performance.now()
  const { status, stderr } = await command(
    ['import', file, '--format', 'lamppost-csv', '--device', device!.deviceId, '--data', dataDir],
    env
  )
  if (status !== 0) console.log(`  the import failed: ${stderr.trim()}`)
  const tookS = (performance.now() - startedAt) / 1_000
  // The hour that still runs stays marked.
  while ((await metric(hub, 'lamppost_store_hours_waiting')) > 2 * valuesPerMessage) await pause(200)
  await pause(settleMs)
  report(
    `a year of six values an hour imported in ${tookS.toFixed(0)} s, hours and days made`,
    watch.stop(),
    350
  )
  await hub.stop()
}

interface Watch {
  stop(): { before: MemoryShare; most: MemoryShare; after: MemoryShare }
}

/** Looks ten times a second. */
function watchMemory(pid: number): Watch {
  const before = memoryShare(pid)
  let most = before
  const timer = setInterval(() => {
    const now = memoryShare(pid)
    if (now.pssBytes > most.pssBytes) most = now
  }, lookEveryMs)
  return {
    stop() {
      clearInterval(timer)
      return { before, most, after: memoryShare(pid) }
    }
  }
}

function report(what: string, { before, most, after }: ReturnType<Watch['stop']>, aimMb: number): void {
  const text = ({ pssBytes, anonymousBytes, rssBytes }: MemoryShare): string =>
    `${mb(pssBytes)} MB (anonymous ${mb(anonymousBytes)}, resident ${mb(rssBytes)})`
  console.log(
    `${what}: most ${text(most)}, aim ≤ ${aimMb}; before ${text(before)}, afterwards ${text(after)}`
  )
}

function mb(bytes: number): string {
  return (bytes / mebibyte).toFixed(0)
}

function prepare(dataDir: string, count: number): Credentials[] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const devices = Array.from({ length: count }, () =>
    registry.addDevice({ streetId, placement: 'outdoor', intervalS: 60 }, systemClock.now())
  )
  registry.close()
  return devices
}

async function writeYear({ deviceId }: Credentials): Promise<string> {
  const file = join(folder, 'year.csv')
  const out = createWriteStream(file)
  out.write('time,device,quantity,value,unit\n')
  const quantities = [
    ['pm2_5', 'µg/m³'],
    ['pm10', 'µg/m³'],
    ['temperature', '°C'],
    ['humidity', '%']
  ] as const
  const first = (Math.floor(systemClock.now() / imported.everyMs) * imported.everyMs -
    imported.days * dayMs) as UnixMs
  for (let n = 0; n < (imported.days * dayMs) / imported.everyMs; n++) {
    const time = toIso((first + n * imported.everyMs) as UnixMs)
    const value = (10 + 8 * Math.sin(n / 500) + (n % 7) / 10).toFixed(1)
    const lines = quantities.map(([quantity, unit]) => `${time},${deviceId},${quantity},${value},${unit}\n`)
    if (!out.write(lines.join(''))) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return file
}

async function metric(hub: HubProcess, name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
