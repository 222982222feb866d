/** Where exactly a sensor is installed and how: how much of it everybody sees is said by its host. */
import type { Placement, Position } from './place.ts'

/** As its street; as a fixed cell of about 100 m; or exactly. */
export const precisions = ['street', 'cell', 'exact'] as const
export type Precision = (typeof precisions)[number]

export const facings = ['street', 'yard', 'garden', 'park', 'water', 'other'] as const
export type Facing = (typeof facings)[number]

export const mounts = ['wall', 'window', 'balcony', 'pole', 'roof', 'shelf', 'other'] as const
export type Mount = (typeof mounts)[number]

export interface SitePlace {
  precision: Precision
  /** The middle of the cell, or the exact place; null where only the street is told. Never kept of an indoor site. */
  position: Position | null
  /** Above the ground outdoors, above the floor indoors; null where nobody said. */
  heightM: number | null
  facing: Facing | null
  mount: Mount | null
}

export const placeUnsaid: SitePlace = {
  precision: 'street',
  position: null,
  heightM: null,
  facing: null,
  mount: null
}

/** A metre is about this much of a degree of latitude (111.32 km a degree, WGS 84 within 0.6 %). */
const metresPerDegree = 111_320
const cellMetres = 100

/**
 * The middle of the cell that a position lies in. Cells are fixed: rows of 100 m from the equator, each cut into pieces of 100 m
 * from Greenwich, so that nothing can be read from where a cell lies.
 */
export function cellOf([longitude, latitude]: Position): Position {
  const rowDegrees = cellMetres / metresPerDegree
  const middleLatitude = (Math.floor(latitude / rowDegrees) + 0.5) * rowDegrees
  const columnDegrees = rowDegrees / Math.cos((middleLatitude * Math.PI) / 180)
  return [toMetre((Math.floor(longitude / columnDegrees) + 0.5) * columnDegrees), toMetre(middleLatitude)]
}

/** What is kept of a place: no more than is told. Indoors no position at all. */
export function keptPlace(placement: Placement, wanted: SitePlace): SitePlace {
  const { precision, position } = wanted
  if (placement === 'indoor' || precision === 'street' || position === null)
    return { ...wanted, precision: 'street', position: null }
  if (precision === 'cell') return { ...wanted, position: cellOf(position) }
  return { ...wanted, position: [toMetre(position[0]), toMetre(position[1])] }
}

/** Five decimals of a degree are a metre. */
function toMetre(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}
