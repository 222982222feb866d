/** WHO's guidelines for air and for sound. They alone stand beside figures, so every page has them; laws are in air-laws.ts. */
import { limitsOf, type Limit, type Rule } from './limit.ts'

const p99: Rule = { kind: 'percentile', percent: 99, by: 'Decision 97/101/EC' }
/** Not once a year. */
const never: Rule = { kind: 'allowed', timesAYear: 0 }

const who2021 = limitsOf(
  'who-2021',
  // WHO gives no capture rule of its own: 75 % is this project's, as everywhere in it.
  {
    from: '2021-09-22',
    source: 'WHO 2021, table 0.1 (airclim.org, KAPSARC)',
    captureMin: 0.75,
    unchecked: ['from']
  },
  [
    { quantity: 'pm2_5', averaging: 'year', value: 5, interim: [35, 25, 15, 10] },
    { quantity: 'pm2_5', averaging: 'day', value: 15, rule: p99, interim: [75, 50, 37.5, 25] },
    { quantity: 'pm10', averaging: 'year', value: 15, interim: [70, 50, 30, 20] },
    { quantity: 'pm10', averaging: 'day', value: 45, rule: p99, interim: [150, 100, 75, 50] },
    { quantity: 'no2', averaging: 'year', value: 10, interim: [40, 30, 20] },
    { quantity: 'no2', averaging: 'day', value: 25, rule: p99, interim: [120, 50] },
    { quantity: 'o3', averaging: '8hours', value: 100, rule: p99, interim: [160, 120] },
    {
      quantity: 'so2',
      averaging: 'day',
      value: 40,
      rule: p99,
      interim: [125, 50],
      grade: 'V3',
      note: 'One copy of the table has 50, by mistake.'
    },
    { quantity: 'co', averaging: 'day', value: 4, rule: p99, interim: [7] }
  ]
)

const who2005 = limitsOf(
  'who-2005',
  {
    from: '2006-10-05',
    source: 'WHO 2005, recalled',
    captureMin: 0.75,
    unchecked: ['value', 'rule', 'from']
  },
  [
    { quantity: 'no2', averaging: 'hour', value: 200, rule: never, grade: 'V3' },
    { quantity: 'co', averaging: '8hours', value: 10, rule: never, grade: 'V3' },
    { quantity: 'co', averaging: 'hour', value: 35, rule: never, grade: 'V3' }
  ]
)

export const whoAirLimits: readonly Limit[] = [...who2021, ...who2005]

const everySource = 'Of road traffic. A microphone hears every source: compare total outdoor sound with it.'

export const whoNoiseLimits: readonly Limit[] = [
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

export const whoLimits: readonly Limit[] = [...whoAirLimits, ...whoNoiseLimits]
