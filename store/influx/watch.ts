/** Keeps an eye on an InfluxDB: is it still there, the right one, with the rights, buckets, retention and clock it should have? */
import { sleep as sleepFor, type Sleep } from '../../model/sleep.ts'
import { minuteMs, secondMs, type Clock } from '../../model/time.ts'
import { checkInflux, type InfluxSettings } from './check.ts'
import { InfluxMisfit } from './misfit.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'

export interface InfluxWatch {
  /** Why the last look could not find all that is needed; null while it could. */
  waiting(): string | null
  /** The same where it is the settings that do not fit: it knows better then than who was refused something. */
  misfit(): string | null
  /** What it found that is not as it should be and still lets the hub work. */
  warnings(): readonly string[]
  /** Looks every minute from now on, and within seconds while something is amiss. Called once. */
  keepLooking(user: ServerUser): void
  stop(): Promise<void>
}

/** Who works with the server between two looks. */
export interface ServerUser {
  /** It had no answer, or was refused something. */
  isAmiss(): boolean
  /** A look found all that is needed, which the one before did not. */
  onReturn(): void
}

interface WatchDeps {
  clock: Clock
  log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  sleep?: Sleep
}

/** A look is ten small questions; what is wrong is looked at again soon, so that it is seen to be mended. */
const everyMs = minuteMs
const soonMs = 5 * secondMs

/**
 * The first look decides about the start: what does not fit is thrown, and a server that does not answer is waited for.
 * Later ones only tell: what was acknowledged is in the journal, and the hub goes on.
 */
export async function watchInflux(
  settings: InfluxSettings,
  { clock, log, sleep = sleepFor }: WatchDeps
): Promise<InfluxWatch> {
  let waiting: string | null = null
  let warnings: readonly string[] = []
  let isMisfit = false
  const note = (found: { waiting: string | null; warnings: readonly string[] }): void => {
    const known = [waiting, ...warnings]
    for (const line of [found.waiting, ...found.warnings]) {
      if (line !== null && !known.includes(line)) log.warn({}, line)
    }
    if (waiting !== null && found.waiting === null) log.info({}, 'InfluxDB is working as it should again.')
    waiting = found.waiting
    warnings = found.warnings
  }
  const look = async (): Promise<void> => {
    const found = await checkInflux(settings, clock)
    if (found.missing.length > 0) log.info({ buckets: found.missing }, 'Buckets were created in InfluxDB.')
    isMisfit = false
    note({ waiting: null, warnings: found.warnings })
  }
  const noteFailure = (cause: unknown): void => {
    if (!(cause instanceof StoreUnavailable || cause instanceof InfluxMisfit)) throw cause
    isMisfit = cause instanceof InfluxMisfit
    note({ waiting: plain(cause), warnings: [] })
  }

  await look().catch((cause: unknown) => {
    if (cause instanceof InfluxMisfit) throw cause
    noteFailure(cause)
  })
  const stopping = new AbortController()
  const keepLooking = async ({ isAmiss, onReturn }: ServerUser): Promise<void> => {
    for (let restedMs = soonMs; ; restedMs += soonMs) {
      await sleep(soonMs, stopping.signal)
      if (stopping.signal.aborted) return
      const isSoon = waiting !== null || warnings.length > 0 || isAmiss()
      if (!isSoon && restedMs < everyMs) continue
      restedMs = 0
      const wasWaiting = waiting !== null
      await look().catch(noteFailure)
      if (wasWaiting && waiting === null) onReturn()
    }
  }
  let looking: Promise<void> | undefined
  return {
    waiting: () => waiting,
    misfit: () => (isMisfit ? waiting : null),
    warnings: () => warnings,
    keepLooking: (user) => void (looking = keepLooking(user)),
    async stop() {
      stopping.abort()
      await looking
    }
  }
}

/** Without the words that only say that it is the store. */
function plain({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : message
}
