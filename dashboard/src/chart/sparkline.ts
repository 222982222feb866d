/** A small line without axes: a path for the stretches that were measured, dots for single points, gaps left as gaps. */
export interface Sparkline {
  path: string
  dots: { x: number; y: number }[]
}

export interface Domain {
  low: number
  high: number
}

/** One domain for all rows of a list, so that two small lines can be compared. */
export function domainOf(rows: readonly (readonly (number | null)[])[], fromZero: boolean): Domain {
  const values = rows.flat().filter((value) => value !== null)
  if (values.length === 0) return { low: 0, high: 1 }
  const low = fromZero ? Math.min(0, ...values) : Math.min(...values)
  const high = Math.max(...values)
  return high > low ? { low, high } : { low: low - 1, high: high + 1 }
}

export function sparkline(
  values: readonly (number | null)[],
  domain: Domain,
  width: number,
  height: number
): Sparkline {
  const inset = 2
  const x = (i: number): number => inset + (i * (width - 2 * inset)) / Math.max(values.length - 1, 1)
  const y = (value: number): number =>
    height - inset - ((value - domain.low) / (domain.high - domain.low)) * (height - 2 * inset)
  let path = ''
  const dots: { x: number; y: number }[] = []
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const joined = i > 0 && values[i - 1] !== null
    const goesOn = i < values.length - 1 && values[i + 1] !== null
    if (!joined && !goesOn) dots.push({ x: x(i), y: y(value) })
    else path += `${joined ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
  }
  return { path, dots }
}
