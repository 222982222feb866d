/** The chain over the journal: it holds whatever is erased, trimmed, copied or upgraded, and shows what the disk changed or lost. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { groupChecksum, packGroup } from '../../journal/group.ts'
import type { JournaledMessage } from '../../journal/journal.ts'
import type { OpenJournal } from '../../journal/open.ts'
import { verifyJournal } from '../../journal/verify.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'
import {
  aJournal,
  aMessage,
  append,
  appendOneByOne,
  aReader,
  range,
  settableClock,
  temporaryFile
} from './support.ts'

const start = 1_700_000_000_000

function checked(dataFile: string, change = ''): { damaged: number; gaps: number; messages: number } {
  const db = new DatabaseSync(dataFile)
  try {
    db.exec(change)
    const { damaged, gaps, messages } = verifyJournal(db)
    return { damaged, gaps, messages }
  } finally {
    db.close()
  }
}

function rowsOf(dataFile: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(dataFile)
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Groups of one message, of three devices in turn. */
async function filled(groups = 12): Promise<{ dataFile: string; journal: OpenJournal }> {
  const dataFile = await temporaryFile()
  const journal = await aJournal({ dataFile })
  await appendOneByOne(
    journal,
    range(0, groups).map((n) => aMessage(n, { deviceId: `d${n % 3}` }))
  )
  return { dataFile, journal }
}

/** One group with the messages of several devices. */
async function appendTogether(journal: OpenJournal, devices: readonly string[]): Promise<void> {
  await Promise.all(devices.map((deviceId, n) => append(journal, aMessage(100 + n, { deviceId }))))
}

const fits = { damaged: 0, gaps: 0 }

describe('the chain of a journal', () => {
  it('fits after appending, opening again, and importing in between', async () => {
    const { dataFile, journal } = await filled()
    await journal.reserveSequence()
    await appendTogether(journal, ['d1', 'd2', 'd1'])
    await journal.close()
    const again = await aJournal({ dataFile })
    await appendOneByOne(again, [aMessage(200)])
    expect(checked(dataFile)).toEqual({ ...fits, messages: 16 })
  })

  it('fits after erasing devices from groups of their own and of several, and later messages follow it', async () => {
    const { dataFile, journal } = await filled()
    await appendTogether(journal, ['d0', 'd1', 'd2', 'd1'])
    expect(await journal.erase('d1')).toBe(6)
    await appendOneByOne(journal, [aMessage(300)])
    expect(checked(dataFile)).toMatchObject(fits)
    await journal.erase('d0')
    await journal.erase('d2')
    expect(checked(dataFile)).toMatchObject(fits)
    await journal.close()
    const again = await aJournal({ dataFile })
    await appendOneByOne(again, [aMessage(301)])
    expect(checked(dataFile)).toMatchObject(fits)
  })

  it('of an erased message keeps a hash and no salt, so that nobody can try out what it said', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    await appendTogether(journal, ['d1', 'd2'])
    const before = Buffer.from(rowsOf(dataFile, 'SELECT body FROM groups')[0]!['body'] as Uint8Array)
    const salts = [before.subarray(1, 9)]
    await journal.erase('d1')
    const after = Buffer.from(rowsOf(dataFile, 'SELECT body FROM groups')[0]!['body'] as Uint8Array)
    expect(salts.some((salt) => after.includes(salt))).toBe(false)
    expect(after[0]).toBe(3)
    expect(after.subarray(17).equals(before.subarray(before.length - (after.length - 17)))).toBe(true)
  })

  it('fits after trimming, of which it keeps the last link', async () => {
    const clock = settableClock(start)
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile, clock })
    const reader = aReader(journal)
    const at = (n: number): UnixMs => (start + n * dayMs) as UnixMs
    await appendOneByOne(
      journal,
      range(0, 6).map((n) => aMessage(n, { receivedAt: at(n) }))
    )
    await reader.moveCheckpoint(6)
    clock.at = at(17)
    await journal.trim()
    expect(rowsOf(dataFile, 'SELECT first FROM groups')).toEqual([{ first: 4 }, { first: 5 }, { first: 6 }])
    expect(rowsOf(dataFile, 'SELECT first FROM kept_links')).toEqual([{ first: 3 }])
    expect(checked(dataFile)).toMatchObject(fits)
    clock.at = at(100)
    await journal.trim()
    await appendOneByOne(journal, [aMessage(7, { receivedAt: at(100) })])
    expect(rowsOf(dataFile, 'SELECT first FROM kept_links')).toEqual([{ first: 6 }])
    expect(checked(dataFile)).toEqual({ ...fits, messages: 1 })
  })

  it('fits after a trimming that leaves groups in between', async () => {
    const clock = settableClock(start)
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile, clock })
    const ages = [0, 0, 50, 0, 50, 50, 0]
    await appendOneByOne(
      journal,
      ages.map((days, n) => aMessage(n, { receivedAt: (start + days * dayMs) as UnixMs }))
    )
    await aReader(journal).moveCheckpoint(7)
    clock.at = (start + 20 * dayMs) as UnixMs
    await journal.trim()
    expect(rowsOf(dataFile, 'SELECT first FROM groups').map(({ first }) => first)).toEqual([3, 5, 6])
    expect(checked(dataFile)).toMatchObject(fits)
  })

  it.each([
    ['is missing', 'DELETE FROM groups WHERE first = 5'],
    ['at the beginning is missing', 'DELETE FROM groups WHERE first = 1'],
    [
      'has another’s link',
      'UPDATE groups SET link = (SELECT link FROM groups WHERE first = 4) WHERE first = 12'
    ]
  ])('shows that a group %s', async (_what, change) => {
    const { dataFile } = await filled()
    expect(checked(dataFile, change)).toMatchObject({ damaged: 0, gaps: 1 })
  })

  it('shows that the newest groups are missing which the store had already', async () => {
    const { dataFile, journal } = await filled()
    await aReader(journal).moveCheckpoint(12)
    expect(checked(dataFile, 'DELETE FROM groups WHERE first >= 10')).toMatchObject({ damaged: 0, gaps: 1 })
  })

  it('shows a message that was changed together with the checksum of its group', async () => {
    const { dataFile } = await filled()
    const db = new DatabaseSync(dataFile)
    const row = db.prepare('SELECT * FROM groups WHERE first = 5').get()!
    const body = Buffer.from(row['body'] as Uint8Array)
    body[body.length - 2]! ^= 1
    const [count, receivedFrom, receivedUntil] = ['count', 'received_from', 'received_until'].map((name) =>
      Number(row[name])
    ) as [number, UnixMs, UnixMs]
    const crc = groupChecksum({ first: 5, count, receivedFrom, receivedUntil }, body)
    db.prepare('UPDATE groups SET body = ?, crc = ? WHERE first = 5').run(body, crc)
    db.close()
    expect(checked(dataFile)).toMatchObject({ damaged: 0, gaps: 1 })
  })

  it('counts a damaged group as that alone, and goes on behind it', async () => {
    const { dataFile } = await filled()
    const change = 'UPDATE groups SET body = zeroblob(length(body)) WHERE first = 5'
    expect(checked(dataFile, change)).toMatchObject({ damaged: 1, gaps: 0 })
  })

  it('begins with the first message after an upgrade, and fits when messages of before are erased or trimmed', async () => {
    const dataFile = await temporaryFile()
    oldJournal(dataFile, ['d0', 'd1', 'd0', 'd2'])
    const clock = settableClock(start)
    const journal = await aJournal({ dataFile, clock })
    const reader = aReader(journal)
    const isOf = (deviceId: string) => (message: JournaledMessage) => message.deviceId === deviceId
    expect(reader.read(0, 10).filter(isOf('d0'))).toHaveLength(2)
    await appendOneByOne(
      journal,
      range(0, 4).map((n) => aMessage(n, { deviceId: `d${n % 3}` }))
    )
    expect(checked(dataFile)).toEqual({ ...fits, messages: 8 })
    await journal.erase('d0')
    await journal.erase('d2')
    expect(checked(dataFile)).toMatchObject(fits)
    expect(reader.read(0, 10).map(({ deviceId }) => deviceId)).toEqual(['d1', 'd1'])
    await reader.moveCheckpoint(8)
    clock.at = (start + 30 * dayMs) as UnixMs
    await journal.trim()
    await appendOneByOne(journal, [aMessage(9)])
    expect(checked(dataFile)).toEqual({ ...fits, messages: 1 })
  })
})

/** As version 1 wrote it: marks without salts, no links. Each message is a group of its own. */
function oldJournal(dataFile: string, devices: readonly string[]): void {
  const db = new DatabaseSync(dataFile)
  db.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
    CREATE TABLE groups (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, received_from INTEGER NOT NULL,
      received_until INTEGER NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE held (device TEXT NOT NULL, sequence INTEGER NOT NULL, received_at INTEGER NOT NULL,
      crc INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (device, sequence)) STRICT;
    CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1`)
  for (const [n, deviceId] of devices.entries()) {
    const { body, ...numbers } = packGroup([aMessage(n, { deviceId })])
    const unsalted = Buffer.concat([Uint8Array.of(1), body.subarray(9)])
    const { count, receivedFrom, receivedUntil } = numbers
    const crc = groupChecksum({ ...numbers, first: n + 1 }, unsalted)
    db.prepare('INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?)').run(
      n + 1,
      count,
      receivedFrom,
      receivedUntil,
      crc,
      unsalted
    )
  }
  db.close()
}

describe('looking at a part of the journal', () => {
  it('finds what changed in that part, and in no other', async () => {
    const { dataFile, journal } = await filled()
    const found: number[] = []
    const reader = aReader(journal, ({ firstSequence }) => void found.push(firstSequence))
    const db = new DatabaseSync(dataFile)
    db.exec(
      'UPDATE groups SET body = zeroblob(length(body)) WHERE first = 5; DELETE FROM groups WHERE first = 9'
    )
    db.close()
    await reader.examine(0, 3)
    expect(found).toEqual([])
    await reader.examine(1, 3)
    expect(found).toEqual([5])
    await reader.examine(2, 3)
    expect(found).toEqual([5, 10])
    expect(reader.corruptGroups()).toBe(2)
  })
})
