/** From the words of a query string or a command line to what an export holds; what cannot be is refused with what would be right. */
import { exportFormatNames } from '../../contract/export.ts'
import type { Window } from '../../model/columns.ts'
import type { Flag } from '../../model/flag.ts'
import { coverageMin as coverageMinUsual } from '../../model/limits.ts'
import type { Site, Street } from '../../model/place.ts'
import { correctedOf, isCorrectable, isMeasured, measuredNames, type Quantity } from '../../model/quantity.ts'
import type { Clock } from '../../model/time.ts'
import { derivedNames, type DerivedName } from '../../model/derived.ts'
import { visibleSites, type Audience } from '../../model/visibility.ts'
import {
  oneOf,
  readCoverageMin,
  readExportRange,
  readList,
  readQuantity,
  type QueryText
} from '../../figures/parameters.ts'
import { publicSite, publicStreet, referenceSites, type Places } from '../../figures/places.ts'
import { FiguresRefusal } from '../../figures/refusal.ts'
import { excessRangeMsMax } from '../limits.ts'
import { exportLayouts, type ExportRequest } from './file.ts'
import { pseudonymOf, type ResearchTerms } from './research.ts'
import type { FlagChoice } from './readings-table.ts'
import type { ExportPlace } from './source.ts'

/** Of the query: everything that the registry and the clock decide. */
export interface ExportSetting {
  places: Pick<Places, 'sites' | 'site' | 'streets' | 'street' | 'devices' | 'deployments'>
  clock: Clock
  timezone: string
  audience: Audience
}

/** What is in an export; who made it and how is told by `ExportDescription`. */
export type ExportQuestion = Omit<ExportRequest, 'corrections' | 'metadata'>

export const exportParameters = [
  'street',
  'site',
  'quantity',
  'from',
  'until',
  'format',
  'values',
  'window',
  'layout',
  'flags',
  'coverageMin',
  'derived'
] as const

export function readExportQuestion(setting: ExportSetting, text: QueryText): ExportQuestion {
  const { places, clock, timezone } = setting
  const sites = readSites(setting, text)
  const quantities = readQuantities(text)
  const window = oneOf<'raw' | Window>('window', text['window'] ?? 'raw', ['raw', 'hour', 'day'])
  const layout = oneOf('layout', text['layout'] ?? 'long', exportLayouts)
  if (window !== 'raw' && layout === 'openaq')
    throw new FiguresRefusal('parameterBad', 'is openaq, which holds single readings only.', 'layout')
  if (window !== 'raw' && text['flags'] !== undefined)
    throw new FiguresRefusal(
      'parameterBad',
      'is for single readings; hours and days count them by flag.',
      'flags'
    )
  if (window === 'raw' && text['coverageMin'] !== undefined)
    throw new FiguresRefusal(
      'parameterBad',
      'is for hours and days; single readings have no coverage.',
      'coverageMin'
    )
  const derived = readDerived(text['derived'], { layout, window, quantities })
  const range = readExportRange(text, clock.now(), timezone)
  if (derived.includes('vapour_excess') && range.until - range.from > excessRangeMsMax)
    throw new FiguresRefusal(
      'rangeTooLong',
      'vapour_excess may span two years of one export. Name from and until.'
    )
  const references = referenceSites(places)
  return {
    derived,
    outdoor: derived.includes('vapour_excess') ? outdoorOf(setting, sites) : {},
    format: oneOf('format', text['format'] ?? 'csv', exportFormatNames),
    layout,
    window,
    flags: readFlags(text['flags']),
    coverageMin: readCoverageMin(text['coverageMin'], coverageMinUsual),
    siteIds: sites.map(({ siteId }) => siteId),
    ...(quantities && { quantities }),
    ...range,
    timezone,
    places: Object.fromEntries(
      sites.map((site) => [
        site.siteId,
        placeOf(site, places.street(site.streetId), references.has(site.siteId))
      ])
    )
  }
}

/** Of rooms, for researchers: single readings in the long layout, of nobody but those whom the terms name. */
export function readResearchQuestion(
  setting: ExportSetting,
  text: QueryText,
  terms: ResearchTerms
): ExportQuestion {
  const question = readExportQuestion(setting, text)
  const siteIds = Object.keys(terms.since)
  const places = Object.fromEntries(
    siteIds.map((siteId) => [
      pseudonymOf(terms, 'site', siteId),
      { street: '', streetName: '', siteName: '' }
    ])
  )
  return { ...question, siteIds, places, research: terms }
}

function readSites({ places, audience }: ExportSetting, text: QueryText): Site[] {
  const streets = readList('street', text['street'])?.map((id) => publicStreet(places, id).streetId)
  const mayHave = visibleSites(audience, places.sites())
  const named = readList('site', text['site'])?.map(
    (id) => mayHave.find(({ siteId }) => siteId === id)?.siteId ?? publicSite(places, id).siteId
  )
  return mayHave
    .filter(({ streetId }) => !streets || streets.includes(streetId))
    .filter(({ siteId }) => !named || named.includes(siteId))
}

/** undefined: all that are measured, as they were measured. */
function readQuantities(text: QueryText): Quantity[] | undefined {
  const named = readList('quantity', text['quantity'])?.map(readQuantity)
  const values = oneOf('values', text['values'] ?? 'raw', ['raw', 'corrected'] as const)
  if (values === 'raw') return named
  const corrected = (quantity: Quantity): Quantity =>
    isMeasured(quantity) && isCorrectable(quantity) ? correctedOf(quantity) : quantity
  return [...new Set((named ?? measuredNames).map(corrected))]
}

function readDerived(
  text: string | undefined,
  { layout, window, quantities }: Pick<ExportQuestion, 'layout' | 'window' | 'quantities'>
): DerivedName[] {
  const refuse = (why: string): never => {
    throw new FiguresRefusal('parameterBad', why, 'derived')
  }
  const names = readList('derived', text)?.map((name) => oneOf('derived', name, derivedNames))
  if (!names) return []
  if (layout !== 'wide') refuse('is for layout=wide, where temperature and humidity of a moment share a row.')
  if (window === 'day')
    refuse('is for single readings and hours; the dew point of a day’s mean is not the day’s.')
  if (window === 'raw' && names.includes('vapour_excess'))
    refuse('has vapour_excess, which is of hours: add window=hour.')
  if (quantities && !(quantities.includes('temperature') && quantities.includes('humidity')))
    refuse('is computed from temperature and humidity: name both in quantity.')
  return names
}

/** Outdoor sites of the streets of these sites: what the air of rooms is compared with. */
function outdoorOf({ places, audience }: ExportSetting, sites: readonly Site[]): Record<string, string[]> {
  const streets = new Set(sites.map(({ streetId }) => streetId))
  const outdoor = visibleSites(audience, places.sites()).filter(
    ({ placement, streetId }) => placement === 'outdoor' && streets.has(streetId)
  )
  return Object.fromEntries(
    [...streets].map((street) => [
      street,
      outdoor.filter(({ streetId }) => streetId === street).map(({ siteId }) => siteId)
    ])
  )
}

const flagNumbers = [1, 2, 3, 4, 9] as const satisfies readonly Flag[]

function readFlags(text: string | undefined): FlagChoice {
  if (text === undefined || text === 'keep' || text === 'drop') return text ?? 'keep'
  const flags = readList('flags', text)?.map((part) => flagNumbers.find((flag) => String(flag) === part))
  if (flags?.every((flag) => flag !== undefined)) return flags
  throw new FiguresRefusal(
    'parameterBad',
    `has to be keep, drop, or some of ${flagNumbers.join(', ')} with commas.`,
    'flags'
  )
}

/** A street stands for its sites: the middle of its line is all that the public knows of where they are. */
function placeOf(site: Site, street: Street | undefined, isReference: boolean): ExportPlace {
  const line = street?.lines.toSorted((a, b) => b.length - a.length)[0]
  const middle = line?.[Math.floor(line.length / 2)]
  return {
    street: site.streetId,
    streetName: street?.name ?? '',
    siteName: site.name,
    ...(isReference && { isReference }),
    ...(middle && { longitude: middle[0], latitude: middle[1] })
  }
}
