/** An import in words: what was taken, refused, flagged and ignored, and what a dry run saw. */
import type { ImportProgress, ImportReport } from '../ingest/import/import.ts'
import { reasonList } from '../model/flag.ts'
import { quantities } from '../model/quantity.ts'
import type { Reading } from '../model/reading.ts'
import { toIso } from '../model/time.ts'
import type { ImportRecord } from '../registry/registry.ts'
import type { LeftOut } from '../contract/left-out.ts'
import { street } from '../words/en/street.ts'
import { leftOutText } from '../words/left-out.ts'
import { counted } from '../model/counted.ts'
import type { CommandEvent } from './command.ts'

export function importProgressEvent({ phase, bytesRead, bytesTotal, rows }: ImportProgress): CommandEvent {
  if (phase === 'judging') return { progress: 'comparing readings with their neighbours' }
  const progress = phase === 'looking' ? 'checking the files' : counted(rows, 'row')
  return { progress, done: bytesRead, total: bytesTotal }
}

export function recordLine(r: ImportRecord, leftOut: LeftOut, doubted: LeftOut): string {
  const judged = judgedLines(leftOut, doubted)
  return (
    `${r.importId}  ${toIso(r.startedAt)}  ${r.deviceId}  ${counted(r.files.length, 'file')} (${shownFormat(r.format)})  ` +
    `${r.taken} imported, ${r.repeated} already known, ${r.flagged} flagged, ${r.refused} refused  [${stateOf(r)}]${['', ...judged].join('  ')}`
  )
}

function stateOf({ undoneAt, finishedAt, taken, repeated, refused }: ImportRecord): string {
  if (undoneAt !== null) return 'undone'
  if (finishedAt === null) return 'interrupted; run it again to continue'
  return taken + repeated === 0 && refused > 0 ? 'nothing could be imported' : 'done'
}

/** "map two-rooms" without the digest that tells versions of it apart. */
function shownFormat(format: string): string {
  return format.replace(/ [0-9a-f]{12}$/, '')
}

/** What is left out of figures by now, and what is in them and doubted. */
function judgedLines(leftOut: LeftOut, doubted: LeftOut): string[] {
  const reasons = doubted.reasons.map(({ says, count }) => `${count}: ${says}`)
  const doubt =
    doubted.count === 0
      ? []
      : [`${counted(doubted.count, 'reading')} suspect, which count all the same: ${reasons.join(' ')}`]
  return [leftOutText({ street }, leftOut), ...doubt].filter((line) => line !== '')
}

export function reportText(report: ImportReport, leftOut: LeftOut, doubted: LeftOut): string {
  return [
    `Import ${report.importId}: ${counted(report.taken, 'reading')} imported, ${report.repeated} already known, ${report.flagged} flagged, ${report.refused} refused.`,
    ...judgedLines(leftOut, doubted),
    ...detailLines(report),
    `To undo it: npx lamppost import undo ${report.importId}`
  ].join('\n')
}

export function dryRunText(report: ImportReport, first: readonly Reading[]): string {
  const period =
    report.from === null || report.until === null
      ? ''
      : `, from ${toIso(report.from)} to ${toIso(report.until)}`
  return [
    'Dry run: nothing was stored.',
    ...first.map(readingLine),
    `${counted(report.taken, 'reading')} from ${counted(report.rows, 'row')}${period}; ${report.flagged} would be flagged, ${report.refused} refused.`,
    ...detailLines(report)
  ].join('\n')
}

function detailLines(report: ImportReport): string[] {
  const { reasons, ignored, notes, duplicates, duplicateExample, replaced, replacedExample } = report
  return [
    ...reasons.map(({ reason, count, example }) => `  ${count}×  ${reason}  (first: ${example})`),
    ...ignored.map(({ reason, count, example }) => `  ${count}×  Ignored: ${reason}.  (first: ${example})`),
    ...(duplicateExample === null
      ? []
      : [`  ${duplicates}×  Two values for one time; the later one is used.  (first: ${duplicateExample})`]),
    ...(replaced > 0
      ? [
          `  ${replaced}×  Replaces another value stored for that time.${replacedExample === null ? '' : `  (first: ${replacedExample})`}`
        ]
      : []),
    ...notes.map((note) => `  ${note}`)
  ]
}

function readingLine({ measuredAt, deviceId, quantity, value, flag, reasons }: Reading): string {
  const { unit } = quantities[quantity]
  const why = reasonList(reasons).join(' ')
  const shown = `${Number(value.toPrecision(6))}${unit === '1' ? '' : ` ${unit}`}`
  return `  ${toIso(measuredAt)}  ${deviceId}  ${quantity}  ${shown}  flag ${flag}${why ? ` (${why})` : ''}`
}
