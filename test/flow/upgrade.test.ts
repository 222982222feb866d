/** Folders that earlier versions wrote: a hub of today starts on each, and finds every reading. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayReport } from '../../ingest/replay.ts'
import { about, supportNotices } from '../../hub/version.ts'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { readManifest, unpack } from '../../operate/backup/archive.ts'
import { openDatabase, RegistryVersionError } from '../../registry/database.ts'
import { migrations } from '../../registry/migrations.ts'
import { openRegistry } from '../../registry/open.ts'
import { dataFolders, unpackDataFolder } from '../support/data-folder-fixture.ts'
import {
  command,
  commandJson,
  connectDevice,
  eventually,
  startHubProcess,
  temporaryFolder,
  type AddedDevice
} from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'
import { holdSmallDisk } from '../support/small-disk.ts'

const unshare = outside('unshare')

let folder = temporaryFolder()
afterEach(() => {
  folder.remove()
  folder = temporaryFolder()
})

const exported = async (): Promise<string> => (await command(['export', '--data', folder.path])).stdout

describe.each(dataFolders)('a hub on %s', (name) => {
  it('has every reading as it was, judges the end of a scale again, and takes new ones', async () => {
    const { facts, csv } = unpackDataFolder(name, folder.path)
    const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    expect(csv).toContain(',3,unusual saturated,')
    expect(await eventually(exported, (text) => !text.includes(',3,unusual saturated,'))).toBe(judged(csv))
    expect(await commandJson(['device', 'list', '--data', folder.path])).toHaveLength(facts.devices)
    expect(await commandJson(['street', 'list', '--data', folder.path])).toHaveLength(facts.streets)

    const device = await commandJson<AddedDevice>(['device', 'rotate', facts.deviceId, '--data', folder.path])
    const client = await connectDevice(hub, device)
    await client.publishAsync(device.topic, '{"pm2_5":8.1}', { qos: 1 })
    client.end(true)
    expect(lines(await exported())).toHaveLength(facts.readings + 1)
    expect(await hub.stop()).toBe(0)
  })

  it('still has its messages: those stored change nothing when decoded again, and one waits for its place', async () => {
    const { facts, csv } = unpackDataFolder(name, folder.path)
    const report = await commandJson<ReplayReport>(['replay', '--data', folder.path])
    expect(report).toMatchObject({ inserted: 0, replaced: 0 })
    expect(report.messages).toBeGreaterThan(100)
    expect(judged(await exported())).toBe(judged(csv))
    const { stdout } = await command(['doctor', '--data', folder.path])
    expect(stdout).toContain(`${facts.held} waiting for a place`)
  })
})

describe('an upgrade', () => {
  const [oldest = ''] = dataFolders
  const quiet = { LAMPPOST_LOG_LEVEL: 'error' }

  it('says what it will change, makes a backup that the version before can restore, and names the way back', async () => {
    const { facts } = unpackDataFolder(oldest, folder.path)
    const before = versionsIn(folder.path)
    const hub = await startHubProcess(folder.path, [], quiet)
    const says = hub.output()
    expect(says).toMatch(
      /an earlier version wrote .*It will be changed:\n  registry.sqlite: passwords that end/
    )
    expect(says).toContain('readings.duckdb: hours and days are recalculated')
    const [, archive = ''] = /npx lamppost restore (\S+) --data \S+-before\n/.exec(says) ?? []
    expect(says.indexOf('To go back')).toBeLessThan(says.indexOf('Dashboard'))
    await hub.stop()

    const { manifest, entries } = await readManifest(archive)
    expect(manifest.formats).toEqual({ registry: before.registry, journal: before.journal, readings: 1 })
    expect(manifest.counts).toMatchObject({ streets: facts.streets, readings: facts.readings })
    const back = join(folder.path, 'back')
    mkdirSync(back)
    await unpack(archive, { manifest, entries }, back, () => undefined)
    expect(versionsIn(back)).toEqual(before)

    const again = await startHubProcess(folder.path, [], quiet)
    expect(again.output()).not.toContain('will be changed')
    const health = (await (await fetch(`${again.url}/api/v1/health`)).json()) as { reasons: string[] }
    expect(health.reasons).toEqual([])
    await again.stop()
  })

  it('by a command has a backup first, too', async () => {
    unpackDataFolder(oldest, folder.path)
    const { status, stderr, stdout } = await command(['street', 'list', '--data', folder.path])
    expect({ status, lines: stdout.trim().split('\n').length }).toEqual({ status: 0, lines: 2 })
    expect(stderr).toContain('To go back: install')
    expect(
      readdirSync(join(folder.path, 'before-upgrade')).filter((name) => name.endsWith('.tar'))
    ).toHaveLength(1)
  })

  it.skipIf(!unshare.present)(`changes nothing where a backup has no room (${unshare.line})`, async () => {
    unpackDataFolder(oldest, folder.path)
    const before = versionsIn(folder.path)
    const disk = join(folder.path, 'small')
    mkdirSync(disk)
    const small = await holdSmallDisk(unshare.path, disk, 1)
    small.fill(0)
    const env = { LAMPPOST_BACKUP_DIR: small.path }
    const { status, stderr } = await command(['street', 'list', '--data', folder.path], env)
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Nothing was changed. Free some space') as string
    })
    expect(versionsIn(folder.path)).toEqual(before)
    const hub = await startHubProcess(folder.path, ['--without-backup'], { ...env, ...quiet })
    expect(hub.output()).toContain('No backup is made first, as you said.')
    await hub.stop()
    await small.close()
  })

  it('is named on the health page once a version has no more fixes', () => {
    const release = { version: '0.1.0', supportedUntil: '2028-11-30' }
    expect(supportNotices(release, Date.UTC(2028, 10, 30, 12) as UnixMs)).toEqual([])
    expect(supportNotices(release, Date.UTC(2028, 11, 1) as UnixMs)).toEqual([
      expect.stringContaining('without security fixes since 2028-11-30')
    ])
    expect(about().supportedUntil).toMatch(/^\d{4}-\d\d-\d\d$/)
  })
})

function versionsIn(path: string): { registry: unknown; journal: unknown } {
  const versionOf = (name: string): unknown => {
    const db = new DatabaseSync(join(path, name), { readOnly: true })
    const version = db.prepare('PRAGMA user_version').get()?.['user_version']
    db.close()
    return version
  }
  return { registry: versionOf('registry.sqlite'), journal: versionOf('journal.sqlite') }
}

describe('a registry of an older version', () => {
  it('is upgraded after a copy was put aside, which the older version can open', () => {
    const [oldest = ''] = dataFolders
    const { facts } = unpackDataFolder(oldest, folder.path)
    const file = join(folder.path, 'registry.sqlite')
    const next = Math.max(...migrations.map(({ version }) => version)) + 1
    const change = 'ALTER TABLE streets ADD COLUMN note TEXT'
    openDatabase({
      file,
      clock: systemClock,
      migrations: [...migrations, { version: next, what: 'a note for each street', sql: change }]
    }).close()

    const upgraded = new DatabaseSync(file)
    expect(upgraded.prepare('SELECT count(*) AS n FROM streets WHERE note IS NULL').get()).toEqual({
      n: facts.streets
    })
    upgraded.close()
    expect(() => openRegistry({ file })).toThrow(RegistryVersionError)

    const aside = readdirSync(folder.path).filter((f) => /^registry-v\d+-\w+\.sqlite$/.test(f))
    expect(aside).toHaveLength(1)
    const before = openRegistry({ file: join(folder.path, aside[0] ?? '') })
    expect(before.streets()).toHaveLength(facts.streets)
    expect(before.devices()).toHaveLength(facts.devices)
    before.close()
  })
})

/** The first programs only doubted a value at the end of its sensor's scale; the look back fails it. */
function judged(csv: string): string {
  return csv.replaceAll(',3,unusual saturated,', ',4,unusual saturated,')
}

function lines(csv: string): string[] {
  return csv.trimEnd().split('\n').slice(1)
}
