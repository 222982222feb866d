/** What an answer says of the readings that are in none of its numbers. */
import { Type, type Static } from 'typebox'
import { CorrectedParts } from './correction.ts'

export const LeftOut = Type.Object(
  {
    count: Type.Integer({ description: 'Readings with flag 4' }),
    reasons: Type.Array(
      Type.Object({
        reason: Type.String(),
        says: Type.String({ description: 'The reason in words' }),
        count: Type.Integer()
      }),
      { description: 'Why they failed, most frequent first; each reading is counted once' }
    )
  },
  {
    description:
      'Readings that failed their checks, on the way in or when they were compared with those around them. They are in no ' +
      'number here; readings?flags=4 lists them.'
  }
)
export type LeftOut = Static<typeof LeftOut>

/** What stands beside every figure of a period. */
export const FigureNotes = { ...CorrectedParts, leftOut: Type.Optional(LeftOut) }
