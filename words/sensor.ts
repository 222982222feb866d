/** What is said of one outdoor sensor: its newest value, how old it is, and whether it works. */
import type { PublicSite, SiteDetail } from '../contract/street.ts'
import { reasons, type Reason } from '../model/flag.ts'
import { isSensorFamily, sensorFamilies } from '../model/sensor.ts'
import type { Quantity } from '../model/quantity.ts'
import { ageText, longDayText, momentText, numberText, readingText, withUnit } from './format.ts'
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

/** What is known of the box, as pairs of a name and what it is. */
export function sensorFacts(
  context: TextContext<'common' | 'street' | 'site' | 'place'>,
  { hardware, place, reference }: SiteDetail
): [name: string, value: string][] {
  const say = context.words.site
  const { dialect, sensors, intervalS, intervalAssumed, since, unauthenticated } = hardware
  const list = new Intl.ListFormat(context.words.common.locale, { type: 'conjunction' })
  const families = sensors.map((name) => (isSensorFamily(name) ? sensorFamilies[name] : name))
  return [
    [say.family, families.length > 0 ? list.format(families) : say.familyUnknown],
    ...(dialect ? [[say.dialect, dialect] satisfies [string, string]] : []),
    [
      say.interval,
      intervalS === null
        ? say.intervalUnknown
        : say.intervalText(durationText(context.words, intervalS), intervalAssumed)
    ],
    [say.since, since === null ? say.sinceStart : longDayText(context, Date.parse(since))],
    [say.mounting, mountingText(context, place)],
    ...(reference ? [['', say.reference] satisfies [string, string]] : []),
    ...(unauthenticated ? [['', say.unauthenticated] satisfies [string, string]] : [])
  ]
}

/** "On a wall, 2.5 m above the ground, facing the street", as far as its host said. */
function mountingText(
  { words }: TextContext<'common' | 'site' | 'place'>,
  { mount, heightM, facing }: SiteDetail['place']
): string {
  const say = words.site
  const parts = [
    ...(mount ? [words.place.mounts[mount]] : []),
    ...(heightM === null ? [] : [say.height(withUnit(words, numberText(words, heightM, 1), 'm'))]),
    ...(facing ? [say.facing(words.place.facings[facing])] : [])
  ]
  return parts.length > 0 ? parts.join(', ') : say.mountingUnknown
}

function durationText({ common }: TextContext<'common'>['words'], seconds: number): string {
  const isMinutes = seconds >= 120
  const unit = isMinutes ? 'minute' : 'second'
  const format = new Intl.NumberFormat(common.locale, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(isMinutes ? Math.round(seconds / 60) : seconds)
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
