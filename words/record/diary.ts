/** The diary in a damp record: what was seen and done, when, and when it was written down. */
import type { DampRecord, RecordDiaryEntry } from '../../contract/damp-record.ts'
import { isSameDay, longDayText, momentText } from '../format.ts'
import type { RecordBlock } from './blocks.ts'
import type { RecordContext } from './context.ts'

export function diaryBlocks(context: RecordContext, { diary }: DampRecord): RecordBlock[] {
  const say = context.words.record
  const heading: RecordBlock = { kind: 'heading', level: 2, text: say.diary }
  if (diary.length === 0) return [heading, { kind: 'text', text: say.diaryNone }]
  return [
    heading,
    { kind: 'text', text: say.diaryNote, small: true },
    {
      kind: 'table',
      caption: say.diary,
      head: say.diaryHead,
      widths: [17, 16, 15, 37, 15],
      rows: diary.map((entry) => rowOf(context, entry))
    },
    ...(diary.some(({ photo }) => photo !== null)
      ? [{ kind: 'text' as const, text: say.photosNote, small: true }]
      : [])
  ]
}

function rowOf(context: RecordContext, entry: RecordDiaryEntry): string[] {
  const say = context.words.record
  const [at, writtenAt] = [Date.parse(entry.at), Date.parse(entry.writtenAt)]
  const said = entry.reportedTo === '' ? entry.note : say.reportedTo(entry.reportedTo, entry.note)
  return [
    momentText(context, at),
    say.diaryKinds[entry.kind] ?? entry.kind,
    entry.room ?? say.wholeHome,
    [said, ...(entry.photo === null ? [] : [say.photo(entry.photo)])].filter((one) => one !== '').join(' '),
    isSameDay({ zone: context.zone, now: at }, writtenAt) ? say.sameDay : longDayText(context, writtenAt)
  ]
}
