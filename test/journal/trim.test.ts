/** What the journal lets go, and what never; and what happens when it is full. */
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { JournalUnavailable } from '../../journal/journal.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'
import {
  aJournal,
  aMessage,
  append,
  appendOneByOne,
  aReader,
  numbersIn,
  range,
  settableClock,
  temporaryFile
} from './support.ts'

const start = 1_700_000_000_000
const kilobytes = (n: number): Buffer => Buffer.from(`{"x":"${'y'.repeat(n * 1024)}"}`)

describe('trimming', () => {
  it('that failed is said, and no more once it works, though no message came meanwhile', async () => {
    const clock = settableClock(start)
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile, clock })
    await append(journal, aMessage(0, { receivedAt: start as UnixMs }))
    await aReader(journal).moveCheckpoint(1)
    clock.at = (start + 15 * dayMs) as UnixMs
    const other = new DatabaseSync(dataFile)
    const refused = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    other.exec(`CREATE TRIGGER stuck BEFORE DELETE ON groups ${refused}`)

    await expect(journal.trim()).rejects.toThrow('no room')
    expect(journal.stats().failing).toContain('no room')
    other.exec('DROP TRIGGER stuck')
    await journal.trim()
    expect(journal.stats().failing).toBeUndefined()
    other.close()
  })

  it('that finds nothing does not hide that nothing can be written', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    const other = new DatabaseSync(dataFile)
    const refused = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON groups ${refused}`)
    other.exec(`CREATE TRIGGER fuller BEFORE INSERT ON state ${refused}`)

    await expect(append(journal, aMessage(0))).rejects.toThrow('no room')
    await expect(journal.trim()).rejects.toThrow('no room')
    expect(journal.stats().failing).toContain('no room')
    other.exec('DROP TRIGGER full; DROP TRIGGER fuller')
    await journal.trim()
    expect(journal.stats().failing).toBeUndefined()
    other.close()
  })

  it('removes what is stored and older than the journal keeps; nothing else', async () => {
    const clock = settableClock(start)
    const journal = await aJournal({ dataFile: await temporaryFile(), clock })
    const reader = aReader(journal)
    const days = range(0, 20).map((n) => aMessage(n, { receivedAt: (start + n * dayMs) as UnixMs }))
    await appendOneByOne(journal, days)
    clock.at = (start + 19 * dayMs) as UnixMs

    await journal.trim()
    expect(numbersIn(reader.read(0, 100))).toEqual(range(0, 20))

    await reader.moveCheckpoint(3)
    await journal.trim()
    expect(numbersIn(reader.read(0, 100))).toEqual(range(3, 20))

    await reader.moveCheckpoint(20)
    await journal.trim()
    expect(numbersIn(reader.read(0, 100))).toEqual(range(5, 20))
    expect(journal.stats().oldestReceivedAt).toBe(start + 5 * dayMs)
  })

  it('never uses a sequence again, also after everything was trimmed', async () => {
    const dataFile = await temporaryFile()
    const clock = settableClock(start)
    const first = await aJournal({ dataFile, clock })
    await appendOneByOne(
      first,
      range(0, 5).map((n) => aMessage(n))
    )
    await aReader(first).moveCheckpoint(5)
    clock.at = (start + 15 * dayMs) as UnixMs
    await first.trim()
    await first.close()

    const second = await aJournal({ dataFile, clock })
    expect(second.newestReceivedAt).toBe(start + 4)
    await append(second, aMessage(9))
    expect(
      aReader(second)
        .read(0, 10)
        .map((m) => m.sequence)
    ).toEqual([6])
  })

  it('trims what is stored when the bound asks for it, and gives the space back', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile, bytesMax: 2 * 1024 * 1024 })
    const reader = aReader(journal)
    for (const n of range(0, 100)) {
      await append(journal, aMessage(n, { payload: kilobytes(100) }))
      await reader.moveCheckpoint(n + 1)
    }
    expect(statSync(dataFile).size).toBeLessThan(20 * 1024 * 1024)
    expect(reader.read(99, 10)).toHaveLength(1)
  })

  it('refuses messages rather than let unstored ones go, and takes them again after the store caught up', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile(), bytesMax: 1024 * 1024 })
    const reader = aReader(journal)
    const kept: number[] = []
    let refusal: unknown
    for (const n of range(0, 50)) {
      await append(journal, aMessage(n, { payload: kilobytes(50) })).then(
        () => kept.push(n),
        (failure: unknown) => (refusal = failure)
      )
    }
    expect(refusal).toBeInstanceOf(JournalUnavailable)
    expect(kept.length).toBeGreaterThan(10)
    expect(kept).toEqual(range(0, kept.length))
    expect(reader.read(0, 100)).toHaveLength(kept.length)
    expect(journal.stats().failing).toMatch(/full/)

    await reader.moveCheckpoint(kept.length)
    await append(journal, aMessage(99))
    expect(journal.stats().failing).toBeUndefined()
    // A refused message took no sequence.
    expect(reader.read(kept.length, 10).map((m) => m.sequence)).toEqual([kept.length + 1])
  })

  it('never trims what is held', async () => {
    const clock = settableClock(start)
    const journal = await aJournal({ dataFile: await temporaryFile(), clock })
    const reader = aReader(journal)
    await append(journal, aMessage(1))
    await reader.hold(reader.read(0, 1))
    await reader.moveCheckpoint(1)
    clock.at = (start + 400 * dayMs) as UnixMs
    await journal.trim()
    expect(reader.read(0, 10)).toEqual([])
    expect(numbersIn(reader.held('d1', 10))).toEqual([1])
  })
})
