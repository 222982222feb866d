/** Every column that an export may have, with what it means: what files, the API's document and the data page say of it. */
import type { Column } from './table.ts'

const moment = (name: string, description: string): Column => ({
  name,
  kind: 'moment',
  nullable: false,
  description
})
const word = (name: string, description: string): Column => ({
  name,
  kind: 'word',
  nullable: false,
  description
})
const text = (name: string, description: string): Column => ({
  name,
  kind: 'text',
  nullable: false,
  description
})
const number = (name: string, description: string): Column => ({
  name,
  kind: 'number',
  nullable: true,
  description
})
const count = (name: string, description: string): Column => ({
  name,
  kind: 'count',
  nullable: false,
  description
})

export const columns = {
  time: moment('time', 'When it was measured; of an hour or day its beginning. UTC'),
  until: moment('until', 'End of the hour or day, not included. UTC'),
  street: word('street', 'Id of the street'),
  site: word('site', 'Id of the place where the sensor was installed'),
  device: word('device', 'Id of the box that measured it'),
  quantity: word('quantity', 'What was measured; see /api/v1/quantities'),
  value: { ...number('value', 'As it was sent, in the unit of its row; never altered'), nullable: false },
  unit: word('unit', 'Unit of the numbers of this row'),
  flag: {
    name: 'flag',
    kind: 'flag',
    nullable: false,
    description: 'QARTOD: 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing'
  },
  reason: text('reason', 'Why the flag is what it is; several are separated by spaces'),
  received: moment('received', 'When the hub received it. UTC'),
  correction: text('correction', 'Id of the correction that made the value; empty for a raw one'),
  mean: number(
    'mean',
    'Mean of the readings without flag 4, as the quantity is averaged; missing below the coverage asked for'
  ),
  min: number('min', 'Lowest reading without flag 4'),
  max: number('max', 'Highest reading without flag 4'),
  p10: number('p10', '10th percentile of the readings without flag 4'),
  p50: number('p50', '50th percentile of the readings without flag 4'),
  p90: number('p90', '90th percentile of the readings without flag 4'),
  count: count('count', 'Readings without flag 4'),
  expected: number('expected', 'Readings that were expected by the interval of the device'),
  coverage: number('coverage', 'count / expected, at most 1; missing while the interval is unknown'),
  passed: count('passed', 'Readings with flag 1'),
  notEvaluated: count('notEvaluated', 'Readings with flag 2'),
  suspect: count('suspect', 'Readings with flag 3'),
  failed: count('failed', 'Readings with flag 4')
} as const satisfies Record<string, Column>
