/** Streets from longitude and latitude to pixels: a small flat map of a neighbourhood, north up, with room for names. */
export type Line = readonly (readonly number[])[]

export interface Point {
  x: number
  y: number
}

export interface Projected {
  /** One list of points for each piece of a street. */
  lines: Point[][]
}

export interface Size {
  width: number
  height: number
  padding: number
}

/**
 * Equirectangular about the middle latitude: over the few kilometres of a neighbourhood its error is far below the
 * width of a line. One scale for both directions, centred; undefined when nobody drew a street yet.
 */
export function project(streets: readonly (readonly Line[])[], size: Size): Projected[] | undefined {
  const all = streets.flat(2).filter((position) => position.length >= 2)
  if (all.length === 0) return undefined
  const [west, east] = extent(all.map((position) => position[0]!))
  const [south, north] = extent(all.map((position) => position[1]!))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const spanX = Math.max((east - west) * shrink, 1e-9)
  const spanY = Math.max(north - south, 1e-9)
  const scale = Math.min((size.width - 2 * size.padding) / spanX, (size.height - 2 * size.padding) / spanY)
  const left = (size.width - spanX * scale) / 2
  const top = (size.height - spanY * scale) / 2
  const place = (position: readonly number[]): Point => ({
    x: left + (position[0]! - west) * shrink * scale,
    y: top + (north - position[1]!) * scale
  })
  return streets.map((lines) => ({ lines: lines.map((line) => line.map(place)) }))
}

/** Height over width of the streets, 1 for none: the map is as tall as they are. */
export function proportion(streets: readonly (readonly Line[])[]): number {
  const all = streets.flat(2).filter((position) => position.length >= 2)
  if (all.length < 2) return 1
  const [west, east] = extent(all.map((position) => position[0]!))
  const [south, north] = extent(all.map((position) => position[1]!))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  return (north - south) / Math.max((east - west) * shrink, 1e-9)
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity]
  )
}

export function path(lines: readonly (readonly Point[])[]): string {
  return lines
    .filter((line) => line.length > 0)
    .map((line) => 'M' + line.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L'))
    .join('')
}

export interface Label extends Point {
  angle: number
  /** Whether it can stand without covering another; otherwise it shows only while its street is pointed at. */
  fits: boolean
}

/** Atkinson Hyperlegible at 13 px is about 0.54 em wide a letter; a little air beside it. */
const letterPx = 7
const labelHeightPx = 15

/** Where each street's name stands: along its longest piece, at the middle, and only where it covers no other name. */
export function placeLabels(streets: readonly Projected[], names: readonly string[], size: Size): Label[] {
  const taken: Point[][] = []
  const order = streets.map((_street, i) => i).sort((a, b) => length(streets[b]!) - length(streets[a]!))
  const labels: Label[] = streets.map(() => ({ x: 0, y: 0, angle: 0, fits: false }))
  for (const i of order) {
    const half = ((names[i] ?? '').length * letterPx) / 2
    const label = middleOf(longest(streets[i]!))
    if (!label) continue
    const spots = footprint(label, half)
    const inside = spots.every(({ x, y }) => x > 2 && y > 8 && x < size.width - 2 && y < size.height - 4)
    const long = length(streets[i]!) > half * 1.1
    const free = taken.every((other) => !covers(spots, other))
    labels[i] = { ...label, fits: inside && long && free }
    if (labels[i].fits) taken.push(spots)
  }
  return labels
}

function longest(street: Projected): Point[] {
  return street.lines.reduce<Point[]>((a, b) => (lineLength(b) > lineLength(a) ? b : a), [])
}

function length(street: Projected): number {
  return street.lines.reduce((sum, line) => sum + lineLength(line), 0)
}

function lineLength(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distance(line[i]!, point), 0)
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The point halfway along a line, and the way the line runs there, turned so that text reads from left to right. */
function middleOf(line: readonly Point[]): { x: number; y: number; angle: number } | undefined {
  let left = lineLength(line) / 2
  for (const [i, end] of line.slice(1).entries()) {
    const start = line[i]!
    const step = distance(start, end)
    if (step >= left && step > 0) {
      const share = left / step
      const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI
      const readable = angle > 90 ? angle - 180 : angle <= -90 ? angle + 180 : angle
      return {
        x: start.x + (end.x - start.x) * share,
        y: start.y + (end.y - start.y) * share,
        angle: readable
      }
    }
    left -= step
  }
  return undefined
}

/** Spots along a label, one a letter height, close enough to tell whether two labels touch whatever their angles. */
function footprint(label: { x: number; y: number; angle: number }, half: number): Point[] {
  const radians = (label.angle * Math.PI) / 180
  const spots: Point[] = []
  for (let along = -half; along <= half; along += labelHeightPx / 2) {
    spots.push({ x: label.x + along * Math.cos(radians), y: label.y + along * Math.sin(radians) })
  }
  return spots
}

function covers(a: readonly Point[], b: readonly Point[]): boolean {
  return a.some((one) => b.some((other) => distance(one, other) < labelHeightPx))
}
