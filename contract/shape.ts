/** Pieces that many answers share. Times are Unix milliseconds in columns and ISO 8601 UTC elsewhere; missing is null. */
import { Type } from 'typebox'

export const Nullable = <T extends import('typebox').TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Moment = Type.String({ format: 'date-time' })

export const Value = Nullable(Type.Number())

/** Of what people call something. */
export const nameLength = { minLength: 1, maxLength: 200 } as const

export const Indicative = Type.Literal(true, {
  description: 'These are no reference instruments: nothing here decides whether a limit in law was met.'
})

export const Reason = Nullable(Type.String({ description: 'Why numbers are missing; null where none are' }))

export const Numbers = Type.Array(Nullable(Type.Number()))
