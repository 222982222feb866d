/**
 * `lamppost summary`, `index`, `exceedances`, `colocation`, `profile`, `trend`, `before-after`: the API's figures,
 * with the operator's eyes, who sees indoor sites too.
 */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { CorrectedNote } from '../../figures/corrections.ts'
import type { FigureNotes } from '../../figures/left-out.ts'
import type { PeriodDeps } from '../../figures/period/deps.ts'
import {
  readBeforeAfterQuery,
  readColocationQuery,
  readExceedancesQuery,
  readIndexQuery,
  readProfileQuery,
  readSummaryQuery,
  readTrendQuery
} from '../../figures/period/read-query.ts'
import type { QueryText } from '../../figures/parameters.ts'
import { streetBeforeAfter } from '../../figures/period/before-after.ts'
import { colocation } from '../../figures/period/colocation.ts'
import type { SiteOrStreet } from '../../figures/period/site-or-street.ts'
import { indexScaleNames, siteIndex } from '../../figures/period/air-index.ts'
import { siteExceedances } from '../../figures/period/exceedances.ts'
import { periodLengths } from '../../figures/period/periods.ts'
import { placeProfile } from '../../figures/period/profile.ts'
import { siteSummary } from '../../figures/period/summary.ts'
import { streetSummary } from '../../figures/period/street-summary.ts'
import { placeTrend } from '../../figures/period/trend.ts'
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
import { operatorFigures } from '../operator-figures.ts'
import { refusedAsWrongUse } from '../refusal.ts'
import { readTime } from '../time-option.ts'
import {
  beforeAfterText,
  colocationText,
  correctedText,
  exceedancesText,
  indexText,
  profileText,
  summaryText,
  trendText
} from './figures-text.ts'
import { leftOutLine } from './left-out-line.ts'

const string = { type: 'string' } as const
const period = { from: string, until: string, timezone: string } satisfies ParseArgsOptionsConfig
const figureOptions = { quantity: string, unit: string, ...period } satisfies ParseArgsOptionsConfig
const periodUsage = '[--from T] [--until T] [--timezone Z]'

export const figuresCommands: Command[] = [
  {
    words: 'summary',
    usage: `summary PLACE --quantity Q [--unit U] [--by ${periodLengths.join('|')}] [--percentiles 10,50,90] [--coverage-min 0.75] ${periodUsage}`,
    says: 'Count, coverage, mean, range and percentiles of a site or street; for sound, Lden and its parts',
    options: { ...figureOptions, by: string, percentiles: string, 'coverage-min': string },
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      const query = readSummaryQuery(deps, text)
      const found =
        subject.kind === 'site'
          ? await siteSummary(deps, subject.id, query)
          : await streetSummary(deps, subject.id, query)
      return { json: found, text: summaryText(found) }
    })
  },
  {
    words: 'index',
    usage: `index SITE --scale ${indexScaleNames.join('|')} [--values raw|corrected] [--at T] [--timezone Z]`,
    says: 'An air quality index of a site, now or at a time',
    options: { scale: string, values: string, at: string, timezone: string },
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      const found = await siteIndex(deps, siteOf(subject), readIndexQuery(deps, text))
      return { json: found, text: indexText(found) }
    })
  },
  {
    words: 'exceedances',
    usage: `exceedances SITE --quantity Q ${periodUsage}`,
    says: 'Compare each year of a site with the limits in force that year',
    options: { quantity: string, ...period },
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      const found = await siteExceedances(deps, siteOf(subject), readExceedancesQuery(deps, text))
      return { json: found, text: exceedancesText(found) }
    })
  },
  {
    words: 'colocation',
    usage: `colocation --site S --reference R --quantity Q [--unit U] [--window hour|day] ${periodUsage}`,
    says: 'Compare a sensor with a reference beside it',
    options: { ...figureOptions, site: string, reference: string, window: string },
    positionals: [0, 0],
    run: asks(async (deps, _subject, text) => {
      const found = await colocation(deps, readColocationQuery(deps, text))
      return { json: found, text: colocationText(found) }
    })
  },
  {
    words: 'profile',
    usage: `profile PLACE --quantity Q [--unit U] [--by ${profileBy.join('|')}] ${periodUsage}`,
    says: 'The typical day, week or year of a site or street',
    options: { ...figureOptions, by: string },
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      const found = await placeProfile(deps, subject, readProfileQuery(deps, text))
      return { json: found, text: profileText(found) }
    })
  },
  {
    words: 'trend',
    usage: `trend PLACE --quantity Q [--unit U] ${periodUsage}`,
    says: 'Whether a site or street is changing over the years, if there are enough months to tell',
    options: figureOptions,
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      const found = await placeTrend(deps, subject, readTrendQuery(deps, text))
      return { json: found, text: trendText(found) }
    })
  },
  {
    words: 'before-after',
    usage: `before-after STREET --at T --control STREET --quantity Q [--unit U] ${periodUsage}`,
    says: 'How a street changed after a moment, compared with a similar street',
    options: { ...figureOptions, at: string, control: string },
    positionals: [1, 1],
    run: asks(async (deps, subject, text) => {
      if (subject.kind !== 'street') throw new WrongUse('before-after compares streets: name a street.')
      const found = await streetBeforeAfter(deps, readBeforeAfterQuery(deps, subject.id, text))
      return { json: found, text: beforeAfterText(found) }
    })
  }
]

type Work = (deps: PeriodDeps, subject: SiteOrStreet, text: QueryText) => Promise<CommandResult>

/** With everything stored that came so far; what the figures refuse is a wrong use here. */
function asks(work: Work): Command['run'] {
  return plain(async (rooms, input) => {
    const deps = operatorFigures(rooms)
    const [name] = input.positionals
    const subject = name === undefined ? { kind: 'site' as const, id: '' } : siteOrStreetNamed(rooms, name)
    const text = readText(rooms, input)
    await rooms.pipeline.service.drain()
    return sayingWhatCorrected(
      await rooms.moves.read(() => refusedAsWrongUse(() => work(deps, subject, text)))
    )
  })
}

/** A corrected number says so, and by what; and every number how much it leaves out. */
function sayingWhatCorrected(result: CommandResult): CommandResult {
  const notes = [correctedText(result.json as CorrectedNote), leftOutLine(result.json as FigureNotes)]
  return { ...result, text: [result.text, ...notes].filter((one) => one !== '').join('\n') }
}

function siteOrStreetNamed({ registry }: CommandContext, name: string): SiteOrStreet {
  if (registry.site(name)) return { kind: 'site', id: name }
  const street = registry.findStreet(name)
  if (street) return { kind: 'street', id: street.streetId }
  throw new WrongUse(
    `There is no site or street "${name}". See: npx lamppost device list, npx lamppost street list`
  )
}

function siteOf(subject: SiteOrStreet): string {
  if (subject.kind === 'site') return subject.id
  throw new WrongUse(
    `${subject.id} is a street. Name one of its sites by its id; see: npx lamppost device list`
  )
}

/** The words of the query, with the times and names that only the command line knows already looked up. */
function readText({ registry, timezone }: CommandContext, input: CommandInput): QueryText {
  const text: QueryText = {}
  for (const name of Object.keys(input.values)) {
    const value = option(input, name)
    if (value !== undefined) text[name === 'coverage-min' ? 'coverageMin' : name] = value
  }
  const zone = text['timezone'] ?? timezone
  if (!isTimeZone(zone)) {
    throw new WrongUse(`--timezone is "${zone}". Give a name such as Europe/London or UTC.`)
  }
  for (const name of ['from', 'until', 'at']) {
    if (text[name] !== undefined) text[name] = String(readTime(name, text[name], zone))
  }
  const control = text['control']
  if (control !== undefined) text['control'] = registry.findStreet(control)?.streetId ?? control
  return text
}
