/** Which rooms, days and rules a record is of: held in the address, so that the letter and the browser's back button keep it. */
import { dayMs, nextDayStart } from '../../../model/time.ts'
import { isRepairRulesId } from '../../../science/repair-rules.ts'
import type { RecordChoice } from '../fetch/record.ts'
import { recordDaysDefault, recordDaysMax } from '../limits.ts'
import { dateStart, isoDate } from '../range.ts'
import type { Shell } from './shell.svelte.ts'

export class RecordChoices {
  readonly #shell: Shell

  constructor(shell: Shell) {
    this.#shell = shell
  }

  get rooms(): string[] {
    return (this.#shell.route.params.get('room') ?? '').split(',').filter((one) => one !== '')
  }

  /** "2026-11-01"; a season back unless it was chosen. */
  get from(): string {
    return this.#shell.route.params.get('from') ?? this.#day(-recordDaysDefault)
  }

  /** The last day, which is included; today unless it was chosen. */
  get until(): string {
    return this.#shell.route.params.get('until') ?? this.today
  }

  /** "2026-11-23" of the hub. */
  get today(): string {
    return this.#day(0)
  }

  get rules(): string {
    const rules = this.#shell.route.params.get('rules') ?? ''
    return isRepairRulesId(rules) ? rules : ''
  }

  /** undefined where the days are none, or too far apart. */
  get choice(): RecordChoice | undefined {
    const zone = this.#shell.text.zone
    const [from, last] = [dateStart(this.from, zone), dateStart(this.until, zone)]
    if (from === undefined || last === undefined || from > last) return undefined
    if (last - from > recordDaysMax * dayMs) return undefined
    return { rooms: this.rooms, from, until: nextDayStart(last, zone), rules: this.rules }
  }

  change(changes: Record<string, string | null>): void {
    this.#shell.route.go(this.#shell.route.with(changes))
  }

  #day(offset: number): string {
    const { zone, now } = this.#shell.text
    return isoDate(now + offset * dayMs, zone)
  }
}
