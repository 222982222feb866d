/**
 * Everything that can happen to an InfluxDB, under traffic: acknowledgements go on, health says what is wrong in a line, the
 * hub's memory stays as it is, it recovers by itself, and in the end everything that was acknowledged is stored once.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  influxSettings,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'
import { hostAt } from '../support/hub-host.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { numberedPayload, numberOf } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { processFigures } from '../support/process-figures.ts'
import { rawPublisher, type RawPublisher } from '../support/raw-publisher.ts'
import { slowWire } from '../support/slow-wire.ts'
import { fillWholly, holdSmallDisk } from '../support/small-disk.ts'

const influxd = outside('influxd')
const unshare = outside('unshare')

/** Messages while a fault lasts, one every few milliseconds. */
const duringFault = 1_500
const megabyte = 1024 ** 2
/** What a hub may take more than before: a batch or two under way, and a garbage collector that takes its time. */
const memoryGrowthMax = 200 * megabyte

/** One sensor that sends and sends. */
class Traffic {
  readonly acknowledged = new Set<number>()
  #publisher: RawPublisher | undefined
  #next = 0
  readonly #hub: HubProcess
  readonly #device: AddedDevice

  constructor(hub: HubProcess, device: AddedDevice) {
    this.#hub = hub
    this.#device = device
  }

  /** Sends so many, a few at a time, and resolves when all are acknowledged. */
  async send(count: number): Promise<void> {
    this.#publisher ??= await rawPublisher(this.#hub.mqttPort, this.#device, (n) => this.acknowledged.add(n))
    const wanted = this.acknowledged.size + count
    for (let sent = 0; sent < count;) {
      for (let i = 0; i < 10 && sent < count; i++, sent++)
        this.#publisher.send(this.#next, numberedPayload(this.#next++))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const acknowledged = await eventually(
      () => Promise.resolve(this.acknowledged.size),
      (size) => size === wanted
    )
    expect(acknowledged, 'acknowledgements never wait for InfluxDB').toBe(wanted)
  }

  end(): void {
    this.#publisher?.destroy()
  }
}

interface Rig {
  hub: HubProcess
  traffic: Traffic
  env: NodeJS.ProcessEnv
  dataDir: string
}

async function reasons({ hub }: Rig): Promise<string> {
  const answer = (await (await fetch(`${hub.url}/api/v1/health`)).json()) as { reasons: string[] }
  return answer.reasons.join('\n')
}

/** How far the store is behind what was acknowledged, as every answer says it. */
async function behindSeconds({ hub }: Rig): Promise<number> {
  const { headers } = await fetch(`${hub.url}/api/v1/streets`)
  return Number(headers.get('lamppost-behind-seconds'))
}

async function says(rig: Rig, words: string | RegExp): Promise<string> {
  const found = (text: string): boolean =>
    typeof words === 'string' ? text.includes(words) : words.test(text)
  const text = await eventually(() => reasons(rig), found)
  expect(text).toMatch(words)
  return text
}

async function isReady(rig: Rig): Promise<void> {
  expect(
    await eventually(
      () => reasons(rig),
      (text) => text === ''
    )
  ).toBe('')
}

/** Acknowledged less stored is nothing, and nothing is there twice. */
async function allIsStored({ env, dataDir, traffic }: Rig): Promise<void> {
  const check = async () => {
    const { status, stdout, stderr } = await command(['export', '--format', 'jsonl', '--data', dataDir], env)
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { time: string; quantity: string })
    const names = rows.map(({ time, quantity }) => `${numberOf(time)} ${quantity}`)
    const there = new Set(names)
    const wanted = [...traffic.acknowledged].flatMap((n) => [`${n} pm2_5`, `${n} humidity`])
    const lost = wanted.filter((name) => !there.has(name))
    return { status, stderr, lost: lost.length, firstLost: lost[0], doubled: names.length - there.size }
  }
  const answer = await eventually(check, ({ status, lost }) => status === 0 && lost === 0)
  expect(answer).toMatchObject({ status: 0, lost: 0, doubled: 0 })
}

describe.skipIf(!influxd.present)(`InfluxDB under traffic (${influxd.line})`, () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: InfluxdProcess
  let rig: Rig

  beforeAll(async () => {
    server = await startInfluxd()
  })
  afterAll(() => server?.close())

  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(async () => {
    rig.traffic.end()
    expect(await rig.hub.stop()).toBe(0)
    folder.remove()
  })

  async function start(more: NodeJS.ProcessEnv = {}): Promise<Rig> {
    const dataDir = join(folder.path, 'data')
    const env = { ...influxSettings(server, dataDir), LAMPPOST_LOG_LEVEL: 'warn', ...more }
    const hub = await startHubProcess(dataDir, [], env)
    const device = await addStreetAndDevice(dataDir, 'Ashley Road', '--interval', '60')
    rig = { hub, env, dataDir, traffic: new Traffic(hub, device) }
    await rig.traffic.send(200)
    return rig
  }

  it('killed: it is waited for, and gets everything when it is back', async () => {
    await start()
    const before = processFigures(rig.hub.pid).memoryBytes
    await server.kill()
    await rig.traffic.send(duringFault)
    await says(rig, 'cannot be reached (no program is listening there)')
    await rig.traffic.send(duringFault)
    const late = await eventually(
      () => behindSeconds(rig),
      (seconds) => seconds > 0
    )
    expect(late).toBeGreaterThan(0)
    expect(processFigures(rig.hub.pid).memoryBytes - before).toBeLessThan(memoryGrowthMax)
    await server.start()
    await isReady(rig)
    await allIsStored(rig)
    // Looked at every few seconds by the hub.
    expect(
      await eventually(
        () => behindSeconds(rig),
        (seconds) => seconds === 0
      )
    ).toBe(0)
  })

  it('killed before the hub starts: the hub starts, and says what it waits for', async () => {
    await start()
    rig.traffic.end()
    await rig.hub.stop()
    await server.kill()
    const hub = await startHubProcess(rig.dataDir, [], rig.env)
    const device = (await commandOf(rig, [
      'device',
      'add',
      '--street',
      'Ashley Road',
      '--outdoor',
      '--json'
    ])) as AddedDevice
    const earlier = rig.traffic.acknowledged
    rig = { ...rig, hub, traffic: new Traffic(hub, device) }
    await rig.traffic.send(500)
    await says(rig, 'cannot be reached (no program is listening there)')
    await server.start()
    await isReady(rig)
    expect(earlier.size).toBe(200)
    await eventually(
      async () =>
        (await command(['export', '--data', rig.dataDir], rig.env)).stdout.trimEnd().split('\n').length,
      (lines) => lines === 1 + 2 * 700
    ).then((lines) => expect(lines).toBe(1 + 2 * 700))
  })

  it('paused: nothing stalls, and it goes on when it is released', async () => {
    await start()
    const before = processFigures(rig.hub.pid).memoryBytes
    server.pause()
    try {
      await rig.traffic.send(duringFault)
      await says(rig, 'does not answer (it may be paused or overloaded)')
      await rig.traffic.send(duringFault)
      expect(processFigures(rig.hub.pid).memoryBytes - before).toBeLessThan(memoryGrowthMax)
    } finally {
      server.resume()
    }
    await isReady(rig)
    await allIsStored(rig)
  })

  it('slow: acknowledgements do not notice', async () => {
    const wire = await slowWire(server.url)
    await start({ INFLUX_URL: wire.url })
    wire.delay(400)
    await rig.traffic.send(2 * duringFault)
    wire.delay(0)
    await isReady(rig)
    await allIsStored(rig)
    await rig.hub.stop()
    await wire.close()
  })

  it('emptied: it is said, and a replay writes again what the journal holds', async () => {
    await start()
    await rig.traffic.send(duringFault)
    await allIsStored(rig)
    await server.wipe()
    await rig.traffic.send(duringFault)
    await says(rig, 'InfluxDB no longer has the readings that were stored before')
    const { status, stderr } = await command(['replay', '--data', rig.dataDir], rig.env)
    expect(status, stderr).toBe(0)
    await allIsStored(rig)
    await isReady(rig)
  })

  it('with a token that works no more: it is said, and readings wait until it does', async () => {
    const token = await server.makeToken(['read', 'write'])
    await start({ INFLUX_TOKEN: token })
    await setTokens(server, 'inactive')
    await rig.traffic.send(duringFault)
    await says(rig, /The token in INFLUX_TOKEN|does not accept the token/)
    await setTokens(server, 'active')
    await isReady(rig)
    await allIsStored(rig)
  })

  it('with a retention that is too short: what it refuses is kept, and written when it may be', async () => {
    await start()
    const bucket = rig.env['INFLUX_BUCKET']!
    // The readings of this traffic are from January.
    await setRetention(server, bucket, 7 * 86_400)
    await rig.traffic.send(duringFault)
    const text = await says(rig, /keeps data in the bucket.*refused readings for good/s)
    expect(text).toMatch(new RegExp(`keeps data in the bucket ${bucket} only for 7 days.*--retention 0s`))
    // The server's own words may quote a reading of a home: stewards read on the web that there are such.
    const json = <T>(...args: string[]) => commandJson<T>([...args, '--data', rig.dataDir])
    const carla = await hostAt({ json, url: rig.hub.url }, 'Carla', 'steward')
    for (const path of ['/steward/overview', '/steward/hub']) {
      const desk = await (await carla.ask('GET', path)).text()
      expect(desk).toContain('refused readings for good; they are kept aside')
      expect(desk).not.toMatch(/partial write|points beyond|the last because/)
    }
    const metrics = await (await fetch(`${rig.hub.url}/metrics`)).text()
    expect(Number(/^lamppost_store_refused_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(
      2 * duringFault
    )
    await setRetention(server, bucket, 0)
    const { status, stderr } = await command(['replay', '--data', rig.dataDir], rig.env)
    expect(status, stderr).toBe(0)
    await isReady(rig)
    await allIsStored(rig)
  })
})

describe.skipIf(!influxd.present || !unshare.present)(
  `InfluxDB on a small disk (${influxd.line}; ${unshare.line})`,
  () => {
    it('full: readings wait until there is room and its log is whole, and then are on its disk', async () => {
      const folder = temporaryFolder()
      const dataDir = join(folder.path, 'influxd')
      mkdirSync(dataDir)
      const disk = await holdSmallDisk(unshare.path, dataDir, 48)
      const server = await startInfluxd({ dataDir, under: disk.under })
      const env = { ...influxSettings(server, folder.path), LAMPPOST_LOG_LEVEL: 'warn' }
      const hubDir = join(folder.path, 'data')
      const hub = await startHubProcess(hubDir, [], env)
      const device = await addStreetAndDevice(hubDir, 'Ashley Road', '--interval', '60')
      const rig: Rig = { hub, env, dataDir: hubDir, traffic: new Traffic(hub, device) }
      await rig.traffic.send(200)
      await allIsStored(rig)

      fillWholly(join(disk.path, 'ballast'))
      await rig.traffic.send(10 * duringFault)
      await says(rig, /Readings wait in the journal.*could not write its log.*restart InfluxDB twice/)
      rmSync(join(disk.path, 'ballast'))
      await rig.traffic.send(duringFault)
      await server.restart()
      await says(rig, /restart InfluxDB once more/)
      await server.restart()
      await isReady(rig)
      await allIsStored(rig)
      // What it has on its disk, and not in its memory alone, is what counts.
      await server.restart()
      await allIsStored(rig)

      rig.traffic.end()
      expect(await hub.stop()).toBe(0)
      await server.close()
      await disk.close()
      folder.remove()
    })
  }
)

async function commandOf({ dataDir, env }: Rig, args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await command([...args, '--data', dataDir], env)
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

/** All but the one that the test itself works with. */
async function setTokens(server: InfluxdProcess, status: 'active' | 'inactive'): Promise<void> {
  const { authorizations } = (await server.ask('GET', '/api/v2/authorizations')) as {
    authorizations: { id: string; description: string }[]
  }
  for (const { id, description } of authorizations) {
    if (description === '') await server.ask('PATCH', `/api/v2/authorizations/${id}`, { status })
  }
}

async function setRetention(server: InfluxdProcess, bucket: string, everySeconds: number): Promise<void> {
  const { buckets } = (await server.ask('GET', `/api/v2/buckets?name=${bucket}`)) as {
    buckets: { id: string }[]
  }
  // A shard may not be longer than the retention, and ours are of four weeks.
  const shardGroupDurationSeconds = 86_400
  const retentionRules = [{ type: 'expire', everySeconds, shardGroupDurationSeconds }]
  await server.ask('PATCH', `/api/v2/buckets/${buckets[0]!.id}`, { retentionRules })
}
