/** What every page is given: where the reader is, what time it is, the hub's own facts, and the language. */
import { systemClock } from '../../../model/time.ts'
import type { TextContext } from '../../../words/words.ts'
import { words } from '../words.ts'
import { Account } from './account.svelte.ts'
import { Hub } from './hub.svelte.ts'
import { Now } from './now.svelte.ts'
import { Pulse } from './pulse.svelte.ts'
import { Route } from './route.svelte.ts'

export class Shell {
  readonly route = new Route()
  readonly now = new Now()
  readonly pulse = new Pulse(systemClock)
  readonly hub = new Hub(this.now)
  readonly account = new Account()
  /** For the sentence functions: the language, the hub's time zone (UTC until it is known), and the time. */
  readonly text: TextContext = $derived({
    words,
    zone: this.hub.info?.timezone ?? 'UTC',
    now: this.now.at
  })

  /** "Ashley Road · Air · Our neighbourhood": the title of the browser's tab. */
  title(...parts: string[]): string {
    return words.common.title([...parts, this.hub.info?.name || words.common.brand])
  }

  start(): () => void {
    const parts = [this.hub, this.route, this.now, this.pulse, this.account]
    const stops = parts.map((part) => part.start())
    return () => stops.forEach((stop) => stop())
  }
}
