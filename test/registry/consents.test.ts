/** Consents: dated records of who agreed to what, in which words; and where a folder's first ones come from. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { consentWordings, currentWording } from '../../model/consent.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { openDatabase } from '../../registry/database.ts'
import { migrations } from '../../registry/migrations.ts'
import { openRegistry } from '../../registry/open.ts'
import { logShortOfConsents } from '../../hub/short-of-consents.ts'
import { checkRegistry } from '../../operate/check-files.ts'
import {
  ashleyRoad,
  clock,
  expectSameAfterRestart,
  noon,
  openAt,
  refused,
  seededBytes,
  temporaryFile
} from './support.ts'

const indoor = { streetId: 'ashley-road', placement: 'indoor' } as const
const later = (noon + hourMs) as UnixMs
const earlier = (noon - dayMs) as UnixMs

describe('a consent', () => {
  it('is a record of who, for what, in which words, from when until when', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const { personId } = registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    const consent = registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, noon)
    expect(consent).toEqual({
      consentId: 1,
      homeId: 'number-4',
      personId,
      purpose: 'street',
      wording: currentWording.street,
      from: noon,
      until: null,
      recordedAt: noon,
      by: 'Anna',
      endedBy: null
    })
    // Agreeing twice is agreeing once.
    expect(registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Ben' }, later)).toBe(consent)
    expect(registry.endConsents({ homeId: 'number-4', by: 'Anna' }, later)).toEqual([
      { ...consent, until: later, endedBy: 'Anna' }
    ])
    expect(registry.endConsents({ homeId: 'number-4', by: 'Anna' }, later)).toEqual([])
    registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, later)
    expect(registry.consents()).toHaveLength(2)
    expectSameAfterRestart(file, registry)
  })

  it('never begins before it is recorded, and ends no earlier than it began, whatever the clock does', () => {
    const registry = ashleyRoad()
    registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const backdated = { homeId: 'number-4', purpose: 'street', by: 'Anna', from: earlier } as const
    expect(refused(() => registry.recordConsent(backdated, noon)).code).toBe('badTime')
    registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, noon)
    const [ended] = registry.endConsents({ homeId: 'number-4', by: 'Anna' }, earlier)
    expect(ended?.until).toBe(noon)
  })

  it('is refused for a home that is not known, has no sensor, or in words that nobody wrote', () => {
    const registry = ashleyRoad()
    const wanted = { homeId: 'number-4', purpose: 'street', by: 'Anna' } as const
    expect(refused(() => registry.recordConsent(wanted, noon)).code).toBe('homeUnknown')
    registry.addPerson({ name: 'Anna', homeId: 'number-4' }, noon)
    expect(refused(() => registry.recordConsent(wanted, noon)).code).toBe('homeEmpty')
    registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    expect(refused(() => registry.recordConsent({ ...wanted, wording: 'street-0' }, noon)).code).toBe(
      'badWording'
    )
    expect(refused(() => registry.recordConsent({ ...wanted, by: '' }, noon)).code).toBe('badName')
    expect(registry.consents()).toEqual([])
  })

  it('ends at every place of a person, for one purpose or for all', () => {
    const registry = ashleyRoad()
    registry.addStreet({ name: 'Mill Lane' })
    const { deviceId, siteId } = registry.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    const { personId } = registry.site(siteId)!
    registry.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna' }, noon)
    registry.recordConsent({ homeId: 'number-4', purpose: 'research', by: 'Anna' }, noon)
    registry.addDevice({ ...indoor, homeId: 'number-9' }, noon)
    registry.recordConsent({ homeId: 'number-9', purpose: 'street', by: 'Ben' }, noon)
    const moved = registry.move(deviceId, 'mill-lane', noon, noon)
    const { homeId } = registry.site(moved.siteId)!
    expect(homeId).not.toBe('number-4')
    registry.recordConsent({ homeId, purpose: 'street', by: 'Anna' }, noon)
    const ended = registry.endConsents({ personId, purpose: 'street', by: 'Anna' }, later)
    expect(ended.map((one) => one.homeId)).toEqual(['number-4', homeId])
    const standing = registry.consents().filter(({ until }) => until === null)
    expect(standing.map((one) => [one.homeId, one.purpose])).toEqual([
      ['number-4', 'research'],
      ['number-9', 'street']
    ])
    expect(registry.endConsents({ personId, by: 'Anna' }, later)).toHaveLength(1)
  })

  it('refers to words that are kept', () => {
    for (const wording of Object.values(currentWording))
      expect(consentWordings[wording]?.length).toBeGreaterThan(50)
  })

  it('begins with its story in a folder that was made as a demo, which it stays', () => {
    const file = temporaryFile()
    const made = openRegistry({ file, clock, makeDemo: true })
    expect(made.isDemo).toBe(true)
    made.addStreet({ name: 'Ashley Road' })
    made.addDevice({ ...indoor, homeId: 'number-4' }, noon)
    made.recordConsent({ homeId: 'number-4', purpose: 'street', by: 'Anna', from: earlier }, noon)
    expect(made.consents()[0]).toMatchObject({ from: earlier, recordedAt: noon })
    made.close()
    const db = new DatabaseSync(file)
    onTestFinished(() => db.close())
    expect(() => db.exec("UPDATE folder SET kind = 'hub'")).toThrow('never changes')
    expect(() => db.exec('DELETE FROM folder')).toThrow('never changes')
    expect(openAt(file).isDemo).toBe(true)

    const real = temporaryFile()
    openRegistry({ file: real, clock }).close()
    const again = openRegistry({ file: real, clock, makeDemo: true })
    onTestFinished(() => again.close())
    expect(again.isDemo).toBe(false)
  })
})

describe('a registry from before there were persons', () => {
  /** As step 3 left it. */
  function oldFile(fill: (db: DatabaseSync) => void): string {
    const file = temporaryFile()
    const db = new DatabaseSync(file)
    db.exec(`PRAGMA application_id = ${0x4c414d50}`)
    for (const { sql, version } of migrations.filter((step) => step.version <= 3)) {
      db.exec(sql)
      db.exec(`PRAGMA user_version = ${version}`)
    }
    db.exec("INSERT INTO streets VALUES ('ashley-road', 'Ashley Road', 'ashley road', '[]', '')")
    fill(db)
    db.close()
    return file
  }
  const site = (db: DatabaseSync, siteId: string, homeId: string, consent: 0 | 1): void =>
    void db
      .prepare("INSERT INTO sites VALUES (?, 'ashley-road', ?, ?, ?, ?)")
      .run(siteId, siteId, homeId === '' ? 'outdoor' : 'indoor', homeId, consent)

  it('has one person for each home and for each outdoor site; a yes counts from now on', () => {
    const file = oldFile((db) => {
      site(db, 's-1', '', 0)
      site(db, 's-2', '', 0)
      site(db, 's-3', 'number-4', 1)
      site(db, 's-4', 'number-4', 1)
      site(db, 's-5', 'number-5', 0)
    })
    const registry = openAt(file)
    expect(registry.persons()).toHaveLength(4)
    expect(
      registry
        .homes()
        .map(({ homeId }) => homeId)
        .toSorted()
    ).toEqual(['number-4', 'number-5'])
    const hostOf = (siteId: string) => registry.site(siteId)!.personId
    expect(hostOf('s-3')).toBe(hostOf('s-4'))
    expect(new Set(['s-1', 's-2', 's-3', 's-5'].map(hostOf)).size).toBe(4)
    expect(registry.consents()).toEqual([
      {
        consentId: 1,
        homeId: 'number-4',
        personId: hostOf('s-3'),
        purpose: 'street',
        wording: 'taken-over',
        from: noon,
        until: null,
        recordedAt: noon,
        by: '',
        endedBy: null
      }
    ])
    expect(registry.isDemo).toBe(false)
    expectSameAfterRestart(file, registry)
  })

  it('names streets that have too few homes because of it, in the log and for the doctor, until homes agree anew', () => {
    const file = oldFile((db) => {
      for (let n = 1; n <= 4; n++) site(db, `s-${n}`, `home-${n}`, 1)
      // One home whose sensors disagree: it counted before, and nobody can say that it agreed.
      site(db, 's-5', 'home-5', 1)
      site(db, 's-6', 'home-5', 0)
    })
    const registry = openAt(file)
    const logged: string[] = []
    const log = { warn: (_fields: object, message: string) => void logged.push(message) }
    logShortOfConsents(registry, log)
    expect(logged).toEqual([
      expect.stringContaining('5 homes counted before the upgrade, 4 agree now, and 5 are needed')
    ])
    const look = () => checkRegistry(file, { inUse: true }).shortOfConsents
    expect(look()).toMatchObject([{ name: 'Ashley Road', homes: 4, unknownWords: 4, homesBefore: 5 }])
    registry.addDevice({ ...indoor, homeId: 'home-5' }, noon)
    registry.recordConsent({ homeId: 'home-5', purpose: 'street', by: 'Ben' }, noon)
    expect(look()).toMatchObject([{ homes: 5, unknownWords: 4 }])

    for (let n = 1; n <= 4; n++)
      registry.recordConsent({ homeId: `home-${n}`, purpose: 'street', by: 'Anna' }, later)
    expect(look()).toEqual([])
    // The record of before ends where that to known words begins.
    const ofOne = registry.consents().filter(({ homeId }) => homeId === 'home-1')
    expect(ofOne).toMatchObject([
      { wording: 'taken-over', from: noon, until: later, endedBy: 'Anna' },
      { wording: currentWording.street, from: later, until: null }
    ])
    expectSameAfterRestart(file, registry)
  })

  it('stays a demo if it remembers its story, whose homes agreed before it begins', () => {
    const toldAt = noon - 3 * dayMs
    const file = oldFile((db) => {
      site(db, 's-1', 'number-4', 1)
      db.prepare("INSERT INTO settings VALUES ('demo', ?)").run(JSON.stringify({ toldAt, days: 90 }))
    })
    const registry = openAt(file)
    expect(registry.isDemo).toBe(true)
    expect(registry.consents()[0]?.from).toBe(toldAt - 90 * dayMs)
  })

  it('is all upgraded or not at all', () => {
    const file = oldFile((db) => site(db, 's-1', 'number-4', 1))
    const stuck = (): Uint8Array => {
      throw new Error('no randomness')
    }
    expect(() => openDatabase({ file, clock, randomBytes: stuck })).toThrow('no randomness')
    const db = openDatabase({ file, clock: { now: () => later }, randomBytes: seededBytes() })
    onTestFinished(() => db.close())
    expect(db.prepare('SELECT count(*) AS n FROM persons').get()).toEqual({ n: 1 })
  })
})
