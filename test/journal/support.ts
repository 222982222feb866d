/** A journal in a folder of its own, and small ways of using it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openJournal, type JournalOptions, type OpenJournal } from '../../journal/open.ts'
import { openJournalReader, type CorruptGroup, type OpenJournalReader } from '../../journal/reader.ts'
import type { JournaledMessage } from '../../journal/journal.ts'
import type { IncomingMessage } from '../../model/message.ts'
import type { Clock, UnixMs } from '../../model/time.ts'

export async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'journal.sqlite')
}

export interface SettableClock extends Clock {
  at: UnixMs
}

export function settableClock(at = 1_700_000_000_000): SettableClock {
  const clock = { at: at as UnixMs, now: () => clock.at }
  return clock
}

export async function aJournal(
  options: Partial<JournalOptions> & { dataFile: string }
): Promise<OpenJournal> {
  const journal = await openJournal({ clock: settableClock(), ...options })
  onTestFinished(() => journal.close())
  return journal
}

export function aReader(journal: OpenJournal, onCorrupt?: (group: CorruptGroup) => void): OpenJournalReader {
  const reader = openJournalReader({ ...journal.connectReader(), ...(onCorrupt ? { onCorrupt } : {}) })
  onTestFinished(() => reader.close())
  return reader
}

export function aMessage(n: number, more: Partial<IncomingMessage> = {}): IncomingMessage {
  const deviceId = more.deviceId ?? 'd1'
  return {
    deviceId,
    topic: `sensors/${deviceId}/readings`,
    payload: Buffer.from(`{"n":${n}}`),
    receivedAt: (1_700_000_000_000 + n) as UnixMs,
    ...more
  }
}

export function append(journal: OpenJournal, message: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) =>
    journal.append(message, (failure) => (failure ? reject(failure) : resolve()))
  )
}

/** One commit after the other, so that each message is a group of its own. */
export async function appendOneByOne(
  journal: OpenJournal,
  messages: readonly IncomingMessage[]
): Promise<void> {
  for (const message of messages) await append(journal, message)
}

export function range(from: number, until: number): number[] {
  return Array.from({ length: until - from }, (_nothing, i) => from + i)
}

export function numbersIn(messages: readonly JournaledMessage[]): number[] {
  return messages.map(({ payload }) => {
    const { n } = JSON.parse(Buffer.from(payload).toString()) as { n: number }
    return n
  })
}
