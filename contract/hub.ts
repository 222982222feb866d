/** The hub itself: its health, its name, the quantities that it knows, and how it refuses. */
import { Type, type Static } from 'typebox'
import { Nullable } from './shape.ts'

/** One line of the table of quantities. */
export const QuantityEntry = Type.Object({
  quantity: Type.String(),
  label: Type.String({ description: 'Shown to people' }),
  unit: Type.String(),
  ucum: Type.String({ description: 'UCUM code of the unit' }),
  subject: Type.Union([
    Type.Literal('air'),
    Type.Literal('noise'),
    Type.Literal('climate'),
    Type.Literal('device')
  ]),
  limits: Type.Object(
    {
      possibleMin: Type.Number(),
      possibleMax: Type.Number(),
      usualMin: Type.Number(),
      usualMax: Type.Number(),
      figureMax: Type.Optional(
        Type.Number({ description: 'Values above count as this in every figure, and stay as they were sent' })
      )
    },
    {
      description:
        'Values that cannot be are kept with flag 4 and are in no mean; unusual ones are kept with flag 3.'
    }
  ),
  decimals: Type.Integer({ description: 'Decimals worth showing' }),
  average: Type.Union(
    [
      Type.Literal('arithmetic'),
      Type.Literal('energy'),
      Type.Literal('max'),
      Type.Literal('min'),
      Type.Literal('vector'),
      Type.Literal('none')
    ],
    {
      description:
        'How hours and days are made of readings: decibels are averaged as energy, directions of wind as vectors'
    }
  ),
  source: Nullable(
    Type.String({ description: 'Of a corrected quantity the raw one from which the hub computes it' })
  )
})
export type QuantityEntry = Static<typeof QuantityEntry>

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('degraded'), Type.Literal('unready')]),
  reasons: Type.Array(Type.String()),
  version: Type.String(),
  doing: Type.Array(Type.String(), {
    description: 'Long work that goes on, such as corrected values being recalculated'
  })
})
export type Health = Static<typeof Health>

/** RFC 9457. `code` is stable; `detail` says what to do. */
export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String()
})

/** What everybody sees of the hub itself, for page titles, footers and first steps. */
export const HubInfo = Type.Object({
  name: Type.String(),
  timezone: Type.String(),
  now: Type.Number({
    description: "The hub's time, Unix milliseconds: pages go by it, not by the clock they run on"
  }),
  licence: Type.String(),
  version: Type.String(),
  streets: Type.Integer(),
  sites: Type.Integer(),
  demo: Type.Boolean(),
  notice: Type.Object(
    {
      operator: Nullable(Type.String({ description: 'Who runs this hub' })),
      contact: Nullable(
        Type.String({ description: 'How they are reached: mailto:, tel: or https: address, or text' })
      ),
      backupDays: Nullable(Type.Integer({ description: 'Days for which the daily backups are kept' })),
      readingDays: Nullable(
        Type.Integer({ description: 'Days for which single readings are kept; null: for ever' })
      )
    },
    { description: 'What the page /privacy says of this hub beyond its rules' }
  ),
  mqttPort: Type.Integer({ description: 'Where sensors connect' })
})
export type HubInfo = Static<typeof HubInfo>
