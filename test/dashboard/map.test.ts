/** The little map: north is up, nothing lies outside, names cover no other name. */
import { expect, it } from 'vitest'
import { levelClass } from '../../dashboard/src/level.ts'
import { levelColour } from '../../science/level-colour.ts'
import { placeLabels } from '../../dashboard/src/map/labels.ts'
import { path, project, proportion } from '../../dashboard/src/map/projection.ts'
import { MapView } from '../../dashboard/src/state/map-view.svelte.ts'

const size = { width: 400, height: 300, padding: 20 }
const west = [
  [-2.6, 51.45],
  [-2.6, 51.46]
]
const north = [
  [-2.6, 51.46],
  [-2.58, 51.46]
]

it('keeps north up, west left and everything inside the padding', () => {
  const [first, second] = project([[west], [north]], size)!
  const [south, top] = first!.lines[0]!
  expect(south!.y).toBeGreaterThan(top!.y)
  expect(second!.lines[0]![1]!.x).toBeGreaterThan(top!.x)
  for (const { x, y } of [first!, second!].flatMap(({ lines }) => lines.flat())) {
    expect(x).toBeGreaterThanOrEqual(size.padding - 1e-6)
    expect(x).toBeLessThanOrEqual(size.width - size.padding + 1e-6)
    expect(y).toBeGreaterThanOrEqual(size.padding - 1e-6)
    expect(y).toBeLessThanOrEqual(size.height - size.padding + 1e-6)
  }
})

it('has one scale for both directions', () => {
  const square = [
    [0, 0],
    [0.01, 0.01]
  ]
  const [start, end] = project([[square]], size)![0]!.lines[0]!
  expect(end!.x - start!.x).toBeCloseTo(start!.y - end!.y, 5)
  expect(proportion([[square]])).toBeCloseTo(1, 5)
})

it('draws nothing where nobody drew a street, and bears a street of one point', () => {
  expect(project([[], []], size)).toBeUndefined()
  const [one] = project([[[[1, 2]]]], size)!
  expect(path(one!.lines)).not.toContain('NaN')
  expect(placeLabels([{ street: one!, name: 'One', isMeasured: true }], size)[0]!.fits).toBe(false)
})

/** Whether two labels' boxes touch, counted along their middle lines. */
function touch(a: Box, b: Box): boolean {
  const spots = ({ x, y, angle, half }: Box) => {
    const radians = (angle * Math.PI) / 180
    return Array.from({ length: 21 }, (_none, i) => {
      const along = half * (i / 10 - 1)
      return { x: x + along * Math.cos(radians), y: y + along * Math.sin(radians) }
    })
  }
  return spots(a).some((one) => spots(b).some((other) => Math.hypot(one.x - other.x, one.y - other.y) < 12))
}

interface Box {
  x: number
  y: number
  angle: number
  half: number
}

it('names every measured street, and no name covers another', () => {
  const large = { width: 600, height: 500, padding: 28 }
  const ends = Array.from({ length: 24 }, (_none, i) => {
    const [x, y] = [-2.6 + (i % 6) * 0.004, 51.45 + Math.floor(i / 6) * 0.004]
    return [
      [x, y],
      [x + (i % 2) * 0.003, y + ((i + 1) % 2) * 0.003]
    ]
  })
  const streets = project(
    ends.map((line) => [line]),
    large
  )!
  const names = ends.map((_line, i) => `Street number ${i}`)
  const labels = placeLabels(
    streets.map((street, i) => ({ street, name: names[i]!, isMeasured: i < 20 })),
    large
  )
  expect(labels.slice(0, 20).map(({ fits }) => fits)).toEqual(Array.from({ length: 20 }, () => true))
  const boxes = labels.flatMap((label, i) => (label.fits ? [{ ...label, half: names[i]!.length * 3.2 }] : []))
  const covered = boxes.flatMap((one, i) => boxes.slice(i + 1).filter((other) => touch(one, other)))
  expect(covered).toEqual([])
  for (const { angle } of labels) expect(Math.abs(angle)).toBeLessThanOrEqual(90)
})

it('zooms about a point, and never leaves its frame', () => {
  const view = new MapView()
  view.zoomBy(2, { x: 100, y: 50 }, size)
  expect(view.place({ x: 100, y: 50 })).toEqual({ x: 100, y: 50 })
  view.moveBy(10_000, -10_000, size)
  expect([view.x, view.y]).toEqual([0, -size.height])
  view.zoomBy(0.1, { x: 0, y: 0 }, size)
  expect([view.zoom, view.x, view.y].map(Math.abs)).toEqual([1, 0, 0])
})

it('ends every scale in the last colour', () => {
  expect([0, 1, 2, 3].map((step) => levelColour({ step, steps: 4 }))).toEqual([0, 1, 3, 4])
  expect(levelColour({ step: 9, steps: 10 })).toBe(4)
  expect(levelClass(null)).toBe('level-none')
})
