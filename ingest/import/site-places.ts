/**
 * Where the rows of each site say that they were measured: a sensor that moved brings two places in one file, and the file of another
 * sensor one that is far from where the site's earlier imports were, or from its street.
 */
import { importedPlaceMetresMax, samePlaceMetresMax, streetPlaceMetresMax } from '../limits.ts'
import { metresBetween } from '../../model/distance.ts'
import type { Position } from '../../model/place.ts'
import { shownValue } from '../wording.ts'
import { cellOf, type KnownPlaces } from './known-places.ts'
import type { Refusal, RowPlace } from './row-reader.ts'

export class SitePlaces {
  readonly #known: KnownPlaces
  readonly #first = new Map<string, RowPlace>()
  /** The one that was right last: readers give one place for rows that have the same. */
  readonly #last = new Map<string, RowPlace>()
  readonly #notes = new Map<string, string>()

  constructor(known: KnownPlaces = {}) {
    this.#known = known
  }

  /** Why a row is not of the site that its device is installed at: the site's first row, or an earlier import, was measured elsewhere. */
  misplaced(siteId: string, place: RowPlace): Refusal | undefined {
    if (isWithoutFix(place)) return undefined
    if (this.#last.get(siteId) === place) return undefined
    const first = this.#first.get(siteId)
    if (!first) return this.#judgeFirst(siteId, place)
    const metres = metresApart(first, place)
    if (metres !== undefined && metres <= samePlaceMetresMax) {
      this.#last.set(siteId, place)
      return undefined
    }
    const far = metres === undefined ? 'not' : `${shownDistance(metres)} from`
    return {
      code: 'otherPlace',
      message: `${placeName(place)} is ${far} ${placeName(first)}, where the rows before were measured`
    }
  }

  /** The cell of each site, for imports to come. */
  cells(): Record<string, Position> {
    return Object.fromEntries(
      [...this.#first].flatMap(([siteId, { position }]): [string, Position][] =>
        position ? [[siteId, cellOf(position)]] : []
      )
    )
  }

  /** What a steward is asked to look at. */
  notes(): string[] {
    return [...this.#notes.values()]
  }

  #judgeFirst(siteId: string, place: RowPlace): Refusal | undefined {
    const { position } = place
    const known = this.#known[siteId]
    if (position && known) {
      const apart = nearest(position, known.imported)
      if (apart > importedPlaceMetresMax)
        return {
          code: 'otherPlace',
          message:
            `${placeName(place)} is about ${shownDistance(apart)} from where earlier imports of this place were measured; if it is another ` +
            'sensor, import it into a device of its own; if this one stood there, record its move (lamppost device move); if the earlier ' +
            'import was wrong, undo that'
        }
      const fromStreet = nearest(position, known.street.lines.flat())
      if (fromStreet > streetPlaceMetresMax)
        this.#notes.set(
          siteId,
          `The rows were measured ${shownDistance(fromStreet)} from ${known.street.name}, where the sensor is installed. If this is the file of another sensor, undo the import: npx lamppost import undo`
        )
    }
    this.#first.set(siteId, place)
    this.#last.set(siteId, place)
    return undefined
  }
}

/** Metres to the nearest of some places; nobody is far from nowhere. */
function nearest(position: Position, others: readonly Position[]): number {
  if (others.length === 0) return 0
  return Math.min(...others.map((other) => metresBetween(position, other)))
}

/** At 0, 0 there is only sea: it is what receivers give that know no position, and says nothing about the others. */
function isWithoutFix({ position }: RowPlace): boolean {
  return position !== undefined && position[0] === 0 && position[1] === 0
}

/** 0 for what has one name and no position; undefined where nobody can tell. */
function metresApart(a: RowPlace, b: RowPlace): number | undefined {
  if (a.position && b.position) return metresBetween(a.position, b.position)
  return a.name === b.name ? 0 : undefined
}

function placeName({ name, position }: RowPlace): string {
  if (name !== '') return `location ${/^[\w-]{1,40}$/.test(name) ? name : shownValue(name)}`
  return position ? `${position[1]}, ${position[0]}` : 'a place without a name'
}

function shownDistance(metres: number): string {
  return metres < 10_000 ? `${Math.round(metres / 100) / 10} km` : `${Math.round(metres / 1_000)} km`
}
