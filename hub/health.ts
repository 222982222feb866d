/** How the hub is: ready, degraded and why, or unready; from what its rooms say of themselves. */
import { statfs } from 'node:fs/promises'
import type { Health } from '../api/contract.ts'
import type { Rooms } from './rooms.ts'

/** Below this the disk has room for about a day of a large neighbourhood; above it nobody need hurry. */
const diskFreeBytesMin = 512 * 1024 * 1024

/** Messages that the journal holds and the store does not have yet; at 5,000 a second this is 20 s. */
const behindMessagesMax = 100_000

export interface HealthWatch {
  current(): Health
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
  return {
    current: () => ({ status, reasons, version }),
    async look() {
      reasons = [...(await reasonsNow(rooms)), ...others()]
      status = reasons.length > 0 ? 'degraded' : 'ready'
    }
  }
}

async function reasonsNow({ pipeline, journal, folder }: Rooms): Promise<string[]> {
  const found: string[] = []
  const ingest = await pipeline.service.ingestStats()
  if (ingest.storeFailing) {
    found.push(`Readings wait in the journal, because the store cannot take them: ${ingest.storeFailing}`)
  }
  const { failing, lastSequence } = journal.stats()
  if (failing) {
    found.push(
      `Nothing can be accepted, because the journal cannot be written: ${failing} Sensors keep what they have.`
    )
  }
  if (ingest.heldBack.length > 0) {
    found.push(
      `From ${ingest.heldBack.length} of the sensors nothing more is taken, because too many of their messages wait ` +
        'for a place. They keep the rest. Give them a street for that time: npx lamppost device list'
    )
  }
  const behind = lastSequence - ingest.checkpoint
  if (behind > behindMessagesMax)
    found.push(`${behind} messages are on disk and not yet in the store; they are being worked through.`)
  const disk = await statfs(folder.path)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes < diskFreeBytesMin) {
    found.push(
      `The disk has only ${Math.round(freeBytes / 1024 ** 2)} MB left. Make room before nothing can be accepted any more.`
    )
  }
  return found
}
