/** Columns for charts: what a street or a site measured over a period. */
import { Type, type Static } from 'typebox'
import { CorrectionOfPoints } from './correction.ts'
import { FigureNotes } from './left-out.ts'
import { Nullable, Numbers } from './shape.ts'

/** Hourly and daily columns stand on a regular grid from the first to the last window asked for: a gap is null, not absent. */
export const StreetSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  basis: Type.Union([Type.Literal('sites'), Type.Literal('homes')]),
  /** Sites with coverage that a value needs; windows with fewer are null. */
  sitesNeeded: Type.Integer(),
  time: Type.Array(Type.Number()),
  median: Numbers,
  p25: Numbers,
  p75: Numbers,
  sites: Type.Array(Nullable(Type.Integer()), { description: 'null for homes' }),
  coverage: Numbers,
  ...FigureNotes
})
export type StreetSeries = Static<typeof StreetSeries>

/** Until then the flag says only what a value says of itself. */
const Unjudged = Type.Optional(
  Type.Array(Type.Object({ from: Type.Number(), until: Type.Number() }), {
    description:
      'Stretches whose readings the look back, a few minutes after each hour, has not compared with those around them yet; absent where there are none'
  })
)

export const SiteRawSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Literal('raw'),
  time: Type.Array(Type.Number()),
  value: Numbers,
  flag: Type.Array(Type.Integer()),
  unjudged: Unjudged,
  correction: CorrectionOfPoints,
  ...FigureNotes
})

export const SiteRollupSeries = Type.Object({
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  time: Type.Array(Type.Number()),
  mean: Numbers,
  min: Numbers,
  max: Numbers,
  p10: Numbers,
  p50: Numbers,
  p90: Numbers,
  count: Type.Array(Type.Integer()),
  coverage: Numbers,
  unjudged: Unjudged,
  correction: CorrectionOfPoints,
  ...FigureNotes
})
export type SiteRollupSeries = Static<typeof SiteRollupSeries>

export const SiteSeries = Type.Union([SiteRawSeries, SiteRollupSeries])
export type SiteSeries = Static<typeof SiteSeries>
