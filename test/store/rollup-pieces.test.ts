/** Hours and days are made in packs that fit memory, and none of them twice. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { hourMs, type UnixMs } from '../../model/time.ts'
import type { Channel } from '../../store/memory/catalogue.ts'
import { lowerBound } from '../../store/rollups/lower-bound.ts'
import { packsOf, type Piece } from '../../store/rollups/pieces.ts'

const channels: Channel[] = [0, 1, 2, 3, 4].map((id) => ({
  id,
  siteId: `site-${id}`,
  quantity: 'pm2_5_corrected',
  latest: undefined
}))

/** An hour alone for each list: of these channels. */
function piecesOf(lists: readonly (readonly number[])[]): Piece[] {
  return lists.map((ids, nth) => {
    const hour = nth * hourMs
    const range = { from: hour as UnixMs, until: (hour + hourMs) as UnixMs }
    return { range, day: undefined, channels: new Map(ids.map((id) => [channels[id]!, new Set([hour])])) }
  })
}

function hoursIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap(({ channels }) =>
    [...channels].flatMap(([{ id }, hours]) => [...hours].map((hour) => `${id} ${hour}`))
  )
}

describe('packs', () => {
  it('hold each hour once, and no more readings than fit unless one channel has more', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1 }), { maxLength: 12 })
    const rates = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(lists, rates, (given, perHour) => {
        const pieces = piecesOf(given)
        const packs = [...packsOf(pieces, ({ id }) => perHour[id]!, 100)]
        expect(packs.flatMap(hoursIn)).toEqual(hoursIn(pieces))
        for (const pack of packs) {
          const rows = hoursIn(pack).map((text) => perHour[Number(text.split(' ')[0])]!)
          const readings = rows.reduce((sum, one) => sum + one, 0)
          expect(readings <= 100 || rows.length === 1).toBe(true)
        }
      })
    )
  })
})

describe('the place of a time', () => {
  it.each([
    [[], 1, 0],
    [[1, 3], 0, 0],
    [[1, 3], 1, 0],
    [[1, 3], 2, 1],
    [[1, 3], 4, 2]
  ])('in %j of %i is %i', (times, time, place) => {
    expect(lowerBound(times, time)).toBe(place)
  })
})
