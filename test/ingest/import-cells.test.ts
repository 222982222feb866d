/** Lines into cells and lines into rows: quotes, blanks, cells of several lines, and quotes that are not right. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMapping } from '../../ingest/import/mapping.ts'
import { endsInsideQuotes, splitCells } from '../../ingest/import/split-cells.ts'
import { timeFormat, timeTokens } from '../../ingest/import/time-format.ts'
import { wholeRows } from '../../ingest/import/whole-rows.ts'

const comma = { delimiter: ',', quote: '"' }

describe('a line', () => {
  it.each<[string, string[] | undefined]>([
    ['', ['']],
    ['a,b', ['a', 'b']],
    [' a , b ,', ['a', 'b', '']],
    ['"a","b"', ['a', 'b']],
    [' "  60" , "7"', ['60', '7']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",c', ['say "hi"', 'c']],
    ['"",c', ['', 'c']],
    ['5" pipe,c', ['5" pipe', 'c']],
    ['"a"b,c', undefined],
    ['"a,b', undefined]
  ])('%s falls into cells', (line, cells) => {
    expect(splitCells(line, comma)).toEqual(cells)
  })

  it('may have tabs between cells, and no quotes at all', () => {
    expect(splitCells('a\t\tb', { delimiter: '\t', quote: '"' })).toEqual(['a', '', 'b'])
    expect(splitCells('"a";b', { delimiter: ';', quote: '' })).toEqual(['"a"', 'b'])
  })

  it('that was quoted comes back as it was', () => {
    const cell = fc.string().map((text) => text.trim())
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const line = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')
        expect(splitCells(line, comma)).toEqual(cells)
        expect(endsInsideQuotes(line, comma)).toBe(false)
      })
    )
  })

  it('of any characters is cells or none, and is open only when it is none', () => {
    const characters = fc.constantFrom('"', ',', ' ', 'a', '\n', '\t')
    fc.assert(
      fc.property(fc.array(characters), (parts) => {
        const line = parts.join('')
        if (endsInsideQuotes(line, comma)) expect(splitCells(line, comma)).toBeUndefined()
      })
    )
  })
})

describe('rows', () => {
  async function rowsOf(stretches: string[][], linesBefore = 0): Promise<string[]> {
    const isOpen = (text: string): boolean => endsInsideQuotes(text, comma)
    const rows: string[] = []
    const given = (async function* () {
      for (const stretch of stretches) yield await Promise.resolve(stretch)
    })()
    for await (const stretch of wholeRows(given, isOpen, linesBefore)) rows.push(...stretch)
    return rows
  }

  it('go on in the next line, and in the next stretch, while a quote is open', async () => {
    expect(
      await rowsOf([
        ['a,"b', 'c",d', 'e,"f'],
        ['', 'g"']
      ])
    ).toEqual(['a,"b\nc",d', 'e,"f\n\ng"'])
  })

  it('do not begin above the header', async () => {
    expect(await rowsOf([['"Export', 'a,b', '1,2']], 1)).toEqual(['"Export', 'a,b', '1,2'])
  })

  it('lose no line, whatever is open', async () => {
    const line = fc.constantFrom('a,b', '"a,b', 'a",b', '"a"', '', '"a""')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line), { maxLength: 30 }), async (stretches) => {
        expect((await rowsOf(stretches)).flatMap((row) => row.split('\n'))).toEqual(stretches.flat())
      })
    )
  })
})

describe('nothing that people write', () => {
  it('throws: a mapping, a format, a time', () => {
    const piece = fc.oneof(fc.constantFrom(...timeTokens, '-', ':', ' ', 'T', '[', ']', '('), fc.string())
    fc.assert(fc.property(fc.json(), (text) => readMapping(text).ok === false))
    fc.assert(
      fc.property(fc.array(piece), fc.string(), (pieces, text) => {
        const found = timeFormat(pieces.join(''))
        const shown = found.ok ? found.format.read(text) : undefined
        expect(shown === undefined || Number.isFinite(shown.wallMs)).toBe(true)
      })
    )
  })
})
