/** The little map: north is up, nothing lies outside, names cover no other name. */
import { expect, it } from 'vitest'
import { levelClass, levelColour } from '../../dashboard/src/level.ts'
import { path, placeLabels, project, proportion } from '../../dashboard/src/map/projection.ts'

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
  expect(placeLabels([one!], ['One'], size)[0]!.fits).toBe(false)
})

it('gives a name room only once, and reads it from left to right', () => {
  const streets = project([[north], [north.toReversed()], [west]], size)!
  const labels = placeLabels(streets, ['First Street', 'Second Street', 'Third'], size)
  expect(labels.filter(({ fits }) => fits).length).toBeLessThan(3)
  for (const { angle } of labels) expect(Math.abs(angle)).toBeLessThanOrEqual(90)
})

it('ends every scale in the last colour', () => {
  expect([0, 1, 2, 3].map((step) => levelColour({ step, steps: 4 }))).toEqual([0, 1, 3, 4])
  expect(levelColour({ step: 9, steps: 10 })).toBe(4)
  expect(levelClass(null)).toBe('level-none')
})
