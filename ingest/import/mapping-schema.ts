/** The members of a mapping and their shapes. docs/importing.md explains each. */
import Type, { type Static } from 'typebox'
import { intervalSMax, intervalSMin } from '../../model/limits.ts'

const strict = { additionalProperties: false }
const name = Type.String({ minLength: 1, maxLength: 200 })
const word = Type.String({ minLength: 1, maxLength: 40 })
const character = Type.String({ minLength: 1, maxLength: 1 })
/** Names a sensor within the mapping; the command line binds it to one: `--device kitchen=d-1`. */
const deviceKey = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$' })
const missing = Type.Array(Type.String())

const FilterSchema = Type.Object(
  {
    column: name,
    equals: Type.Optional(Type.String()),
    oneOf: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    not: Type.Optional(Type.String())
  },
  strict
)

/** What somebody else found of a value: released, taken as it is, doubted, or not to be used. */
const VerdictSchema = Type.Enum(['ratified', 'valid', 'suspect', 'invalid'])

const StatusSchema = Type.Object({ column: name, means: Type.Record(Type.String(), VerdictSchema) }, strict)

const TimeSchema = Type.Object(
  {
    columns: Type.Array(name, { minItems: 1, maxItems: 3 }),
    format: name,
    offset: Type.Optional(Type.String()),
    zone: Type.Optional(Type.String()),
    label: Type.Enum(['start', 'middle', 'end']),
    dayHalves: Type.Optional(Type.Tuple([word, word])),
    months: Type.Optional(Type.Array(word, { minItems: 12, maxItems: 12 })),
    marks: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 10 }), VerdictSchema))
  },
  strict
)

const ValueSchema = Type.Object(
  {
    column: name,
    quantity: name,
    unit: Type.String(),
    device: Type.Optional(deviceKey),
    missing: Type.Optional(missing),
    status: Type.Optional(StatusSchema)
  },
  strict
)

const LongSchema = Type.Object(
  {
    quantityColumn: name,
    valueColumn: name,
    unitColumn: Type.Optional(name),
    status: Type.Optional(StatusSchema),
    quantities: Type.Record(
      Type.String(),
      Type.Object(
        {
          quantity: name,
          unit: Type.Optional(Type.String()),
          device: Type.Optional(deviceKey),
          missing: Type.Optional(missing)
        },
        strict
      )
    )
  },
  strict
)

/** A row is a day, and the names of its columns are the hours. */
const HoursSchema = Type.Object(
  { format: name, quantity: name, unit: Type.String(), device: Type.Optional(deviceKey) },
  strict
)

const PlaceSchema = Type.Object({ latitude: name, longitude: name }, strict)

export const MappingSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,47}$' }),
    about: Type.Optional(Type.String()),
    source: Type.Optional(Type.String()),
    encoding: Type.Optional(Type.String()),
    delimiter: Type.Optional(character),
    quote: Type.Optional(Type.String({ maxLength: 1 })),
    decimal: Type.Optional(Type.Enum(['.', ','])),
    thousands: Type.Optional(Type.Enum([',', '.', ' ', "'"])),
    skipLines: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })),
    header: Type.Optional(Type.Boolean()),
    missing: Type.Optional(missing),
    filters: Type.Optional(Type.Array(FilterSchema)),
    time: TimeSchema,
    place: Type.Optional(PlaceSchema),
    intervalS: Type.Optional(Type.Integer({ minimum: intervalSMin, maximum: intervalSMax })),
    ratified: Type.Optional(Type.Boolean()),
    deviceColumn: Type.Optional(name),
    values: Type.Optional(Type.Array(ValueSchema, { minItems: 1, maxItems: 500 })),
    long: Type.Optional(LongSchema),
    hours: Type.Optional(HoursSchema)
  },
  strict
)

export type Mapping = Static<typeof MappingSchema>
export type MappingFilter = Static<typeof FilterSchema>
export type MappingStatus = Static<typeof StatusSchema>
export type Verdict = Static<typeof VerdictSchema>
