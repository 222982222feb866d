/** What a street's page holds: the street with its sensors, the series that is drawn, and what live events change. */
import type { LiveReading, LiveStreet } from '../../../contract/live.ts'
import type { PublicSite, StreetDetail } from '../../../contract/street.ts'
import type { StreetSeries } from '../../../contract/series.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { dayMs } from '../../../model/time.ts'
import { hasValue, isDrawable, type SiteLine } from '../../../words/series.ts'
import { appended, siteLine } from '../chart/columns.ts'
import { leftOutTogether } from '../../../words/left-out.ts'
import type { HourColumns } from '../../../science/nights.ts'
import type { HubProblem } from '../fetch/http.ts'
import { fetchSiteSeries, fetchStreet, fetchStreetSeries, isStreet } from '../fetch/hub.ts'
import { listen } from '../fetch/live.ts'
import { Newest } from '../fetch/newest.ts'
import type { ChartWindow } from '../../../words/guideline.ts'
import type { Range } from '../range.ts'
import { asProblem } from './problem.ts'
import { remember, restore, takeBeat, type Watch } from './watch.ts'
import { linesMax, redrawMsMin, reloadMsMin } from '../limits.ts'

/** The middle of a street's sensors or homes; nights are made here, hours and days by the hub. */
export type Middle = Pick<
  StreetSeries,
  | 'basis'
  | 'leftOut'
  | 'sitesNeeded'
  | 'time'
  | 'median'
  | 'p25'
  | 'p75'
  | 'sites'
  | 'coverage'
  | 'corrections'
  | 'recomputing'
> & {
  window: Exclude<ChartWindow, 'raw'>
}

export interface Shown {
  quantity: Quantity
  range: Range
  window: Exclude<ChartWindow, 'raw'>
  placement: 'outdoor' | 'indoor'
  /** The hub's, in which nights begin. */
  zone: string
  /** The one sensor whose own line is asked for. */
  siteId: string | null
}

/** What is drawn at once: the newest answer, whole, so that line, range and unit always belong together. */
export interface Drawn {
  shown: Shown
  middle: Middle
  /** Lines of single sensors: the chosen one, or all where there are too few for a street value. */
  lines: SiteLine[]
  alone: boolean
}

export class StreetView {
  readonly streetId: string
  detail = $state.raw<StreetDetail>()
  problem = $state.raw<HubProblem>()
  drawn = $state.raw<Drawn>()
  drawProblem = $state.raw<HubProblem>()
  drawing = $state(false)

  readonly loaded = $derived(this.detail !== undefined)

  readonly #watch: Watch
  readonly #newestDetail = new Newest()
  readonly #newestSeries = new Newest()
  #reload: ReturnType<typeof setTimeout> | undefined
  #drawnAt = 0
  /** Asks the page to draw again with the range of this moment. */
  stale = $state(0)

  constructor(streetId: string, watch: Watch) {
    this.streetId = streetId
    this.#watch = watch
  }

  start(): () => void {
    void this.load()
    const stop = listen([this.streetId], {
      beat: (hubAt) => takeBeat(this.#watch, hubAt),
      caughtUp: (isFirst) => {
        void this.load()
        if (!isFirst) this.stale++
      },
      reading: (event) => this.#takeReading(event),
      street: (event) => this.#takeStreet(event)
    })
    return () => {
      stop()
      clearTimeout(this.#reload)
      this.#newestDetail.stop()
      this.#newestSeries.stop()
    }
  }

  async load(): Promise<void> {
    const signal = this.#newestDetail.start()
    const path = `streets/${this.streetId}`
    try {
      this.detail = await fetchStreet(this.streetId, signal)
      this.problem = undefined
      remember(this.#watch, path, this.detail)
    } catch (error) {
      if (signal.aborted) return
      this.problem = asProblem(error)
      this.detail ??= restore(this.#watch, path, this.problem, isStreet)
    }
  }

  async draw(shown: Shown, sites: readonly PublicSite[]): Promise<void> {
    const signal = this.#newestSeries.start()
    this.drawing = true
    this.#drawnAt = this.#watch.now.exact()
    try {
      const middle =
        shown.window === 'night'
          ? await this.#nights(shown, sites, signal)
          : await this.#middle(shown, signal)
      const alone = shown.placement === 'outdoor' && !hasValue({ time: middle.time, value: middle.median })
      const wanted = alone ? sites.slice(0, linesMax) : sites.filter((site) => site.id === shown.siteId)
      const lines = await Promise.all(wanted.map((site) => this.#line(site, shown, alone, signal)))
      if (signal.aborted) return
      // Where no sensor measured anything either, nothing is drawn and the page says what to do.
      const nothing = alone && !lines.some(isDrawable)
      this.drawn = { shown, middle, lines: nothing ? [] : lines, alone: alone && !nothing }
      this.drawProblem = undefined
      this.drawing = false
    } catch (error) {
      if (signal.aborted) return
      this.drawing = false
      this.drawProblem = asProblem(error)
    }
  }

  async #middle(shown: Shown, signal: AbortSignal): Promise<Middle> {
    const { quantity, range, placement } = shown
    const window = shown.window === 'hour' ? 'hour' : 'day'
    const request = { quantity, from: range.from, until: range.until, window, placement } as const
    return fetchStreetSeries(this.streetId, request, signal)
  }

  async #nights(shown: Shown, sites: readonly PublicSite[], signal: AbortSignal): Promise<Middle> {
    const { quantity, range } = shown
    const request = { quantity, from: range.from, until: range.until, window: 'hour' } as const
    const answers = await Promise.all(sites.map((site) => fetchSiteSeries(site.id, request, signal)))
    const hours: HourColumns[] = answers.filter((answer) => answer.window !== 'raw')
    const leftOut = leftOutTogether(answers.map((answer) => answer.leftOut))
    // Only who asks for nights needs how they are made.
    const { nights } = await import('../../../science/nights.ts')
    return { window: 'night', basis: 'sites', ...nights(hours, range.from, range.until, shown.zone), leftOut }
  }

  async #line(site: PublicSite, shown: Shown, alone: boolean, signal: AbortSignal): Promise<SiteLine> {
    const { quantity, range } = shown
    const lengthMs = range.until - range.from
    // Beside a street's hours a sensor shows its hours too; alone, or over one day, its single readings.
    const single = lengthMs <= 1.1 * dayMs || (alone && lengthMs <= 8 * dayMs)
    const window = single ? 'auto' : shown.window === 'day' ? 'day' : 'hour'
    const request = { quantity, from: range.from, until: range.until, window } as const
    return siteLine(site.id, site.name, await fetchSiteSeries(site.id, request, signal))
  }

  #takeReading(event: LiveReading): void {
    const site = this.detail?.sites.find(({ id }) => id === event.siteId)
    if (!this.detail || !site) return this.#loadSoon()
    this.#append(event)
    const before = site.latest[event.quantity]
    if (before && Date.parse(before.at) > Date.parse(event.at)) return
    const { value, unit, at, flag } = event
    const latest = { ...site.latest, [event.quantity]: { value, unit, at, flag, reasons: [], judged: false } }
    const fresh: PublicSite = { ...site, state: 'online', latest }
    this.detail = {
      ...this.detail,
      sites: this.detail.sites.map((one) => (one.id === site.id ? fresh : one))
    }
    // A street that had nothing gets its first figure from the hub, not from us.
    if (this.detail.latest[event.quantity] === undefined) this.#loadSoon()
  }

  #append({ siteId, quantity, at, value, flag }: LiveReading): void {
    const drawn = this.drawn
    if (!drawn || drawn.shown.range.name === 'custom' || drawn.shown.quantity !== quantity) return
    const time = Date.parse(at)
    const lines = drawn.lines.map((line) =>
      line.siteId === siteId ? appended(line, time, value, flag) : line
    )
    const range = { ...drawn.shown.range, until: Math.max(drawn.shown.range.until, time) }
    this.drawn = { ...drawn, lines, shown: { ...drawn.shown, range } }
  }

  #takeStreet({ latest }: LiveStreet): void {
    if (!this.detail) return
    this.detail = { ...this.detail, latest: { ...this.detail.latest, ...latest } }
    if (this.#watch.now.exact() - this.#drawnAt > redrawMsMin) this.stale++
  }

  #loadSoon(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined
      void this.load().then(() => this.stale++)
    }, reloadMsMin)
  }
}
