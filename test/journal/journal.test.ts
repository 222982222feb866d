/** The journal on a real disk: append, read on, hold, erase, damage, reopen. */
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { JournalUnavailable } from '../../journal/journal.ts'
import type { CorruptGroup } from '../../journal/reader.ts'
import {
  aJournal,
  aMessage,
  append,
  appendOneByOne,
  aReader,
  numbersIn,
  range,
  temporaryFile
} from './support.ts'

describe('the journal', () => {
  it('gives back every message as it came, in order', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    const messages = range(0, 2_500).map((n) => aMessage(n, { deviceId: `d${n % 7}` }))
    await Promise.all(messages.map((message) => append(journal, message)))

    const back = reader.read(0, 10_000)
    expect(back.map((m) => m.sequence)).toEqual(range(1, 2_501))
    expect(back.map(({ sequence: _sequence, ...m }) => ({ ...m, payload: Buffer.from(m.payload) }))).toEqual(
      messages
    )
    expect(reader.read(1_234, 3).map((m) => m.sequence)).toEqual([1_235, 1_236, 1_237])
    expect(reader.read(2_500, 3)).toEqual([])
    expect(journal.stats()).toMatchObject({ lastSequence: 2_500, pending: 0 })
  })

  it('tells where a reader stands without reading on', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    expect(reader.standing(0)).toEqual({ firstSequence: 0, nextReceivedAt: null })
    await Promise.all(range(0, 10).map((n) => append(journal, aMessage(n))))
    await append(journal, aMessage(10))
    const came = aMessage(0).receivedAt
    expect(reader.standing(0)).toEqual({ firstSequence: 1, nextReceivedAt: came })
    expect(reader.standing(10).nextReceivedAt).toBe(came + 10)
    expect(reader.standing(11)).toEqual({ firstSequence: 1, nextReceivedAt: null })
    // A number given to an import belongs to no message.
    await journal.reserveSequence()
    await append(journal, aMessage(20))
    expect(reader.standing(11).nextReceivedAt).toBe(came + 20)
  })

  it('answers in the order of the appends, and after the message can be read', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    const answered: number[] = []
    const visible: boolean[] = []
    await new Promise<void>((resolve) => {
      for (const n of range(0, 3_000)) {
        journal.append(aMessage(n), () => {
          answered.push(n)
          if (n % 100 === 0) visible.push(reader.read(n, 1).length === 1)
          if (n === 2_999) resolve()
        })
      }
    })
    expect(answered).toEqual(range(0, 3_000))
    expect(visible.every(Boolean)).toBe(true)
  })

  it('takes large messages in groups of bounded size', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const payload = Buffer.alloc(128 * 1024, 'x')
    await Promise.all(range(0, 60).map((n) => append(journal, aMessage(n, { payload }))))
    const back = aReader(journal).read(0, 100)
    expect(back).toHaveLength(60)
    expect(back.every((m) => payload.equals(m.payload))).toBe(true)
  })

  it('wakes its readers', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    await reader.moveCheckpoint(0) // Answered, so the reader is connected.
    const woken = new Promise<void>((resolve) => reader.onAppended(resolve))
    await append(journal, aMessage(1))
    await woken
  })

  it('keeps checkpoint and sequences over a restart', async () => {
    const dataFile = await temporaryFile()
    const first = await aJournal({ dataFile })
    const reader = aReader(first)
    await appendOneByOne(
      first,
      range(1, 6).map((n) => aMessage(n))
    )
    await reader.moveCheckpoint(3)
    expect(reader.checkpoint()).toBe(3)
    expect(await first.reserveSequence()).toBe(6)
    await first.close()

    const second = await aJournal({ dataFile })
    const again = aReader(second)
    expect(again.checkpoint()).toBe(3)
    expect(numbersIn(again.read(3, 10))).toEqual([4, 5])
    await append(second, aMessage(6))
    expect(again.read(5, 10).map((m) => m.sequence)).toEqual([7])
    expect(second.newestReceivedAt).toBe(aMessage(5).receivedAt)
  })

  it('commits the rest when it is closed, and takes nothing afterwards', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    const answers = Promise.all(range(0, 500).map((n) => append(journal, aMessage(n))))
    const closing = journal.close()
    await expect(append(journal, aMessage(500))).rejects.toBeInstanceOf(JournalUnavailable)
    await Promise.all([answers, closing, journal.close()])
    expect(aReader(await aJournal({ dataFile })).read(0, 1_000)).toHaveLength(500)
  })

  it('holds messages of a device until they are released, however often they are held', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    await appendOneByOne(
      journal,
      range(1, 6).map((n) => aMessage(n, { deviceId: n % 2 ? 'odd' : 'even' }))
    )
    const messages = reader.read(0, 10)
    await reader.hold(messages)
    await reader.hold(messages)
    expect(reader.heldCounts()).toEqual([
      { deviceId: 'even', messages: 2, bytes: 90 },
      { deviceId: 'odd', messages: 3, bytes: 129 }
    ])
    expect(reader.held('odd', 2)).toEqual([messages[0], messages[2]])
    await reader.release('odd', [1, 5])
    expect(reader.held('odd', 10)).toEqual([messages[2]])
  })

  it('says that it is unavailable, to readers too, while somebody else has the file, and goes on after', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    const reader = aReader(journal)
    await append(journal, aMessage(1))
    const somebodyElse = new DatabaseSync(dataFile)
    onTestFinished(() => somebodyElse.close())
    somebodyElse.exec('BEGIN IMMEDIATE')
    const refused = await Promise.allSettled([
      append(journal, aMessage(2)),
      reader.moveCheckpoint(1),
      reader.hold(reader.read(0, 1))
    ])
    for (const outcome of refused)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'journalUnavailable' } })
    somebodyElse.exec('ROLLBACK')
    await Promise.all([append(journal, aMessage(2)), reader.moveCheckpoint(1)])
    expect(reader.checkpoint()).toBe(1)
    expect(numbersIn(reader.read(0, 10))).toEqual([1, 2])
  })

  it('gives large held messages a part at a time, in order and none twice', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    const payload = Buffer.alloc(128 * 1024, 'x')
    const messages = range(0, 200).map((n) => ({
      ...aMessage(n, { deviceId: 'odd', payload }),
      sequence: n + 1
    }))
    await reader.hold(messages)
    const parts: number[][] = []
    for (let after = 0; ;) {
      const part = reader.held('odd', 1_000, after).map(({ sequence }) => sequence)
      if (part.length === 0) break
      parts.push(part)
      after = part.at(-1)!
    }
    expect(parts.flat()).toEqual(range(1, 201))
    expect(parts[0]!.length).toBeLessThan(140)
  })

  it('erases a device: from groups, from what is held, and from the bytes on the disk', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    const reader = aReader(journal)
    const secret = Buffer.from('{"bedroom":"ZQXJ-marker-ZQXJ"}'.repeat(300))
    await Promise.all(
      range(1, 101).map((n) =>
        append(journal, n % 10 === 0 ? aMessage(n, { deviceId: 'gone', payload: secret }) : aMessage(n))
      )
    )
    await append(journal, aMessage(101, { deviceId: 'gone', payload: secret }))
    await reader.hold(reader.read(0, 10))

    expect(await journal.erase('gone')).toBe(12)
    const left = reader.read(0, 1_000)
    expect(left.map((m) => m.sequence)).toEqual(range(1, 101).filter((n) => n % 10 !== 0))
    expect(reader.held('gone', 10)).toEqual([])
    await append(journal, aMessage(102))
    expect(reader.read(100, 10).map((m) => m.sequence)).toEqual([102])
    const bytes = Buffer.concat([await readFile(dataFile), await readFile(`${dataFile}-wal`)])
    expect(bytes.includes('ZQXJ')).toBe(false)
  })

  it('erases a device up to a message, and leaves what came after it', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    const reader = aReader(journal)
    await appendOneByOne(
      journal,
      range(1, 10).map((n) => aMessage(n, { deviceId: n % 2 === 0 ? 'handed-over' : 'other' }))
    )
    expect(await journal.erase('handed-over', 5)).toBe(2)
    expect(reader.read(0, 100).map((m) => m.sequence)).toEqual([1, 3, 5, 6, 7, 8, 9])
  })

  it('erases a damaged group that names the device, since nobody can read it', async () => {
    const dataFile = await temporaryFile()
    const writing = await aJournal({ dataFile })
    await appendOneByOne(writing, [
      aMessage(1),
      aMessage(2, { deviceId: 'gone', payload: Buffer.from('{"ZQXJ":5}') })
    ])
    await writing.close()
    await flipBit(dataFile, '{"ZQXJ":5}')
    const journal = await aJournal({ dataFile })
    await journal.erase('gone')
    await journal.close()
    expect((await readFile(dataFile)).includes('gone')).toBe(false)
  })

  it('skips a damaged group, says which messages it held, and gives everything else', async () => {
    const dataFile = await temporaryFile()
    const writing = await aJournal({ dataFile })
    await appendOneByOne(
      writing,
      range(1, 10).map((n) => aMessage(n))
    )
    await writing.close()
    await flipBit(dataFile, '{"n":5}')

    const journal = await aJournal({ dataFile })
    const corrupt: CorruptGroup[] = []
    const reader = aReader(journal, (group) => corrupt.push(group))
    expect(numbersIn(reader.read(0, 100))).toEqual([1, 2, 3, 4, 6, 7, 8, 9])
    expect(numbersIn(reader.read(3, 2))).toEqual([4, 6])
    expect(corrupt).toEqual([{ firstSequence: 5, lastSequence: 5 }])
    expect(reader.corruptGroups()).toBe(1)
  })

  it('refuses a file that a newer version wrote', async () => {
    const dataFile = await temporaryFile()
    const newer = new DatabaseSync(dataFile)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    await expect(aJournal({ dataFile })).rejects.toThrow(/newer Lamppost/)
  })
})

/** Changes one bit of the first place where `text` stands in a file that nobody has open. */
async function flipBit(dataFile: string, text: string): Promise<void> {
  const { open } = await import('node:fs/promises')
  const at = (await readFile(dataFile)).indexOf(text)
  expect(at).toBeGreaterThan(0)
  const file = await open(dataFile, 'r+')
  await file.write(Buffer.from([text.charCodeAt(0) ^ 1]), 0, 1, at)
  await file.close()
}
