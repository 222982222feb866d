/** The three questions people come with, and which quantities answer each. */
import type { PublicSite, StreetLatest } from '../contract/street.ts'
import { correctedOf, isCorrectable, measuredNames, quantities, type Quantity } from '../model/quantity.ts'

export const subjects = ['air', 'noise', 'damp'] as const
export type Subject = (typeof subjects)[number]

export function isSubject(name: string | null): name is Subject {
  return subjects.some((subject) => subject === name)
}

/** Most telling first; the rest follow in the model's order. Damp is about homes: humidity leads. */
const leading: Record<Subject, readonly Quantity[]> = {
  air: ['pm2_5', 'pm10', 'no2'],
  noise: ['laeq'],
  damp: ['humidity', 'temperature']
}

export const subjectQuantities: Record<Subject, readonly Quantity[]> = {
  air: [...leading.air, ...others('air', leading.air)],
  noise: [...leading.noise, ...others('noise', leading.noise)],
  damp: leading.damp
}

function others(subject: 'air' | 'noise', known: readonly Quantity[]): Quantity[] {
  return measuredNames.filter((name) => quantities[name].subject === subject && !known.includes(name))
}

/**
 * What a street's page offers to draw. Weather measured outside stands under air, since it explains particles; it never
 * answers for the street.
 */
export function quantityChoices(subject: Subject, measured: ReadonlySet<string>): Quantity[] {
  const weather = subject === 'air' ? (['temperature', 'humidity', 'pressure'] as const) : []
  return [...subjectQuantities[subject], ...weather].filter((quantity) => measured.has(quantity))
}

/** As measured, or by the corrections that a steward has set. In the address, so that a link shows the same to others. */
export type Values = 'raw' | 'corrected'

export function valuesOf(params: URLSearchParams): Values {
  return params.get('values') === 'corrected' ? 'corrected' : 'raw'
}

/** The quantity itself, or its corrected one where that is wanted and there. */
export function chosenQuantity(quantity: Quantity, values: Values, there: ReadonlySet<string>): Quantity {
  if (values === 'raw' || !isCorrectable(quantity)) return quantity
  return there.has(correctedOf(quantity)) ? correctedOf(quantity) : quantity
}

export type LatestByQuantity = Readonly<Record<string, StreetLatest>>

/** The newest single reading of a quantity, of whichever sensor. */
export interface Newest {
  value: number
  at: number
}

export interface Figure {
  quantity: Quantity
  latest: StreetLatest
}

/** The newest reading of a quantity on a street that has not failed its checks. */
export function newestOf(sites: readonly PublicSite[], quantity: Quantity): Newest | undefined {
  const readings = sites.flatMap(({ latest }) => latest[quantity] ?? []).filter(({ flag }) => flag !== 4)
  const [first, ...rest] = readings.map(({ value, at }) => ({ value, at: Date.parse(at) }))
  return first && rest.reduce((a, b) => (b.at > a.at ? b : a), first)
}

/** When the last reading came of sensors that are all silent; undefined while one of them sends. */
export function silentSince(sites: readonly PublicSite[]): number | undefined {
  if (sites.length === 0 || sites.some(({ state }) => state !== 'silent')) return undefined
  const last = Math.max(
    ...sites.flatMap(({ latest }) => Object.values(latest).map(({ at }) => Date.parse(at)))
  )
  return Number.isFinite(last) ? last : undefined
}

/**
 * The figure that speaks for a street: of those with a level the worst (a place's air is that of its worst pollutant,
 * Defra), else the first middle of several sites, else the newest reading of one sensor. Damp speaks of homes only.
 */
export function headline(
  subject: Subject,
  latest: LatestByQuantity,
  values: Values = 'raw'
): Figure | undefined {
  const figures = figuresOf(subject, latest, values)
  const levelled = figures.filter(({ latest }) => latest.level !== null)
  if (levelled.length > 0) {
    return levelled.reduce((worst, one) => (severity(one) > severity(worst) ? one : worst))
  }
  return figures.find(({ latest }) => latest.basis !== 'sensor') ?? figures[0]
}

/** Figures of a subject that hold a value, most telling first. */
export function figuresOf(subject: Subject, latest: LatestByQuantity, values: Values = 'raw'): Figure[] {
  const there = new Set(Object.keys(latest))
  return subjectQuantities[subject].flatMap((measured) => {
    const quantity = chosenQuantity(measured, values, there)
    const figure = latest[quantity]
    if (!figure || figure.value === null || figure.basis === 'none') return []
    if ((figure.basis === 'homes') !== (subject === 'damp')) return []
    return [{ quantity, latest: figure }]
  })
}

// Two quantities in the same band are told apart by the index of the scale (DAQI 4 and 6 are both Moderate).
function severity({ latest }: Figure): number {
  return latest.level ? latest.level.step * 100 + (latest.level.index ?? 0) : -1
}
