/**
 * A real hub in a process of its own, and the real command, as a steward has them. With `LAMPPOST_TEST_STORE=influx` they
 * keep readings in an InfluxDB: one server for each test file, a bucket for each data folder.
 */
import { createHash } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { once } from 'node:events'
import mqtt, { type MqttClient } from 'mqtt'
import { influxSettings as readInfluxSettings } from '../../config.ts'
import { settings } from '../../settings.ts'
import type { InfluxSettings } from '../../store/influx/check.ts'
import { startInfluxd, type InfluxdProcess } from './influxd.ts'

const home = join(import.meta.dirname, '..', '..')
const lamppost = join(home, 'cli', 'lamppost.mjs')

export interface HubProcess {
  pid: number
  dataDir: string
  httpPort: number
  mqttPort: number
  url: string
  output(): string
  /** Kills without warning, as a power cut would. */
  kill(): Promise<void>
  /** Resolves when it ended by itself, with its exit status. */
  ended: Promise<number | null>
  /** SIGTERM; gives the exit status. */
  stop(): Promise<number | null>
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lamppost-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export async function startHubProcess(
  dataDir: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
  /** A program that runs the hub under itself (strace and its options). */
  under: string[] = []
): Promise<HubProcess> {
  return untilItListens(dataDir, ['start', ...args], { ...(await storeSettings(dataDir)), ...env }, under)
}

/** `lamppost demo` on a folder of its own: an invented neighbourhood with its history, and a fleet that goes on publishing. */
export async function startDemoProcess(
  dataDir: string,
  args: string[] = [],
  {
    env = {},
    under = [],
    onStart
  }: { env?: NodeJS.ProcessEnv; under?: string[]; onStart?: (pid: number) => void } = {}
): Promise<HubProcess> {
  const settings = { LAMPPOST_LOG_LEVEL: 'warn', ...env }
  return untilItListens(dataDir, ['demo', ...args], settings, under, onStart)
}

async function untilItListens(
  dataDir: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  under: string[],
  onStart: (pid: number) => void = () => undefined
): Promise<HubProcess> {
  const ports = ['--http', '0', '--mqtt', '0', '--host', '127.0.0.1']
  const child = run([...args, '--data', dataDir, ...ports], env, under)
  onStart(child.pid!)
  let output = ''
  const addresses = await new Promise<{ http: number; mqtt: number }>((resolve, reject) => {
    const read = (text: Buffer): void => {
      output += text.toString()
      const http = /Dashboard +http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      const mqtt = /MQTT +mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      if (http && mqtt) resolve({ http: Number(http), mqtt: Number(mqtt) })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', (code) => reject(new Error(`The hub ended with ${code}:\n${output}`)))
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  return {
    pid: child.pid!,
    dataDir,
    httpPort: addresses.http,
    mqttPort: addresses.mqtt,
    url: `http://127.0.0.1:${addresses.http}`,
    output: () => output,
    ended: exited.then(([status]) => status),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      return (await exited)[0]
    }
  }
}

export interface CommandOutcome {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs `lamppost …` and waits for its end. */
export async function command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<CommandOutcome> {
  const child = await startCommand(args, env)
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}

/** For who does something to it while it works. */
export async function startCommand(args: string[], env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const dataDir = args[args.indexOf('--data') + 1]
  const store = args.includes('--data') && dataDir ? await storeSettings(dataDir) : {}
  return run(args, { ...store, ...env })
}

/** A command that must succeed, its `--json` answer read. */
export async function commandJson<T>(args: string[]): Promise<T> {
  const { status, stdout, stderr } = await command([...args, '--json'])
  if (status !== 0) throw new Error(`lamppost ${args.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as T
}

export interface AddedDevice {
  deviceId: string
  siteId: string
  username: string
  password: string
  topic: string
}

/** A street with a sensor on it, added to a hub that runs on `dataDir`. */
export async function addStreetAndDevice(
  dataDir: string,
  street: string,
  ...more: string[]
): Promise<AddedDevice> {
  await commandJson(['street', 'add', street, '--data', dataDir])
  return addDevice(dataDir, street, ...more)
}

/** Outdoors unless `more` says otherwise. */
export function addDevice(dataDir: string, street: string, ...more: string[]): Promise<AddedDevice> {
  const place = more.includes('--indoor') ? [] : ['--outdoor']
  return commandJson<AddedDevice>(['device', 'add', '--street', street, ...place, ...more, '--data', dataDir])
}

/** A sensor's own connection, which does not come back by itself. */
export function connectDevice(
  { mqttPort }: Pick<HubProcess, 'mqttPort'>,
  { username, password }: Pick<AddedDevice, 'username' | 'password'>
): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username, password, reconnectPeriod: 0 })
}

/** Sends one message and waits until the hub has it. */
export async function publishOnce(
  hub: Pick<HubProcess, 'mqttPort'>,
  device: AddedDevice,
  payload: string
): Promise<void> {
  const client = await connectDevice(hub, device)
  await client.publishAsync(device.topic, payload, { qos: 1 })
  await client.endAsync()
}

/** Asks until the answer is as wanted; gives up with the last answer after `patienceMs`, for the assertion to show. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  patienceMs = 120_000
): Promise<T> {
  const until = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (wanted(answer) || performance.now() > until) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Which store the hubs of this run keep readings in, unless a test says otherwise. */
export const testStore = process.env['LAMPPOST_TEST_STORE'] === 'influx' ? 'influx' : 'duckdb'

let ownServer: Promise<InfluxdProcess> | undefined
// In a test, not in a benchmark: the server ends with the file, and its data goes.
if (process.env['VITEST']) {
  const { afterAll } = await import('vitest')
  afterAll(async () => (await ownServer)?.close())
}

/** The same for rooms that a test opens in its own process. */
export async function influxOf(dataDir: string): Promise<InfluxSettings | null> {
  const env = await storeSettings(dataDir)
  return 'INFLUX_URL' in env ? readInfluxSettings(env) : null
}

/** The settings with which a hub finds the readings of a data folder. */
async function storeSettings(dataDir: string): Promise<NodeJS.ProcessEnv> {
  // A folder that was restored, or comes from an older version, has its readings with it.
  if (testStore === 'duckdb' || existsSync(join(dataDir, 'readings.duckdb'))) return {}
  return influxSettings(await (ownServer ??= startInfluxd()), dataDir)
}

/** A bucket for each data folder. */
export function influxSettings(server: Pick<InfluxdProcess, 'url' | 'token' | 'org'>, dataDir: string) {
  const bucket = `hub-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)}`
  return {
    LAMPPOST_STORE: 'influx',
    INFLUX_URL: server.url,
    INFLUX_TOKEN: server.token,
    INFLUX_ORG: server.org,
    INFLUX_BUCKET: bucket
  }
}

/** Every setting at its default, so that a developer's own `.env` says nothing here. */
const nothingSet = Object.fromEntries(
  Object.entries(settings).map(([name, { default: value }]) => [name, value])
)

function run(args: string[], env: NodeJS.ProcessEnv, under: string[] = []): ChildProcess {
  const [program = '', ...rest] = [...under, process.execPath, lamppost, ...args]
  const child = spawn(program, rest, {
    cwd: home,
    env: { PATH: process.env['PATH'], ...nothingSet, LAMPPOST_TIMEZONE: 'Europe/London', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  // A test that fails before it stops its hub takes the hub with it.
  const orphaned = (): void => void child.kill('SIGKILL')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  return child
}
