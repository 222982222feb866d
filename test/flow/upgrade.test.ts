/** Folders that earlier versions wrote: a hub of today starts on each, and finds every reading. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeskOverview } from '../../contract/desk/hub.ts'
import type { ReplayReport } from '../../ingest/replay.ts'
import { about, supportNotices } from '../../hub/version.ts'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { readManifest, unpack } from '../../operate/backup/archive.ts'
import { openDatabase, RegistryVersionError } from '../../registry/database.ts'
import { migrations } from '../../registry/migrations.ts'
import { noteUpgrade, notedUpgrade, upgradeIsRead } from '../../operate/upgrade-note.ts'
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
import { hostAt } from '../support/hub-host.ts'
import { outside } from '../support/outside.ts'
import { holdSmallDisk } from '../support/small-disk.ts'

const unshare = outside('unshare')

let folder = temporaryFolder()
afterEach(() => {
  folder.remove()
  folder = temporaryFolder()
})

/** As they were: what the new version has not looked back on yet is marked as that beside them. */
const exported = async (): Promise<string> =>
  (await command(['export', '--data', folder.path])).stdout.replaceAll(',unjudged,', ',,')

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

  it('is told to the stewards on the web, with the backup and the way back, until one has read it', async () => {
    unpackDataFolder(oldest, folder.path)
    const hub = await startHubProcess(folder.path, [], quiet)
    const json = <T>(...args: string[]) => commandJson<T>([...args, '--data', folder.path])
    const carla = await hostAt({ json, url: hub.url }, 'Carla', 'steward')
    const told = async () => (await carla.json<DeskOverview>('GET', '/steward/overview')).upgrade
    const upgrade = (await told())!
    const [way = '', archive = ''] = /npx lamppost restore (\S+) --data \S+-before/.exec(hub.output()) ?? []
    expect(upgrade).toMatchObject({
      from: null,
      to: about().version,
      isChanged: true,
      backup: archive,
      goBack: way
    })
    expect(upgrade.changes.length).toBeGreaterThan(0)
    await hub.stop()
    // Another start is no upgrade, and takes away nothing that nobody has read.
    const again = await startHubProcess(folder.path, [], quiet)
    expect((await command(['street', 'list', '--data', folder.path])).status).toBe(0)
    const dora = await hostAt({ json, url: again.url }, 'Dora', 'steward')
    expect((await dora.json<DeskOverview>('GET', '/steward/overview')).upgrade).toEqual(upgrade)
    expect((await dora.ask('DELETE', '/steward/upgrade')).status).toBe(200)
    expect((await dora.json<DeskOverview>('GET', '/steward/overview')).upgrade).toBeNull()
    await again.stop()
  })

  it('that changes nothing in the folder is told too; what nobody read of the one before stays told', () => {
    const settings = new Map<string, string>()
    const registry = {
      setting: (name: string) => settings.get(name),
      setSetting: (name: string, value: string) => void settings.set(name, value)
    }
    const note = { at: '2027-01-01T00:00:00.000Z', backup: null, goBack: null, isChanged: false }
    noteUpgrade(registry, { ...note, from: '0.1.0', since: '0.1.0', to: '0.2.0' })
    noteUpgrade(registry, { ...note, from: '0.2.0', since: '0.2.0', to: '0.3.0' })
    expect(notedUpgrade(registry)).toEqual({ ...note, from: '0.2.0', since: '0.1.0', to: '0.3.0' })
    upgradeIsRead(registry)
    expect(notedUpgrade(registry)).toBeNull()
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
