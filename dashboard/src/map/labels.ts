/**
 * Where the names of streets stand on the map. Every measured street gets one, and none covers another: along its line where there
 * is room, else level beside it, else further off with a thin leader. Streets without data are named only where room is left.
 */
import {
  distance,
  lineLength,
  longest,
  pointAlong,
  type Point,
  type Projected,
  type Size
} from './projection.ts'

export interface LabelWish {
  street: Projected
  name: string
  isMeasured: boolean
}

export interface Label extends Point {
  angle: number
  /** It stands there; otherwise it shows only while its street is pointed at. */
  fits: boolean
  /** From here a thin line leads to the name, where it stands away from its street. */
  leader?: Point
}

/** Atkinson Hyperlegible at 13 px is about 0.54 em wide a letter; a little air beside it. */
const letterPx = 7.2
const heightPx = 16
/** A name along a line stands this far above it. */
const liftPx = 10

export function placeLabels(wishes: readonly LabelWish[], size: Size): Label[] {
  const labels: Label[] = wishes.map(({ street }) => {
    const at = pointAlong(longest(street), 0.5)
    return { x: at?.x ?? 0, y: at?.y ?? 0, angle: 0, fits: false }
  })
  const taken = new Grid()
  // Short streets have fewer places, so of the measured ones they choose first; then the long ones without data.
  const order = wishes
    .map((_wish, i) => i)
    .toSorted((a, b) => {
      const [one, other] = [wishes[a]!, wishes[b]!]
      if (one.isMeasured !== other.isMeasured) return one.isMeasured ? -1 : 1
      const longer = lineLength(longest(other.street)) - lineLength(longest(one.street))
      return one.isMeasured ? -longer : longer
    })
  for (const i of order) {
    const wish = wishes[i]!
    for (const label of candidates(wish)) {
      const spots = footprint(label, (wish.name.length * letterPx) / 2)
      if (!spots.every((spot) => isInside(spot, size)) || !taken.isFree(spots)) continue
      labels[i] = label
      taken.take(spots)
      break
    }
  }
  return labels
}

const shares = [0.5, 0.35, 0.65, 0.2, 0.8]
const rings = [18, 32, 48, 68, 92, 120]
const ways = 8

function* candidates({ street, name, isMeasured }: LabelWish): Generator<Label> {
  const line = longest(street)
  const half = (name.length * letterPx) / 2
  const isLong = lineLength(line) > half * 1.1
  for (const share of isLong ? shares : []) {
    const at = pointAlong(line, share)
    if (at) for (const side of [-1, 1]) yield { ...lifted(at, side), fits: true }
  }
  if (!isMeasured) return
  for (const ring of rings) {
    for (const share of shares) {
      const at = pointAlong(line, share)
      if (!at) continue
      for (let way = 0; way < ways; way++) {
        const radians = (way / ways) * 2 * Math.PI - Math.PI / 2
        const x = at.x + Math.cos(radians) * (ring + (Math.abs(Math.cos(radians)) * half) / 1.05)
        const y = at.y + Math.sin(radians) * ring
        yield { x, y, angle: 0, fits: true, ...(ring > rings[0]! ? { leader: { x: at.x, y: at.y } } : {}) }
      }
    }
  }
}

function lifted({ x, y, angle }: Point & { angle: number }, side: number): Point & { angle: number } {
  const radians = (angle * Math.PI) / 180
  return { x: x - Math.sin(radians) * side * liftPx, y: y + Math.cos(radians) * side * liftPx, angle }
}

function isInside({ x, y }: Point, size: Size): boolean {
  return x > 2 && y > 9 && x < size.width - 2 && y < size.height - 9
}

/** Spots along a label, half a letter height apart, close enough to tell whether two labels touch whatever their angles. */
function footprint(label: Label, half: number): Point[] {
  const radians = (label.angle * Math.PI) / 180
  const spots: Point[] = []
  for (let along = -half; along <= half + heightPx / 2; along += heightPx / 2) {
    const at = Math.min(along, half)
    spots.push({ x: label.x + at * Math.cos(radians), y: label.y + at * Math.sin(radians) })
  }
  return spots
}

/** Taken spots by squares of a letter height: thousands of names are placed without comparing each with each. */
class Grid {
  readonly #squares = new Map<string, Point[]>()

  take(spots: readonly Point[]): void {
    for (const spot of spots) {
      const key = keyOf(column(spot.x), column(spot.y))
      this.#squares.set(key, [...(this.#squares.get(key) ?? []), spot])
    }
  }

  isFree(spots: readonly Point[]): boolean {
    return spots.every((spot) => {
      const [x, y] = [column(spot.x), column(spot.y)]
      for (let i = x - 1; i <= x + 1; i++) {
        for (let j = y - 1; j <= y + 1; j++) {
          const near = this.#squares.get(keyOf(i, j))
          if (near?.some((other) => distance(spot, other) < heightPx)) return false
        }
      }
      return true
    })
  }
}

const column = (at: number): number => Math.floor(at / heightPx)
const keyOf = (x: number, y: number): string => `${x} ${y}`
