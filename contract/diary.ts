/** A person's diary and the corners that they measured: for them alone, so no public path answers with it. */
import { Type, type Static } from 'typebox'
import { diaryKinds, type DiaryKind } from '../model/diary.ts'
import { diaryNoteLengthMax, nameLengthMax } from '../model/limits.ts'
import { Moment, Nullable } from './shape.ts'

const Kind = Type.Unsafe<DiaryKind>(Type.Union(diaryKinds.map((kind) => Type.Literal(kind))))

export const DiaryEntry = Type.Object({
  id: Type.String(),
  home: Type.String(),
  room: Nullable(Type.String({ description: 'Site id of the room; null where it is about the home' })),
  at: Moment,
  writtenAt: Moment,
  kind: Kind,
  note: Type.String(),
  photo: Nullable(Type.String({ description: 'Path of its photo, for its owner alone' })),
  reportedTo: Nullable(Type.String({ description: 'Whom they told; null for what is no report' }))
})
export type DiaryEntry = Static<typeof DiaryEntry>

export const NewDiaryEntryBody = Type.Object(
  {
    kind: Kind,
    at: Type.Optional(Type.String({ maxLength: 60, description: 'ISO 8601 with a zone; now unless given' })),
    note: Type.Optional(Type.String({ maxLength: diaryNoteLengthMax })),
    room: Type.Optional(Type.String({ maxLength: 100, description: 'Site id of a room of this home' })),
    reportedTo: Type.Optional(Type.String({ maxLength: nameLengthMax }))
  },
  { additionalProperties: false }
)
export type NewDiaryEntryBody = Static<typeof NewDiaryEntryBody>

/** Beyond these no home and no weather is. */
const temperature = (description: string) => Type.Number({ minimum: -60, maximum: 60, description })

export const MeasuredCorner = Type.Object({
  id: Type.String(),
  home: Type.String(),
  room: Nullable(Type.String()),
  at: Moment,
  surfaceC: Type.Number(),
  insideC: Type.Number(),
  outsideC: Type.Number(),
  factor: Type.Number({ description: 'fRsi of this measurement alone' })
})
export type MeasuredCorner = Static<typeof MeasuredCorner>

/** The factor that a room's figures are made with. */
export const CornerFactor = Type.Object({
  value: Type.Number(),
  basis: Type.Union([Type.Literal('measured'), Type.Literal('assumed')]),
  /** Of the newest measurement in it. */
  measuredAt: Nullable(Moment),
  measurements: Type.Integer({ description: 'How many it is the median of: the newest three at most' }),
  ofThisRoom: Type.Boolean({ description: 'false: measured in another room of the home, or assumed' })
})
export type CornerFactor = Static<typeof CornerFactor>

export const NewCornerBody = Type.Object(
  {
    surfaceC: temperature('What a thermometer showed at the coldest corner, °C'),
    insideC: Type.Optional(temperature('The newest reading of the room unless given')),
    outsideC: Type.Optional(temperature('The newest outdoor reading unless given'))
  },
  { additionalProperties: false }
)
export type NewCornerBody = Static<typeof NewCornerBody>

const AirThen = Type.Object({
  temperatureC: Type.Number(),
  humidity: Type.Number(),
  waterGm3: Type.Number({ description: 'Water in a cubic metre' })
})

/** What a room's air did after something that the diary names. */
export const DiaryChange = Type.Object({
  entry: Type.String(),
  room: Type.String(),
  kind: Type.Union([Type.Literal('window'), Type.Literal('heating'), Type.Literal('washing')]),
  at: Moment,
  before: AirThen,
  after: AirThen,
  minutes: Type.Integer({ description: 'From the act to `after`' }),
  laterWaterGm3: Nullable(Type.Number({ description: 'Three hours after the act' }))
})
export type DiaryChange = Static<typeof DiaryChange>
