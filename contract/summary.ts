/** Summaries of periods: how much was measured, mean, range, percentiles, and for sound what the directive asks. */
import { Type, type Static } from 'typebox'
import { FigureNotes, LeftOut } from './left-out.ts'
import { Indicative, Moment, Nullable, Reason, Value } from './shape.ts'

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
  failed: Type.Integer({ description: 'Readings with flag 4, which are in none of the numbers' }),
  leftOut: LeftOut
})
export type SitePeriod = Static<typeof SitePeriod>

export const StreetPeriod = Type.Object({
  ...figures,
  leftOut: LeftOut,
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
  ...FigureNotes
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
