/** The registry's file: made, upgraded with a copy put aside, refused when newer or foreign, never half written. */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inTransaction, openDatabase, RegistryVersionError } from '../../registry/database.ts'
import { migrations } from '../../registry/migrations.ts'
import { openRegistry } from '../../registry/open.ts'
import { RegistryRefusal, RegistryUnavailable } from '../../registry/registry.ts'
import { ashleyRoad, clock, noon, temporaryFile } from './support.ts'

const newest = migrations.at(-1)!.version
const withOneMore = [
  ...migrations,
  {
    version: newest + 1,
    what: 'a column',
    sql: "ALTER TABLE streets ADD COLUMN colour TEXT NOT NULL DEFAULT ''"
  }
]

describe("the registry's file", () => {
  it('may be read by its owner alone', () => {
    const file = temporaryFile()
    ashleyRoad(file)
    for (const name of readdirSync(dirname(file))) {
      expect([name, statSync(join(dirname(file), name)).mode & 0o777]).toEqual([name, 0o600])
    }
  })

  it('keeps everything over a restart', () => {
    const file = temporaryFile()
    const before = ashleyRoad(file)
    const given = before.addDevice({ streetId: 'ashley-road', placement: 'indoor', intervalS: 60 }, noon)
    before.setSetting('timezone', 'Europe/London')
    const then = [before.streets(), before.sites(), before.devices(), before.deployments()]
    before.close()

    const after = openRegistry({ file, clock })
    onTestFinished(() => after.close())
    expect([after.streets(), after.sites(), after.devices(), after.deployments()]).toEqual(then)
    expect(after.verify(given.deviceId, given.password)).toBeDefined()
    expect(after.setting('timezone')).toBe('Europe/London')
    expect(after.setting('unknown')).toBeUndefined()
  })

  it('writes with full syncing, a write-ahead log and foreign keys', () => {
    const db = openDatabase({ file: temporaryFile(), clock })
    onTestFinished(() => db.close())
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(db.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
  })

  it('is upgraded after a copy was put aside, which the older version can open', () => {
    const file = temporaryFile()
    ashleyRoad(file).close()
    const told: string[] = []
    const log = { info: (_fields: object, message: string) => told.push(message), warn: () => {} }
    openDatabase({ file, clock, log, migrations: withOneMore }).close()

    const copy = `registry-v${newest}-20261122T120000000Z.sqlite`
    expect(readdirSync(dirname(file))).toContain(copy)
    expect(statSync(join(dirname(file), copy)).mode & 0o777).toBe(0o600)
    expect(told).toEqual(['The registry was upgraded.'])
    const older = openRegistry({ file: join(dirname(file), copy), clock })
    onTestFinished(() => older.close())
    expect(older.streets().map(({ name }) => name)).toEqual(['Ashley Road'])
  })

  it('stays as it was when an upgrade fails half way', () => {
    const file = temporaryFile()
    ashleyRoad(file).close()
    const broken = [
      ...withOneMore,
      { version: newest + 2, what: 'a mistake', sql: 'ALTER TABLE nothing RENAME TO x' }
    ]
    expect(() => openDatabase({ file, clock, migrations: broken })).toThrow(RegistryUnavailable)
    expect(ashleyRoadOf(file)).toEqual(['Ashley Road'])
  })

  it('of a newer version is refused, untouched, with what to do', () => {
    const file = temporaryFile()
    ashleyRoad(file).close()
    openDatabase({ file, clock, migrations: withOneMore }).close()
    const before = readdirSync(dirname(file))
    const open = (): unknown => openRegistry({ file, clock })
    expect(open).toThrow(RegistryVersionError)
    expect(open).toThrow(
      `newer version of Lamppost (format ${newest + 1}; this one knows formats up to ${newest}). Start the newer`
    )
    expect(readdirSync(dirname(file))).toEqual(before)
  })

  it('of another program, and no database at all, are refused', () => {
    const foreign = temporaryFile()
    const db = new DatabaseSync(foreign)
    db.exec('CREATE TABLE guests (name TEXT)')
    db.close()
    expect(() => openRegistry({ file: foreign, clock })).toThrow(
      /of another program; choose another data folder/
    )

    const text = temporaryFile()
    writeFileSync(text, 'This is a shopping list and no database. '.repeat(50))
    expect(() => openRegistry({ file: text, clock })).toThrow(RegistryUnavailable)
    expect(() => openRegistry({ file: '/nowhere/registry.sqlite', clock })).toThrow(/opening \/nowhere/)
  })
})

describe('a transaction', () => {
  it('is all or nothing, and tells refusals from failures', () => {
    const db = openDatabase({ file: temporaryFile(), clock })
    onTestFinished(() => db.close())
    const insert = (): unknown => db.prepare("INSERT INTO settings VALUES ('a', 'b')").run()
    const refusal = new RegistryRefusal('badName', 'No.')
    expect(() =>
      inTransaction(db, 'trying', () => {
        insert()
        throw refusal
      })
    ).toThrow(refusal)
    expect(() =>
      inTransaction(db, 'trying', () => {
        insert()
        insert()
      })
    ).toThrow(/unavailable \(trying\): UNIQUE constraint failed/)
    expect(db.prepare('SELECT count(*) AS n FROM settings').get()).toEqual({ n: 0 })
    expect(inTransaction(db, 'trying', () => 7)).toBe(7)
  })

  it('never installs a device at two sites at once', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { deviceId, siteId } = registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, noon)
    const db = openDatabase({ file, clock })
    onTestFinished(() => db.close())
    const install = (from: number | null, until: number | null): unknown =>
      db
        .prepare('INSERT INTO deployments (deviceId, siteId, "from", until) VALUES (?, ?, ?, ?)')
        .run(deviceId, siteId, from, until)
    expect(() => install(1, 2)).toThrow('one site at a time')
    db.exec('UPDATE deployments SET "from" = 10, until = 20')
    expect(() => install(null, 11)).toThrow('one site at a time')
    expect(() => install(19, null)).toThrow('one site at a time')
    install(null, 10)
    install(20, null)
    expect(() => db.exec('UPDATE deployments SET until = 21 WHERE until = 20')).toThrow('one site at a time')
  })
})

function ashleyRoadOf(file: string): string[] {
  const registry = openRegistry({ file, clock })
  onTestFinished(() => registry.close())
  return registry.streets().map(({ name }) => name)
}
