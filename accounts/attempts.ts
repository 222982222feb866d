/** Counts what went wrong, by name and address, and says when it has been too often. In memory: a restart forgives. */
import type { Clock, UnixMs } from '../model/time.ts'
import { secondMs } from '../model/time.ts'
import { AccountsRefusal } from './accounts.ts'
import { attemptKeysMax } from './limits.ts'

export interface AttemptLimit {
  max: number
  windowMs: number
}

export class Attempts {
  readonly #clock: Clock
  readonly #limit: AttemptLimit
  /** Oldest window first. */
  readonly #counted = new Map<string, { count: number; since: UnixMs }>()

  constructor(clock: Clock, limit: AttemptLimit) {
    this.#clock = clock
    this.#limit = limit
  }

  /** @throws AccountsRefusal tooManyAttempts, with the seconds until the next may be made. */
  refuseTooMany(key: string): void {
    const counted = this.#standing(key)
    if (!counted || counted.count < this.#limit.max) return
    const waitS = Math.ceil((counted.since + this.#limit.windowMs - this.#clock.now()) / secondMs)
    throw new AccountsRefusal(
      'tooManyAttempts',
      `Too many attempts failed. Wait ${waitWords(waitS)} and try again, or ask your steward for a recovery link.`,
      waitS
    )
  }

  failed(key: string): void {
    const counted = this.#standing(key)
    if (counted) {
      counted.count++
      return
    }
    this.#counted.delete(key)
    if (this.#counted.size >= attemptKeysMax) this.#counted.delete(this.#counted.keys().next().value!)
    this.#counted.set(key, { count: 1, since: this.#clock.now() })
  }

  succeeded(key: string): void {
    this.#counted.delete(key)
  }

  #standing(key: string): { count: number; since: UnixMs } | undefined {
    const counted = this.#counted.get(key)
    const age = counted ? this.#clock.now() - counted.since : 0
    // A clock that was set back must not lock anybody out for longer than the window.
    return counted && age >= 0 && age < this.#limit.windowMs ? counted : undefined
  }
}

function waitWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

/** What addresses are counted by: an IPv6 household has a whole /64. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const gap = address.includes('::')
    ? Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0')
    : []
  return [...front, ...gap, ...back].slice(0, 4).join(':')
}
