/** How the hub is: ready, degraded and why, or unready; from what its rooms say of themselves. */
import { diskFreeBytesMin, behindMessagesMax, behindMsMax, lateMsMin } from './limits.ts'
import { statfs } from 'node:fs/promises'
import type { Health } from '../contract/hub.ts'
import { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from '../model/time.ts'
import { filesGone } from '../opened-file.ts'
import { backlogOf, type Backlog } from './backlog.ts'
import type { Recomputing } from '../store/promise/read.ts'
import { visibleSites } from '../model/visibility.ts'
import type { Rooms } from './rooms.ts'
import { counted, megabytes } from '../model/counted.ts'

/** Shares of the journal that waiting messages take before it is said: long before it is full, and again when it nears. */
const journalShareWarn = 0.5
const journalShareUrgent = 0.8

export interface HealthWatch {
  current(): Health
  /** How far the store is behind the journal, in whole seconds: as of the last look, and grown since. */
  behindS(): number
  /** Looks again; `unready` until the first look. */
  look(): Promise<void>
}

/** `others` adds what the rooms do not know of themselves. */
export function watchHealth(
  rooms: Rooms,
  version: string,
  others: () => readonly string[] = () => []
): HealthWatch {
  let status: Health['status'] = 'unready'
  let reasons: string[] = ['The hub is starting.']
  let doing: string[] = []
  let waitingSince: UnixMs | null = null
  return {
    current: () => ({ status, reasons, version, doing }),
    behindS: () =>
      waitingSince === null ? 0 : Math.max(0, Math.floor((rooms.clock.now() - waitingSince) / secondMs)),
    async look() {
      try {
        await lookAtRooms()
      } catch (cause) {
        // What was seen before may not be so any more. What failed may name folders of this machine.
        reasons = [
          'The hub could not check its own health. Its log says why; npx lamppost doctor checks each part.'
        ]
        throw cause
      } finally {
        status = reasons.length > 0 ? 'degraded' : 'ready'
      }
    }
  }

  async function lookAtRooms(): Promise<void> {
    const ingest = await rooms.pipeline.service.ingestStats()
    const { nextReceivedAt } = ingest
    const isLate = nextReceivedAt !== null && rooms.clock.now() - nextReceivedAt >= lateMsMin
    waitingSince = isLate ? nextReceivedAt : null
    const siteIds = visibleSites('public', rooms.registry.sites()).map(({ siteId }) => siteId)
    doing = recomputingText(await rooms.pipeline.service.recomputing(siteIds))
    reasons = [...(await reasonsNow(rooms, ingest)), ...others()]
  }
}

/** No reason to call the hub degraded: nothing is lost, and raw values are as ever. */
function recomputingText({ hoursLeft, hoursTotal }: Recomputing): string[] {
  if (hoursLeft === 0) return []
  const [left, total] = [hoursLeft, hoursTotal].map((hours) => hours.toLocaleString('en'))
  return [
    `Corrected values are being recalculated after a change of corrections: ${left} of ${total} hours are left.`
  ]
}

async function reasonsNow(
  { pipeline, journal, registry, folder, clock }: Rooms,
  ingest: Awaited<ReturnType<Rooms['pipeline']['service']['ingestStats']>>
): Promise<string[]> {
  const found: string[] = []
  const store = await pipeline.service.storeState()
  const waiting = store.waiting ?? ingest.storeFailing
  if (waiting) found.push(`Readings wait in the journal, because the store cannot take them: ${waiting}`)
  if (ingest.journalFailing !== null && !journal.stats().failing)
    found.push(
      `Readings wait in the journal, because the journal (journal.sqlite) cannot be read, or told how far they are stored: ${ingest.journalFailing}`
    )
  found.push(...store.notes)
  const log = journal.stats()
  if (log.failing) {
    found.push(
      `Nothing can be accepted, because the journal cannot be written: ${log.failing} Sensors keep what they have.`
    )
  }
  const noting = registry.failing()
  if (noting !== null)
    found.push(`What is wrong with the messages of sensors cannot be noted in the registry now: ${noting}`)
  if (ingest.paused.length > 0) {
    found.push(
      `${counted(ingest.paused.length, 'sensor')} paused, because too many of their messages wait for a place. ` +
        'They keep the rest. Give them a street for that time: npx lamppost device list'
    )
  }
  if (ingest.damagedStretches > 0) {
    found.push(
      `${ingest.damagedStretches} stretches of the journal cannot be read any more: the disk may be failing. What is ` +
        'stored stays. Make a backup, and look closer with: npx lamppost doctor'
    )
  }
  found.push(...clock.reasons())
  found.push(...backlogReasons(backlogOf(ingest, log, clock.now()), log.bytesMax))
  // Of a folder that is gone there is nothing more to say.
  if (!folder.isInPlace()) return [`Nothing is accepted. ${filesGone} Sensors keep what they have.`]
  const disk = await statfs(folder.path)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes < diskFreeBytesMin) {
    found.push(
      `The disk has only ${Math.round(freeBytes / 1024 ** 2)} MB left. Make room before nothing can be accepted any more.`
    )
  }
  return found
}

/** What waits for the store, and how long the journal can go on keeping it. */
export function backlogReasons(backlog: Backlog, bytesMax: number): string[] {
  const { messages, ageMs, bytes, share, fullInMs } = backlog
  const found: string[] = []
  if (messages > behindMessagesMax || ageMs > behindMsMax) {
    found.push(
      `${counted(messages, 'message')} ${messages === 1 ? 'is' : 'are'} on disk and not yet in the store, the oldest for ${longWords(ageMs)}; ` +
        'pages and downloads do not have them yet.'
    )
  }
  if (share >= journalShareWarn) {
    const when = fullInMs === null ? '' : ` and at this rate is full in about ${longWords(fullInMs)}`
    found.push(
      `The journal is ${share >= journalShareUrgent ? 'nearly' : 'half'} full of messages that wait for the store ` +
        `(${megabytes(bytes)} of ${megabytes(bytesMax)})${when}. When it is full nothing more is accepted and sensors ` +
        'keep what they have: mend the store before, or give the journal more room (LAMPPOST_JOURNAL_MB).'
    )
  }
  return found
}

/** "40 seconds", "12 minutes", "3 hours", "2 days". */
function longWords(ms: number): string {
  const [unitMs, word] =
    ms >= 2 * dayMs
      ? ([dayMs, 'day'] as const)
      : ms >= 2 * hourMs
        ? ([hourMs, 'hour'] as const)
        : ms >= 2 * minuteMs
          ? ([minuteMs, 'minute'] as const)
          : ([secondMs, 'second'] as const)
  const count = Math.round(ms / unitMs)
  return counted(count, word)
}
