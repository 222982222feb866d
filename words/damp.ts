/** What is said of damp in one room: how it is now, how it was over the period, and the one thing to do. */
import type { OwnDamp, DampNow } from '../contract/own.ts'
import { clockText, longDayText, momentText, numberText, withUnit } from './format.ts'
import { moistureSupply, surfaceHumidityRisk } from '../science/surface.ts'
import type { TextContext } from './words.ts'

type DampContext = TextContext<'common' | 'home'>

export interface DampText {
  /** How it is now; the first is the answer. */
  now: string[]
  /** What to do now, and why. */
  todo: string[]
  /** How it was. */
  period: string[]
}

/** From here on a corner is called close to damp: sensors of ±3 % and an estimated corner do not tell 75 from 80 %. */
const nearHumidity = 70

export function dampText(context: DampContext, damp: OwnDamp): DampText {
  return { now: nowText(context, damp), todo: todoText(context, damp), period: periodText(context, damp) }
}

function nowText(context: DampContext, { now, name, corner, outdoorElsewhere }: OwnDamp): string[] {
  const { words } = context
  const say = words.home.damp
  if (!now) return [say.noNow(name)]
  const air = say.air(degrees(context, now.temperatureC), percent(context, now.humidity))
  const dew = now.dewPointC === null ? [] : [say.dewPoint(degrees(context, now.dewPointC))]
  if (now.cornerHumidity === null) return [say.noCorner(name, air), ...dew]
  return [
    cornerText(context, name, now, now.cornerHumidity),
    say.airNow(air),
    ...dew,
    now.cornerIsEstimated ? factorText(context, corner) : say.measuredCorner,
    ...(outdoorElsewhere ? [say.elsewhere] : [])
  ]
}

function factorText(context: DampContext, { value, basis, measuredAt }: OwnDamp['corner']): string {
  const say = context.words.home.damp
  const factor = numberText(context.words, value, 2)
  if (basis === 'assumed' || measuredAt === null) return say.estimated(factor)
  return say.measuredFactor(factor, longDayText(context, Date.parse(measuredAt)))
}

function cornerText(context: DampContext, room: string, now: DampNow, humidity: number): string {
  const say = context.words.home.damp
  const when = clockText(context, Date.parse(now.at))
  const value = percent(context, Math.min(100, humidity))
  if (humidity >= 100) return say.condensing(room, when, value)
  if (humidity >= surfaceHumidityRisk) return say.atRisk(room, when, value)
  return humidity >= nearHumidity ? say.near(room, when, value) : say.below(room, when, value)
}

function todoText(context: DampContext, { now, period }: OwnDamp): string[] {
  const say = context.words.home.damp
  const airing = now ? [airingText(context, now)] : []
  const { hoursAtRisk } = period.surface
  const { mean: excess, outsideC } = period.excessGm3
  if (!hoursAtRisk || excess === null || outsideC === null) return airing
  const why = { little: say.cold, usual: say.both, much: say.wet }[
    moistureSupply(excess, outsideC) ?? 'usual'
  ]
  return [...airing, why(numberText(context.words, excess, 1))]
}

function airingText(context: DampContext, { airing, excessGm3 }: DampNow): string {
  const say = context.words.home.damp
  const grams = numberText(context.words, Math.abs(excessGm3 ?? 0), 1)
  switch (airing) {
    case 'air':
      return say.open(grams)
    case 'wait':
      return say.shut(grams)
    case 'noDifference':
      return say.same
    case null:
      return say.unknownAiring
  }
}

function periodText(context: DampContext, { period }: OwnDamp): string[] {
  const { words } = context
  const say = words.home.damp
  const whole = (value: number): string => numberText(words, value, 0)
  const { surface, mouldIndex, from, until } = period
  if (period.reason !== null || from === null || until === null)
    return period.expected === 0 ? [] : [say.tooLittle(whole(period.hours), whole(period.expected))]
  const lines: string[] = []
  if (surface.hoursAtRisk !== null) {
    const when = say.period(longDayText(context, Date.parse(from)), longDayText(context, Date.parse(until)))
    lines.push(`${when} ${riskText(context, surface)}.`)
  }
  if (mouldIndex)
    lines.push(say.mould(numberText(words, mouldIndex.lowest, 1), numberText(words, mouldIndex.highest, 1)))
  return lines
}

function riskText(context: DampContext, surface: OwnDamp['period']['surface']): string {
  const { words } = context
  const say = words.home.damp
  const whole = (value: number): string => numberText(words, value, 0)
  if (surface.hoursAtRisk === 0) return say.noHours(whole(surface.hours))
  const hours = say.hoursAtRisk(whole(surface.hoursAtRisk!), whole(surface.hours))
  if (surface.longestSpellFrom === null || surface.longestSpellHours === null) return hours
  const since = momentText(context, Date.parse(surface.longestSpellFrom))
  return `${hours}; ${say.longest(whole(surface.longestSpellHours), since)}`
}

function degrees({ words }: DampContext, value: number): string {
  return withUnit(words, numberText(words, value, 1), '°C')
}

function percent({ words }: DampContext, value: number): string {
  return withUnit(words, numberText(words, value, 0), '%')
}
