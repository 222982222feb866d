/** A data folder that goes away under a running hub: nothing is acknowledged that would be gone, and health says what to do. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'
import { lostAndDoubled, numberedPayload, storedReadings } from '../support/numbered-readings.ts'
import { outside } from '../support/outside.ts'
import { rawPublisher } from '../support/raw-publisher.ts'
import { hubOnSmallDisk } from '../support/small-disk.ts'

const unshare = outside('unshare')
const strace = outside('strace')
const folder = temporaryFolder()
afterAll(() => folder.remove())
let hub: HubProcess
afterEach(() => hub.kill())

const quiet = { LAMPPOST_LOG_LEVEL: 'error' }
const gone = 'were deleted, replaced, or are hidden by another disk'

describe('a data folder', () => {
  it('that is deleted ends every acknowledgement, and is said on the health page and to a command', async () => {
    const { data, device } = await start('deleted')
    expect(await send(device, 0, 20)).toBe(20)
    rmSync(data, { recursive: true })
    expect(await send(device, 20, 20)).toBe(0)
    expect((await reasons(gone)).join()).toContain(gone)
    // The socket went with the folder: a command finds no hub, and makes no second one beside it.
    expect((await command(['street', 'list', '--data', data])).status).toBe(0)
  })

  it('that is moved away and back is used again, and nothing is lost or double', async () => {
    const { data, device } = await start('moved')
    const acknowledged = new Set<number>()
    expect(await send(device, 0, 20, acknowledged)).toBe(20)
    renameSync(data, `${data}-elsewhere`)
    expect(await send(device, 20, 20, acknowledged)).toBe(0)
    renameSync(`${data}-elsewhere`, data)
    expect(await send(device, 20, 20, acknowledged)).toBe(20)
    await expectWhole(data, device, acknowledged)
  })

  it.each(['journal.sqlite', 'journal.sqlite-wal'])('whose %s is replaced by a copy', async (name) => {
    const { data, device } = await start(`replaced-${name}`)
    expect(await send(device, 0, 20)).toBe(20)
    copyFileSync(join(data, name), join(data, 'copy'))
    renameSync(join(data, 'copy'), join(data, name))
    expect(await send(device, 20, 20)).toBe(0)
    expect((await reasons(gone)).join()).toContain('Stop the hub, put the folder back')
  })

  it('whose registry is replaced gives no password to anybody', async () => {
    const { data } = await start('registry')
    copyFileSync(join(data, 'registry.sqlite'), join(data, 'copy'))
    renameSync(join(data, 'copy'), join(data, 'registry.sqlite'))
    const { status, stderr } = await command(['street', 'add', 'Mill Lane', '--data', data])
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(gone) as string })
  })

  it('whose accounts are replaced gives no invitation to anybody', async () => {
    const { data } = await start('accounts')
    copyFileSync(join(data, 'accounts.sqlite'), join(data, 'copy'))
    renameSync(join(data, 'copy'), join(data, 'accounts.sqlite'))
    const { status, stderr } = await command(['steward', 'invite', '--data', data])
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(gone) as string })
  })

  it.each(['registry', 'accounts'])(
    'whose %s have lost their log give no password to anybody',
    async (name) => {
      const { data } = await start(`log-of-${name}`)
      rmSync(join(data, `${name}.sqlite-wal`))
      const asked = name === 'registry' ? ['street', 'add', 'Mill Lane'] : ['steward', 'invite']
      const { status, stderr } = await command([...asked, '--data', data])
      expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(gone) as string })
    }
  )

  it('whose readings are replaced lets an erasure wait, and not be tried without end, nor hold up a stop', async () => {
    const { data } = await start('erasure')
    const { personId } = await commandJson<{ personId: string }>(['person', 'add', 'Anna', '--data', data])
    await addDevice(data, 'Ashley Road', '--person', personId)
    copyFileSync(join(data, 'readings.duckdb'), join(data, 'copy'))
    renameSync(join(data, 'copy'), join(data, 'readings.duckdb'))
    const erased = await command(['person', 'erase', personId, '--yes', '--data', data])
    expect(erased).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('The hub continues') as string
    })
    // Waits for what is being erased.
    expect((await command(['snapshot', '--data', data])).status).toBe(1)
    expect(await hub.stop()).toBe(0)
  })

  it('whose readings have lost their log has them in the file itself', async () => {
    const { data, device } = await start('log-of-readings')
    const acknowledged = new Set<number>()
    await send(device, 0, 20, acknowledged)
    await storedCount(20)
    rmSync(join(data, 'readings.duckdb.wal'))
    await send(device, 20, 20, acknowledged)
    await storedCount(40)
    await hub.kill()
    hub = await startHubProcess(data, [], quiet)
    await expectWhole(data, device, acknowledged)
  })

  it('whose changes have lost their log stores no late reading that nobody would be told of', async () => {
    const { data, device } = await start('log-of-changes')
    const acknowledged = new Set<number>()
    rmSync(join(data, 'changes.sqlite-wal'))
    expect(await send(device, 0, 20, acknowledged)).toBe(20)
    expect((await reasons('Readings wait in the journal')).join()).toContain(gone)
    await hub.stop()
    hub = await startHubProcess(data, [], quiet)
    await expectWhole(data, device, acknowledged)
  })

  it('whose readings are replaced keeps what comes in the journal', async () => {
    const { data, device } = await start('readings')
    copyFileSync(join(data, 'readings.duckdb'), join(data, 'copy'))
    renameSync(join(data, 'copy'), join(data, 'readings.duckdb'))
    // Their messages are safe, so they are acknowledged; they are not called stored.
    expect(await send(device, 0, 20)).toBe(20)
    expect((await reasons('Readings wait in the journal')).join()).toContain(gone)
    await hub.stop()
    hub = await startHubProcess(data, [], quiet)
    await expectWhole(data, device, new Set(Array.from({ length: 20 }, (_, n) => n)))
  })
})

describe.skipIf(!unshare.present)(`a disk (${unshare.line})`, () => {
  it('that is hidden by another one, mounted over it', async () => {
    const path = join(folder.path, 'disk')
    mkdirSync(path)
    const disk = await hubOnSmallDisk(unshare.path, path, 64)
    hub = disk.hub
    const device = await addStreetAndDevice(disk.path, 'Ashley Road', '--outdoor', '--interval', '60')
    expect(await send(device, 0, 20)).toBe(20)
    const within = ['--preserve-credentials', '-U', '-m', '-t', String(hub.pid), '--']
    execFileSync('nsenter', [...within, 'mount', '-t', 'tmpfs', 'none', path])
    expect(await send(device, 20, 20)).toBe(0)
    expect((await reasons(gone)).join()).toContain(gone)
    execFileSync('nsenter', [...within, 'umount', path])
    expect(await send(device, 20, 20)).toBe(20)
  })
})

describe.skipIf(!strace.present)(`a disk (${strace.line})`, () => {
  it('that becomes read-only is waited for', async () => {
    const { device } = await start('read-only')
    expect(await send(device, 0, 20)).toBe(20)
    // What the kernel answers then: a disk that is in use cannot be made read-only on purpose.
    const calls = [
      '-e',
      'trace=pwrite64,access,faccessat',
      '-e',
      'inject=pwrite64,access,faccessat:error=EROFS'
    ]
    const disk = spawn(strace.path, ['-f', '-p', String(hub.pid), '-o', '/dev/null', ...calls])
    await once(disk.stderr, 'data') // "Process … attached"
    expect(await send(device, 20, 20)).toBe(0)
    expect((await reasons('read-only')).join()).toContain('The disk of the data folder has become read-only')
    disk.kill()
    await once(disk, 'exit')
    expect(await send(device, 20, 20)).toBe(20)
  })
})

async function start(name: string): Promise<{ data: string; device: AddedDevice }> {
  const data = join(folder.path, name)
  hub = await startHubProcess(data, [], quiet)
  const device = await addStreetAndDevice(data, 'Ashley Road', '--outdoor', '--interval', '60')
  return { data, device }
}

/** Publishes messages and gives how many were acknowledged before the hub closed the connection, or all were. */
async function send(
  device: AddedDevice,
  first: number,
  count: number,
  acknowledged = new Set<number>()
): Promise<number> {
  const before = acknowledged.size
  const client = await rawPublisher(hub.mqttPort, device, (n) => acknowledged.add(n))
  for (let n = first; n < first + count; n++) client.send(n, numberedPayload(n))
  const all = eventually(
    () => Promise.resolve(acknowledged.size),
    (size) => size === before + count,
    15_000
  )
  await Promise.race([client.closed, all])
  client.destroy()
  await client.closed
  return acknowledged.size - before
}

/** Once so many messages are stored. */
async function storedCount(messages: number): Promise<void> {
  const metrics = async () => (await fetch(`${hub.url}/metrics`)).text()
  const stored = (text: string) => Number(/^lamppost_ingest_messages_total (\d+)/m.exec(text)?.[1])
  expect(stored(await eventually(metrics, (text) => stored(text) >= messages))).toBe(messages)
}

/** What the health page says, once it says that. */
async function reasons(what: string): Promise<string[]> {
  const health = async () =>
    (await fetch(`${hub.url}/api/v1/health`)).json() as Promise<{ reasons: string[] }>
  const { reasons: found } = await eventually(health, (answer) => answer.reasons.join().includes(what))
  return found
}

async function expectWhole(
  data: string,
  { deviceId }: AddedDevice,
  acknowledged: Set<number>
): Promise<void> {
  const stored = await storedReadings(data)
  expect(lostAndDoubled(stored, new Map([[deviceId, acknowledged]]))).toEqual({ lost: [], doubled: [] })
}
