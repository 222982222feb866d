/** 50 people sign in while 10,000 devices reconnect: how late people are let in, and how late sensors are answered meanwhile. */
import { request } from 'node:http'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openAccounts } from '../../accounts/open.ts'
import { systemClock } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { processFigures } from '../support/process-figures.ts'
import { connected, wireConnect, wirePacket, wireText } from '../support/mqtt-wire.ts'
import type { ReconnectOrder } from '../support/reconnect-process.ts'
import { signUpPassword } from '../support/sign-up.ts'

const people = 50
const storm = 10_000
const publishers = 20
const publishEveryMs = 50

const folder = mkdtempSync(join(tmpdir(), 'bench-sign-in-'))
const dataDir = join(folder, 'data')
mkdirSync(dataDir, { mode: 0o700 })
const { devices, codes } = await prepare()
const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'error' })
let storming: ChildProcess | undefined
try {
  // As many as are hashed at once; each person from an address of their own, as at home.
  for (const [n, code] of codes.entries()) {
    const body = { userName: `person-${n}`, password: signUpPassword }
    const { status } = await post(`/api/v1/invitations/${code}/accept`, body, addressOf(n))
    if (status !== 200) throw new Error(`person ${n} could not sign up: ${status}`)
  }
  const quiet = await measured(async () => pause(2_000))
  const before = processFigures(hub.pid)
  const busy = await measured(async () => {
    const [stormMs, signIns] = await Promise.all([reconnect(), signInAll()])
    return { stormMs, signIns }
  })
  const after = processFigures(hub.pid)
  const alone = processFigures(hub.pid).cpuS
  await signInAll()
  const signInMs = ((processFigures(hub.pid).cpuS - alone) * 1_000) / people
  const { stormMs, signIns } = busy.result
  const failed = signIns.filter(({ status }) => status !== 200).length
  const tookMs = signIns.map(({ ms }) => ms)
  console.log(
    `${people} people sign in while ${storm} devices reconnect: p50 ${at(tookMs, 50)} ms, p99 ${at(tookMs, 99)} ms (aim ≤ 3000), ${failed} refused (aim 0)`
  )
  console.log(
    `PUBACK meanwhile, ${busy.pubacks.length} messages: p50 ${at(busy.pubacks, 50)} ms, p99 ${at(busy.pubacks, 99)} ms (aim ≤ 100); before, p99 ${at(quiet.pubacks, 99)} ms`
  )
  console.log(`All ${storm} were back after ${(stormMs / 1_000).toFixed(1)} s`)
  const used = (of: 'cpuS' | 'mainThreadCpuS'): string => (after[of] - before[of]).toFixed(1)
  console.log(
    `Processor time of the hub meanwhile: ${used('cpuS')} s, of its main thread ${used('mainThreadCpuS')} s; of one sign-in alone ${signInMs.toFixed(0)} ms`
  )
} finally {
  storming?.kill()
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function prepare(): Promise<{ devices: Credentials[]; codes: string[] }> {
  const clock = systemClock
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const added = Array.from({ length: 200 }, () =>
    registry.addDevice({ streetId, placement: 'outdoor', intervalS: 10 }, clock.now())
  )
  const accounts = openAccounts({
    file: join(dataDir, 'accounts.sqlite'),
    secretFile: join(dataDir, 'accounts.secret'),
    hubName: 'Bench',
    clock
  })
  const invited = Array.from({ length: people }, (_, n) => {
    const { personId } = registry.addPerson({ name: `Person ${n}` }, clock.now())
    return accounts.invite({ personId, role: 'host', by: { kind: 'operator' } }).code
  })
  await accounts.close()
  registry.close()
  return { devices: added, codes: invited }
}

async function signInAll(): Promise<{ status: number; ms: number }[]> {
  return Promise.all(
    Array.from({ length: people }, async (_, n) => {
      const startedAt = performance.now()
      const body = { userName: `person-${n}`, password: signUpPassword }
      const { status } = await post('/api/v1/session', body, addressOf(n))
      return { status, ms: performance.now() - startedAt }
    })
  )
}

/** In a process of its own, so that people and sensors here do not wait for whoever makes the storm. */
async function reconnect(): Promise<number> {
  const order: ReconnectOrder = { port: hub.mqttPort, devices, connections: storm }
  const file = join(folder, 'reconnect.json')
  writeFileSync(file, JSON.stringify(order))
  const program = join(import.meta.dirname, '..', 'support', 'reconnect-process.ts')
  storming = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = (await once(storming.stdout!, 'data')) as [Buffer]
  return Number(text.toString())
}

/** What sensors that go on sending wait for their acknowledgement while `work` runs. */
async function measured<T>(work: () => Promise<T>): Promise<{ result: T; pubacks: number[] }> {
  const pubacks: number[] = []
  const clients = await Promise.all(
    devices.slice(0, publishers).map(async ({ username, password, topic }, n) => {
      const socket = await connected(
        hub.mqttPort,
        wireConnect({ clientId: `sender-${n}`, username, password })
      )
      let sentAt: number | undefined
      socket.on('data', () => {
        if (sentAt !== undefined) pubacks.push(performance.now() - sentAt)
        sentAt = undefined
      })
      const message = wirePacket(0x32, wireText(topic), Buffer.of(0, 1), Buffer.from('{"pm2_5":8.1}'))
      const timer = setInterval(() => {
        if (sentAt !== undefined) return
        sentAt = performance.now()
        socket.write(message)
      }, publishEveryMs)
      return { socket, timer }
    })
  )
  const result = await work()
  for (const { socket, timer } of clients) {
    clearInterval(timer)
    socket.destroy()
  }
  return { result, pubacks }
}

/** From an address of the loopback network, as limits are counted by address. */
async function post(path: string, body: object, localAddress: string): Promise<{ status: number }> {
  const sent = request(`${hub.url}${path}`, {
    method: 'POST',
    localAddress,
    agent: false,
    headers: { 'content-type': 'application/json' }
  })
  const answered = new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
  sent.end(JSON.stringify(body))
  const answer = await answered
  await text(answer)
  return { status: answer.statusCode ?? 0 }
}

function addressOf(n: number): string {
  return `127.0.5.${n + 1}`
}

function at(values: readonly number[], percent: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN).toFixed(0)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
