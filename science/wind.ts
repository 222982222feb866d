/** Wind as vectors: the mean of directions, of which 350° and 10° have 0° and not 180°. */
import { resultantMin } from './limits.ts'
import type { About } from './about.ts'
import { rollupDecimals, toDecimals } from '../model/decimals.ts'

/** What the page of methods says of these. */
export const about = {
  meanDirection: {
    title: 'Mean direction of the wind',
    formula: 'θ = atan2( Σ w sin θ_{i}, Σ w cos θ_{i} )',
    range: 'directions that cancel each other out have no mean; of wind speeds the mean is the usual one',
    source: 'US EPA, Meteorological Monitoring Guidance (EPA-454/R-99-005), section 6.2',
    version: 1
  }
} as const satisfies Record<string, About>

/**
 * The direction of the sum of the vectors, in degrees from 0 up to 360, clockwise from north; null without any, and where they
 * cancel each other out. `weights` are the speeds of the same moments, else all weigh the same.
 */
export function meanDirection(degrees: ArrayLike<number>, weights?: ArrayLike<number>): number | null {
  let [east, north, total] = [0, 0, 0]
  for (let i = 0; i < degrees.length; i++) {
    const weight = weights ? weights[i]! : 1
    const angle = (degrees[i]! * Math.PI) / 180
    east += weight * Math.sin(angle)
    north += weight * Math.cos(angle)
    total += weight
  }
  if (!(Math.hypot(east, north) > resultantMin * total)) return null
  return asDirection((Math.atan2(east, north) * 180) / Math.PI)
}

/** From 0 up to 360. */
function asDirection(degrees: number): number {
  return (toDecimals(degrees, rollupDecimals) + 360) % 360
}
