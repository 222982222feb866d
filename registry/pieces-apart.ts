/** Lines that share a name and lie in different places: a High Street of two towns is two streets. Pure. */
import { metresBetween as metresBetweenPositions } from '../model/distance.ts'
import type { Position } from '../model/place.ts'
import { streetGapMetresMax } from './limits.ts'

type Line = readonly Position[]

interface Box {
  west: number
  east: number
  south: number
  north: number
}

/**
 * The lines in groups that lie together, the group with most positions first, so that it keeps the plain name. Of a street
 * that is not drawn, one group without a line.
 */
export function groupsApart<L extends Line>(lines: readonly L[]): L[][] {
  if (lines.length === 0) return [[]]
  const groups: { box: Box; lines: L[] }[] = []
  for (const line of lines) {
    let joined = { box: boxOf([line]), lines: [line] }
    // One line may join groups that were apart until it came.
    for (let i = groups.length - 1; i >= 0; i--) {
      const group = groups[i]!
      if (metresBetween(group.box, joined.box) > streetGapMetresMax) continue
      joined = { box: around(group.box, joined.box), lines: [...group.lines, ...joined.lines] }
      groups.splice(i, 1)
    }
    groups.push(joined)
  }
  const size = (group: { lines: L[] }): number => group.lines.reduce((sum, line) => sum + line.length, 0)
  return groups.toSorted((a, b) => size(b) - size(a)).map((group) => group.lines)
}

/** How far two drawings are from each other; 0 where they touch, or where one is not drawn. */
export function metresApart(a: readonly Line[], b: readonly Line[]): number {
  return a.length === 0 || b.length === 0 ? 0 : metresBetween(boxOf(a), boxOf(b))
}

function boxOf(lines: readonly Line[]): Box {
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity }
  for (const line of lines) {
    for (const [longitude, latitude] of line) {
      box.west = Math.min(box.west, longitude)
      box.east = Math.max(box.east, longitude)
      box.south = Math.min(box.south, latitude)
      box.north = Math.max(box.north, latitude)
    }
  }
  return box
}

function around(a: Box, b: Box): Box {
  return {
    west: Math.min(a.west, b.west),
    east: Math.max(a.east, b.east),
    south: Math.min(a.south, b.south),
    north: Math.max(a.north, b.north)
  }
}

/** Between the sides that face each other; where they overlap in one direction, along the other. */
function metresBetween(a: Box, b: Box): number {
  const [eastOfA, westOfB] = facing([a.west, a.east], [b.west, b.east])
  const [northOfA, southOfB] = facing([a.south, a.north], [b.south, b.north])
  return metresBetweenPositions([eastOfA, northOfA], [westOfB, southOfB])
}

type Side = readonly [low: number, high: number]

function facing([lowA, highA]: Side, [lowB, highB]: Side): [number, number] {
  if (highA < lowB) return [highA, lowB]
  if (highB < lowA) return [lowA, highB]
  const shared = (Math.max(lowA, lowB) + Math.min(highA, highB)) / 2
  return [shared, shared]
}
