/** Air quality indices of a site. */
import { Type, type Static } from 'typebox'
import { FigureNotes } from './left-out.ts'
import { Indicative, Moment, Nullable, Reason, Value } from './shape.ts'

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
  missing: Type.Array(Type.String(), {
    description:
      'Pollutants of the scale that have no index here, because too little was measured or the hub computes none'
  }),
  mayBeHigher: Type.Boolean({ description: 'The index is the highest of its parts, and some are missing' }),
  note: Nullable(Type.String({ description: 'The same in words' })),
  pollutants: Type.Array(IndexPollutant),
  indicative: Indicative,
  ...FigureNotes,
  reason: Reason
})
export type SiteIndex = Static<typeof SiteIndex>
