/** How the hub is: ready, degraded and why, or unready; from what its rooms say of themselves. */
import { diskFreeBytesMin, behindMessagesMax, behindMsMax, lateMsMin } from './limits.ts'
import { statfs } from 'node:fs/promises'
import type { Health } from '../contract/hub.ts'
import { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from '../model/time.ts'
import { filesGone } from '../opened-file.ts'
import { backlogOf, type Backlog } from './backlog.ts'
import type { Recomputing } from '../store/promise/read.ts'
import { maySeeSite, visibleSites } from '../model/visibility.ts'
import type { Rooms } from './rooms.ts'
import { counted, megabytes } from '../model/counted.ts'

/** Shares of the journal that waiting messages take before it is said: long before it is full, and again when it nears. */
const journalShareWarn = 0.5
const journalShareUrgent = 0.8

/**
 * What everybody reads says nothing that depends on what an indoor sensor does: no number of sensors, messages or bytes, and
 * no sensor that only indoor places know. Stewards read what names no value of a home. The operator reads it all.
 */
interface Reason {
  text: string
  /** What everybody reads; `text` unless given, null: nothing. */
  everybody?: string | null
  /** The text quotes what was measured, perhaps in a home: stewards read what everybody reads. */
  quotes?: true
}

export interface HealthWatch {
  /** As everybody may know it. */
  current(): Health
  /** Why it is degraded, as the operator may know it; empty while it is ready. */
  reasons(): string[]
  /** The same as stewards may know it on the web. */
  reasonsForStewards(): string[]
  /** How far the store is behind the journal, in whole seconds: as of the last look, and grown since. */
  behindS(): number
  /** Looks again; `unready` until the first look. */
  look(): Promise<void>
}

/** `others` adds what the rooms do not know of themselves; `notes` what only the operator reads, which makes no hub degraded. */
export function watchHealth(
  rooms: Rooms,
  version: string,
  others: () => readonly string[] = () => [],
  notes: () => readonly string[] = () => []
): HealthWatch {
  let status: Health['status'] = 'unready'
  let reasons: Reason[] = [{ text: 'The hub is starting.' }]
  let doing: string[] = []
  let waitingSince: UnixMs | null = null
  return {
    current: () => ({ status, reasons: forEverybody(reasons), version, doing }),
    reasons: () => reasons.map(({ text }) => text),
    reasonsForStewards: () =>
      reasons.flatMap((reason) => (reason.quotes ? forEverybody([reason]) : [reason.text])),
    behindS: () =>
      waitingSince === null ? 0 : Math.max(0, Math.floor((rooms.clock.now() - waitingSince) / secondMs)),
    async look() {
      try {
        await lookAtRooms()
      } catch (cause) {
        // What was seen before may not be so any more. What failed may name folders of this machine.
        reasons = [
          {
            text: 'The hub could not check its own health. Its log says why; npx lamppost doctor checks each part.'
          }
        ]
        throw cause
      } finally {
        status = forEverybody(reasons).length > 0 ? 'degraded' : 'ready'
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
    reasons = [
      ...(await reasonsNow(rooms, ingest)),
      ...others().map((text) => ({ text })),
      ...notes().map((text) => ({ text, everybody: null }))
    ]
  }
}

function forEverybody(reasons: readonly Reason[]): string[] {
  return reasons
    .map(({ text, everybody }) => (everybody === undefined ? text : everybody))
    .filter((text) => text !== null)
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
): Promise<Reason[]> {
  const found: Reason[] = []
  const store = await pipeline.service.storeState()
  const waiting = store.waiting ?? ingest.storeFailing
  if (waiting)
    found.push({ text: `Readings wait in the journal, because the store cannot take them: ${waiting}` })
  if (ingest.journalFailing !== null && !journal.stats().failing)
    found.push({
      text: `Readings wait in the journal, because the journal (journal.sqlite) cannot be read or its checkpoint cannot be saved: ${ingest.journalFailing}`
    })
  found.push(...store.notes.map((text) => ({ text })))
  // The server's reason may quote what it refused.
  if (store.refusedNote !== null)
    found.push({
      text: store.refusedNote,
      quotes: true,
      everybody: 'The store refused readings for good; they are kept aside: npx lamppost doctor'
    })
  const log = journal.stats()
  if (log.failing) {
    found.push({
      text: `No messages are accepted, because the journal cannot be written: ${log.failing} Sensors keep their unsent readings.`
    })
  }
  const noting = registry.failing()
  if (noting !== null)
    found.push({
      text: `Problems of sensors cannot be recorded in the registry now: ${noting}`
    })
  if (ingest.paused.length > 0) {
    const why =
      'paused, because too many of their messages wait for a place. ' +
      'They keep later messages themselves. Record where they were at that time: npx lamppost device list'
    const isPublic = ingest.paused.some((deviceId) => isOutdoors(registry, deviceId))
    found.push({
      text: `${counted(ingest.paused.length, 'sensor')} ${why}`,
      everybody: isPublic ? `Sensors are ${why}` : null
    })
  }
  if (ingest.damagedStretches > 0) {
    const damage =
      'parts of the journal can no longer be read: the disk may be failing. Stored readings are not affected. ' +
      'Make a backup, and check the files with: npx lamppost doctor'
    found.push({ text: `${ingest.damagedStretches} ${damage}`, everybody: `Some ${damage}` })
  }
  found.push(...clock.reasons())
  found.push(...backlogReasons(backlogOf(ingest, log, clock.now()), log.bytesMax))
  // Of a folder that is gone there is nothing more to say.
  if (!folder.isInPlace())
    return [{ text: `No messages are accepted. ${filesGone} Sensors keep their unsent readings.` }]
  const disk = await statfs(folder.path)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes < diskFreeBytesMin) {
    const next = 'Free some space: with a full disk no messages can be accepted.'
    found.push({
      text: `The disk has only ${Math.round(freeBytes / 1024 ** 2)} MB left. ${next}`,
      everybody: `The disk is nearly full. ${next}`
    })
  }
  return found
}

/** Everybody sees that there is such a sensor anyway. */
function isOutdoors(registry: Rooms['registry'], deviceId: string): boolean {
  const sites = registry.deployments(deviceId).map(({ siteId }) => registry.site(siteId))
  return sites.some((site) => site && maySeeSite('public', site))
}

/** What waits for the store, and how long the journal can go on keeping it. */
export function backlogReasons(backlog: Backlog, bytesMax: number): Reason[] {
  const { messages, ageMs, bytes, share, fullInMs } = backlog
  const found: Reason[] = []
  if (messages > behindMessagesMax || ageMs > behindMsMax) {
    const late = 'on disk and not yet in the store'
    const next = `the oldest for ${longWords(ageMs)}; pages and downloads do not include them yet.`
    found.push({
      text: `${counted(messages, 'message')} ${messages === 1 ? 'is' : 'are'} ${late}, ${next}`,
      everybody: `Messages are ${late}, ${next}`
    })
  }
  if (share >= journalShareWarn) {
    const when = fullInMs === null ? '' : ` and at this rate is full in about ${longWords(fullInMs)}`
    const full = `The journal is ${share >= journalShareUrgent ? 'nearly' : 'half'} full of messages that wait for the store`
    const next =
      'When it is full, no messages are accepted and sensors keep their unsent readings: repair the store before then, ' +
      'or raise the journal size limit (LAMPPOST_JOURNAL_MB).'
    found.push({
      text: `${full} (${megabytes(bytes)} of ${megabytes(bytesMax)})${when}. ${next}`,
      everybody: `${full}. ${next}`
    })
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
