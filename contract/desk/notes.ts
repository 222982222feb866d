/** Notes for charts, and what people who ask to host write. */
import { Type, type Static } from 'typebox'
import { Moment, Nullable, nameLength } from '../shape.ts'

export const DeskAnnotation = Type.Object({
  annotationId: Type.String(),
  street: Type.Object({ id: Type.String(), name: Type.String() }),
  from: Moment,
  until: Nullable(Moment),
  text: Type.String()
})
export type DeskAnnotation = Static<typeof DeskAnnotation>

const momentText = Type.String({ maxLength: 50, description: 'A date or a moment' })

export const AnnotationBody = Type.Object(
  {
    street: Type.String({ maxLength: 200 }),
    from: momentText,
    until: Type.Optional(momentText),
    text: Type.String({ minLength: 1, maxLength: 1_000 })
  },
  { additionalProperties: false }
)
export type AnnotationBody = Static<typeof AnnotationBody>

/** Somebody asks to host a sensor. */
export const HostRequestBody = Type.Object(
  {
    name: Type.String(nameLength),
    contact: Type.String({ ...nameLength, description: 'How the stewards can write to you' }),
    street: Type.String(nameLength),
    message: Type.Optional(Type.String({ maxLength: 1_000 })),
    mayWrite: Type.Literal(true, { description: 'The stewards may write to me about it' })
  },
  { additionalProperties: false }
)
export type HostRequestBody = Static<typeof HostRequestBody>

export const DeskRequest = Type.Object({
  requestId: Type.String(),
  at: Moment,
  name: Type.String(),
  contact: Type.String(),
  street: Type.String(),
  message: Type.String()
})
export type DeskRequest = Static<typeof DeskRequest>
