/** Where the rows of each site say that they were measured: a sensor that moved brings two places in one file. */
import { samePlaceMetresMax } from '../limits.ts'
import { metresBetween } from '../../model/distance.ts'
import { shownValue } from '../wording.ts'
import type { Refusal, RowPlace } from './row-reader.ts'

export class SitePlaces {
  readonly #first = new Map<string, RowPlace>()
  /** The one that was right last: readers give one place for rows that have the same. */
  readonly #last = new Map<string, RowPlace>()

  /** Why a row is not of the site that its device is installed at: the site's first row was measured elsewhere. */
  misplaced(siteId: string, place: RowPlace): Refusal | undefined {
    if (this.#last.get(siteId) === place) return undefined
    const first = this.#first.get(siteId) ?? place
    const metres = metresApart(first, place)
    if (metres !== undefined && metres <= samePlaceMetresMax) {
      this.#first.set(siteId, first)
      this.#last.set(siteId, place)
      return undefined
    }
    const far = metres === undefined ? 'not' : `${shownDistance(metres)} from`
    return {
      code: 'otherPlace',
      message: `${placeName(place)} is ${far} ${placeName(first)}, where the rows before were measured`
    }
  }
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
