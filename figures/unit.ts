/** The unit in which a figure is shown, and how to get there from the quantity's own. */
import { finiteToDecimals, rollupDecimals } from '../model/decimals.ts'
import { definitionOf, type Quantity } from '../model/quantity.ts'
import { converterFor } from '../science/convert.ts'
import { FiguresRefusal } from './refusal.ts'

export interface Unit {
  unit: string
  /** A value in this unit, from one in the quantity's own. */
  shown(value: number | null): number | null
  /** The same for what lies between two values, such as a slope. */
  difference(value: number): number
}

/** Every conversion of the table is a line, so two points of it are enough to go the other way. */
export function unitFor(quantity: Quantity, wanted: string | undefined): Unit {
  if (wanted === undefined) {
    return {
      unit: definitionOf(quantity).unit,
      shown: rounded,
      difference: (value) => rounded(value) ?? value
    }
  }
  const found = converterFor(quantity, wanted)
  if (!found.ok) throw new FiguresRefusal('unitUnknown', found.refusal)
  const zero = found.convert(0)
  const one = found.convert(1) - zero
  return {
    unit: wanted,
    shown: (value) => (value === null ? null : rounded((value - zero) / one)),
    difference: (value) => rounded(value / one) ?? value
  }
}

/** Six decimals: no sensor has more, and the noise of binary fractions stays out. */
export function rounded(value: number | null): number | null {
  return finiteToDecimals(value, rollupDecimals)
}
