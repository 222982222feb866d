/** Whether there is a number. What was not measured is null; what is NaN, infinite or absent was not measured either. */

export function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value)
}

/** The number, or null where there is none. */
export function known(value: number | null | undefined): number | null {
  return isKnown(value) ? value : null
}
