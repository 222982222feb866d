/** Lines of a street reduced to what a map of a neighbourhood can show. Pure. */
import { metresBetween } from '../model/distance.ts'
import type { Position } from '../model/place.ts'
import { lineToleranceMetres, streetPositionsMax } from './limits.ts'

type Line = readonly Position[]

/** The ends of each line stay, and of what lies between them what is off the straight way by more than a metre. */
export function simplified(lines: readonly Line[], positionsMax = streetPositionsMax): Position[][] {
  let thin: readonly Line[] = lines
  for (let toleranceMetres = lineToleranceMetres; ; toleranceMetres *= 2) {
    thin = thin.map((line) => thinned(line, toleranceMetres))
    // What twists without end is made coarser before it is looked at closely, which takes the square of its positions.
    if (count(thin) > 4 * positionsMax && thin.some((line) => line.length > 2)) continue
    const found = thin.map((line) => straightened(line, toleranceMetres))
    if (count(found) <= positionsMax || found.every((line) => line.length <= 2))
      return longest(found, positionsMax)
  }
}

function count(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}

/** Of thousands of single pieces the longest. */
function longest(lines: Position[][], positionsMax: number): Position[][] {
  if (count(lines) <= positionsMax) return lines
  const length = (line: Line): number => metresBetween(line[0]!, line.at(-1)!)
  return lines.toSorted((a, b) => length(b) - length(a)).slice(0, Math.floor(positionsMax / 2))
}

/** Without positions nearer than the tolerance to the one before. */
function thinned(line: Line, toleranceMetres: number): Position[] {
  const kept: Position[] = [line[0]!]
  for (const position of line.slice(1, -1))
    if (metresBetween(kept.at(-1)!, position) >= toleranceMetres) kept.push(position)
  kept.push(line.at(-1)!)
  return kept
}

/** Ramer (1972), Douglas and Peucker (1973), with a stack of its own: a line may have a million positions. */
function straightened(line: Line, toleranceMetres: number): Position[] {
  const keeps = new Uint8Array(line.length)
  keeps[0] = keeps[line.length - 1] = 1
  const stretches: [first: number, last: number][] = [[0, line.length - 1]]
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const [first, last] = stretch
    let [furthest, most] = [0, toleranceMetres]
    for (let i = first + 1; i < last; i++) {
      const off = metresOff(line[i]!, line[first]!, line[last]!)
      if (off > most) [furthest, most] = [i, off]
    }
    if (furthest === 0) continue
    keeps[furthest] = 1
    stretches.push([first, furthest], [furthest, last])
  }
  return line.filter((_position, i) => keeps[i] === 1)
}

/** How far a position lies from the straight way between two others, on a plane around the first. */
function metresOff(position: Position, from: Position, to: Position): number {
  const [x, y] = inMetres(position, from)
  const [endX, endY] = inMetres(to, from)
  const square = endX ** 2 + endY ** 2
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, (x * endX + y * endY) / square))
  return Math.hypot(x - share * endX, y - share * endY)
}

const metresPerDegree = 111_195

function inMetres([longitude, latitude]: Position, [west, south]: Position): [x: number, y: number] {
  const shrinks = Math.cos((south * Math.PI) / 180)
  return [(longitude - west) * shrinks * metresPerDegree, (latitude - south) * metresPerDegree]
}
