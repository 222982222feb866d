/** Guidelines for sound: WHO 2018 and 2009. */
import { limitsOf, type Limit } from './limit.ts'

const everySource = 'Of road traffic. A microphone hears every source: compare total outdoor sound with it.'

export const noiseLimits: readonly Limit[] = [
  ...limitsOf(
    'who-noise-2018',
    { from: '2018-10-10', source: 'WHO Europe 2018 (three copies)', captureMin: 0.75, unchecked: ['from'] },
    [
      { quantity: 'lden', averaging: 'year', value: 53, note: everySource },
      { quantity: 'lnight', averaging: 'year', value: 45, note: everySource },
      { quantity: 'laeq24h', averaging: 'year', value: 70, note: 'Of leisure, all exposure; conditional.' }
    ]
  ),
  ...limitsOf(
    'who-noise-2009',
    {
      from: '2009-10-08',
      source: 'WHO Europe 2009, as quoted by secondary sources',
      captureMin: 0.75,
      grade: 'V3',
      unchecked: ['value', 'rule', 'from']
    },
    [{ quantity: 'lnight', averaging: 'year', value: 40, interim: [55] }]
  )
]
