/**
 * 1,000 messages a second beside 500 questions for a street's year that one address asks at once: how late acknowledgements are
 * meanwhile, and what memory is left of it. `npm run bench -- year-questions [QUESTIONS] [ROUNDS BEFORE]`
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hourMs, systemClock, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { processFigures } from '../support/process-figures.ts'
import { published } from '../support/published.ts'
import type { PublisherOrder, PublisherResult } from '../support/publisher-process.ts'

const questions = Number(process.argv[2] ?? 500)
const perSecond = 1_000
const senders = 1_000
const measuring = 20
const yearHours = 8_760
/** Of five seconds. */
const aloneRounds = Number(process.argv[3] ?? 8)

const folder = mkdtempSync(join(tmpdir(), 'bench-year-questions-'))
const dataDir = join(folder, 'data')
const until = (Math.floor(systemClock.now() / hourMs) * hourMs) as UnixMs
const from = (until - yearHours * hourMs) as UnixMs
const devices = prepare()
let firstMessage = 0
try {
  await writeYear()
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
  try {
    const memory = (): number => processFigures(hub.pid).memoryBytes / 1024 ** 2
    // A hub grows when it first works: caches fill, and the store takes what it is given. That is not the questions'.
    for (let n = 0; n < aloneRounds; n++) print('alone', await publish(hub.mqttPort, 5 * perSecond))
    const before = memory()
    let most = before
    const watch = setInterval(() => (most = Math.max(most, memory())), 100)
    const startedAt = performance.now()
    let answering = true
    const asked = askAll(hub.url).finally(() => (answering = false))
    const results: PublisherResult[] = []
    // Messages keep coming for as long as somebody still waits for his answer.
    while (answering) results.push(await publish(hub.mqttPort, 5 * perSecond))
    const statuses = await asked
    clearInterval(watch)
    for (const result of results) print('beside the questions', result, '≤ 100')
    console.log(
      `${questions} questions in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${JSON.stringify(statuses)}`
    )
    await new Promise((resolve) => setTimeout(resolve, 30_000))
    console.log(
      `memory: ${before.toFixed(0)} MB before, at most ${most.toFixed(0)} MB, half a minute later ${memory().toFixed(0)} MB`
    )
  } finally {
    await hub.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function prepare(): Credentials[] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const streets = ['Ashley Road', 'Mina Road'].map((name) => registry.addStreet({ name }))
  const added = Array.from({ length: measuring + senders }, (_, n) => {
    const { streetId } = streets[n < measuring ? 0 : 1]!
    return registry.addDevice({ streetId, placement: 'outdoor', intervalS: 3_600, from }, systemClock.now())
  })
  registry.close()
  return added
}

/** A reading an hour of each site of the street that is asked for. */
async function writeYear(): Promise<void> {
  const store = await openDuckDbStore({ file: join(dataDir, 'readings.duckdb'), timezone: 'Europe/London' })
  for (const [n, { siteId, deviceId }] of devices.slice(0, measuring).entries()) {
    await store.setInterval(deviceId, 3_600)
    await store.write(
      Array.from({ length: yearHours }, (_, hour) => ({
        siteId,
        deviceId,
        quantity: 'pm2_5' as const,
        measuredAt: (from + hour * hourMs + n) as UnixMs,
        receivedAt: (from + hour * hourMs + 1_000) as UnixMs,
        value: 10 + ((hour * 7 + n) % 50) / 10,
        flag: 1 as const,
        reasons: 0,
        sequence: 0,
        importId: 0
      }))
    )
  }
  while ((await store.refreshRollups(systemClock.now())).more);
  await store.close()
}

/** Each a little different, so that nothing can be answered from what was answered before. */
async function askAll(url: string): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  const one = async (n: number): Promise<void> => {
    const query = `quantity=pm2_5&from=${from + n}&until=${until}&window=hour`
    const answer = await fetch(`${url}/api/v1/streets/ashley-road/series?${query}`)
    await answer.arrayBuffer()
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
  }
  await Promise.all(Array.from({ length: questions }, (_, n) => one(n)))
  return statuses
}

async function publish(port: number, messages: number): Promise<PublisherResult> {
  const order: PublisherOrder = {
    port,
    devices: devices.slice(measuring).map(({ username, password }) => ({ username, password })),
    messages,
    window: 1,
    perSecond,
    firstAt: from,
    firstMessage
  }
  firstMessage += messages / senders
  return published(folder, order)
}

function print(when: string, { p50Ms, p99Ms, maxMs, acknowledged }: PublisherResult, aim = ''): void {
  const aims = aim === '' ? '' : ` (aim ${aim})`
  console.log(
    `${acknowledged} messages ${when}: PUBACK p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms${aims}, max ${maxMs.toFixed(0)} ms`
  )
}
