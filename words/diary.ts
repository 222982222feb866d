/** What is said of entries of a diary, of what they changed, and of measured corners. */
import type { OwnDamp } from '../contract/own.ts'
import type { DiaryChange, DiaryEntry, MeasuredCorner } from '../contract/diary.ts'
import { temperatureFactorMin } from '../science/surface.ts'
import { dayMs } from '../model/time.ts'
import { isSameDay, longDayText, momentText, numberText, shareText, withUnit } from './format.ts'
import type { TextContext } from './words.ts'

type DiaryContext = TextContext<'common' | 'diary'>

export interface EntryText {
  what: string
  when: string
  /** Where it differs from when it happened by more than a day; '' else. */
  written: string
  told: string
}

export function entryText(context: DiaryContext, entry: DiaryEntry, room: string | undefined): EntryText {
  const { diary: say } = context.words
  const [at, writtenAt] = [Date.parse(entry.at), Date.parse(entry.writtenAt)]
  const what = say.listed[entry.kind]
  return {
    what: room === undefined ? what : say.in(what, room),
    when: momentText(context, at),
    written: Math.abs(writtenAt - at) > dayMs ? say.writtenLater(longDayText(context, writtenAt)) : '',
    told: entry.reportedTo ? say.told(entry.reportedTo) : ''
  }
}

/** Sensors of ±3 % are ±0.5 g/m³ in a room: a smaller difference is none. */
const sameGm3 = 0.5

/** What the air of a room did after an act of the diary. */
export function changeText(context: DiaryContext, change: DiaryChange, room: string): string[] {
  const say = context.words.diary.changes
  const { before, after, kind, laterWaterGm3: later } = change
  const grams = (value: number): string => say.grams(numberText(context.words, value, 1))
  const difference = after.waterGm3 - before.waterGm3
  switch (kind) {
    case 'heating':
      return [say.heating(room, airText(context, before), airText(context, after))]
    case 'washing':
      return [
        difference < sameGm3
          ? say.washingNothing(room, grams(before.waterGm3))
          : say.washing(
              room,
              grams(before.waterGm3),
              grams(after.waterGm3),
              spanText(context, change.minutes)
            )
      ]
    case 'window': {
      if (difference > sameGm3) return [say.airingWetter(room, grams(before.waterGm3), grams(after.waterGm3))]
      if (difference > -sameGm3) return [say.airingNothing(room, grams(before.waterGm3))]
      const fell = say.airing(
        room,
        grams(before.waterGm3),
        grams(after.waterGm3),
        spanText(context, change.minutes)
      )
      if (later === null) return [fell]
      return [fell, later > before.waterGm3 - sameGm3 ? say.back(grams(later)) : say.stayed(grams(later))]
    }
  }
}

function airText({ words }: DiaryContext, { temperatureC, humidity }: DiaryChange['before']): string {
  return words.diary.changes.heated(
    withUnit(words, numberText(words, temperatureC, 1), '°C'),
    withUnit(words, numberText(words, humidity, 0), '%')
  )
}

function spanText({ words }: DiaryContext, minutes: number): string {
  const say = words.diary.changes
  return minutes < 90 ? say.minutes(minutes) : say.hours(numberText(words, minutes / 60, 1))
}

/** How the factor of a room is known; the first words of its part of the page. */
export function cornerFactorText(
  context: DiaryContext,
  { corner, now }: Pick<OwnDamp, 'corner' | 'now'>
): string {
  const say = context.words.diary.corner
  if (isMeasuredBySensor(now)) return say.bySensor
  if (corner.basis === 'assumed' || corner.measuredAt === null) return say.why
  const day = longDayText(context, Date.parse(corner.measuredAt))
  const factor = shareText(context.words, corner.value)
  return corner.ofThisRoom ? say.measuredSays(factor, corner.measurements, day) : say.elsewhere(factor, day)
}

/** A sensor of its own is at the corner. */
export function isMeasuredBySensor(now: OwnDamp['now']): boolean {
  return now !== null && now.cornerC !== null && !now.cornerIsEstimated
}

export function cornerResultText(
  { words }: DiaryContext,
  { factor }: Pick<MeasuredCorner, 'factor'>
): string[] {
  const say = words.diary.corner
  const needed = shareText(words, temperatureFactorMin)
  return [
    say.result(shareText(words, factor)),
    factor < temperatureFactorMin ? say.resultLow(needed) : say.resultHigh(needed),
    say.resultNext
  ]
}

export function measuredCornerText(context: DiaryContext, corner: MeasuredCorner): string {
  const { words } = context
  const degrees = (value: number): string => withUnit(words, numberText(words, value, 1), '°C')
  return words.diary.corner.listed(
    dayText(context, Date.parse(corner.at)),
    degrees(corner.surfaceC),
    degrees(corner.insideC),
    degrees(corner.outsideC),
    numberText(words, corner.factor, 2)
  )
}

function dayText(context: DiaryContext, at: number): string {
  return isSameDay(context, at) ? momentText(context, at) : longDayText(context, at)
}
