/** What a comparison says, and that it says nothing where too little is common. */
import { describe, expect, it } from 'vitest'
import { commonOf, compareSentences } from '../../words/compare.ts'
import { hourMs } from '../../model/time.ts'
import { english } from '../support/english.ts'

const hours = (values: readonly (number | null)[], from = 0) => ({
  time: values.map((_value, i) => from + i * hourMs),
  value: values
})
const thirty = (value: number): number[] => Array.from({ length: 30 }, () => value)

describe('a comparison', () => {
  it('counts only what both have', () => {
    expect(commonOf(hours([1, null, 3]), hours([2, 2, null]))).toEqual({
      count: 1,
      of: 3,
      usual: [1, 2],
      higher: 1
    })
    expect(commonOf(hours([1]), hours([null]))).toBeUndefined()
  })

  it('names both values, how many hours they are of, and how often the second was higher', () => {
    const second = [...thirty(12).slice(0, 20), ...thirty(2).slice(0, 10)]
    const lines = [
      { name: 'Ashley Road', ...hours(thirty(8)) },
      { name: 'Mill Lane', ...hours(second) }
    ]
    expect(compareSentences(english, 'pm2_5', 'hour', lines)).toEqual([
      'In the 30 hours (of 30) with a value for both, PM2.5 was usually 8.0\u00a0µg/m³ on Ashley Road and 12.0\u00a0µg/m³ on Mill Lane, which was higher 66% of the time.'
    ])
  })

  it('says that nothing can be told below a day of hours', () => {
    const [sentence] = compareSentences(english, 'pm2_5', 'hour', [
      { name: 'Ashley Road', ...hours(thirty(8)) },
      { name: 'Mill Lane', ...hours(thirty(9).slice(0, 23)) }
    ])
    expect(sentence).toBe(
      'Nothing can be told about Ashley Road and Mill Lane: only 23 hours in this period have a value for both, and a comparison needs 24.'
    )
  })
})
