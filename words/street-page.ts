/**
 * What a street's page says before anything is drawn: which quantity answers, which can be chosen, which sensors are listed,
 * and the sentences. One for the page, for the hub's own HTML, for pictures and for embedded frames.
 */
import type { PublicSite, StreetDetail } from '../contract/street.ts'
import { rawOf, type Quantity } from '../model/quantity.ts'
import { streetSentences, type FigureContext } from './street.ts'
import {
  chosenQuantity,
  figuresOf,
  headline,
  newestOf,
  quantityChoices,
  silentSince,
  subjectQuantities,
  type Figure,
  type Subject,
  type Values
} from './subject.ts'

export interface StreetChoice {
  subject: Subject
  values: Values
  /** As it was measured; what answers for the subject unless it is there to be chosen. */
  quantity: string | null
}

export interface StreetPage {
  /** Figures of the subject that hold a value, most telling first. */
  figures: Figure[]
  /** The one that speaks for the street. */
  answer: Figure | undefined
  choices: Quantity[]
  quantity: Quantity
  /** What is drawn: the quantity, or its corrected values. */
  drawn: Quantity
  /** Quantities with corrected values beside them. */
  known: ReadonlySet<string>
  /** Sensors of the subject, and those that never reported and may yet measure it. */
  listed: PublicSite[]
  sentences: string[]
}

export function streetPage(context: FigureContext, street: StreetDetail, choice: StreetChoice): StreetPage {
  const { subject, values } = choice
  const figures = figuresOf(subject, street.latest, values)
  const measured = new Set([
    ...figures.map(({ quantity }) => rawOf(quantity)),
    ...(subject === 'damp' ? [] : street.sites.flatMap((site) => Object.keys(site.latest)))
  ])
  const choices = quantityChoices(subject, measured)
  const answer = headline(subject, street.latest, values)
  const quantity =
    choices.find((name) => name === choice.quantity) ??
    // As measured, whichever values are chosen: a switch must not change what it switches.
    headline(subject, street.latest)?.quantity ??
    choices[0] ??
    subjectQuantities[subject][0]!
  const known = new Set(Object.keys(street.latest))
  const drawn = chosenQuantity(quantity, values, known)
  // A sensor of noise says nothing about the air; one that never reported may yet say anything.
  const listed = street.sites.filter(
    (site) => site.state === 'never' || choices.some((name) => site.latest[name])
  )
  const measuring = listed.filter(({ latest }) => choices.some((name) => latest[name]))
  const sentences = streetSentences(
    context,
    subject,
    { name: street.name, outdoorSites: listed.length, silentSince: silentSince(measuring) },
    {
      figure: answer,
      also: figures.find((figure) => figure.quantity === drawn),
      newest: answer && newestOf(street.sites, answer.quantity)
    }
  )
  return { figures, answer, choices, quantity, drawn, known, listed, sentences }
}
