/**
 * `lamppost summary`, `index`, `exceedances`, `colocation`, `profile`, `trend`, `before-after`, `damp`: the API's numbers
 * with the operator's eyes, who sees indoor sites too.
 */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { CorrectedNote } from '../../api/corrected.ts'
import type { NumbersDeps } from '../../api/numbers/ask.ts'
import {
  beforeAfterAsked,
  colocationAsked,
  exceedancesAsked,
  indexAsked,
  profileAsked,
  summaryAsked,
  trendAsked,
  type AskedText
} from '../../api/numbers/asked.ts'
import { streetBeforeAfter } from '../../api/numbers/before-after.ts'
import { colocation } from '../../api/numbers/colocation.ts'
import type { Place } from '../../api/numbers/course.ts'
import { factorAssumed, roomDamp } from '../../api/numbers/damp.ts'
import { indexScaleNames, siteIndex } from '../../api/numbers/indices.ts'
import { siteExceedances } from '../../api/numbers/limits.ts'
import { bys } from '../../api/numbers/periods.ts'
import { placeProfile } from '../../api/numbers/profile.ts'
import { siteSummary, streetSummary } from '../../api/numbers/summary.ts'
import { placeTrend } from '../../api/numbers/trend.ts'
import { ApiProblem, problems } from '../../api/problem.ts'
import { profileBy } from '../../science/profile.ts'
import { isTimeZone } from '../../model/time.ts'
import {
  option,
  plain,
  WrongUse,
  type Command,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { operatorNumbers } from '../operator-numbers.ts'
import { readTime } from '../time-option.ts'
import {
  beforeAfterText,
  colocationText,
  correctedText,
  dampText,
  exceedancesText,
  indexText,
  profileText,
  summaryText,
  trendText
} from './numbers-text.ts'

const text = { type: 'string' } as const
const period = { from: text, until: text, timezone: text } satisfies ParseArgsOptionsConfig
const asking = { quantity: text, unit: text, ...period } satisfies ParseArgsOptionsConfig
const periodUsage = '[--from T] [--until T] [--timezone Z]'

export const numbersCommands: Command[] = [
  {
    words: 'summary',
    usage: `summary PLACE --quantity Q [--unit U] [--by ${bys.join('|')}] [--percentiles 10,50,90] [--coverage-min 0.75] ${periodUsage}`,
    says: 'Count, coverage, mean, range and percentiles of a site or street; of sound Lden and its parts',
    options: { ...asking, by: text, percentiles: text, 'coverage-min': text },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const query = summaryAsked(deps, asked)
      const found =
        place.kind === 'site'
          ? await siteSummary(deps, place.id, query)
          : await streetSummary(deps, place.id, query)
      return { json: found, text: summaryText(found) }
    })
  },
  {
    words: 'index',
    usage: `index SITE --scale ${indexScaleNames.join('|')} [--values raw|corrected] [--at T] [--timezone Z]`,
    says: 'An air quality index of a site, now or at a time',
    options: { scale: text, values: text, at: text, timezone: text },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const found = await siteIndex(deps, siteOf(place), indexAsked(deps, asked))
      return { json: found, text: indexText(found) }
    })
  },
  {
    words: 'exceedances',
    usage: `exceedances SITE --quantity Q ${periodUsage}`,
    says: 'The years of a site beside the limits that held in them',
    options: { quantity: text, ...period },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const found = await siteExceedances(deps, siteOf(place), exceedancesAsked(deps, asked))
      return { json: found, text: exceedancesText(found) }
    })
  },
  {
    words: 'colocation',
    usage: `colocation --site S --reference R --quantity Q [--unit U] [--window hour|day] ${periodUsage}`,
    says: 'How well a sensor agrees with the reference beside it',
    options: { ...asking, site: text, reference: text, window: text },
    positionals: [0, 0],
    run: asks(async (deps, _place, asked) => {
      const found = await colocation(deps, colocationAsked(deps, asked))
      return { json: found, text: colocationText(found) }
    })
  },
  {
    words: 'profile',
    usage: `profile PLACE --quantity Q [--unit U] [--by ${profileBy.join('|')}] ${periodUsage}`,
    says: 'An ordinary day, week or year of a site or street',
    options: { ...asking, by: text },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const found = await placeProfile(deps, place, profileAsked(deps, asked))
      return { json: found, text: profileText(found) }
    })
  },
  {
    words: 'trend',
    usage: `trend PLACE --quantity Q [--unit U] ${periodUsage}`,
    says: 'Whether a site or street changes over the years, or that nobody can tell yet',
    options: asking,
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const found = await placeTrend(deps, place, trendAsked(deps, asked))
      return { json: found, text: trendText(found) }
    })
  },
  {
    words: 'before-after',
    usage: `before-after STREET --at T --control STREET --quantity Q [--unit U] ${periodUsage}`,
    says: 'What a street did after a moment that a street like it did not',
    options: { ...asking, at: text, control: text },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      if (place.kind !== 'street') throw new WrongUse('Before and after are of streets: name a street.')
      const found = await streetBeforeAfter(deps, beforeAfterAsked(deps, place.id, asked))
      return { json: found, text: beforeAfterText(found) }
    })
  },
  {
    words: 'damp',
    usage: `damp SITE [--outside SITE] [--factor ${factorAssumed}] ${periodUsage}`,
    says: 'Damp of a room: dew point, hours and spells at risk at its coldest corner, the mould index as a range',
    options: { ...period, outside: text, factor: text },
    positionals: [1, 1],
    run: asks(async (deps, place, asked) => {
      const found = await roomDamp(deps, {
        site: siteOf(place),
        outside: asked['outside'],
        factor: asked['factor'] === undefined ? factorAssumed : Number(asked['factor']),
        timezone: asked['timezone'] ?? deps.timezone,
        ...(asked['from'] === undefined ? { from: undefined } : { from: readMs(asked['from']) }),
        ...(asked['until'] === undefined ? { until: undefined } : { until: readMs(asked['until']) })
      })
      return { json: found, text: dampText(found) }
    })
  }
]

type Work = (deps: NumbersDeps, place: Place, asked: AskedText) => Promise<CommandResult>

/** With everything stored that came so far; what the API would refuse is a wrong use here. */
function asks(work: Work): Command['run'] {
  return plain(async (rooms, input) => {
    const deps = operatorNumbers(rooms)
    const [name] = input.positionals
    const place = name === undefined ? { kind: 'site' as const, id: '' } : placeOf(rooms, name)
    const asked = askedText(rooms, input)
    await rooms.pipeline.service.drain()
    try {
      return sayingWhatCorrected(await work(deps, place, asked))
    } catch (cause) {
      if (cause instanceof ApiProblem && problems[cause.code].status < 500) {
        throw new WrongUse(cause.message)
      }
      throw cause
    }
  })
}

/** A corrected number says so, and by what. */
function sayingWhatCorrected(result: CommandResult): CommandResult {
  const note = correctedText(result.json as CorrectedNote)
  return note === '' ? result : { ...result, text: `${result.text}\n${note}` }
}

function placeOf({ registry }: CommandContext, name: string): Place {
  if (registry.site(name)) return { kind: 'site', id: name }
  const street = registry.findStreet(name)
  if (street) return { kind: 'street', id: street.streetId }
  throw new WrongUse(
    `There is no site or street "${name}". See: npx lamppost device list, npx lamppost street list`
  )
}

function siteOf(place: Place): string {
  if (place.kind === 'site') return place.id
  throw new WrongUse(
    `${place.id} is a street. Name one of its sites by its id; see: npx lamppost device list`
  )
}

/** The words of the query, with the times and names that only the command line knows already looked up. */
function askedText({ registry }: CommandContext, input: CommandInput): AskedText {
  const asked: AskedText = {}
  for (const name of Object.keys(input.values)) {
    const value = option(input, name)
    if (value !== undefined) asked[name === 'coverage-min' ? 'coverageMin' : name] = value
  }
  for (const name of ['from', 'until', 'at']) {
    if (asked[name] !== undefined) asked[name] = String(readTime(name, asked[name]))
  }
  const zone = asked['timezone']
  if (zone !== undefined && !isTimeZone(zone)) {
    throw new WrongUse(`--timezone is "${zone}". Give a name such as Europe/London or UTC.`)
  }
  const control = asked['control']
  if (control !== undefined) asked['control'] = registry.findStreet(control)?.streetId ?? control
  return asked
}

/** `askedText` has made milliseconds of it. */
function readMs(text: string): ReturnType<typeof readTime> {
  return Number(text) as ReturnType<typeof readTime>
}
