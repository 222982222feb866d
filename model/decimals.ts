/** Numbers cut to the decimals that are worth keeping: one rounding for figures, rollups and corrected values. */

/** Far below what any sensor resolves, and half the bytes of a full double in JSON. For means only; raw values stay. */
export const figureDecimals = 3

/**
 * Far finer than any sensor. Columns of such numbers pack into half of what full doubles take on disk: rollups of
 * ten-minute readings would otherwise be larger than the readings.
 */
export const rollupDecimals = 6

/** Half away from zero, as DuckDB's round() does. A value too large to be scaled has no decimals and stays as it is. */
export function toDecimals(value: number, decimals: number): number {
  const factor = 10 ** decimals
  const scaled = Math.abs(value) * factor
  return Number.isFinite(scaled) ? (Math.sign(value) * Math.round(scaled)) / factor : value
}

/** As `toDecimals`, and null for a mean that is none: readings of a broken sensor can overflow a sum or a difference. */
export function finiteToDecimals(value: number | null, decimals: number): number | null {
  return value === null || !Number.isFinite(value) ? null : toDecimals(value, decimals)
}
