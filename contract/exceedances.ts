/** Dated limits, and the years of a site compared with them. */
import { Type, type Static } from 'typebox'
import { FigureNotes } from './left-out.ts'
import { Indicative, Nullable, Reason, Value } from './shape.ts'

export const LimitEntry = Type.Object({
  id: Type.String(),
  set: Type.String(),
  title: Type.String(),
  quantity: Type.String(),
  averaging: Type.Union(
    [
      Type.Literal('15minutes'),
      Type.Literal('hour'),
      Type.Literal('8hours'),
      Type.Literal('day'),
      Type.Literal('year')
    ],
    { description: 'What each mean is of; 8hours: the highest running mean of eight hours of each day' }
  ),
  years: Type.Integer({ description: 'Years that must be averaged before the limit applies' }),
  value: Type.Number(),
  unit: Type.String(),
  compared: Type.Number({ description: 'The value in the unit of the readings' }),
  roundedTo: Nullable(
    Type.Number({
      description:
        'What a figure is rounded to before it is compared, in the unit of the limit; null: every digit counts'
    })
  ),
  rule: Type.String(),
  interim: Type.Array(Type.Number(), { description: 'Interim targets, highest first' }),
  captureMin: Type.Number({ description: 'Share of the year that must have been measured' }),
  coverageMin: Type.Number({ description: 'Share of an hour or day before its mean counts' }),
  ownCaptureMin: Nullable(
    Type.Number({
      description: 'Share of the year that whoever made the limit goes by in practice, where it is another'
    })
  ),
  from: Type.String({ format: 'date', description: 'In force from this civil day' }),
  until: Nullable(Type.String({ format: 'date', description: 'Not included; null: no end is known' })),
  source: Type.String(),
  note: Type.String(),
  grade: Type.String({ description: 'V2: two copies of the source seen; V3: one' }),
  unchecked: Type.Array(Type.String(), { description: 'Parts to check in the document before quoting' })
})
export type LimitEntry = Static<typeof LimitEntry>

const Verdict = Type.Union([Type.Literal('above'), Type.Literal('notAbove'), Type.Literal('notEnoughData')])

export const LimitComparison = Type.Object({
  year: Type.Integer(),
  limit: LimitEntry,
  value: Type.Number({ description: 'What was compared with, in the unit of the readings' }),
  valid: Type.Integer({ description: 'Hours or days with enough coverage' }),
  expected: Type.Integer({ description: 'Hours or days of the year' }),
  coverage: Type.Number({ description: 'valid / expected: the data capture' }),
  count: Nullable(Type.Integer({ description: 'Valid hours or days above the limit' })),
  allowed: Nullable(Type.Integer()),
  percentile: Nullable(
    Type.Object({
      percent: Type.Number(),
      by: Type.String({ description: 'The law whose percentile `value` is; it decides' }),
      value: Type.Number(),
      type7: Type.Number({ description: 'As charts have it' })
    })
  ),
  mean: Value,
  years: Nullable(
    Type.Object({
      needed: Type.Integer({ description: 'Years that the limit is a mean of, this one the last' }),
      known: Type.Integer({ description: 'Those measured well enough: 75 % of the days of each quarter' }),
      value: Value
    })
  ),
  verdict: Verdict,
  own: Nullable(
    Type.Object(
      { captureMin: Type.Number(), verdict: Verdict },
      { description: 'The verdict by `ownCaptureMin` of the limit, beside ours by `captureMin`' }
    )
  ),
  sentence: Type.String(),
  indicative: Indicative
})
export type LimitComparison = Static<typeof LimitComparison>

export const SiteExceedances = Type.Object({
  site: Type.String(),
  quantity: Type.String(),
  unit: Type.String(),
  timezone: Type.String(),
  comparisons: Type.Array(LimitComparison),
  indicative: Indicative,
  ...FigureNotes,
  reason: Reason
})
export type SiteExceedances = Static<typeof SiteExceedances>
