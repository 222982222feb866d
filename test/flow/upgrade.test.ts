/** Folders that earlier versions wrote: a hub of today starts on each, and finds every reading. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayReport } from '../../ingest/replay.ts'
import { systemClock } from '../../model/time.ts'
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
    expect(stdout).toContain(`${facts.held} wait for a place`)
  })
})

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
