/** Pictures of streets for previews: the words of the page, drawn with our own typeface, whatever the name is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreetDetail } from '../../contract/street.ts'
import { openDrawer, type Drawer } from '../../documents/picture/draw.ts'
import { streetPicture } from '../../documents/picture/street-picture.ts'
import { wrapped } from '../../documents/picture/wrap.ts'
import { fixtureNeighbourhood } from '../support/fixture-street.ts'
import { textContext, textNow } from '../support/english.ts'
import type { UnixMs } from '../../model/time.ts'

const street = fixtureNeighbourhood(textNow as UnixMs).streets[0]! as StreetDetail

/** Width and height of a PNG (ISO/IEC 15948, IHDR). */
const sizeOf = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)]

describe('the picture of a street', () => {
  let drawer: Drawer
  beforeAll(async () => {
    drawer = await openDrawer()
  })
  afterAll(() => drawer.close())

  it('is 1200 by 630, and shows its name and its sentence', async () => {
    const svg = streetPicture(textContext(), street, 'air', 'Mill Quarter')
    expect(svg).toContain(street.name)
    expect(svg).toContain('In the last 24 hours')
    const png = await drawer.png(svg)
    expect([png.toString('latin1', 1, 4), ...sizeOf(png)]).toEqual(['PNG', 1200, 630])
    const bare = await drawer.png(svg.replaceAll(/<text[^>]*>.*?<\/text>/g, ''))
    expect(png.length, 'letters are drawn').toBeGreaterThan(bare.length + 5_000)
  })

  it.each([
    ['a hundred letters', 'Long '.repeat(20)],
    ['one word of a hundred letters', 'x'.repeat(100)],
    ['marks of XML', '<b>&"Road"\' ]]>'],
    ['Arabic', 'شارع السوق']
  ])('bears a name of %s', async (_what, name) => {
    const png = await drawer.png(streetPicture(textContext(), { ...street, name }, 'noise', ''))
    expect(sizeOf(png)).toEqual([1200, 630])
  })
})

describe('lines of text', () => {
  it('end where the column ends, at most so many, the last with an ellipsis', () => {
    const column = { widthPx: 200, sizePx: 20, linesMax: 2 }
    expect(wrapped('short', column)).toEqual(['short'])
    const lines = wrapped('one two three four five six seven eight nine ten', column)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/…$/)
    expect(wrapped('x'.repeat(60), column).every((line) => line.length < 20)).toBe(true)
  })
})
