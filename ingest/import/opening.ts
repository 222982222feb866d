/** The first look at a file that is to be imported: can it be read, is it of the format, and what must be known of all of it? */
import { stat } from 'node:fs/promises'
import { headerLinesMax } from '../limits.ts'
import { DayMonthOrder } from './day-month-order.ts'
import { FileRows, HeaderRefusal, tryHeader, type Target } from './file-rows.ts'
import { asRefusal, ImportRefusal } from './import-refusal.ts'
import { openLines, type Lines } from './lines.ts'
import { DoubledHourSurvey } from './doubled-survey.ts'
import { zoneClock, type DoubledRounds } from './local-clock.ts'
import type { FileMemory, RowReader } from './row-reader.ts'
import { wholeRows } from './whole-rows.ts'

/** What the first look found. */
export interface FirstLook {
  bytes: number
  /** Which rounds its doubled hours are of, where a zone needs that. */
  rounds: DoubledRounds | undefined
  notes: string[]
}

/** The rows of a file, the header and what stands above it among them, in stretches. */
export function rowsOf(lines: Lines, { isOpen, linesBefore }: RowReader): AsyncIterable<readonly string[]> {
  return isOpen ? wholeRows(lines.stretches(), isOpen, linesBefore) : lines.stretches()
}

/** What reading the file's rows begins with; the same for each time that it is read. */
export function memoryFor({ zone }: RowReader, { rounds }: FirstLook): FileMemory {
  return zone === undefined ? {} : { clock: zoneClock(zone, rounds ?? new Map()) }
}

export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (cause) {
    throw asRefusal(file, cause)
  }
}

export async function firstLook(file: string, target: Target): Promise<FirstLook> {
  try {
    return { bytes: await sizeOf(file), ...(await lookThrough(file, target)) }
  } catch (cause) {
    if (!(cause instanceof HeaderRefusal)) throw asRefusal(file, cause)
    throw new HeaderRefusal(cause.message + (await headerHint(file, target)))
  }
}

/**
 * Reads on to the first row whose time fits, where the format wants one; otherwise the header is enough. Where times may
 * be read in two ways, all rows are looked at before the first is stored.
 */
async function lookThrough(file: string, target: Target): Promise<Omit<FirstLook, 'bytes'>> {
  const { reader } = target
  const { zone, intervalS, swappedTimes } = reader
  const survey = zone === undefined ? undefined : new DoubledHourSurvey(zone, intervalS)
  const order = swappedTimes && new DayMonthOrder(swappedTimes)
  const memory: FileMemory = {}
  if (survey) memory.clock = survey.clock
  if (order) memory.onTime = (text, wallMs) => order.observe(text, wallMs)
  const rows = new FileRows(file, target, memory)
  const lines = openLines(file, reader.encoding)
  memory.endsOpen = () => lines.endsOpen()
  const needsTime = reader.timesMustFit === true
  let hasTime = false
  let misfit: string | undefined
  for await (const stretch of rowsOf(lines, reader)) {
    for (const text of stretch) {
      for (const { row, lineNumber } of rows.read(text)) {
        hasTime ||= row.hasTime === true
        const refusal = row.refusals.find(({ code }) => code === 'timeUnreadable')
        misfit ??= refusal && `in line ${lineNumber} ${refusal.message}`
      }
      const isEnough = needsTime ? hasTime && !survey && !order : rows.hasBegun
      if (isEnough) return { rounds: undefined, notes: [] }
    }
  }
  rows.end()
  if (order?.proof !== undefined) throw daysAndMonths(file, target, order.proof)
  if (!hasTime && misfit !== undefined)
    throw new ImportRefusal(
      'notThisFormat',
      `${file} does not fit ${target.format}: no row has a time that can be read; ${misfit}.`
    )
  return { rounds: survey?.rounds(), notes: order ? jumpNotes(order) : [] }
}

function daysAndMonths(file: string, { format }: Target, proof: string): ImportRefusal {
  return new ImportRefusal(
    'notThisFormat',
    `${file} does not fit ${format}: ${JSON.stringify(proof)} and every other time of it can be read with day and month the other way round. Swap them in time/format.`
  )
}

function jumpNotes({ suspiciousJumps: jumps }: DayMonthOrder): string[] {
  if (jumps === 0) return []
  return [
    `The times go from one month to another ${jumps === 1 ? 'once' : `${jumps} times`}, and would not with day and month the other way round. If time/format has them swapped, undo this import and correct it.`
  ]
}

/** Which line has the columns, for the person who counted the lines above them wrong. */
async function headerHint(file: string, target: Target): Promise<string> {
  if (target.reader.linesBefore === undefined || target.reader.hasHeader === false) return ''
  let number = 0
  const lines = openLines(file, target.reader.encoding)
  for await (const stretch of lines.stretches()) {
    for (const line of stretch) {
      if (++number > headerLinesMax) return ''
      if ('decode' in tryHeader(line, file, target, {}).found)
        return ` Line ${number} has them: set skipLines to ${number - 1}.`
    }
  }
  return ''
}
