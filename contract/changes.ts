/** What changed of what was given out, for who keeps a copy. */
import { Type, type Static } from 'typebox'
import { Moment, Nullable } from './shape.ts'

export const Change = Type.Object({
  at: Moment,
  kind: Type.Union(
    [
      Type.Literal('late', { description: 'Readings that came late, or were replaced' }),
      Type.Literal('judged', {
        description: 'Hours that were looked back on: flags may have changed, and the reason unjudged is gone'
      }),
      Type.Literal('moved', { description: 'Readings that belong to this site now, or no longer' }),
      Type.Literal('withdrawn', { description: 'Readings that were taken back' }),
      Type.Literal('corrected', { description: 'Another correction holds' }),
      Type.Literal('recalculated', { description: 'Hours and days alone' }),
      Type.Literal('erased', { description: 'What is no longer public: by street and day only' })
    ],
    { description: 'Why it changed' }
  ),
  street: Type.String(),
  site: Nullable(Type.String({ description: 'null: the whole street' })),
  quantity: Nullable(Type.String({ description: 'null: all of them' })),
  from: Nullable(Moment),
  until: Nullable(Moment)
})
export type Change = Static<typeof Change>

export const Changes = Type.Object({
  cursor: Type.String({ description: 'To go on with' }),
  more: Type.Boolean({ description: 'There are more at once' }),
  settledUntil: Type.String({
    format: 'date-time',
    description:
      'What was measured before, and hours and days that ended before, are as they stand; what changes in them later is told after the cursor'
  }),
  changes: Type.Array(Change, { description: 'Stretches to be read again, oldest change first, each once' })
})
export type Changes = Static<typeof Changes>
