/** A real InfluxDB 2 for tests: a fresh server from the binary, or fresh buckets on one that runs already. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outside } from './outside.ts'

export interface InfluxServer {
  url: string
  org: string
  /** May do everything in the organisation. */
  token: string
  /** An empty bucket with a name of its own; 0 keeps for ever. */
  makeBucket(options?: { name?: string; retentionS?: number }): Promise<string>
  /** A token that may only do this to these buckets; without names, to every bucket of the organisation. */
  makeToken(rights: readonly BucketRight[], buckets?: readonly string[]): Promise<string>
  /** Rows of a Flux query as the server's CSV gives them, by column name. */
  query(flux: string): Promise<Record<string, string>[]>
  /** Asks the server's API; an answer that is no success throws with its text. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
  /** Ends the server, or removes the buckets that were made on one that others use too. */
  close(): Promise<void>
}

export type BucketRight = 'read' | 'write'

/** A server that is ours alone, so that a test may do to it what the world does. */
export interface InfluxdProcess extends InfluxServer {
  dataDir: string
  readonly pid: number
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM. */
  stop(): Promise<void>
  /** After `kill` or `stop`: the same data, the same port. */
  start(): Promise<void>
  /** `kill` and `start`. */
  restart(): Promise<void>
  /** Its data is gone, as after the loss of its disk; it is set up anew with the same organisation and token. */
  wipe(): Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void
  resume(): void
  output(): string
}

/** Any server: the one of `INFLUX_URL` where it is named, otherwise a fresh one from the binary. */
export async function anyInflux(): Promise<InfluxServer> {
  const { INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org } = process.env
  if (outside('influxd').present || !url || !token || !org) return startInfluxd()
  const made: string[] = []
  const server = serverAt(url.replace(/\/$/, ''), org, token, made)
  return {
    ...server,
    async close() {
      const ours = (await buckets(server)).filter(({ name }) =>
        made.some((one) => name === one || name.startsWith(`${one}-`))
      )
      for (const { id } of ours) await server.ask('DELETE', `/api/v2/buckets/${id}`)
    }
  }
}

export interface InfluxdOptions {
  /** A program that the server runs under, such as `unshare` and its options. */
  under?: readonly string[]
  /** Where it keeps its data; a temporary folder unless given, gone after `close`. */
  dataDir?: string
  args?: readonly string[]
}

/** A fresh server of the binary, set up with an organisation, a user whom nobody needs, and a token. */
export async function startInfluxd({
  dataDir,
  args = [],
  under = []
}: InfluxdOptions = {}): Promise<InfluxdProcess> {
  const influxd = outside('influxd')
  if (!influxd.present) throw new Error(influxd.line)
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'lamppost-influxd-'))
  let running = await listen(folder, 0, args, under)
  const url = `http://127.0.0.1:${running.port}`
  const token = randomBytes(24).toString('hex')
  const org = 'lamppost'
  const setup = { username: 'test', password: randomBytes(16).toString('hex'), org, bucket: 'unused', token }
  const setUp = (): Promise<unknown> => ask(url, token, 'POST', '/api/v2/setup', setup)
  await setUp()

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return
    const ended = once(running.child, 'exit')
    running.child.kill(signal)
    // A process that was stopped takes no other signal before it goes on.
    running.child.kill('SIGCONT')
    await ended
  }
  return {
    ...serverAt(url, org, token, []),
    dataDir: folder,
    get pid() {
      return running.child.pid!
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async start() {
      running = await listen(folder, running.port, args, under)
    },
    async restart() {
      await end('SIGKILL')
      running = await listen(folder, running.port, args, under)
    },
    async wipe() {
      await end('SIGKILL')
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
      running = await listen(folder, running.port, args, under)
      await setUp()
    },
    pause: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    output: () => running.output(),
    async close() {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

interface Running {
  child: ChildProcess
  port: number
  output(): string
}

/** A test that is ended by a signal can clean up nothing; on Linux the server ends with it all the same. */
const setpriv = '/usr/bin/setpriv'
const diesWithUs = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL'] : []

async function listen(
  folder: string,
  port: number,
  args: readonly string[],
  under: readonly string[]
): Promise<Running> {
  const places = {
    bolt: join(folder, 'influxd.bolt'),
    sqlite: join(folder, 'influxd.sqlite'),
    engine: join(folder, 'engine')
  }
  const [program = '', ...before] = [...under, ...diesWithUs, outside('influxd').path]
  const child = spawn(
    program,
    [
      ...before,
      ...Object.entries(places).flatMap(([name, path]) => [`--${name}-path`, path]),
      ...['--http-bind-address', `127.0.0.1:${port}`, '--reporting-disabled', '--ui-disabled', '--no-tasks'],
      ...args
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: folder } }
  )
  // A test that dies takes its server with it.
  const orphaned = (): void => void child.kill('SIGKILL')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  let output = ''
  const found = await new Promise<number>((resolve, reject) => {
    const read = (text: Buffer): void => {
      output = (output + text.toString()).slice(-outputCharactersMax)
      const listening = /msg=Listening .*transport=http .*\bport=(\d+)/.exec(output)?.[1]
      if (listening) resolve(Number(listening))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`influxd ended with ${code}:\n${output}`)))
  })
  await healthy(`http://127.0.0.1:${found}`)
  return { child, port: found, output: () => output }
}

/** Of what the server says, for the message of a failure. */
const outputCharactersMax = 100_000

/** It listens before it serves. */
async function healthy(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health`)
    const { status } = (await answer.json()) as { status: string }
    if (status === 'pass') return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function serverAt(url: string, org: string, token: string, made: string[]): InfluxServer {
  const server: InfluxServer = {
    url,
    org,
    token,
    ask: (method, path, body) => ask(url, token, method, path, body),
    async makeBucket({ name = `readings-${randomBytes(6).toString('hex')}`, retentionS = 0 } = {}) {
      made.push(name)
      const retentionRules = [{ type: 'expire', everySeconds: retentionS }]
      await server.ask('POST', '/api/v2/buckets', { orgID: await orgId(server), name, retentionRules })
      return name
    },
    async makeToken(rights, names) {
      const orgID = await orgId(server)
      const known = names ? await buckets(server) : []
      const targets = names?.map((name) => ({ id: known.find((bucket) => bucket.name === name)?.id })) ?? [{}]
      const permissions = rights.flatMap((action) =>
        targets.map((target) => ({ action, resource: { type: 'buckets', orgID, ...target } }))
      )
      const answer = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
      return (answer as { token: string }).token
    },
    async query(flux) {
      const answer = await fetch(`${url}/api/v2/query?org=${encodeURIComponent(org)}`, {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'content-type': 'application/vnd.flux' },
        body: flux
      })
      if (!answer.ok) throw new Error(`The query was answered ${answer.status}: ${await answer.text()}`)
      return rowsOf(await answer.text())
    },
    close: () => Promise.resolve()
  }
  return server
}

async function orgId(server: InfluxServer): Promise<string> {
  const answer = await server.ask('GET', `/api/v2/orgs?org=${encodeURIComponent(server.org)}`)
  return (answer as { orgs: { id: string }[] }).orgs[0]!.id
}

async function buckets(server: InfluxServer): Promise<{ id: string; name: string }[]> {
  const answer = await server.ask('GET', '/api/v2/buckets?limit=100')
  return (answer as { buckets: { id: string; name: string }[] }).buckets
}

async function ask(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown
): Promise<unknown> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
  return text ? (JSON.parse(text) as unknown) : undefined
}

/** Tables of plain CSV, each with its head; none of our names or values has a comma or a quote in it. */
function rowsOf(csv: string): Record<string, string>[] {
  return csv
    .split('\r\n\r\n')
    .filter((table) => table.trim())
    .flatMap((table) => {
      const [head = '', ...lines] = table.split('\r\n').filter(Boolean)
      const names = head.split(',')
      return lines.map((line) =>
        Object.fromEntries(
          line
            .split(',')
            .map((cell, i) => [names[i] ?? '', cell] as const)
            .slice(1)
        )
      )
    })
}
