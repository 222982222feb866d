/** What an alert says: what is wrong, the one thing to do, and how to stop it. No reading stands in it unless its owner chose so. */
import type { AlertCause } from '../model/alert.ts'
import { batteryLowPercent } from '../model/limits.ts'
import type { OwnDevice } from '../contract/own.ts'
import type { DeadlineName, RepairRules } from '../science/repair-rules.ts'
import { longDayText, momentText, numberText, withUnit } from './format.ts'
import { dayText } from './record/context.ts'
import type { TextContext } from './words.ts'

export type AlertContext = TextContext<'common' | 'street' | 'record' | 'alerts'>

export interface AlertFound {
  cause: AlertCause
  /** Civil day that it counts for: one of a cause is sent for it. */
  day: string
  subject: string
  /** Sentences, then what to do. */
  lines: string[]
}

/** What its owner chose. */
export interface AlertOptions {
  day: string
  withReadings: boolean
}

export interface DampWeek {
  place: string
  hoursAtRisk: number
  hours: number
}

export interface PassedDeadline {
  name: DeadlineName
  by: string
  isAssumed: boolean
  reportedAt: number
  to: string
  rules: RepairRules
}

export function silentAlert(context: AlertContext, devices: readonly OwnDevice[], { day }: AlertOptions) {
  const { silent: say } = context.words.alerts
  return about(day, 'silent', devices, say.subject, [
    ...devices.map(({ name, lastHeard }) =>
      say.body(
        name,
        lastHeard === null ? context.words.common.nothing : momentText(context, Date.parse(lastHeard))
      )
    ),
    say.todo
  ])
}

export function stuckAlert(context: AlertContext, devices: readonly OwnDevice[], { day }: AlertOptions) {
  const { stuck: say } = context.words.alerts
  return about(day, 'stuck', devices, say.subject, [...devices.map(({ name }) => say.body(name)), say.todo])
}

export function batteryAlert(
  context: AlertContext,
  devices: readonly OwnDevice[],
  { day, withReadings }: AlertOptions
) {
  const { battery: say } = context.words.alerts
  const lines = devices.flatMap(({ name, battery }) => [
    say.body(name),
    ...(withReadings && battery ? [say.level(withUnit(context.words, String(battery.value), '%'))] : [])
  ])
  return about(day, 'battery', devices, say.subject, [...lines, say.todo])
}

export function dampAlert(
  context: AlertContext,
  weeks: readonly DampWeek[],
  { day, withReadings }: AlertOptions
): AlertFound {
  const { damp: say } = context.words.alerts
  const whole = (value: number): string => numberText(context.words, value, 0)
  const lines = weeks.flatMap(({ place, hoursAtRisk, hours }) => [
    say.body(place),
    ...(withReadings ? [say.figures(whole(hoursAtRisk), whole(hours))] : [])
  ])
  return {
    cause: 'damp',
    day,
    subject: say.subject(weeks.map(({ place }) => place).join(', ')),
    lines: [...lines, say.todo]
  }
}

export function handsAlert(context: AlertContext, devices: readonly OwnDevice[], { day }: AlertOptions) {
  const { hands: say } = context.words.alerts
  return about(day, 'hands', devices, say.subject, [
    // The list of problems may quote a value; its first sentence names what is wrong.
    ...devices.map(({ name }) => say.body(name)),
    say.todo
  ])
}

export function deadlineAlert(
  context: AlertContext,
  passed: readonly PassedDeadline[],
  { day }: AlertOptions
): AlertFound {
  const { deadline: say } = context.words.alerts
  const { deadlines, limits } = context.words.record
  const lines = passed.flatMap(({ name, by, isAssumed, reportedAt, to }) => [
    say.body(longDayText(context, reportedAt), to, deadlines[name], limits[name], dayText(context, by)),
    ...(isAssumed ? [say.assumed] : []),
    say.steps[name]
  ])
  const rules = passed.at(-1)!.rules
  return {
    cause: 'deadline',
    day,
    subject: say.subject(deadlines[passed.at(-1)!.name]),
    lines: [
      ...lines,
      say.advice(rules.advice.join('; ')),
      say.source(rules.source, dayText(context, rules.checkedOn), rules.unchecked)
    ]
  }
}

export function digestAlert(
  context: AlertContext,
  devices: readonly OwnDevice[],
  weeks: readonly DampWeek[],
  { day, withReadings }: AlertOptions
): AlertFound {
  const { digest: say } = context.words.alerts
  const whole = (value: number): string => numberText(context.words, value, 0)
  const lines = [
    ...devices.map(({ name, state }) => (state === 'online' ? say.working(name) : say.silent(name))),
    ...weeks.map(({ place, hoursAtRisk, hours }) => {
      if (withReadings) return say.damp(place, whole(hoursAtRisk), whole(hours))
      return hoursAtRisk > 0 ? say.dampWord(place) : say.dry(place)
    }),
    say.more
  ]
  return { cause: 'digest', day, subject: say.subject, lines }
}

export function testAlert({ words: { alerts: say } }: AlertContext, day: string): AlertFound {
  return { cause: 'test', day, subject: say.test.subject, lines: [say.test.body] }
}

export interface AlertFrame {
  hub: string
  person: string
  /** '' where there is nothing to stop. */
  stopUrl: string
  settingsUrl: string
}

/** Plain text, each sentence in a paragraph of its own. */
export function alertBody(
  { words: { alerts: say } }: AlertContext,
  { cause, lines }: AlertFound,
  { hub, person, stopUrl, settingsUrl }: AlertFrame
): string {
  const stop = cause === 'test' || stopUrl === '' ? [] : [say.stop(say.page.choices[cause], stopUrl)]
  return (
    [say.greeting(person), ...lines, say.from(hub), ...stop, say.settings(settingsUrl)].join('\n\n') + '\n'
  )
}

/** On a lock screen: what is wrong and what to do; the address that stops its kind comes last, for a button. */
export function noticeBody({ cause, lines }: AlertFound, { stopUrl }: Pick<AlertFrame, 'stopUrl'>): string {
  return [...lines, ...(cause === 'test' ? [] : [stopUrl])].join('\n\n')
}

/** Volts say nothing that holds for every battery. */
export function isBatteryLow({ battery }: OwnDevice): boolean {
  return (
    battery !== null && battery.unit === '%' && battery.value !== null && battery.value < batteryLowPercent
  )
}

function about(
  day: string,
  cause: AlertCause,
  devices: readonly OwnDevice[],
  subject: (place: string) => string,
  lines: string[]
): AlertFound {
  return { cause, day, subject: subject(devices.map(({ name }) => name).join(', ')), lines }
}
