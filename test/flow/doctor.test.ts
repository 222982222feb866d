/** The doctor finds what is wrong with a hub, running or not, and says what to do. */
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdDataFolder } from '../../hub/data-folder.ts'
import type { Finding } from '../../operate/doctor/finding.ts'
import { backupName } from '../../operate/backup/schedule.ts'
import type { UnixMs } from '../../model/time.ts'
import {
  addStreetAndDevice,
  command,
  connectDevice,
  startHubProcess,
  temporaryFolder,
  testStore
} from '../support/hub-process.ts'

let folder = temporaryFolder()
let dataDir = ''
beforeEach(() => {
  folder = temporaryFolder()
  dataDir = join(folder.path, 'data')
})
afterEach(() => folder.remove())

const anyPorts = { LAMPPOST_HTTP_PORT: '0', LAMPPOST_MQTT_PORT: '0', LAMPPOST_HOST: '127.0.0.1' }

/** Beside registry and journal. */
const storeFile = testStore === 'influx' ? 'influx.sqlite' : 'readings.duckdb'

interface Examined {
  status: number | null
  findings: Finding[]
}

async function examine(env: NodeJS.ProcessEnv = {}): Promise<Examined> {
  const outcome = await command(['doctor', '--json', '--data', dataDir], { ...anyPorts, ...env })
  const { findings } = JSON.parse(outcome.stdout) as { findings: Finding[] }
  return { status: outcome.status, findings }
}

function about(findings: Finding[], what: string): Finding | undefined {
  return findings.find((finding) => finding.what === what)
}

describe('the doctor, on a hub that is stopped', () => {
  const kept = temporaryFolder()
  beforeAll(() => addStreetAndDevice(kept.path, 'Ashley Road'))
  afterAll(() => kept.remove())
  beforeEach(() => {
    cpSync(kept.path, dataDir, { recursive: true })
    chmodSync(dataDir, 0o700)
  })

  it('finds a new hub well, but for a backup and who runs it', async () => {
    const { status, findings } = await examine()
    expect(status).toBe(0)
    // This folder is a copy, and in these tests each folder has a bucket of its own.
    const others = findings.filter(({ what }) => what !== 'buckets')
    expect(others.filter(({ state }) => state !== 'ok')).toEqual([
      expect.objectContaining({
        what: 'privacy notice',
        state: 'warn',
        todo: 'Set LAMPPOST_OPERATOR and LAMPPOST_OPERATOR_CONTACT.'
      }),
      expect.objectContaining({ what: 'backup', state: 'warn' })
    ])
    const said = { LAMPPOST_OPERATOR: 'Ashley Road Residents', LAMPPOST_OPERATOR_CONTACT: '12 Ashley Road' }
    expect(about((await examine(said)).findings, 'privacy notice')?.state).toBe('ok')
    expect(about(findings, 'registry.sqlite')?.says).toContain('1 street')
  })

  it('prints a line for each, and what to do under it', async () => {
    const { status, stdout } = await command(['doctor', '--data', dataDir], anyPorts)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ok {4}journal\.sqlite: /m)
    expect(stdout).toMatch(/^warn {2}backup: .*\n {6}→ .*npx lamppost backup/m)
  })

  it.each(['registry.sqlite', 'journal.sqlite', storeFile])('finds %s damaged', async (name) => {
    const file = join(dataDir, name)
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0x5a, 100, bytes.length - 100))
    const { status, findings } = await examine()
    expect(about(findings, name)).toMatchObject({ state: 'bad', todo: expect.stringContaining('restore') })
    expect(status).toBe(1)
  })

  it('finds a file that is missing', async () => {
    rmSync(join(dataDir, 'journal.sqlite'))
    const { status, findings } = await examine()
    expect(about(findings, 'journal.sqlite')).toMatchObject({ state: 'bad' })
    expect(status).toBe(1)
  })

  it('finds a folder and a key that others may read', async () => {
    const key = join(folder.path, 'key.pem')
    writeFileSync(key, '')
    chmodSync(key, 0o644)
    chmodSync(dataDir, 0o755)
    const tls = { LAMPPOST_MQTTS_PORT: '0', LAMPPOST_TLS_CERT: key, LAMPPOST_TLS_KEY: key }
    const { status, findings } = await examine(tls)
    expect(about(findings, 'data folder')).toMatchObject({ state: 'bad', todo: `chmod 700 ${dataDir}` })
    expect(about(findings, 'TLS key')).toMatchObject({ state: 'bad', todo: `chmod 600 ${key}` })
    expect(status).toBe(1)
  })

  it('finds a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { status, findings } = await examine({ LAMPPOST_MQTT_PORT: String(port) })
    other.close()
    expect(about(findings, 'MQTT port')).toMatchObject({
      state: 'bad',
      says: `${port} is in use by another program.`
    })
    expect(status).toBe(1)
  })

  it('knows the age of the last backup, by hand and by schedule', async () => {
    await command(['backup', join(folder.path, 'hub.tar'), '--data', dataDir])
    expect(about((await examine()).findings, 'backup')).toMatchObject({ state: 'ok' })
    const dir = join(folder.path, 'backups')
    expect(about((await examine({ LAMPPOST_BACKUP_DIR: dir })).findings, 'backup')?.state).toBe('bad')
    mkdirSync(dir)
    writeFileSync(join(dir, backupName(Date.UTC(2026, 0, 1) as UnixMs)), '')
    expect(about((await examine({ LAMPPOST_BACKUP_DIR: dir })).findings, 'backup')).toMatchObject({
      state: 'warn',
      says: 'The last one was made on 1 Jan 2026, 00:00.'
    })
  })

  it('says so when something else holds the folder', async () => {
    const held = holdDataFolder(dataDir)
    const { findings } = await examine()
    held.release()
    expect(about(findings, 'files')).toMatchObject({ state: 'warn' })
  })
})

describe('the doctor, where no hub ever was', () => {
  it('says that the folder is not there yet, and makes none', async () => {
    const { status, findings } = await examine()
    expect(about(findings, 'data folder')).toMatchObject({ state: 'warn' })
    expect(status).toBe(0)
    expect(() => renameSync(dataDir, dataDir)).toThrow()
  })
})

describe('the doctor, on a hub that runs', () => {
  it('asks it, and disturbs nothing', async () => {
    const device = await addStreetAndDevice(dataDir, 'Ashley Road')
    const hub = await startHubProcess(dataDir, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const client = await connectDevice(hub, device)
    await client.publishAsync(device.topic, '{"pm2_5":8.1,"humidity":81}', { qos: 1 })
    await command(['export', '--data', dataDir])

    const { status, findings } = await examine()
    expect(about(findings, 'hub')?.says).toContain('ready')
    expect(about(findings, 'HTTP port')?.says).toBe(`The hub listens on ${hub.httpPort}.`)
    expect(about(findings, 'journal.sqlite')?.says).toContain('1 message')
    expect(about(findings, testStore === 'influx' ? 'InfluxDB' : storeFile)?.says).toContain('2 readings')
    expect(status).toBe(0)

    await client.publishAsync(device.topic, '{"pm2_5":8.2}', { qos: 1 })
    client.end(true)
    expect((await fetch(`${hub.url}/api/v1/health`)).status).toBe(200)
    expect(await hub.stop()).toBe(0)
  })
})
