/** What was reported to the landlord when, who answered, what the dated rules ask for, and what was measured since. */
import type { DampRecord, RecordDeadline, RecordReport } from '../../contract/damp-record.ts'
import { deadlineNames, type DeadlineName, type RepairRules } from '../../science/repair-rules.ts'
import { longDayText } from '../format.ts'
import type { RecordBlock } from './blocks.ts'
import { dayText, rulesOf, type RecordContext } from './context.ts'
import { percent, whole } from './numbers.ts'

export function reportBlocks(context: RecordContext, record: DampRecord): RecordBlock[] {
  const say = context.words.record
  const rules = rulesOf(record)
  const heading: RecordBlock = { kind: 'heading', level: 2, text: say.reports }
  if (record.reports.length === 0)
    return [heading, { kind: 'text', text: say.reportsNone }, ...ruleBlocks(context, rules)]
  return [
    heading,
    ...ruleBlocks(context, rules),
    ...record.reports.flatMap((report) => oneReport(context, report, rules)),
    ...(rules
      ? [
          { kind: 'text' as const, text: say.emergencyNote, small: true },
          { kind: 'text' as const, text: say.noAdvice },
          { kind: 'list' as const, items: [...rules.advice] }
        ]
      : [])
  ]
}

function ruleBlocks(context: RecordContext, rules: RepairRules | null): RecordBlock[] {
  const say = context.words.record
  if (!rules) return [{ kind: 'text', text: say.noRules }]
  const { name, source, checkedOn, tenancy, unchecked } = rules
  return [
    {
      kind: 'text',
      text: `${say.rules(name, source, dayText(context, checkedOn))} ${say.rulesFor(tenancy)}`
    },
    { kind: 'text', text: unchecked, small: true }
  ]
}

function oneReport(context: RecordContext, report: RecordReport, rules: RepairRules | null): RecordBlock[] {
  const say = context.words.record
  const day = (iso: string): string => longDayText(context, Date.parse(iso))
  const said = (at: string | null, yes: (when: string) => string, no: string): string =>
    at === null ? no : yes(day(at))
  const blocks: RecordBlock[] = [
    { kind: 'heading', level: 3, text: say.reported(day(report.at), report.to) },
    {
      kind: 'text',
      text: [
        ...(report.note === '' ? [] : [`“${report.note}”`]),
        said(report.answeredAt, say.answered, say.notAnswered),
        said(report.inspectedAt, say.inspected, say.notInspected),
        said(report.repairedAt, say.repaired, say.notRepaired)
      ].join(' ')
    }
  ]
  if (report.since) blocks.push({ kind: 'text', text: sinceText(context, report.since, report.repairedAt) })
  if (!rules) return blocks
  if (report.deadlines.length === 0)
    return [...blocks, { kind: 'text', text: say.notUnder(dayText(context, rules.inForceFrom)) }]
  return [
    ...blocks,
    {
      kind: 'table',
      caption: say.reports,
      head: say.deadlinesHead,
      widths: [38, 20, 20, 22],
      rows: report.deadlines.map((one) => deadlineRow(context, one))
    }
  ]
}

function sinceText(
  context: RecordContext,
  { hours, hoursAtRisk, shareBefore, shareSince }: NonNullable<RecordReport['since']>,
  repairedAt: string | null
): string {
  const say = context.words.record
  const figure = say.since(whole(context, hoursAtRisk), whole(context, hours))
  if (shareBefore === null || shareSince === null) return figure
  const both = say.sinceBoth(percent(context, 100 * shareBefore), percent(context, 100 * shareSince))
  return [figure, both, ...(repairedAt === null ? [] : [say.afterRepair])].join(' ')
}

function deadlineRow(context: RecordContext, deadline: RecordDeadline): string[] {
  const { name, by, isAssumed } = deadline
  const say = context.words.record
  // The hub made it from this list.
  const known = deadlineNames.find((one) => one === name) as DeadlineName
  const date = by === null ? say.deadlineUnknown : dayText(context, by)
  return [
    say.deadlines[known],
    say.limits[known],
    by !== null && isAssumed ? say.deadlineAssumed(date) : date,
    stateText(context, deadline)
  ]
}

/** A date that has passed says nothing against a landlord who acted before it. */
function stateText(context: RecordContext, { name, by, passed, notedOn }: RecordDeadline): string {
  const say = context.words.record
  if (notedOn !== null) {
    const day = dayText(context, notedOn)
    return by !== null && notedOn > by ? say.notedLate(day) : say.noted(day)
  }
  if (passed === null) return ''
  if (!passed) return say.notPassed
  return name === 'emergency' ? say.passed : say.passedWithoutNote
}
