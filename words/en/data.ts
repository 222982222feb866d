/** English: the page for researchers, from which readings are downloaded. */
import type { ExportFormatName } from '../../contract/export.ts'
import type { SnippetName } from '../data-request.ts'

export const data = {
  heading: 'Data',
  lead: 'Every outdoor reading, hour and day of this neighbourhood, for anybody, without an account and without a limit. What is measured inside homes is not in it.',
  streets: 'Streets',
  allStreets: 'All streets',
  streetsHint: (count: number) => (count === 1 ? 'One street has a line here.' : `${count} streets.`),
  quantities: 'Measurements',
  allQuantities: 'Everything that is measured',
  period: 'Period',
  from: 'First day',
  until: 'Last day',
  wholeRecord: 'Leave both empty for everything there is. Days are those of the neighbourhood’s own clock.',
  badPeriod: 'The last day is before the first.',
  window: 'Rows',
  windows: {
    raw: {
      label: 'Single readings',
      hint: 'As they were sent, each with its quality flag and the reasons for it.'
    },
    hour: {
      label: 'Hourly values',
      hint: 'Mean, lowest, highest, percentiles, number of readings and coverage.'
    },
    day: { label: 'Daily values', hint: 'The same for civil days; a day needs 18 valid hours.' }
  },
  values: 'Values',
  valueChoices: {
    raw: { label: 'As measured', hint: 'What the sensor said.' },
    corrected: {
      label: 'Corrected',
      hint: 'Where a correction is in use, with its name and version in each row.'
    }
  },
  layout: 'Columns',
  layouts: {
    long: { label: 'One row per value', hint: 'Best for databases and for R’s tidyverse.' },
    wide: { label: 'One column per measurement', hint: 'Best for spreadsheets and for openair.' }
  },
  flags: 'Quality flags',
  flagChoices: {
    keep: { label: 'Keep all readings', hint: 'You decide what to leave out: flag 4 failed a check.' },
    drop: { label: 'Leave out failed readings', hint: 'Readings with flag 4 are not in the file.' }
  },
  format: 'File',
  formats: {
    csv: { label: 'CSV', hint: 'Opens in every spreadsheet and language.' },
    parquet: {
      label: 'Parquet',
      hint: 'Typed and compressed: a tenth of the size. For pandas, polars, R and DuckDB.'
    },
    jsonl: { label: 'JSON Lines', hint: 'One object per line.' },
    arrow: { label: 'Arrow', hint: 'A stream of record batches.' }
  } satisfies Record<ExportFormatName, { label: string; hint: string }>,
  estimating: 'Counting…',
  estimate: (rows: string, size: string) => `About ${rows} rows, ${size}.`,
  nothing: 'There is nothing in this selection.',
  download: 'Download',
  ordered: {
    why: 'A download of this size takes a while, and starts again if the connection breaks. The hub can make the file first: then a broken download goes on where it stopped, and the file stays here for a week.',
    order: 'Have the file made',
    waiting: 'The file waits for its turn.',
    making: (size: string) => `The file is being made: ${size} so far.`,
    comeBack: 'You can close this page and come back to its address later.',
    whole: (rows: string, size: string, day: string) =>
      `The file is ready: ${rows} rows, ${size}. It stays here until ${day}.`,
    fetch: 'Download the finished file',
    failed: 'The file could not be made.',
    again: 'Order it again'
  },
  cited:
    'Each download has a receipt, named in its header Lamppost-Export: rows, SHA-256, query, licence and the versions of the methods.',
  same: 'The same request in your program',
  snippets: {
    curl: 'curl',
    pandas: 'Python (pandas)',
    polars: 'Python (polars)',
    duckdb: 'Python (DuckDB)',
    r: 'R (openair)'
  } satisfies Record<SnippetName, string>,
  whole: 'Is the file whole?',
  wholeText:
    'A download that breaks off ends with an error in every client. To be certain, compare the file with its receipt:',
  dictionary: 'What the columns hold',
  columns: {
    name: 'Column',
    meaning: 'Meaning',
    quantity: 'Measurement',
    unit: 'Unit',
    flag: 'Flag',
    reason: 'Reason'
  },
  csvColumns: [
    ['time', 'When it was measured: ISO 8601, UTC, milliseconds.'],
    ['street, site, device', 'Ids that stay. A site keeps its history when its sensor is replaced.'],
    [
      'quantity, value, unit',
      'What was measured. Values are never changed; corrections have rows of their own.'
    ],
    ['flag, reason', 'QARTOD quality flag and the reasons for it, as below.'],
    ['received', 'When the hub received it.']
  ] as [string, string][],
  flagTable: 'Quality flags (QARTOD)',
  flagMeanings: {
    1: 'Passed every check.',
    2: 'Not evaluated: not judged yet, or quality-assured by somebody else.',
    3: 'Suspect. It counts in means.',
    4: 'Failed. It is in no mean, and stays in the file.',
    9: 'Missing.'
  },
  reasonTable: 'Reasons',
  quantityTable: 'Measurements and units',
  methods: 'How every number is made',
  licence: 'Licence and citation',
  licenceText: (licence: string) => `The data are published under ${licence}.`,
  cite: (hub: string, licence: string, day: string, url: string) =>
    `${hub} (Lamppost). Air, noise and damp measurements of the neighbourhood. Licence: ${licence}. Downloaded ${day} from ${url}`,
  indicative: 'Low-cost sensors are indicative. A comparison with a legal limit needs reference instruments.',
  datasets: 'To cite exactly what you used, take a dataset: a snapshot that never changes.',
  datasetsLink: 'Datasets',
  api: 'All of it for programs: the API'
}
