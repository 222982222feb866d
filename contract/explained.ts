/** What the payload tester answers. */
import { Type, type Static } from 'typebox'

const message = Type.Integer({ description: 'Which of several messages, from 1' })

export const ExplainedMessage = Type.Object({
  dialect: Type.String({ description: 'The family as which it was read' }),
  looksLike: Type.Array(Type.String(), { description: 'Families whose message this could be' }),
  messages: Type.Integer({ description: 'How many messages were in the body' }),
  recognised: Type.Array(
    Type.Object({
      message,
      field: Type.String(),
      sent: Type.Unknown(),
      unit: Type.String({ description: 'As the box sends it' }),
      quantity: Type.String(),
      value: Type.Number({ description: "In the quantity's own unit" })
    })
  ),
  assumed: Type.Array(Type.Object({ message, what: Type.String() })),
  ignored: Type.Array(Type.Object({ message, field: Type.String(), why: Type.String() })),
  refused: Type.Array(Type.Object({ message, code: Type.String(), text: Type.String() })),
  readings: Type.Array(
    Type.Object({
      message,
      quantity: Type.String(),
      value: Type.Number(),
      unit: Type.String(),
      at: Type.String(),
      flag: Type.String(),
      reasons: Type.Array(Type.String())
    }),
    { description: 'As they would be stored; nothing is' }
  ),
  health: Type.Object({}, { additionalProperties: true, description: 'What the box says of itself' })
})

export type ExplainedMessage = Static<typeof ExplainedMessage>
