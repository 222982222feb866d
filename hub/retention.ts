/** Removes single indoor readings that are older than their person wants them kept; the hours and days made of them stay. */
import { counted } from '../model/counted.ts'
import { hostRequestKeepMs, keepGraceMs } from '../model/limits.ts'
import type { Person } from '../model/person.ts'
import { minuteMs, monthsBefore, toIso, type Clock, type UnixMs } from '../model/time.ts'
import { keepDoing } from '../recurring.ts'
import type { Registry } from '../registry/registry.ts'
import type { Trim } from '../store/promise/keep.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

export interface RetentionDeps {
  registry: Pick<Registry, 'persons' | 'sites' | 'hostings' | 'onChange' | 'forgetHostRequests'>
  service: Pick<Pipeline['service'], 'trim'>
  /** While it is doubted nothing is removed: a clock a century ahead would make every reading too old. */
  clock: Clock & { doubt(): object | undefined }
  timezone: string
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export interface Retention {
  /** Removes what is due. Called by itself every hour. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Readings become a day older once a day; an hour makes sure that a hub which sleeps at night removes them too. */
const lookEveryMs = 60 * minuteMs

export function startRetention(deps: RetentionDeps): Retention {
  const { registry, service, clock, timezone, log } = deps
  const removeFor = async (person: Person, now: UnixMs): Promise<void> => {
    const parts = trimsOf(registry, person, now, timezone)
    if (!isDue(person, now) || parts.length === 0) return
    if (clock.doubt()) return
    const readings = await service.trim(parts)
    if (readings === 0) return
    log.info(
      { personId: person.personId, readings },
      `${counted(readings, 'indoor reading')} older than ${counted(person.keepMonths ?? 0, 'month')} ${readings === 1 ? 'was' : 'were'} removed, as their person had set; hours and days stay.`
    )
  }
  const lookAtAll = async (): Promise<void> => {
    for (const person of registry.persons()) await removeFor(person, clock.now())
    if (!clock.doubt()) registry.forgetHostRequests((clock.now() - hostRequestKeepMs) as UnixMs)
  }
  const looking = keepDoing({
    work: lookAtAll,
    untilNextMs: () => lookEveryMs,
    // The store is away, or the hub stops: what is due stays so.
    failed: (cause) =>
      log.warn({ cause: String(cause) }, 'Old readings could not be removed; trying again in an hour.')
  })
  return { look: looking.settle, stop: looking.stop }
}

/** When the first readings go; null while a person keeps them. */
export function removalBegins({ keepSetAt }: Person): UnixMs | null {
  return keepSetAt === null ? null : ((keepSetAt + keepGraceMs) as UnixMs)
}

function isDue(person: Person, now: UnixMs): boolean {
  const begins = removalBegins(person)
  return begins !== null && now >= begins
}

/** Of each indoor place the time that was the person's and is past what they keep. */
export function trimsOf(
  registry: Pick<Registry, 'sites' | 'hostings'>,
  { personId, keepMonths }: Person,
  now: UnixMs,
  timezone: string
): Trim[] {
  if (keepMonths === null) return []
  const before = monthsBefore(now, keepMonths, timezone)
  const indoor = registry.sites().filter(({ placement }) => placement === 'indoor')
  return indoor.flatMap(({ siteId }) =>
    registry
      .hostings(siteId)
      .filter((one) => one.personId === personId)
      .map(({ from, until }) => ({ siteId, from, until: Math.min(before, until ?? Infinity) as UnixMs }))
      .filter(({ from, until }) => from === null || from < until)
  )
}

/** In words, for whoever sets the limit. */
export function removalText(person: Person, readings: number): string {
  const begins = removalBegins(person)
  if (begins === null) return ''
  return (
    `Nothing is removed before ${toIso(begins).slice(0, 10)}. ` +
    (readings === 0
      ? 'As of now, no readings would be removed then.'
      : `As of now, ${counted(readings, 'reading')} would be removed then.`)
  )
}
