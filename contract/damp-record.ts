/** The damp record of a period: for its person and the operator alone, so no path of the public API answers with it. */
import { Type, type Static } from 'typebox'
import { RoomDamp } from './damp.ts'
import { DampColumns } from './own.ts'
import { Moment, Nullable, Value } from './shape.ts'

const Spread = Type.Object({ mean: Value, min: Value, max: Value })

export const RecordInstrument = Type.Object({
  deviceId: Type.String(),
  dialect: Type.String(),
  sensors: Type.Array(Type.String({ description: 'What is in the box, as people call it' })),
  from: Nullable(Moment),
  until: Nullable(Moment),
  intervalS: Nullable(Type.Number()),
  error: Type.Object({
    humidity: Type.Number({ description: '± percentage points' }),
    temperatureC: Type.Number({ description: '± °C' }),
    source: Type.String(),
    isAssumed: Type.Boolean()
  })
})
export type RecordInstrument = Static<typeof RecordInstrument>

export const RecordDay = Type.Object({
  date: Type.String({ description: 'Civil day of the hub' }),
  hours: Type.Integer({ description: 'Hours that were measured' }),
  expected: Type.Integer({ description: 'Hours of the day that lie in the period' }),
  temperatureC: Spread,
  humidity: Spread,
  hoursHumid: Type.Integer({ description: 'Hours with more than 70 % in the air of the room' }),
  cornerHours: Type.Integer({ description: 'Hours for which the coldest corner is known' }),
  hoursAtRisk: Nullable(Type.Integer({ description: 'Of these, at or above 80 %' })),
  hoursCold: Type.Integer({ description: 'Hours below 18 °C' })
})
export type RecordDay = Static<typeof RecordDay>

export const RecordWeek = Type.Object({
  from: Type.String({ description: 'Civil day on which it begins' }),
  until: Type.String({ description: 'Civil day on which it ends' }),
  hours: Type.Integer({ description: 'Hours with both airs' }),
  expected: Type.Integer(),
  hoursAtRisk: Nullable(Type.Integer()),
  temperatureC: Value,
  humidity: Value,
  outsideC: Value,
  excessPa: Value,
  excessGm3: Value
})
export type RecordWeek = Static<typeof RecordWeek>

const RiskFigure = Type.Object({
  hours: Type.Integer(),
  hoursAtRisk: Type.Integer(),
  longestSpellHours: Type.Integer()
})

export const RoomRecord = Type.Object({
  siteId: Type.String(),
  name: Type.String(),
  homeId: Type.String(),
  street: Type.String(),
  instruments: Type.Array(RecordInstrument),
  figures: RoomDamp,
  outdoorElsewhere: Type.Boolean(),
  corner: Type.Object({
    basis: Type.Union([
      Type.Literal('sensor'),
      Type.Literal('measured'),
      Type.Literal('assumed'),
      Type.Literal('none')
    ]),
    factor: Nullable(Type.Number()),
    measuredAt: Nullable(Moment),
    measurements: Type.Integer(),
    ofThisRoom: Type.Boolean(),
    meanC: Value,
    lowestC: Value,
    marginC: Spread,
    hoursDewBelow1: Nullable(
      Type.Integer({ description: 'Hours in which the corner was less than 1 °C above the dew point' })
    )
  }),
  hoursHumid: Type.Integer(),
  hoursCold: Type.Integer(),
  excess: Type.Object({ hours: Type.Integer(), outsideC: Value, pa: Value, gm3: Value }),
  days: Type.Array(RecordDay),
  weeks: Type.Array(RecordWeek),
  gaps: Type.Array(Type.Object({ from: Moment, until: Moment, hours: Type.Integer() }), {
    description: 'Longest first'
  }),
  gapCount: Type.Integer(),
  both: Nullable(
    Type.Object(
      {
        readings: Type.Integer({ description: 'Failed readings that have a possible value' }),
        without: RiskFigure,
        with: RiskFigure
      },
      {
        description:
          'Hours at risk without the readings that failed their checks, and with them; null where none failed'
      }
    )
  ),
  doubt: Nullable(
    Type.Object(
      { lowest: Type.Integer(), highest: Type.Integer() },
      { description: 'Hours at risk if the sensor always read its whole error too high, or too low' }
    )
  ),
  columns: DampColumns
})
export type RoomRecord = Static<typeof RoomRecord>

export const RecordDiaryEntry = Type.Object({
  at: Moment,
  writtenAt: Moment,
  kind: Type.String(),
  room: Nullable(Type.String()),
  note: Type.String(),
  reportedTo: Type.String(),
  photo: Nullable(Type.String())
})
export type RecordDiaryEntry = Static<typeof RecordDiaryEntry>

export const RecordDeadline = Type.Object({
  name: Type.String(),
  by: Nullable(Type.String({ description: 'Civil day; null where it cannot be told' })),
  isAssumed: Type.Boolean(),
  passed: Nullable(Type.Boolean()),
  notedOn: Nullable(Type.String({ description: 'Civil day on which the diary says that it was done' }))
})
export type RecordDeadline = Static<typeof RecordDeadline>

export const RecordReport = Type.Object({
  at: Moment,
  to: Type.String(),
  note: Type.String(),
  answeredAt: Nullable(Moment),
  inspectedAt: Nullable(Moment),
  repairedAt: Nullable(Moment),
  deadlines: Type.Array(RecordDeadline),
  since: Nullable(
    Type.Object({
      hours: Type.Integer({ description: 'Measured after the report, in all rooms of the record' }),
      hoursAtRisk: Type.Integer(),
      shareBefore: Value,
      shareSince: Value
    })
  )
})
export type RecordReport = Static<typeof RecordReport>

export const DampRecord = Type.Object({
  madeAt: Moment,
  hub: Type.String(),
  timezone: Type.String(),
  version: Type.String(),
  person: Type.String(),
  from: Moment,
  until: Moment,
  rooms: Type.Array(RoomRecord),
  diary: Type.Array(RecordDiaryEntry, { description: 'Oldest first' }),
  reports: Type.Array(RecordReport, { description: 'Oldest first' }),
  rules: Nullable(Type.String({ description: 'Dated rules that were chosen; null where none are known' }))
})
export type DampRecord = Static<typeof DampRecord>
