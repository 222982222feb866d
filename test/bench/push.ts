/**
 * Boxes that push over HTTP into a whole hub: how many are acknowledged a second, each once its message is on disk, how late, and
 * which share of the processor the generator takes; and what a street of 1,000 airRohr boxes and 20 gateways of 100 things costs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { systemClock } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Credentials } from '../../registry/registry.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { processFigures } from '../support/process-figures.ts'

const aims = { perSecond: 5_000, p99Ms: 50, streetShare: 0.05 }
const seconds = 8
const boxes = 128
const values = (pm10: string): string =>
  JSON.stringify({
    esp8266id: '12345678',
    software_version: 'NRZ-2024-135',
    sensordatavalues: [
      { value_type: 'SDS_P1', value: pm10 },
      { value_type: 'SDS_P2', value: '6.10' },
      { value_type: 'BME280_temperature', value: '18.40' },
      { value_type: 'BME280_humidity', value: '61.20' },
      { value_type: 'BME280_pressure', value: '100912.40' },
      { value_type: 'signal', value: '-67' }
    ]
  })

interface Result {
  acknowledged: number
  refused: number
  tookMs: number
  p50Ms: number
  p99Ms: number
  cpuMs: number
}

const [role, portText, tokensText] = process.argv.slice(2)
if (role === 'generate')
  process.stdout.write(JSON.stringify(await generate(Number(portText), tokensText!.split(','))))
else await measure()

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-push-'))
  const dataDir = join(folder, 'data')
  const { tokens, gateway } = prepare(dataDir)
  const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
  try {
    await generated(hub.httpPort, tokens)
    for (let i = 0; i < 3; i++) {
      const before = processFigures(hub.pid).cpuS
      const { acknowledged, refused, tookMs, p50Ms, p99Ms, cpuMs } = await generated(hub.httpPort, tokens)
      const hubMs = (processFigures(hub.pid).cpuS - before) * 1_000
      console.log(
        `${boxes} boxes push at once: ${Math.round((acknowledged * 1_000) / tookMs)}/s acknowledged after the sync (aim ≥ ${aims.perSecond}), ` +
          `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms (aim ≤ ${aims.p99Ms}), ${refused} refused; ` +
          `processor: hub ${((hubMs * 1_000) / acknowledged).toFixed(0)} µs a message, generator ${((100 * cpuMs) / (cpuMs + hubMs)).toFixed(0)} % of both`
      )
    }
    await street(hub, tokens, gateway)
  } finally {
    await hub.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function prepare(dataDir: string): { tokens: string[]; gateway: { username: string; password: string } } {
  mkdirSync(dataDir, { mode: 0o700 })
  const registry = openRegistry({ file: join(dataDir, 'registry.sqlite'), clock: systemClock })
  const { streetId } = registry.addStreet({ name: 'Ashley Road' })
  const now = systemClock.now()
  const add = (dialect: string, hasToken: boolean): Credentials =>
    registry.addDevice({ streetId, placement: 'outdoor', dialect, hasToken }, now)
  const tokens = Array.from({ length: boxes }, () => add('airrohr', true).token!)
  const gateway = registry.addGateway({ dialect: 'zigbee2mqtt', name: 'bench' }, now)
  for (let n = 0; n < 100; n++) {
    const { deviceId } = add('zigbee2mqtt', false)
    registry.claimThing(
      { dialect: 'zigbee2mqtt', scope: gateway.gatewayId, address: `t${n}`, name: '', deviceId },
      now
    )
  }
  registry.close()
  return { tokens, gateway }
}

async function generated(port: number, tokens: readonly string[]): Promise<Result> {
  const child = spawn(process.execPath, [import.meta.filename, 'generate', String(port), tokens.join(',')], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(child, 'close')
  return JSON.parse(text) as Result
}

/** One connection for each box, its next message when the one before was answered: raw, since a client would cost more than the hub. */
async function generate(port: number, tokens: readonly string[]): Promise<Result> {
  const took: number[] = []
  let refused = 0
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  await Promise.all(
    tokens.map(
      (token, n) =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1')
          let sentAt = 0
          let count = 0
          const send = (): void => {
            const body = values(`${n}.${String(count++ % 100).padStart(2, '0')}`)
            sentAt = performance.now()
            socket.write(
              `POST /push/airrohr/${token} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nX-PIN: 0\r\nContent-Length: ${body.length}\r\n\r\n${body}`
            )
          }
          socket.setNoDelay(true)
          socket.on('error', reject)
          socket.on('connect', send)
          socket.on('data', (chunk) => {
            if (chunk.indexOf('HTTP/1.1 201') === 0) took.push(performance.now() - sentAt)
            else refused++
            if (performance.now() - began < seconds * 1_000) return send()
            socket.end()
            resolve()
          })
        })
    )
  )
  const tookMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN
  return {
    acknowledged: took.length,
    refused,
    tookMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMs: (user + system) / 1_000
  }
}

/** 1,000 boxes in 145 s are 6.9 a second, 20 gateways of 100 things that report each minute 33.3 a second; both against an idle hub. */
async function street(
  { pid, httpPort, mqttPort }: { pid: number; httpPort: number; mqttPort: number },
  tokens: readonly string[],
  { username, password }: { username: string; password: string }
): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username, password })
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  const stretch = async (isBusy: boolean): Promise<number> => {
    const [pushEveryMs, thingEveryMs, stretchMs] = [145, 30, 20_000]
    let n = 0
    const pushing = setInterval(() => {
      const body = values(`${(n++ % 1_000) / 10}`)
      if (isBusy)
        void fetch(`http://127.0.0.1:${httpPort}/push/airrohr/${tokens[n % tokens.length]}`, {
          method: 'POST',
          body
        })
    }, pushEveryMs)
    const things = setInterval(() => {
      const state = {
        battery: 88,
        humidity: 40 + (n++ % 50),
        linkquality: 96,
        temperature: 20 + (n % 90) / 10,
        voltage: 2_900
      }
      const last_seen = new Date(systemClock.now()).toISOString()
      if (isBusy)
        client.publish(`zigbee2mqtt/t${n % 100}`, JSON.stringify({ ...state, last_seen }), { qos: 1 })
    }, thingEveryMs)
    const before = processFigures(pid).cpuS
    await pause(stretchMs)
    clearInterval(pushing)
    clearInterval(things)
    return ((processFigures(pid).cpuS - before) * 1_000) / stretchMs
  }
  await pause(5_000)
  const idle = await stretch(false)
  const busy = await stretch(true)
  await client.endAsync()
  console.log(
    `1,000 airRohr boxes every 145 s and 20 gateways of 100 things: ${(100 * (busy - idle)).toFixed(1)} % of a core ` +
      `(aim < ${100 * aims.streetShare} %; idle ${(100 * idle).toFixed(1)} %)`
  )
}
