/**
 * The last 12 months of every street, kept in memory: they change once a day, and when old hours are made again (a backlog,
 * an import, a correction). Streets asked for together are read together, a few sites at a time.
 */
import type { LastYear } from '../../contract/street.ts'
import type { Quantity } from '../../model/quantity.ts'
import { civilTime, dayStart, fromCivil, type Clock, type UnixMs } from '../../model/time.ts'
import type { ReadingReader, SiteMeans } from '../../store/promise/read.ts'
import { lastYearAgainMsMin, lastYearSitesAtOnceMax } from '../limits.ts'
import { lastYear, lastYearQuantities, windowOfYear, type YearRange } from './last-year.ts'

export type YearFigures = Partial<Record<Quantity, LastYear>>

export interface LastYears {
  /** Of a street with these public sites. What is known and out of date is given at once, and read again. */
  of(streetId: string, siteIds: readonly string[]): Promise<YearFigures>
  /** Hours or days of the street before today were made again. */
  changed(streetId: string): void
}

export interface LastYearsDeps {
  readings: Pick<ReadingReader, 'means'>
  clock: Clock
  timezone: string
  onFailure(streetId: string, error: unknown): void
}

interface Known {
  sites: string
  until: UnixMs
  figures: YearFigures
  readAt: UnixMs
  isStale: boolean
  reading: Promise<YearFigures> | undefined
}

export function lastYears(deps: LastYearsDeps): LastYears {
  const streets = new Map<string, Known>()
  const read = gatherYears(deps)

  const readAgain = (known: Known, siteIds: readonly string[], range: YearRange): Promise<YearFigures> => {
    known.readAt = deps.clock.now()
    known.isStale = false
    known.reading = read(siteIds, range)
      .then((figures) => (known.figures = figures))
      .finally(() => (known.reading = undefined))
    return known.reading
  }

  return {
    async of(streetId, siteIds) {
      if (siteIds.length === 0) return {}
      const now = deps.clock.now()
      const range = yearUntil(now, deps.timezone)
      const sites = siteIds.join()
      const known = streets.get(streetId)
      // Another set of sites may mean that somebody took one away: then nothing old may be shown.
      if (!known || known.sites !== sites) {
        const { until } = range
        const fresh: Known = { sites, until, figures: {}, readAt: now, isStale: false, reading: undefined }
        streets.set(streetId, fresh)
        return readAgain(fresh, siteIds, range).catch((error: unknown) => {
          if (streets.get(streetId) === fresh) streets.delete(streetId)
          throw error
        })
      }
      const isEmpty = Object.keys(known.figures).length === 0
      // Where nothing was known, what was made since is a history that came late: no level stands without its year.
      const isDue = known.isStale && (isEmpty || now - known.readAt >= lastYearAgainMsMin)
      const isOld = known.until !== range.until || isDue
      if (isOld && !known.reading) {
        known.until = range.until
        readAgain(known, siteIds, range).catch((error: unknown) => deps.onFailure(streetId, error))
      }
      // The first answer is waited for; after that the figures of yesterday stand until those of today are there.
      return isEmpty && known.reading ? known.reading : known.figures
    },
    changed(streetId) {
      const known = streets.get(streetId)
      if (known) known.isStale = true
    }
  }
}

/** 12 months up to the last midnight. */
export function yearUntil(now: UnixMs, timezone: string): YearRange {
  const until = dayStart(now, timezone)
  const { year, month, day } = civilTime(until, timezone)
  const from = fromCivil({ year: year - 1, month, day, hour: 0, minute: 0, second: 0 }, timezone)
  return { from, until, timezone }
}

interface Waiting {
  siteIds: readonly string[]
  range: YearRange
  answer: PromiseWithResolvers<YearFigures>
}

/** Streets asked for in one turn of the event loop share their questions to the store. */
function gatherYears({ readings }: Pick<LastYearsDeps, 'readings'>) {
  let waiting: Waiting[] = []

  const readWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const together = takeSome(waiting)
      waiting = waiting.slice(together.length)
      try {
        const columns = await readColumns(readings, together)
        for (const { siteIds, range, answer } of together) answer.resolve(figuresOf(columns, siteIds, range))
      } catch (error) {
        for (const { answer } of together) answer.reject(error)
      }
    }
  }

  return (siteIds: readonly string[], range: YearRange): Promise<YearFigures> => {
    const answer = Promise.withResolvers<YearFigures>()
    waiting.push({ siteIds, range, answer })
    if (waiting.length === 1) setImmediate(() => void readWaiting())
    return answer.promise
  }
}

/** The first streets whose sites are few enough together; always one at least. */
function takeSome(waiting: readonly Waiting[]): Waiting[] {
  const some: Waiting[] = []
  let sites = 0
  for (const one of waiting) {
    sites += one.siteIds.length
    if (some.length > 0 && sites > lastYearSitesAtOnceMax) break
    some.push(one)
  }
  return some
}

async function readColumns(
  readings: Pick<ReadingReader, 'means'>,
  together: readonly Waiting[]
): Promise<SiteMeans[]> {
  const siteIds = [...new Set(together.flatMap((one) => one.siteIds))]
  const { from, until } = together[0]!.range
  const answers = await Promise.all(
    (['day', 'hour'] as const).map((window) =>
      readings.means({
        siteIds,
        quantities: lastYearQuantities.filter((quantity) => windowOfYear(quantity) === window),
        window,
        from,
        until
      })
    )
  )
  return answers.flat()
}

function figuresOf(columns: readonly SiteMeans[], siteIds: readonly string[], range: YearRange): YearFigures {
  const own = columns.filter(({ siteId }) => siteIds.includes(siteId))
  return Object.fromEntries(
    lastYearQuantities.flatMap((quantity) => {
      const year = lastYear(
        quantity,
        own.filter((one) => one.quantity === quantity),
        range
      )
      return year ? [[quantity, year]] : []
    })
  )
}
