/** Damp records and letters of a signed-in person. */
import { Type, type Static } from 'typebox'
import { diaryNoteLengthMax, nameLengthMax } from '../model/limits.ts'
import { Moment, Nullable } from './shape.ts'

/** A room that is or was theirs; from inclusive, until exclusive, null without limit. */
export const OwnRecordRoom = Type.Object({
  siteId: Type.String(),
  name: Type.String(),
  homeId: Type.String(),
  street: Type.Object({ id: Type.String(), name: Type.String() }),
  from: Nullable(Moment),
  until: Nullable(Moment)
})
export type OwnRecordRoom = Static<typeof OwnRecordRoom>

/** That a letter was sent: noted in the diary, and with dated rules the hub reminds of their dates. */
export const LetterSentBody = Type.Object(
  {
    room: Type.Optional(
      Type.String({ maxLength: 100, description: 'Site id; the home as a whole unless given' })
    ),
    at: Type.Optional(Type.String({ maxLength: 60, description: 'ISO 8601 with a zone; now unless given' })),
    to: Type.String({ minLength: 1, maxLength: nameLengthMax }),
    note: Type.Optional(Type.String({ maxLength: diaryNoteLengthMax })),
    rules: Type.Optional(
      Type.String({ maxLength: 48, description: 'Dated rules whose dates I want to be reminded of' })
    )
  },
  { additionalProperties: false }
)
export type LetterSentBody = Static<typeof LetterSentBody>

export const ReportNoted = Type.Object({
  entryId: Type.String({ description: 'Of the diary' }),
  reminders: Type.Array(Type.String(), {
    description: 'Civil days on which the hub reminds, if it was given an address'
  })
})
export type ReportNoted = Static<typeof ReportNoted>
