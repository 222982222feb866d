/**
 * How long the thread that answers sensors and pages is ever busy with one thing: the whole hub in this process, 1,000
 * devices sending 5,000 messages a second from another, pages and an export asked for meanwhile.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../config.ts'
import { startHub } from '../../main.ts'
import { systemClock } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import { published } from '../support/published.ts'
import type { PublisherOrder, PublisherResult } from '../support/publisher-process.ts'

const messagesPerSecond = 5_000
const seconds = Number(process.argv[2] ?? 20)
const devicesWanted = 1_000
const aimMs = 50
const sampleEveryMs = 5

const folder = mkdtempSync(join(tmpdir(), 'bench-event-loop-'))
const dataDir = join(folder, 'data')
const devices = furnish()
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const config = readConfig({}, { data: dataDir, http: '0', mqtt: '0', host: '127.0.0.1' })
const hub = await startHub(config, {
  version: 'bench',
  demo: false,
  log: silent,
  commands: () => Promise.resolve(undefined),
  onFatal(cause) {
    throw cause
  }
})
const url = `http://127.0.0.1:${hub.httpPort}/api/v1`

const gaps: number[] = []
const sampling = sampleGaps(gaps)
const asking = askPages()
const result = await publish()
clearInterval(sampling)
clearInterval(asking)
gaps.sort((a, b) => a - b)
const at = (share: number): string =>
  `${gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))]!.toFixed(1)} ms`
console.log(
  `${result.acknowledged} messages in ${result.tookS.toFixed(1)} s; PUBACK p99 ${result.p99Ms.toFixed(1)} ms, max ${result.maxMs.toFixed(1)} ms; ` +
    'the publisher takes part of the two cores'
)
console.log(
  `event loop held up: p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}, max ${at(1)} (aim: no call above ${aimMs} ms; a gap holds several calls and the scheduler)`
)
await hub.stop()
rmSync(folder, { recursive: true, force: true })

function furnish(): PublisherOrder['devices'] {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite') })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const added = Array.from({ length: devicesWanted }, () =>
    registry.addDevice({ streetId, placement: 'outdoor', intervalS: 10 }, systemClock.now())
  )
  registry.close()
  return added.map(({ username, password }) => ({ username, password }))
}

/** What lies between two turns of a short timer, beyond its own period, was somebody else's. */
function sampleGaps(into: number[]): NodeJS.Timeout {
  let last = performance.now()
  return setInterval(() => {
    const now = performance.now()
    into.push(Math.max(0, now - last - sampleEveryMs))
    last = now
  }, sampleEveryMs)
}

/** A page every quarter of a second, a download every five. */
function askPages(): NodeJS.Timeout {
  let turn = 0
  return setInterval(() => {
    const path =
      turn++ % 20 === 19
        ? 'readings?quantity=pm1'
        : turn % 2
          ? 'streets'
          : 'streets/ashley-road/series?quantity=pm2_5'
    fetch(`${url}/${path}`)
      .then((answer) => answer.text())
      .catch((cause: unknown) => console.log(`A page failed: ${String(cause)}`))
  }, 250)
}

function publish(): Promise<PublisherResult> {
  return published(folder, {
    port: hub.mqttPort,
    devices,
    messages: messagesPerSecond * seconds,
    window: 1,
    perSecond: messagesPerSecond,
    firstAt: systemClock.now() - 300 * 86_400_000,
    firstMessage: 0
  })
}

function ignore(): void {}
