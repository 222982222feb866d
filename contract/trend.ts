/** A place over time: profiles, trends, before and after. */
import { Type, type Static } from 'typebox'
import { FigureNotes } from './left-out.ts'
import { Indicative, Moment, Nullable, Reason, Value } from './shape.ts'

const Interval = Nullable(
  Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: '95 %, lower and upper end' })
)

const about = {
  quantity: Type.String(),
  unit: Type.String(),
  timezone: Type.String(),
  from: Nullable(Moment),
  until: Nullable(Moment),
  averaging: Type.String({ description: 'What was averaged, over what' }),
  coverage: Type.Number({ description: 'Windows with a value, of those of the period' }),
  indicative: Indicative,
  ...FigureNotes,
  reason: Reason
}

const place = {
  street: Nullable(Type.String()),
  site: Nullable(Type.String())
}

export const Profile = Type.Object({
  ...place,
  ...about,
  by: Type.String(),
  hours: Type.Integer({ description: 'Hours with a value' }),
  points: Type.Array(
    Type.Object({
      hour: Nullable(Type.Integer()),
      weekday: Nullable(Type.Integer({ description: '1 Monday to 7 Sunday' })),
      month: Nullable(Type.Integer()),
      mean: Value,
      interval: Interval,
      days: Type.Integer({ description: 'Days that went in; below five there is no number' })
    })
  )
})
export type Profile = Static<typeof Profile>

export const Trend = Type.Object({
  ...place,
  ...about,
  sites: Type.Integer({ description: 'Sites of the fixed set' }),
  sitesLeftOut: Type.Integer({ description: 'Sites that measured too small a part of the period' }),
  months: Type.Integer({ description: 'Months with a value' }),
  slopePerYear: Value,
  interval: Interval,
  p: Value,
  verdict: Type.Union(
    [Type.Literal('rising'), Type.Literal('falling'), Type.Literal('noTrend'), Type.Literal('notYet')],
    { description: 'notYet: no trend can be told yet' }
  ),
  sentence: Type.String(),
  monthly: Type.Object({ time: Type.Array(Type.Number()), mean: Type.Array(Value) })
})
export type Trend = Static<typeof Trend>

export const BeforeAfter = Type.Object({
  street: Type.String(),
  control: Type.String(),
  at: Moment,
  ...about,
  sites: Type.Integer(),
  controlSites: Type.Integer(),
  change: Nullable(
    Type.Number({ description: 'Of the street less that of the control: what they did not share' })
  ),
  interval: Interval,
  streetChange: Nullable(Type.Number({ description: 'Of the street alone, weather and season included' })),
  weeksBefore: Nullable(Type.Integer()),
  weeksAfter: Nullable(Type.Integer()),
  daysBefore: Nullable(Type.Integer()),
  daysAfter: Nullable(Type.Integer()),
  verdict: Type.Union([
    Type.Literal('lower'),
    Type.Literal('higher'),
    Type.Literal('noDifference'),
    Type.Literal('notEnoughData')
  ]),
  sentence: Type.String()
})
export type BeforeAfter = Static<typeof BeforeAfter>
