/** Which corrections made the numbers of an answer. */
import { Type, type Static } from 'typebox'
import { Nullable } from './shape.ts'

/** A correction that made numbers of an answer. */
export const CorrectionEntry = Type.Object({
  id: Type.String(),
  version: Type.Integer({ description: 'Grows with each change of it' }),
  site: Nullable(Type.String({ description: 'Where; null: wherever its box is installed' })),
  quantity: Type.String({ description: 'The raw quantity' }),
  formula: Type.String(),
  formulaVersion: Type.Integer(),
  title: Type.String(),
  text: Type.String({ description: 'The formula as people write it' }),
  source: Type.String(),
  coefficients: Type.Record(Type.String(), Type.Number()),
  sensor: Type.String({ description: 'The kind of sensor it is for' }),
  from: Nullable(
    Type.String({ format: 'date-time', description: 'By the time measured; null: without limit' })
  ),
  until: Nullable(Type.String({ format: 'date-time', description: 'Not included' }))
})
export type CorrectionEntry = Static<typeof CorrectionEntry>

/** Those that make numbers of public sites. */
export const CorrectionsInUse = Type.Object({
  corrections: Type.Array(
    Type.Object({ ...CorrectionEntry.properties, siteName: Type.String(), street: Type.String() })
  ),
  recomputing: Type.Object({ hoursLeft: Type.Integer(), hoursTotal: Type.Integer() })
})
export type CorrectionsInUse = Static<typeof CorrectionsInUse>

/** With corrected numbers only: a quantity that was measured has neither. */
export const CorrectedParts = {
  corrections: Type.Optional(
    Type.Array(CorrectionEntry, {
      description: 'Of corrected numbers: those that made them, by site and time'
    })
  ),
  recomputing: Type.Optional(
    Type.Boolean({
      description: 'A correction of this hub changed, and some hours and days still show how it was before'
    })
  )
}

export const CorrectionOfPoints = Type.Optional(
  Type.Array(Type.Union([Type.Integer(), Type.Null()]), {
    description: 'Of each point, an index into corrections: of an hour or day the last that held in it'
  })
)
