/** What families remember of their boxes survives each crash, is not told twice, and begins anew where messages are decoded again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Directory } from '../../ingest/ingest.ts'
import { replay } from '../../ingest/replay.ts'
import type { JournalReader } from '../../journal/journal.ts'
import type { IncomingMessage } from '../../model/message.ts'
import type { UnixMs } from '../../model/time.ts'
import { boxStories, payloadOf, type BoxStory } from '../support/box-cases.ts'
import { IngestRig, start } from './ingest-rig.ts'

let rig: IngestRig
beforeEach(async () => (rig = await IngestRig.open()))
afterEach(() => rig.close())

const stories = boxStories()

/** Each story is a box of its own, with a site of its own. */
function directoryOf(all: readonly BoxStory[]): Directory {
  return new Map(
    all.map(({ dialect, address = null }, i) => {
      const deviceId = `d-${i}`
      const deployments = [{ deviceId, siteId: `s-${i}`, from: null, until: null }]
      return [
        deviceId,
        { deviceId, dialect, address, sensors: [], intervalS: 60, intervalSource: 'given', deployments }
      ]
    })
  )
}

/** The messages of all stories, in turns. */
function messagesOf(all: readonly BoxStory[]): IncomingMessage[] {
  const messages = all.flatMap((story, i) => {
    let receivedAt = start
    return story.messages.map((message, j) => {
      if (j > 0) receivedAt = (receivedAt + (message.afterS ?? 60) * 1_000) as UnixMs
      return { deviceId: `d-${i}`, topic: message.topic, payload: payloadOf(message), receivedAt }
    })
  })
  return messages.toSorted((a, b) => a.receivedAt - b.receivedAt)
}

/** Fails its checkpoint every third time, as a crash just before it does. */
function crashing(reader: JournalReader): JournalReader {
  let calls = 0
  return {
    checkpoint: () => reader.checkpoint(),
    lastSequence: () => reader.lastSequence(),
    sources: () => reader.sources(),
    read: (sequence, max) => reader.read(sequence, max),
    moveCheckpoint: (sequence, sources) =>
      ++calls % 3 === 0 ? Promise.reject(new Error('killed')) : reader.moveCheckpoint(sequence, sources),
    hold: (messages) => reader.hold(messages),
    held: (deviceId, max, after) => reader.held(deviceId, max, after),
    heldCounts: () => reader.heldCounts(),
    release: (deviceId, sequences) => reader.release(deviceId, sequences),
    onAppended: (wake) => reader.onAppended(wake),
    close: () => Promise.resolve()
  }
}

async function linesWithoutCrash(): Promise<string[]> {
  const other = await IngestRig.open()
  other.directory = directoryOf(stories)
  for (const message of messagesOf(stories)) await other.append(message)
  await other.follow().drain()
  const lines = other.store.lines()
  await other.close()
  return lines
}

describe('what is remembered of a box', () => {
  it('is the same after a crash at every moment', async () => {
    rig.directory = directoryOf(stories)
    const journal = crashing(rig.reader)
    for (const message of messagesOf(stories)) {
      await rig.append(message)
      const ingest = rig.follow({ journal })
      // Killed between the store and the checkpoint: the next one does it again.
      await ingest.drain().catch((cause: unknown) => expect(String(cause)).toContain('killed'))
      await ingest.stop()
    }
    await rig.follow().drain()
    expect(rig.store.lines()).toEqual(await linesWithoutCrash())
  })

  it('begins anew for messages that are decoded again, and changes no reading', async () => {
    rig.directory = directoryOf(stories)
    for (const message of messagesOf(stories)) await rig.append(message)
    await rig.follow().drain()
    const before = rig.store.lines()
    const until = rig.reader.checkpoint()
    for (const from of [undefined, (start + 120_000) as UnixMs]) {
      const report = await replay(
        {
          journal: rig.reader,
          store: rig.store,
          directory: () => rig.directory,
          stretch: { after: 0, until, messages: until },
          onProgress: () => undefined,
          signal: new AbortController().signal
        },
        from === undefined ? {} : { from }
      )
      expect(report.inserted).toBe(0)
      expect(rig.store.lines()).toEqual(before)
    }
  })

  it('goes with the device when it is erased', async () => {
    rig.directory = directoryOf(stories)
    for (const message of messagesOf(stories)) await rig.append(message)
    const ingest = rig.follow()
    await ingest.drain()
    await ingest.stop()
    const [deviceId] = rig.reader.sources().keys()
    await rig.journal.erase(deviceId!)
    expect(rig.reader.sources().has(deviceId!)).toBe(false)
  })

  it('says what a box says of itself', async () => {
    rig.directory = directoryOf(stories)
    for (const message of messagesOf(stories)) await rig.append(message)
    await rig.follow().drain()
    const said = new Map(rig.told.health)
    const wakes = stories.findIndex(({ about }) => about.startsWith('a full status has its own time'))
    expect(said.get(`d-${wakes}`)).toMatchObject({ intervalS: 600 })
  })
})
