/** Which sensors an outdoor one is judged by: those of its street, or of the hub where the street has too few. */
import { expect, it } from 'vitest'
import { streetNeighboursMin } from '../../hub/limits.ts'
import { lookBackPlaces } from '../../hub/pipeline/look-back.ts'
import type { Site } from '../../model/place.ts'

function site(siteId: string, streetId: string, placement: Site['placement'] = 'outdoor'): Site {
  return { siteId, streetId, placement } as Site
}

const enough = Array.from({ length: streetNeighboursMin + 1 }, (_, n) => site(`a${n}`, 'a'))
const few = enough.slice(1).map(({ siteId }) => site(siteId.replace('a', 'b'), 'b'))
const places = lookBackPlaces(
  [...enough.toReversed(), ...few, site('in', 'a', 'indoor')],
  [{ deviceId: 'd', sensors: [] }]
)

it('are the others of its street, in order', () => {
  expect(places.neighboursOf('a1')).toEqual(enough.map(({ siteId }) => siteId).filter((id) => id !== 'a1'))
})

it('are those of the hub where its street has too few', () => {
  const all = [...enough, ...few].map(({ siteId }) => siteId)
  expect(places.neighboursOf('b1')).toEqual(all.filter((id) => id !== 'b1'))
})

it('are none of a place indoors, or that nobody knows', () => {
  expect([places.isOutdoor('in'), places.isOutdoor('gone'), places.isOutdoor('a0')]).toEqual([
    false,
    false,
    true
  ])
  expect([places.neighboursOf('in'), places.neighboursOf('gone')]).toEqual([[], []])
})
