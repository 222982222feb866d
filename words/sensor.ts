/** What is said of one outdoor sensor: its newest value, how old it is, and whether it works. */
import type { PublicSite } from '../contract/street.ts'
import { reasons, type Reason } from '../model/flag.ts'
import type { Quantity } from '../model/quantity.ts'
import { ageText, momentText, readingText, withUnit } from './format.ts'
import type { TextContext } from './words.ts'

export interface SensorText {
  /** '' when it never measured this. */
  value: string
  age: string
  state: string
  /** Why the newest value is doubtful or failed; '' where it is neither. */
  why: string
  /** Changes with every new reading, so that it can fade in. */
  stamp: string
}

type SensorContext = TextContext<'common' | 'street'>

export function sensorText(context: SensorContext, site: PublicSite, quantity: Quantity): SensorText {
  const { words } = context
  const say = words.street
  const latest = site.latest[quantity]
  const state = stateText(context, site)
  if (!latest) {
    const missing =
      site.state === 'never' || site.state === 'unusable'
        ? state
        : say.notMeasured(words.common.labels[quantity])
    return { value: '', age: '', state: missing, why: '', stamp: '' }
  }
  const doubt = latest.flag === 4 ? say.failed : latest.flag === 3 ? say.doubtful : ''
  return {
    value: withUnit(words, readingText(words, quantity, latest.value), latest.unit),
    age: ageText(context, Date.parse(latest.at)),
    state: [state, ...(doubt ? [doubt] : []), ...(latest.judged ? [] : [say.newestNotChecked])].join(', '),
    why: doubt ? latest.reasons.flatMap((name) => (isReason(name) ? [say.reasons[name]] : [])).join(' ') : '',
    stamp: latest.at
  }
}

function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name)
}

function stateText(context: SensorContext, site: PublicSite): string {
  const say = context.words.street
  if (site.state === 'never') return say.siteState.never
  if (site.state === 'online') return say.siteState.online
  const last = Math.max(...Object.values(site.latest).map(({ at }) => Date.parse(at)))
  const isKnown = Number.isFinite(last)
  if (site.state === 'unusable') {
    return isKnown ? say.unusableSince(momentText(context, last)) : say.siteState.unusable
  }
  return say.silentSince(isKnown ? momentText(context, last) : context.words.common.nothing)
}
