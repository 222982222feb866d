/** English: the page of one street, with its chart, its table and its sensors. */
import { reasons, type Reason } from '../../model/flag.ts'
import { common } from './common.ts'

const list = new Intl.ListFormat(common.locale, { type: 'conjunction' })
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const street = {
  poster: 'Poster (A4)',
  more: 'About this sensor',
  sensorPage: (name: string) => `About this sensor: ${name}`,
  noStreet: 'There is no street at this address.',
  noStreetNext: 'It may have been renamed. All streets are on the first page.',
  range: 'Period',
  ranges: {
    '24h': '24 hours',
    '7d': '7 days',
    '30d': '30 days',
    '90d': '90 days',
    year: 'Year',
    custom: 'Custom'
  },
  quantity: 'Measurement',
  from: 'First day',
  until: 'Last day',
  show: 'Show',
  badRange: 'The last day must not be before the first.',
  window: 'Average by',
  windows: { raw: 'Reading', hour: 'Hour', day: 'Day', night: 'Night' },
  points: { raw: 'each reading', hour: 'hour by hour', day: 'day by day', night: 'night by night' },
  chartTitle: (label: string, street: string, points: string, range: string) =>
    `${label} on ${street}, ${points}, ${range}`,
  rangeText: (from: string, until: string) => (from === until ? from : `${from} to ${until}`),
  chartSummary: (usual: string, highest: string, when: string) =>
    `Usually ${usual}, highest ${highest}, ${when}.`,
  chartEmpty: 'No values in this period.',
  chartFailed: 'The chart could not be loaded.',
  legendMiddle: 'Median of the sensors',
  legendMiddleHomes: 'Typical of the homes',
  legendBand: 'Range of the middle half of the sensors',
  guidelineShort: 'WHO guideline',
  guidelines: {
    day: (value: string) => `WHO guideline for 24 hours: ${value}`,
    night: (value: string) => `WHO guideline for road noise at night: ${value}`
  },
  legendGuideline: (label: string) => `${label}, indicative`,
  chartHint: 'Touch the chart, point at it, or use the arrow keys to read values.',
  noValueHere: 'no value',
  nightOf: (day: string) => `Night from ${day}`,
  hourFrom: (from: string, until: string) => `${from} to ${until}`,
  fewerSites: (sites: number, needed: number) =>
    `no value: ${plural(sites, 'sensor', 'sensors')} with enough readings, ${needed} needed`,
  fewerHomes: 'no value: not enough homes',
  half: (low: string, high: string) => `middle half ${low} to ${high}`,
  table: 'Show as table',
  hideTable: 'Hide the table',
  download: 'Download',
  take: {
    drawn: 'This chart',
    csv: 'Figures (CSV)',
    png: 'Picture (PNG)',
    svg: 'Drawing (SVG)',
    behind: 'What it is made of',
    readings: 'Single readings (CSV)',
    citation: (title: string, hub: string, licence: string, address: string) =>
      `${title}. Source: ${hub}${licence === '' ? '' : `, ${licence}`}, indicative low-cost sensors, ${address}`
  },
  emptyRange: 'Nothing was measured in this period.',
  emptyNewest: (when: string) => `The newest reading is from ${when}.`,
  showAround: (when: string) => `Show the 30 days up to ${when}`,
  longer: 'Try a longer period.',
  correctedBy: (made: string[]) => `These values are corrected: ${list.format(made)}.`,
  correction: (title: string, sensors: string, since: string) =>
    since === '' ? `${title} (${sensors})` : `${title} since ${since} (${sensors})`,
  humidGaps: 'Where the air was too humid to correct a value there is a gap.',
  sitesRaw: 'Their newest readings are as measured.',
  notCorrected: 'No correction applies to this period, so there are no corrected values.',
  recomputing: 'A correction has just changed: some values here are still being recalculated.',
  singles: 'There is no street value for this period, so each line is one sensor.',
  sites: 'Sensors',
  homes: 'Homes',
  otherSites: (count: number) =>
    `${plural(count, 'more sensor here measures', 'more sensors here measure')} other things.`,
  sitesHint: 'Choose a sensor to draw its own line.',
  draw: 'Draw its line',
  drawn: 'On the chart',
  reasons: reasons as Record<Reason, string>,
  siteState: {
    online: 'working',
    never: 'never reported',
    unusable: 'sends, but nothing usable yet'
  },
  unusableSince: (when: string) => `sends, but nothing usable since ${when}`,
  silentSince: (when: string) => `silent since ${when}`,
  notMeasured: (label: string) => `does not measure ${label}`,
  doubtful: 'doubtful',
  failed: 'cannot be right',
  legendDoubtful: 'Doubtful reading',
  coverage: (percent: string) => `${percent} measured`,
  newestNotChecked: 'newest reading not checked yet',
  notChecked: (from: string) =>
    `From ${from} the readings are not checked against those around them yet. That happens a few minutes after each hour, and may show that a sensor is stuck.`,
  leftOut: (count: number, why: readonly [count: number, says: string][]) => {
    const reasons = why.map(([of, says]) => (why.length === 1 ? says : `${of} ${says}`))
    const one = count === 1
    return `${plural(count, 'reading', 'readings')} failed ${one ? 'its' : 'their'} checks and ${one ? 'is' : 'are'} in no number here${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`
  },
  leftOutWhy: {
    outOfRange: 'outside the possible range',
    sentinel: 'sent by a sensor that could not measure',
    saturated: 'at the end of the sensor’s scale',
    stuck: 'repeating one value where nature does not',
    tooHumid: 'in air too humid to correct them'
  } as Partial<Record<Reason, string>>,
  leftOutList: 'List of what was left out (CSV)',
  failedReadings: (name: string, count: number) =>
    `${name}: ${plural(count, 'reading', 'readings')} failed ${count === 1 ? 'its' : 'their'} checks and ${count === 1 ? 'was' : 'were'} left out.`,
  doubtfulOutside: (count: number, farthest: string) =>
    count === 1
      ? `1 doubtful reading lies outside the chart: ${farthest}.`
      : `${count} doubtful readings lie outside the chart, the farthest at ${farthest}.`,
  daysAbove: (above: number, known: number, missing: number, guideline: string) => {
    const few = `${plural(missing, 'day', 'days')} had too little data`
    if (known === 0)
      return `No day in this period had enough data to be compared with the WHO guideline for 24 hours (${guideline}).`
    const count =
      above === 0
        ? known === 1
          ? 'The one day'
          : `None of ${known} days`
        : `${above} of ${plural(known, 'day', 'days')}`
    const verb = above === 0 ? (known === 1 ? 'was not' : 'was') : above === 1 ? 'was' : 'were'
    return `${count} with enough data ${verb} above the WHO guideline for 24 hours (${guideline}), indicative${missing > 0 ? `; ${few}` : ''}.`
  },
  annotations: 'Noted by the stewards',
  annotation: {
    since: (number: string, text: string, from: string) => `${number}: ${text}, since ${from}`,
    between: (number: string, text: string, from: string, last: string) =>
      `${number}: ${text}, ${from === last ? from : `${from} to ${last}`}`
  },
  noSites: 'There is no outdoor sensor here yet.',
  patterns: {
    week: 'A typical week',
    day: 'Day',
    hourOf: (day: string, hour: string) => `${day} at ${hour}`,
    weekSentence: (highest: string, high: string, lowest: string, low: string) =>
      `Over at least three months it was usually highest on ${highest} (${high}) and lowest on ${lowest} (${low}).`,
    shades: 'Darker means higher. Hatched: fewer than five days with a value.',
    none: 'There is not enough data in this period.',
    calendar: 'The last 12 months, day by day',
    tooLittle: 'too little data',
    daysAbove: (above: number, known: number, all: number, guideline: string) =>
      known === 0
        ? `None of ${all} days had enough data.`
        : `${above === 0 ? 'None' : above} of ${plural(known, 'day', 'days')} with enough data (of ${all}) ${above === 1 ? 'was' : 'were'} above WHO’s guideline for a day (${guideline}), indicative.`,
    calendarBefore: (date: string) => `There is nothing from before ${date}.`,
    daysKnown: (known: number, all: number) => `${known} of ${all} days had enough data.`,
    marks:
      'Darker means higher, hatched means too little data, a dot means above WHO’s guideline for a day. Columns are weeks.',
    above: 'above the guideline',
    noise: {
      heading: 'Sound by day, evening and night',
      day: 'Day, 07:00 to 19:00',
      evening: 'Evening, 19:00 to 23:00',
      night: 'Night, 23:00 to 07:00',
      lden: (label: string) => `${label}: evening counted 5 dB louder, night 10 dB`,
      background: 'Background: the level exceeded 90% of the time (L90)',
      all: 'All sound, averaged (LAeq)',
      events: 'Events: how far the average lies above the background',
      note: 'Averages of sound are energy averages, all sounds, indicative.'
    }
  },
  columns: {
    time: 'Time',
    middle: 'Median',
    typical: 'Typical of the homes',
    low: 'Lower quartile',
    high: 'Upper quartile',
    sites: 'Sensors',
    coverage: 'Coverage',
    coverageOf: (name: string) => `${name}: coverage`,
    doubtfulOf: (name: string) => `${name}: doubtful`
  }
}
