/** The letter to a landlord, made from a damp record: what, where, since when, what is asked for, and what dated rules say. */
import type { DampRecord, RoomRecord } from '../../contract/damp-record.ts'
import { deadlinesOf, type RepairRules } from '../../science/repair-rules.ts'
import { plain } from '../emphasis.ts'
import { longDayText } from '../format.ts'
import type { Chapters } from '../words.ts'
import { dayText, rulesOf, type RecordContext } from './context.ts'
import { degrees, whole } from './numbers.ts'
import { roomInShort } from './record.ts'

export interface LetterContext extends RecordContext {
  words: RecordContext['words'] & Chapters<'letter'>
}

export interface LetterSender {
  to: string
  /** The sender's; '' where they leave it out. */
  address: string
  name: string
}

/** Plain text with blank lines between its parts. */
export function letterText(context: LetterContext, record: DampRecord, sender: LetterSender): string {
  const say = context.words.letter.text
  const rooms = roomNames(record)
  const day = (iso: string): string => longDayText(context, Date.parse(iso))
  const parts: (string | string[])[] = [
    [...(sender.name === '' ? [] : [sender.name]), ...(sender.address === '' ? [] : [sender.address])],
    longDayText(context, context.now),
    sender.to === '' ? say.toNobody : say.to(sender.to),
    say.subject(rooms, sender.address),
    say.greeting,
    say.opening,
    [
      // The end is not included: a period up to midnight ends with the day before.
      say.measured(day(record.from), longDayText(context, Date.parse(record.until) - 1)),
      ...record.rooms.flatMap((room) => roomLines(context, room)).map((line) => `- ${line}`)
    ],
    seenLines(context, record),
    reportedLines(context, record),
    [say.ask, ...say.asks.map((one) => `- ${one}`)],
    ruleLines(context, rulesOf(record)),
    say.attached,
    [say.closing, '', sender.name]
  ]
  return parts
    .map((part) => (typeof part === 'string' ? part : part.join('\n')))
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')
    .replaceAll('\u00a0', ' ')
}

export function roomNames({ rooms }: DampRecord): string {
  return [...new Set(rooms.map(({ name }) => name))].join(', ')
}

function roomLines(context: LetterContext, room: RoomRecord): string[] {
  const say = context.words.letter.text
  const { figures, hoursCold, corner, days } = room
  if (figures.hours === 0) return [plain(roomInShort(context, room))]
  const first = days.find(({ hoursAtRisk }) => (hoursAtRisk ?? 0) > 0)
  const mean = figures.temperatureC.mean
  return [
    plain(roomInShort(context, room)),
    ...(first ? [say.firstRisk(room.name, dayText(context, first.date))] : []),
    ...(mean === null
      ? []
      : [
          say.coldRoom(
            room.name,
            degrees(context, mean),
            whole(context, hoursCold),
            whole(context, figures.hours)
          )
        ]),
    ...(corner.basis === 'assumed' ? [say.assumed(room.name)] : [])
  ]
}

function seenLines(context: LetterContext, { diary }: DampRecord): string[] {
  const say = context.words.letter.text
  const seen = diary.filter(({ kind }) => kind === 'mould')
  if (seen.length === 0) return []
  const lines = seen.map(({ at, room, note }) =>
    say.seenLine(longDayText(context, Date.parse(at)), room ?? context.words.record.wholeHome, note)
  )
  return [say.seen, ...lines.map((line) => `- ${line}`)]
}

function reportedLines(context: LetterContext, { reports }: DampRecord): string[] {
  const say = context.words.letter.text
  if (reports.length === 0) return []
  const lines = reports.map(({ at, to, note }) =>
    say.reportedLine(longDayText(context, Date.parse(at)), to, note)
  )
  return [say.reported, ...lines.map((line) => `- ${line}`)]
}

/** Nothing of law where no rules are known. */
function ruleLines(context: LetterContext, rules: RepairRules | null): string[] {
  if (!rules) return []
  const say = context.words.letter.text
  const { deadlines, limits } = context.words.record
  const reported = new Intl.DateTimeFormat('en-CA', { timeZone: context.zone }).format(context.now)
  const dated = deadlinesOf(rules, { reported, investigated: null })
  const investigate = dated.find(({ name }) => name === 'investigate')?.by ?? null
  return [
    say.rules(rules.name, rules.source, rules.tenancy),
    ...dated.map(({ name }) => `- ${say.rule(deadlines[name], limits[name])}`),
    ...(investigate === null ? [] : [say.rulesFrom(dayText(context, investigate))])
  ]
}
