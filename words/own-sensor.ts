/** What a host is told of one of their sensors: whether it works, and the one thing to do where it does not. */
import type { OwnDevice, OwnProblem } from '../contract/own.ts'
import { isFaultCode } from '../model/fault.ts'
import { batteryLowPercent, coverageMin, signalWeakDbm } from '../model/limits.ts'
import { isQuantity, quantities } from '../model/quantity.ts'
import { ageText, momentText, readingText, shareText, withUnit } from './format.ts'
import type { TextContext } from './words.ts'

type SensorContext = TextContext<'common' | 'home'>

export interface OwnSensorText {
  /** The first says whether it works. */
  said: string[]
  /** What to do; '' where nothing needs doing. */
  todo: string
  where: string
  readings: { label: string; value: string; age: string }[]
  problems: { message: string; times: string; todo: string }[]
}

export function ownSensorText(context: SensorContext, device: OwnDevice): OwnSensorText {
  const say = context.words.home.working
  const { placement, street, problems } = device
  const [state, todo] = stateText(context, device)
  return {
    said: [state, ...coverageText(context, device), ...healthText(context, device)],
    todo,
    where: placement === 'outdoor' ? say.outdoor(street.name) : say.indoor(street.name),
    readings: readingsText(context, device),
    problems: problems.map((problem) => problemText(context, problem))
  }
}

function stateText(context: SensorContext, { state, lastHeard }: OwnDevice): [state: string, todo: string] {
  const say = context.words.home.working
  const at = lastHeard === null ? undefined : Date.parse(lastHeard)
  switch (state) {
    case 'online':
      return [say.online(at === undefined ? context.words.common.justNow : ageText(context, at)), '']
    case 'silent':
      return [
        say.silent(at === undefined ? context.words.common.nothing : momentText(context, at)),
        say.silentNext
      ]
    case 'never':
      return [say.never, say.neverNext]
    case 'unusable':
      return [say.unusable, say.unusableNext]
  }
}

function coverageText({ words }: SensorContext, { coverage, state }: OwnDevice): string[] {
  if (coverage === null || state !== 'online') return []
  const share = shareText(words, coverage)
  const say = words.home.working
  return [coverage < coverageMin ? say.coverageLow(share) : say.coverage(share)]
}

function healthText({ words }: SensorContext, { battery, signal, dialect }: OwnDevice): string[] {
  const say = words.home.working
  const lines: string[] = []
  if (battery) {
    const isPercent = battery.unit === '%'
    const text = withUnit(
      words,
      readingText(words, isPercent ? 'battery' : 'battery_voltage', battery.value),
      battery.unit
    )
    lines.push(isPercent && battery.value < batteryLowPercent ? say.batteryLow(text) : say.battery(text))
  }
  if (signal) {
    const text = withUnit(words, readingText(words, 'rssi', signal.value), signal.unit)
    lines.push(signal.value <= signalWeakDbm(dialect) ? say.signalWeak(text) : say.signal(text))
  }
  return lines
}

function readingsText(context: SensorContext, { latest }: OwnDevice): OwnSensorText['readings'] {
  const { words } = context
  return Object.entries(latest).flatMap(([quantity, { value, unit, at }]) =>
    isQuantity(quantity)
      ? [
          {
            label: words.common.labels[quantity],
            value: withUnit(words, readingText(words, quantity, value), quantities[quantity].unit || unit),
            age: ageText(context, Date.parse(at))
          }
        ]
      : []
  )
}

function problemText(context: SensorContext, { code, message, count, lastAt }: OwnProblem) {
  const { home } = context.words
  return {
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    times: home.working.problemTimes(count, momentText(context, Date.parse(lastAt))),
    todo: isFaultCode(code) ? home.advice[code] : ''
  }
}
