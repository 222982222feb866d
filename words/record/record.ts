/** The damp record as blocks: everything that science/ and figures/ found, said in words with its basis beside it. */
import type { DampRecord, RoomRecord } from '../../contract/damp-record.ts'
import { about as damp } from '../../science/damp.ts'
import { about as dampRecord } from '../../science/damp-record.ts'
import { about as mould } from '../../science/mould.ts'
import { about as surface } from '../../science/surface.ts'
import type { About } from '../../science/about.ts'
import { formulaParts } from '../methods/formula.ts'
import { momentText } from '../format.ts'
import { recordDaysMin } from '../limits.ts'
import type { RecordBlock } from './blocks.ts'
import { momentWithYear, type RecordContext } from './context.ts'
import { diaryBlocks } from './diary.ts'
import { percent, shareOf, whole } from './numbers.ts'
import { reportBlocks } from './reports.ts'
import { roomBlocks } from './room.ts'

export function recordBlocks(context: RecordContext, record: DampRecord): RecordBlock[] {
  return [
    ...headBlocks(context, record),
    ...shortBlocks(context, record),
    ...reportBlocks(context, record),
    ...record.rooms.flatMap((room, index) => roomBlocks(context, room, index)),
    ...diaryBlocks(context, record),
    ...limitBlocks(context),
    ...howBlocks(context),
    ...checkBlocks(context)
  ]
}

/** Names the rooms and the period. */
export function recordTitle({ words }: RecordContext, { rooms }: DampRecord): string {
  return words.record.title(rooms.map(({ name }) => name).join(', '))
}

function headBlocks(context: RecordContext, record: DampRecord): RecordBlock[] {
  const say = context.words.record
  const { hub, madeAt, person, from, until, timezone, version } = record
  const made = say.madeBy(hub, momentWithYear(context, madeAt), version)
  return [
    { kind: 'title', text: recordTitle(context, record) },
    {
      kind: 'text',
      text: `**${say.about(momentWithYear(context, from), momentWithYear(context, until))}.**`
    },
    {
      kind: 'text',
      text: [made, ...(person === '' ? [] : [say.madeFor(person)]), say.times(timezone)].join(' ')
    }
  ]
}

function shortBlocks(context: RecordContext, record: DampRecord): RecordBlock[] {
  const say = context.words.record
  const days = (Date.parse(record.until) - Date.parse(record.from)) / 86_400_000
  const reports = record.reports.length
  return [
    { kind: 'heading', level: 2, text: say.short },
    ...record.rooms.map((room): RecordBlock => ({ kind: 'text', text: roomInShort(context, room) })),
    { kind: 'text', text: reports > 0 ? say.shortReports(reports) : say.shortNoReports },
    ...(days < recordDaysMin ? [{ kind: 'text' as const, text: say.tooShort }] : [])
  ]
}

/** How often it was damp there, since when, and how much of the period was measured. */
export function roomInShort(context: RecordContext, room: RoomRecord): string {
  const { words } = context
  const say = words.record
  const { figures } = room
  const { hoursAtRisk, longestSpellHours, longestSpellFrom, hours } = figures.surface
  const share = say.shortShare(
    whole(context, figures.hours),
    whole(context, figures.expected),
    shareOf(context, figures.hours, figures.expected)
  )
  if (figures.hours === 0) return say.shortNothing(room.name)
  if (hoursAtRisk === null)
    return `${say.shortNoCorner(room.name, whole(context, room.hoursHumid), whole(context, figures.hours))} ${share}`
  if (hoursAtRisk === 0) return `${say.shortNoRisk(room.name, whole(context, hours))} ${share}`
  const risk = say.shortRisk(
    room.name,
    whole(context, hoursAtRisk),
    whole(context, hours),
    percent(context, (100 * hoursAtRisk) / hours)
  )
  const spell =
    longestSpellFrom === null
      ? []
      : [
          say.shortSpell(
            whole(context, longestSpellHours ?? 0),
            momentText(context, Date.parse(longestSpellFrom))
          )
        ]
  return [risk, ...spell, share].join(' ')
}

function limitBlocks({ words: { record: say } }: RecordContext): RecordBlock[] {
  return [
    { kind: 'heading', level: 2, text: say.proves },
    { kind: 'list', items: say.provesNot },
    { kind: 'heading', level: 2, text: say.falsifies },
    { kind: 'list', items: say.falsifiers }
  ]
}

/** Formulas as plain text: "T_s" stays readable where nothing can stand below the line. */
function howBlocks({ words: { record: say } }: RecordContext): RecordBlock[] {
  const abouts: About[] = [
    ...Object.values(damp),
    ...Object.values(surface),
    ...Object.values(mould),
    ...Object.values(dampRecord).filter(({ title }) => title !== dampRecord.airing.title)
  ]
  return [
    { kind: 'heading', level: 2, text: say.how },
    {
      kind: 'table',
      caption: say.how,
      head: say.howHead,
      widths: [26, 40, 34],
      rows: abouts.map(({ title, formula, source, version }) => [
        title,
        formulaParts(formula)
          .map(({ text, place }) => (place === 'below' ? `_${text}` : place === 'above' ? `^${text}` : text))
          .join(''),
        say.version(source, version)
      ])
    }
  ]
}

function checkBlocks({ words: { record: say } }: RecordContext): RecordBlock[] {
  return [
    { kind: 'heading', level: 2, text: say.check },
    { kind: 'text', text: say.checkText },
    { kind: 'command', text: say.checkCommand },
    { kind: 'text', text: say.checkMore, small: true }
  ]
}
