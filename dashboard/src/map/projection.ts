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
  const frame = frameOf(streets.flat(2), size)
  return frame && streets.map((lines) => ({ lines: lines.map((line) => line.map(frame.point)) }))
}

/** Between positions and the points of a map on which all of these lie; undefined where there are none. */
export interface Frame {
  point(position: readonly number[]): Point
  position(point: Point): [longitude: number, latitude: number]
  /** Pixels of a metre. */
  metrePx: number
}

export function frameOf(positions: readonly (readonly number[])[], size: Size): Frame | undefined {
  const all = positions.filter((position) => position.length >= 2)
  if (all.length === 0) return undefined
  const [west, east] = extent(all.map((position) => position[0]!))
  const [south, north] = extent(all.map((position) => position[1]!))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const spanX = Math.max((east - west) * shrink, 1e-9)
  const spanY = Math.max(north - south, 1e-9)
  const scale = Math.min((size.width - 2 * size.padding) / spanX, (size.height - 2 * size.padding) / spanY)
  const left = (size.width - spanX * scale) / 2
  const top = (size.height - spanY * scale) / 2
  return {
    point: (position) => ({
      x: left + (position[0]! - west) * shrink * scale,
      y: top + (north - position[1]!) * scale
    }),
    position: ({ x, y }) => [west + (x - left) / (shrink * scale), north - (y - top) / scale],
    metrePx: scale / metresPerDegree
  }
}

/** Of latitude, WGS 84 within 0.6 %. */
const metresPerDegree = 111_320

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

export function longest(street: Projected): Point[] {
  return street.lines.reduce<Point[]>((a, b) => (lineLength(b) > lineLength(a) ? b : a), [])
}

export function lineLength(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distance(line[i]!, point), 0)
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The point at a share of a line's length, and the way the line runs there, turned so that text reads from left to right. */
export function pointAlong(line: readonly Point[], share: number): (Point & { angle: number }) | undefined {
  let left = lineLength(line) * share
  for (const [i, end] of line.slice(1).entries()) {
    const start = line[i]!
    const step = distance(start, end)
    if (step >= left && step > 0) {
      const part = left / step
      const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI
      const readable = angle > 90 ? angle - 180 : angle <= -90 ? angle + 180 : angle
      return { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part, angle: readable }
    }
    left -= step
  }
  return undefined
}
