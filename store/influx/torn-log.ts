/**
 * A server whose disk was full, or failed, while it wrote its log. InfluxDB 2.9.1 does not get over that by itself
 * (tsm1/wal.go): the log keeps its first error, so all writes are refused until a restart. After that start it writes behind
 * the torn place, and at the next start it cuts its log there, and with it what it had acknowledged since. Only a start that
 * finds the log cut, and nothing written since, leaves it whole. So nothing is written until two starts were seen.
 */
import { StoreUnavailable } from '../promise/unavailable.ts'
import { isSqliteOutage } from '../../sqlite.ts'
import type { Core } from './core.ts'

/** What the server says when its log may be torn: of the disk, in the words of the operating system. */
const diskWords = /no space left on device|disk quota exceeded|input\/output error/i

export class LogTorn extends Error {}

export function tornBy(message: string): LogTorn | undefined {
  const says = diskWords.exec(message)?.[0].toLowerCase()
  return says === undefined ? undefined : new LogTorn(`${wordsFor(2)} It says: ${says}.`)
}

function wordsFor(startsLeft: number): string {
  const times = startsLeft === 1 ? 'once more' : 'twice, one time after the other'
  return (
    `InfluxDB could not write its log to its disk. Make room there, then restart InfluxDB ${times}: it takes nothing before, ` +
    'and the first start only cuts off the torn end of the log. Nothing is lost meanwhile.'
  )
}

/** Durable at once; if the state file cannot be written either, at the next connection. */
export function noteTornLog(core: Core): void {
  core.isLogTorn = true
  try {
    if (core.state.meta('torn') === undefined) core.state.setMeta('torn', '[]')
  } catch (failure) {
    if (!isSqliteOutage(failure)) throw failure
  }
}

/** Throws until the server was started twice since its log was torn. Reading it is safe meanwhile. */
export async function checkLog(core: Core): Promise<void> {
  const noted = core.state.meta('torn')
  if (noted === undefined && !core.isLogTorn) return
  // The first is the server that failed, unless it was gone before it could be asked: then one start more is waited for.
  const seen = JSON.parse(noted ?? '[]') as string[]
  const started = await core.server.startedAt()
  // What cannot be counted is not waited for: a proxy may keep to itself when the server began.
  const startsLeft = started === undefined ? 0 : 3 - new Set([...seen, started]).size
  if (startsLeft > 0) {
    if (!seen.includes(started!)) core.state.setMeta('torn', JSON.stringify([...seen, started]))
    throw new StoreUnavailable('waiting for InfluxDB to be restarted', new LogTorn(wordsFor(startsLeft)))
  }
  core.state.removeMeta('torn')
  core.isLogTorn = false
}
