/** What is said of one outdoor sensor: its newest value, how old it is, and whether it works. */
import type { PublicSite } from '../../../contract/street.ts'
import { reasons, type Reason } from '../../../model/flag.ts'
import { quantities, type Quantity } from '../../../model/quantity.ts'
import { ageText, momentText, readingText, withUnit } from '../format.ts'
import { words } from '../words/words.ts'

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

export function sensorText(site: PublicSite, quantity: Quantity, now: number, zone: string): SensorText {
  const latest = site.latest[quantity]
  const state = stateText(site, now, zone)
  if (!latest) {
    const missing =
      site.state === 'never' || site.state === 'unusable'
        ? state
        : words.street.notMeasured(quantities[quantity].label)
    return { value: '', age: '', state: missing, why: '', stamp: '' }
  }
  const doubt = latest.flag === 4 ? words.street.failed : latest.flag === 3 ? words.street.doubtful : ''
  return {
    value: withUnit(readingText(quantity, latest.value), latest.unit),
    age: ageText(Date.parse(latest.at), now),
    state: doubt ? `${state}, ${doubt}` : state,
    why: doubt ? latest.reasons.flatMap((name) => (isReason(name) ? [reasons[name]] : [])).join(' ') : '',
    stamp: latest.at
  }
}

function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name)
}

function stateText(site: PublicSite, now: number, zone: string): string {
  if (site.state === 'never') return words.street.siteState.never
  if (site.state === 'online') return words.street.siteState.online
  const last = Math.max(...Object.values(site.latest).map(({ at }) => Date.parse(at)))
  if (site.state === 'unusable') {
    if (!Number.isFinite(last)) return words.street.siteState.unusable
    return words.street.unusableSince(momentText(last, now, zone))
  }
  return words.street.silentSince(Number.isFinite(last) ? momentText(last, now, zone) : words.nothing)
}
