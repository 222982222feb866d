/** What the numbers of a place look like: schemas, from which validation, the OpenAPI document and the types come. */
import { Type, type Static } from 'typebox'
import { CorrectedParts } from '../contract.ts'

export const Nullable = <T extends import('typebox').TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Moment = Type.String({ format: 'date-time' })
export const Value = Nullable(Type.Number())
export const Indicative = Type.Literal(true, {
  description: 'These are no reference instruments: nothing here decides whether a limit in law was met.'
})
export const Reason = Nullable(Type.String({ description: 'Why numbers are missing; null where none are' }))

export const NoiseFigures = Type.Object(
  {
    label: Type.String({ description: 'Lden,24h for one day, Lden for a whole year, else of how many days' }),
    lday: Value,
    levening: Value,
    lnight: Value,
    lden: Value,
    coverage: Type.Object(
      { day: Value, evening: Value, night: Value },
      { description: 'Time measured, of the hours that there really were by the local clock' }
    ),
    l10: Value,
    l50: Value,
    l90: Value
  },
  {
    description:
      'Day 07–19, evening 19–23, night 23–07 by the local clock (Directive 2002/49/EC). L10, L50 and L90 are the ' +
      'levels exceeded 10, 50 and 90 % of the time, of the single readings, null where those are of more than a ' +
      'minute each: the shorter they are, the truer.'
  }
)
export type NoiseFigures = Static<typeof NoiseFigures>

const figures = {
  from: Moment,
  until: Moment,
  count: Type.Integer({ description: 'Readings, without those of flag 4' }),
  expected: Nullable(Type.Number({ description: 'By the interval of the device, up to now' })),
  coverage: Nullable(Type.Number({ description: 'Time measured over time asked for, 0 to 1' })),
  mean: Value,
  min: Value,
  max: Value,
  percentiles: Type.Record(Type.String(), Value, {
    description: 'By percent; type 7. A percentile needs so many readings that one lies beyond it.'
  }),
  noise: Nullable(NoiseFigures),
  reason: Reason
}

export const SitePeriod = Type.Object({
  ...figures,
  failed: Type.Integer({ description: 'Readings with flag 4, which are in none of the numbers' })
})
export type SitePeriod = Static<typeof SitePeriod>

export const StreetPeriod = Type.Object({
  ...figures,
  sites: Type.Integer({ description: 'Sites with enough coverage: each number is the middle of theirs' }),
  p25: Value,
  p75: Value
})
export type StreetPeriod = Static<typeof StreetPeriod>

const summary = {
  quantity: Type.String(),
  unit: Type.String(),
  by: Type.String(),
  timezone: Type.String({ description: 'In which years, months, days and nights are counted' }),
  average: Type.String({ description: 'How the mean is made: decibels are averaged as energy' }),
  coverageMin: Type.Number({ description: 'Below it a period has no numbers but its count' }),
  indicative: Indicative,
  ...CorrectedParts
}

export const SiteSummary = Type.Object({ site: Type.String(), ...summary, periods: Type.Array(SitePeriod) })
export type SiteSummary = Static<typeof SiteSummary>

export const StreetNumbers = Type.Object({
  street: Type.String(),
  ...summary,
  sitesNeeded: Type.Integer(),
  sitesTotal: Type.Integer(),
  periods: Type.Array(StreetPeriod)
})
export type StreetNumbers = Static<typeof StreetNumbers>

export const IndexPollutant = Type.Object({
  quantity: Type.String(),
  concentration: Value,
  unit: Type.String(),
  averaging: Type.String({ description: 'What was averaged, over what' }),
  from: Moment,
  until: Moment,
  hours: Type.Integer({ description: 'Hours with enough coverage' }),
  hoursNeeded: Type.Integer(),
  coverage: Type.Number({ description: 'Those hours of the hours there were' }),
  index: Nullable(Type.Integer()),
  word: Nullable(Type.String()),
  reason: Reason
})
export type IndexPollutant = Static<typeof IndexPollutant>

export const SiteIndex = Type.Object({
  site: Type.String(),
  scale: Type.String(),
  title: Type.String(),
  source: Type.String(),
  at: Moment,
  index: Nullable(Type.Integer({ description: 'That of the worst pollutant' })),
  word: Nullable(Type.String()),
  worst: Nullable(Type.String()),
  missing: Type.Array(Type.String(), { description: 'Pollutants of the scale that have no index here' }),
  pollutants: Type.Array(IndexPollutant),
  indicative: Indicative,
  ...CorrectedParts,
  reason: Reason
})
export type SiteIndex = Static<typeof SiteIndex>

export const Colocation = Type.Object({
  site: Type.String(),
  reference: Type.String(),
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  timezone: Type.String(),
  from: Moment,
  until: Moment,
  n: Type.Integer({ description: 'Hours or days in which both have enough coverage' }),
  expected: Type.Integer(),
  coverage: Type.Number(),
  slope: Value,
  intercept: Value,
  r2: Value,
  rmse: Value,
  nrmsePercent: Value,
  mae: Value,
  mbe: Value,
  targets: Nullable(
    Type.Object(
      { slope: Type.Boolean(), intercept: Type.Boolean(), r2: Type.Boolean(), error: Type.Boolean() },
      { description: 'EPA/600/R-20/280 and its successors: daily means over about 30 days' }
    )
  ),
  targetsReason: Reason,
  indicative: Indicative,
  ...CorrectedParts,
  reason: Reason
})
export type Colocation = Static<typeof Colocation>
