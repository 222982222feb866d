/** What the journal says of its own file: whole or not, and what of it can be decoded again. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { verifyJournal, type JournalCheck } from '../../journal/verify.ts'
import { aJournal, aMessage, appendOneByOne, aReader, range, temporaryFile } from './support.ts'

function check(dataFile: string, change?: string): JournalCheck {
  const db = new DatabaseSync(dataFile)
  try {
    if (change) db.exec(change)
    return verifyJournal(db)
  } finally {
    db.close()
  }
}

describe('verifying a journal', () => {
  it('counts what is there, and finds no fault in it', async () => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    await appendOneByOne(
      journal,
      range(0, 10).map((n) => aMessage(n))
    )
    const reader = aReader(journal)
    await reader.hold(reader.read(0, 2))
    await reader.moveCheckpoint(7)
    expect(check(dataFile)).toEqual({
      messages: 10,
      held: 2,
      lastSequence: 10,
      checkpoint: 7,
      damaged: 0,
      gaps: 0
    })
  })

  it.each([
    ['a block of messages', 'UPDATE groups SET body = zeroblob(length(body)) WHERE first = 3'],
    ['a header', 'UPDATE groups SET received_until = received_until + 1 WHERE first = 3'],
    ['a held message', 'UPDATE held SET body = zeroblob(length(body)) WHERE sequence = 1']
  ])('finds %s that changed', async (_what, change) => {
    const dataFile = await temporaryFile()
    const journal = await aJournal({ dataFile })
    await appendOneByOne(
      journal,
      range(0, 5).map((n) => aMessage(n))
    )
    const reader = aReader(journal)
    await reader.hold(reader.read(0, 2))
    expect(check(dataFile, change).damaged).toBe(1)
  })
})

describe('what can be decoded again', () => {
  it('reaches from a time received to the checkpoint', async () => {
    const journal = await aJournal({ dataFile: await temporaryFile() })
    await appendOneByOne(
      journal,
      range(0, 10).map((n) => aMessage(n))
    )
    const reader = aReader(journal)
    expect(reader.storedSince(null)).toEqual({ after: 0, until: 0, messages: 0 })
    await reader.moveCheckpoint(8)
    expect(reader.storedSince(null)).toEqual({ after: 0, until: 8, messages: 8 })
    const sixth = (1_700_000_000_000 + 5) as UnixMs
    expect(reader.storedSince(sixth)).toEqual({ after: 5, until: 8, messages: 3 })
    const later = (1_700_000_000_000 + 100) as UnixMs
    expect(reader.storedSince(later)).toEqual({ after: 0, until: 8, messages: 0 })
  })
})
