/** A hub on a disk that is slow, and on one that was full: how late acknowledgements come, how late everybody else is answered, how soon it goes on. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openJournal } from '../../journal/open.ts'
import { systemClock } from '../../model/time.ts'
import { addStreetAndDevice, startHubProcess, temporaryFolder } from '../support/hub-process.ts'
import { numberedPayload } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { rawPublisher } from '../support/raw-publisher.ts'
import { underSlowSync } from '../support/slow-sync.ts'
import { hubOnSmallDisk } from '../support/small-disk.ts'

const syncMs = 500
const messages = 40
const gigabyte = 1024 ** 3
const folder = temporaryFolder()
try {
  await slow()
  await full()
  await backlog()
} finally {
  folder.remove()
}
process.exit(0)

/** One message after the other, and twenty at once, while somebody asks for the health page again and again. */
async function slow(): Promise<void> {
  const strace = outside('strace')
  if (!strace.present) return console.log(`A slow disk ${strace.line}`)
  const data = join(folder.path, 'slow')
  const first = await startHubProcess(data, [], { LAMPPOST_LOG_LEVEL: 'error' })
  const device = await addStreetAndDevice(data, 'Ashley Road', '--interval', '60')
  await first.stop()
  const under = underSlowSync(strace.path, data, syncMs)
  const hub = await startHubProcess(data, [], { LAMPPOST_LOG_LEVEL: 'error' }, under)

  const answerMs: number[] = []
  let asking = true
  const asked = (async () => {
    while (asking) {
      const startedAt = performance.now()
      await fetch(`${hub.url}/api/v1/health`)
      answerMs.push(performance.now() - startedAt)
      // Slower than the bound on what one address may ask.
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  const sentAt = new Map<number, number>()
  const ackMs: number[] = []
  const client = await rawPublisher(hub.mqttPort, device, (n) =>
    ackMs.push(performance.now() - sentAt.get(n)!)
  )
  for (let n = 0; n < messages;) {
    const together = n < messages / 2 ? 1 : messages / 2
    for (let i = 0; i < together; i++) {
      sentAt.set(n, performance.now())
      client.send(n, numberedPayload(n++))
    }
    while (ackMs.length < n) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  asking = false
  await asked
  client.destroy()
  // Killing strace would leave the hub running.
  const [child] = readFileSync(`/proc/${hub.pid}/task/${hub.pid}/children`, 'utf8').split(' ')
  process.kill(Number(child), 'SIGKILL')
  await hub.ended
  console.log(
    `a sync of ${syncMs} ms: PUBACK median ${quantile(ackMs, 0.5)} ms, slowest ${quantile(ackMs, 1)} ms; meanwhile ` +
      `${answerMs.length} answers over HTTP, p99 ${quantile(answerMs, 0.99)} ms, slowest ${quantile(answerMs, 1)} ms (aim ≤ 50)`
  )
}

/** From the moment at which there is room again to the next acknowledgement, for a device that tries again and again. */
async function full(): Promise<void> {
  const unshare = outside('unshare')
  if (!unshare.present) return console.log(`A full disk ${unshare.line}`)
  const disk = join(folder.path, 'disk')
  mkdirSync(disk)
  const { hub, path, fill, enlarge } = await hubOnSmallDisk(unshare.path, disk, 64)
  const device = await addStreetAndDevice(path, 'Ashley Road', '--interval', '60')
  let acknowledged = 0
  let sent = 0
  const attempt = async (count: number): Promise<boolean> => {
    const wanted = acknowledged + count
    let all: (() => void) | undefined
    const done = new Promise<void>((resolve) => (all = resolve))
    const client = await rawPublisher(hub.mqttPort, device, () => {
      if (++acknowledged === wanted) all?.()
    })
    for (let i = 0; i < count; i++) client.send(sent, numberedPayload(sent++))
    await Promise.race([client.closed, done])
    client.destroy()
    return acknowledged === wanted
  }
  fill(2)
  while (await attempt(500));
  const atFull = acknowledged
  const startedAt = performance.now()
  enlarge(160)
  while (!(await attempt(1))) await new Promise((resolve) => setTimeout(resolve, 50))
  const recoveredS = (performance.now() - startedAt) / 1_000
  console.log(
    `a disk that was full after ${atFull} messages and has room again: ${recoveredS.toFixed(2)} s to the next PUBACK (aim ≤ 5)`
  )
  await hub.kill()
}

/** A hub that finds a gigabyte of messages which the store does not have yet: how soon it listens and takes the next one. */
async function backlog(): Promise<void> {
  const data = join(folder.path, 'backlog')
  const first = await startHubProcess(data, [], { LAMPPOST_LOG_LEVEL: 'error' })
  const device = await addStreetAndDevice(data, 'Ashley Road', '--interval', '60')
  await first.stop()
  const journal = await openJournal({ dataFile: join(data, 'journal.sqlite'), clock: systemClock })
  const payload = new TextEncoder().encode(numberedPayload(0).padEnd(4_000))
  const { deviceId, topic } = device
  for (let written = 0; written < gigabyte;) {
    const group: Promise<void>[] = []
    for (let i = 0; i < 2_000; i++, written += payload.length) {
      const message = { deviceId, topic, payload, receivedAt: systemClock.now() }
      group.push(
        new Promise((resolve, reject) => journal.append(message, (no) => (no ? reject(no) : resolve())))
      )
    }
    await Promise.all(group)
  }
  await journal.close()
  const emptyAt = performance.now()
  const empty = await startHubProcess(join(folder.path, 'empty'), [], { LAMPPOST_LOG_LEVEL: 'error' })
  const emptyS = (performance.now() - emptyAt) / 1_000
  await empty.stop()
  const startedAt = performance.now()
  const hub = await startHubProcess(data, [], { LAMPPOST_LOG_LEVEL: 'error' })
  const listeningS = (performance.now() - startedAt) / 1_000
  let acknowledged: (() => void) | undefined
  const answered = new Promise<void>((resolve) => (acknowledged = resolve))
  const client = await rawPublisher(hub.mqttPort, device, () => acknowledged?.())
  client.send(1, numberedPayload(1))
  await answered
  const takenS = (performance.now() - startedAt) / 1_000
  console.log(
    `a restart with a journal of 1 GB that is not stored: ${listeningS.toFixed(2)} s to listening (aim ≤ 2), ` +
      `${takenS.toFixed(2)} s to the first PUBACK; a hub without anything ${emptyS.toFixed(2)} s`
  )
  client.destroy()
  await hub.kill()
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0)
}
