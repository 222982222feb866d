/** The hub's time: the computer's clock while it is believed, and what the judgement says instead while it is not. */
import { existsSync } from 'node:fs'
import { uptime } from 'node:os'
import { secondMs, systemClock, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import type { SensorTime, WrongStretch } from '../../model/message.ts'
import { ClockJudgement, type ClockDoubt } from './judgement.ts'
import { bootOfMachine, type ClockKeeper } from './kept.ts'
import { clockKeptMs, clockLookMs, clockStepMsMin } from './limits.ts'
import { clockEventWords, clockReason, type ClockReason } from './words.ts'

/** What the hub knows of time from outside. */
export interface ClockSources {
  wall: Clock
  /** Milliseconds since the machine started, sleep included; nobody sets it. */
  steadyMs(): number
  /** A time server has set the computer's clock. */
  isServed(): boolean
  /** Names this start of the machine; undefined where nothing does. */
  boot: string | undefined
}

/** systemd's time client makes this file when it has set the clock, and it is gone with the next start of the machine. */
const servedFile = '/run/systemd/timesync/synchronized'

export const systemClockSources: ClockSources = {
  wall: systemClock,
  steadyMs: () => uptime() * secondMs,
  isServed: () => existsSync(servedFile),
  boot: bootOfMachine()
}

export interface ClockWatchOptions {
  timezone: string
  sources: ClockSources
  /** Where a hub keeps what it knows; a command works by the computer's clock. */
  keeper?: ClockKeeper | undefined
  /**
   * These messages are to be read as received at another time. Resolves when that is on disk: until then what the keeper has stays as it
   * is, so that a hub that is killed before finds it again.
   */
  onWrong(stretch: WrongStretch): Promise<void>
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

export interface ClockWatch extends Clock {
  /** What other threads add to the computer's clock to have the hub's time; one number. */
  readonly correction: SharedArrayBuffer
  /** When the newest message was received that the journal had at the start, and its sequence. */
  takeNewest(newest: UnixMs | null, lastSequence: number): void
  /** Messages after this sequence may turn out to be received under a wrong time. */
  readonly unsureAfter: number
  observe(times: readonly SensorTime[]): void
  doubt(): ClockDoubt | undefined
  /** For the health page. */
  reasons(): ClockReason[]
  stop(): void
}

export function watchClock({ timezone, sources, keeper, onWrong, log }: ClockWatchOptions): ClockWatch {
  const { wall, steadyMs, isServed } = sources
  const read = () => ({ wall: wall.now(), steadyMs: steadyMs(), isServed: isServed() })
  const judgement = new ClockJudgement(read(), keeper?.kept)
  let unsureAfter = keeper?.kept?.after
  let keptAt = -Infinity
  let keptState = ''
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  const correction = new Float64Array(shared)
  let lookedAt = wall.now()
  let last = lookedAt
  let told = ''
  let notNoted = 0

  const keep = (): void => {
    if (!keeper || unsureAfter === undefined || notNoted > 0) return
    const { known, correctionMs } = judgement
    const state = `${Math.round(correctionMs / clockStepMsMin)} ${known.wasConfirmed}`
    if (state === keptState && Math.abs(lookedAt - keptAt) < clockKeptMs) return
    ;[keptAt, keptState] = [lookedAt, state]
    keeper.keep({ ...known, after: unsureAfter })
  }
  const take = (wrong: WrongStretch | undefined): void => {
    correction[0] = judgement.correctionMs
    tell(judgement.doubt())
    if (!wrong) return keep()
    log.warn(
      { from: toIso(wrong.from), shiftMs: wrong.shiftMs },
      'The clock was wrong; messages received in that time get the correct one.'
    )
    notNoted++
    void onWrong(wrong).then(() => {
      notNoted--
      keep()
    })
  }
  const tell = (doubt: ClockDoubt | undefined): void => {
    if ((doubt?.kind ?? '') === told) return
    told = doubt?.kind ?? ''
    if (doubt) log.warn({ ...doubt }, clockEventWords(doubt))
    else log.info({}, "The hub trusts the computer's clock again.")
  }
  const look = (): void => {
    const reading = read()
    lookedAt = reading.wall
    take(judgement.look(reading))
  }
  const timer = setInterval(look, clockLookMs)
  timer.unref()
  return {
    correction: shared,
    now() {
      const now = wall.now()
      // Asking the steady clock takes a hundred times as long, so it is asked when the other has moved.
      if (now < last || now - lookedAt >= clockLookMs) look()
      last = now
      return Math.round(now + correction[0]!) as UnixMs
    },
    takeNewest(newest, lastSequence) {
      unsureAfter ??= lastSequence
      judgement.takeNewest(newest)
      take(undefined)
    },
    get unsureAfter() {
      return unsureAfter ?? 0
    },
    observe: (times) => judgement.observe(times),
    doubt: () => judgement.doubt(),
    reasons: () => clockReason(judgement.doubt(), wall.now(), timezone),
    stop: () => clearInterval(timer)
  }
}
