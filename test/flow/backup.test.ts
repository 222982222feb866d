/** A backup of a hub that works, and what it is worth: restored elsewhere, everything acknowledged before it began is there once. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DuckDBInstance } from '@duckdb/node-api'
import mqtt from 'mqtt'
import { readTar } from '../../operate/backup/tar.ts'
import {
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  eventually,
  startCommand,
  startHubProcess,
  temporaryFolder,
  testStore,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const archive = join(folder.path, 'hub.tar')

const firstAt = Date.UTC(2026, 0, 1)
const timeOf = (n: number): string => new Date(firstAt + n * 1_000).toISOString()

interface BackupAnswer {
  bytes: number
  counts: { streets: number; devices: number; readings: number; messages: number }
}

describe('a backup while 2,000 messages a second arrive', () => {
  const dataDir = join(folder.path, 'data')
  const restoredDir = join(folder.path, 'restored')
  let device: AddedDevice
  let before: number[]
  let during = 0
  /** What another program hears that opens the readings after the backup. */
  let locked = ''
  let answer: BackupAnswer

  beforeAll(async () => {
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    device = await addStreetAndDevice(dataDir, 'Ashley Road', '--interval', '60')
    const publisher = await publishSteadily(hub, device, 2_000)
    await publisher.acknowledged(4_000)
    before = [...publisher.done]
    answer = await commandJson<BackupAnswer>(['backup', archive, '--data', dataDir])
    during = publisher.done.size - before.length
    if (testStore === 'duckdb')
      locked = await DuckDBInstance.create(join(dataDir, 'readings.duckdb')).then(
        (instance) => (instance.closeSync(), 'open'),
        String
      )
    await publisher.stop()
    expect(await hub.stop()).toBe(0)
  })

  it('keeps acknowledging meanwhile', () => {
    expect(before.length).toBeGreaterThanOrEqual(4_000)
    expect(during).toBeGreaterThan(0)
  })

  it('leaves the readings locked against other programs', () => {
    // Where they are in a file of ours.
    if (testStore === 'duckdb') expect(locked).toMatch(/lock/)
  })

  it('is one tar file for its owner alone, with nothing left beside it', async () => {
    expect(statSync(archive).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('hub.tar'))).toEqual(['hub.tar'])
    const file = await open(archive, 'r')
    const entries = await readTar(file)
    await file.close()
    expect(entries.map(({ name }) => name)).toEqual([
      'registry.sqlite',
      'journal.sqlite',
      'readings.duckdb',
      'accounts.sqlite',
      'photos.sqlite',
      'erasures.json',
      'manifest.json'
    ])
    expect(answer.counts).toMatchObject({ streets: 1, devices: 1 })
    expect(answer.counts.messages).toBeGreaterThanOrEqual(before.length)
  })

  it('restored elsewhere, has everything acknowledged before it began, once', async () => {
    const { status, stderr } = await command(['restore', archive, '--data', restoredDir])
    expect(status, stderr).toBe(0)
    const hub = await startHubProcess(restoredDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const rows = await exported(restoredDir)
    const times = new Set(rows.map(({ time }) => time))
    expect(times.size).toBe(rows.length)
    expect(before.filter((n) => !times.has(timeOf(n)))).toEqual([])

    // The sequence goes on above everything in the backup: what a sensor sends now wins over what it sent then.
    const client = await connect(hub, device)
    await client.publishAsync(device.topic, JSON.stringify({ at: timeOf(before[0]!), pm2_5: 999 }), {
      qos: 1
    })
    client.end(true)
    const now = await exported(restoredDir)
    expect(now).toHaveLength(rows.length)
    expect(now.find(({ time }) => time === timeOf(before[0]!))?.value).toBe(999)
    expect(await hub.stop()).toBe(0)
  })

  it('of the stopped hub has the rest as well', async () => {
    const rest = join(folder.path, 'rest.tar')
    const { counts } = await commandJson<BackupAnswer>(['backup', rest, '--data', dataDir])
    expect(counts.messages).toBeGreaterThanOrEqual(before.length + during)
    expect(counts.readings).toBe((await exported(dataDir)).length)
  })
})

describe('a hub that is told to stop while it makes a backup', () => {
  it('ends at once, and leaves a whole archive or none, and nothing beside it', async () => {
    const cut = join(folder.path, 'cut.tar')
    const dataDir = join(folder.path, 'data')
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const asked = command(['backup', cut, '--data', dataDir])
    await eventually(
      () => Promise.resolve(existsSync(`${cut}.copies`) || existsSync(cut)),
      (begun) => begun
    )
    expect(await hub.stop()).toBe(0)
    const { status, stderr } = await asked
    const left = readdirSync(folder.path).filter((name) => name.startsWith('cut.tar'))
    if (status === 0) expect(left).toEqual(['cut.tar'])
    else {
      expect(left).toEqual([])
      expect(lastLines(stderr)).toEqual([expect.stringContaining('The hub stopped before')])
    }
  })
})

describe('a backup that is killed', () => {
  const dataDir = join(folder.path, 'data')
  const cut = join(folder.path, 'killed.tar')
  const beside = (): string[] => readdirSync(folder.path).filter((name) => name.startsWith('killed.tar'))
  const begun = () =>
    eventually(
      () => Promise.resolve(existsSync(`${cut}.copies`)),
      (found) => found
    )

  it('with its hub leaves nothing beside its name after the next start', async () => {
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const asked = command(['backup', cut, '--data', dataDir])
    await begun()
    await hub.kill()
    const { status, stderr } = await asked
    expect(status).toBe(1)
    expect(lastLines(stderr)).toEqual([expect.stringContaining('The hub stopped before')])
    expect(beside()).not.toEqual([])
    const next = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    expect(beside()).toEqual([])
    await next.stop()
  })

  it('without a hub leaves nothing beside its name after the next command', async () => {
    const killed = await startCommand(['backup', cut, '--data', dataDir])
    await begun()
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    expect(beside()).not.toEqual([])
    expect((await command(['street', 'list', '--data', dataDir])).status).toBe(0)
    expect(beside()).toEqual([])
    expect(readdirSync(dataDir).filter((name) => name.startsWith('unfinished'))).toEqual([])
  })
})

describe('lamppost backup', () => {
  const running = join(folder.path, 'running.tar')
  beforeAll(() => mkdirSync(`${running}.copies`))

  it.each([
    ['a name that is taken', archive, 2, 'already exists'],
    ['a name that another backup is at', running, 1, 'another backup of that name is running'],
    ['a folder that is not there', join(folder.path, 'nowhere', 'x.tar'), 1, 'there is no folder']
  ])('refuses %s with one line', async (_what, file, wanted, says) => {
    const { status, stderr } = await command(['backup', file, '--data', join(folder.path, 'data')])
    expect(stderr).toContain(says)
    expect(lastLines(stderr)).toHaveLength(1)
    expect(status).toBe(wanted)
  })
})

describe('lamppost restore', () => {
  const changed = join(folder.path, 'changed.tar')
  const target = join(folder.path, 'target')

  const refused = async (file: string, dataDir: string, says: string): Promise<void> => {
    const { status, stderr } = await command(['restore', file, '--data', dataDir])
    expect(stderr).toContain(says)
    expect(lastLines(stderr)).toHaveLength(1)
    expect(status).toBe(1)
  }

  it('refuses a folder that has data, and leaves it alone', async () => {
    const dataDir = join(folder.path, 'data')
    const had = readdirSync(dataDir)
    await refused(archive, dataDir, 'is not empty')
    expect(readdirSync(dataDir)).toEqual(had)
  })

  it.each([
    ['cut short', () => truncateSync(changed, statSync(changed).size - 5_000), 'is damaged'],
    ['changed in one bit', () => flipBit(changed, Math.floor(statSync(changed).size / 2)), 'checksum'],
    ['no archive at all', () => writeFileSync(changed, 'Ashley Road'.repeat(100)), 'is damaged'],
    ['empty', () => writeFileSync(changed, ''), 'is damaged'],
    ['of a newer version', () => replaceText(changed, '"version": 1', '"version": 9'), 'newer Lamppost']
  ])('refuses an archive that is %s, and leaves nothing behind', async (_what, change, says) => {
    copyFileSync(archive, changed)
    change()
    await refused(changed, target, says)
    expect(existsSync(target)).toBe(false)
  })

  it('refuses a file that is not there, and a folder', async () => {
    await refused(join(folder.path, 'nothing.tar'), target, 'There is no file')
    await refused(folder.path, target, 'is a folder')
  })
})

interface Publisher {
  done: Set<number>
  /** Resolves when so many are acknowledged. */
  acknowledged(count: number): Promise<void>
  /** Sends no more, and waits for the answers. */
  stop(): Promise<void>
}

/** Message n has its own second and its own value. Twenty a hundredth of a second; the hub holds back what is too much. */
async function publishSteadily(hub: HubProcess, device: AddedDevice, perSecond: number): Promise<Publisher> {
  const client = await connect(hub, device)
  const done = new Set<number>()
  const waiting: { count: number; resolve(): void }[] = []
  const open = new Set<Promise<void>>()
  let next = 0
  const send = async (n: number): Promise<void> => {
    await client.publishAsync(device.topic, JSON.stringify({ at: timeOf(n), pm2_5: n / 100 }), { qos: 1 })
    done.add(n)
    for (const { count, resolve } of waiting) if (done.size >= count) resolve()
  }
  const timer = setInterval(() => {
    for (let i = 0; i < perSecond / 100; i++) {
      const sending = send(next++)
      open.add(sending)
      void sending.finally(() => open.delete(sending))
    }
  }, 10)
  return {
    done,
    acknowledged: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
      client.end(true)
    }
  }
}

function connect(hub: HubProcess, { username, password }: AddedDevice): Promise<mqtt.MqttClient> {
  return connectDevice(hub, { username, password })
}

async function exported(dataDir: string): Promise<{ time: string; value: number }[]> {
  const { status, stdout, stderr } = await command(['export', '--format', 'jsonl', '--data', dataDir])
  expect(status, stderr).toBe(0)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { time: string; value: number })
}

/** What the command says; progress lines (they name megabytes or begin with a bar) left out. */
function lastLines(stderr: string): string[] {
  return stderr
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('lamppost:'))
}

function flipBit(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
  writeFileSync(file, bytes)
}

function replaceText(file: string, text: string, by: string): void {
  const bytes = readFileSync(file)
  bytes.write(by, bytes.lastIndexOf(text))
  writeFileSync(file, bytes)
}
