/** English: the page of methods. Numbers come in as parameters, from the tables that the hub computes with. */
import type { Flag, Reason } from '../../model/flag.ts'
import type { CorrectedSensor } from '../../model/correction.ts'
import type { Averaging, LimitQuantity, Part } from '../../science/guidelines.ts'

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

export const methods = {
  heading: 'How every number is made',
  lead: 'Everything this site shows is computed from readings by the rules below. The tables on this page come from the constants that the software computes with, and each formula is kept beside its code.',
  contents: 'On this page',
  toContents: 'To the contents',
  source: (source: string) => `Source: ${source}.`,
  version: (version: number) => `Version ${version}`,
  range: (range: string) => `Holds for: ${range}.`,
  columns: {
    index: 'Index',
    word: 'Word',
    quantity: 'What',
    possible: 'Can be',
    usual: 'Usual',
    value: 'Value',
    meaning: 'What it means',
    flag: 'Flag'
  },
  from: (from: string) => `${from} and more`,
  below: (until: string) => `below ${until}`,
  fromBelow: (from: string, until: string) => `${from} to below ${until}`,
  span: (from: string, until: string) => `${from} to ${until}`,
  or: (values: string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(values),

  journey: {
    heading: 'From a sensor to a street',
    steps: (coverage: string, dayHours: number, sites: number) => [
      'A sensor sends a reading.',
      'Its unit is converted to the one that this site uses. That value is kept, and never changed.',
      'It is checked. A reading that cannot be right is kept and marked, and left out of every mean.',
      `Readings become the mean of an hour. An hour counts when ${coverage}% of it was measured.`,
      `Hours become the mean of a day. A day counts when ${dayHours} of its hours count.`,
      `The value of a street is the median of its outdoor sensors, when at least ${sites} of them count.`,
      'Only then is it given a word, and only where the word is meant for a mean of that length.'
    ]
  },
  quantities: {
    heading: 'What is measured',
    text: 'A value outside “can be” has failed. A value outside “usual” is doubtful: it is shown, and marked.'
  },
  checks: {
    heading: 'Which readings count',
    text: 'Each reading has one flag, as oceanographers give them (QARTOD, IOOS 2017). “Not checked” is not the same as “passed”.',
    flags: {
      1: ['Passed', 'Counts in means.'],
      2: ['Not checked', 'Counts in means, and is not called good.'],
      3: ['Doubtful', 'Counts in means; drawn as a hollow dot.'],
      4: ['Failed', 'Kept and counted, but in no mean and on no line.'],
      9: ['Missing', 'There is no value; the gap stays a gap.']
    } satisfies Record<Flag, readonly [name: string, means: string]>,
    reasonsHeading: 'Why a reading is marked',
    reasons: {
      outOfRange: 'Cannot be',
      unusual: 'Unusual',
      timeReceived: 'Time not believed',
      sentinel: 'No measurement',
      saturated: 'End of the scale',
      stuck: 'Stuck',
      spike: 'Spike',
      rateOfChange: 'Too fast',
      inconsistent: 'Contradiction',
      neighbours: 'Far from neighbours',
      ratified: 'Checked elsewhere',
      tooHumid: 'Too humid to correct',
      aboveSaturation: 'Above 100%',
      doubted: 'Doubted elsewhere',
      unauthenticated: 'Without a secret',
      channelsDisagree: 'Two channels disagree',
      unjudged: 'Not compared yet'
    } satisfies Record<Reason, string>,
    sentinelsHeading: 'Values that are no measurement',
    sentinelsText: 'Some sensors send these when they could not measure, or could measure no further.',
    formulasHeading: 'Tests that look at more than one reading'
  },
  stuck: {
    caption: 'One value repeated to the last digit',
    text: 'Doubtful where it lasts; failed only where so many repeats of so fine a value cannot be chance. A humidity at an end of its scale is judged by the temperature beside it, as below.',
    columns: ['What', 'Doubtful', 'Failed'],
    repeats: (above: string, hours: string) => `from ${above}, for ${hours} hours`,
    repeatsAny: (hours: string) => `any value, for ${hours} hours`,
    neverFails: 'never',
    fails: (from: string, until: string, readings: number, whole: string) =>
      `from ${from} to below ${until}, ${readings} times or more, ${whole}`,
    wholeFrom: (value: string) => `with tenths or from ${value}`,
    noWhole: 'with tenths'
  },
  changes: {
    caption: 'Readings that stand out: doubtful, never failed for it',
    columns: ['What', 'Spike above', 'Change a minute above', 'Neighbours apart by more than'],
    none: '–'
  },
  coverage: {
    heading: 'Means and coverage',
    interval: (share: string, gapS: number, readings: number) =>
      `How often a sensor reports is what its host said, or what its kind is known for. Where neither is known it is learnt, and shown as assumed: the shortest gap that makes up at least ${share} of its gaps of ${gapS} seconds and more, from ${readings} readings on. It may change over time; each stretch is counted by its own, and a mean over a change weighs by time.`,
    paragraphs: (coverage: string, dayHours: number, zone: string) => [
      `Coverage is the share of the time that was measured. It is counted from how often the sensor should report, never from how often it did: a sensor that is silent half the day has a coverage of one half. Below ${coverage}% there is no mean, and the chart has a gap.`,
      `A day needs ${dayHours} hours that count, also on the days of 23 and 25 hours when clocks change. Hours and days are those of this hub’s clock (${zone}): an hour begins where it shows a full hour or jumps into another, a day at its midnight.`,
      'Sound levels are averaged as energy, not as numbers. Everything else is averaged as usual.'
    ]
  },
  street: {
    heading: 'The value of a street',
    paragraphs: (sites: number) => [
      `A street’s value is the median of its outdoor sensors: half measured more, half less. One broken sensor cannot move a median far, as it would move an average. With fewer than ${sites} sensors that count there is no street value; the single sensors are shown instead, without a word.`,
      'The soft band on a chart is the middle half of the sensors: a quarter measured more than its upper edge, a quarter less than its lower.'
    ]
  },
  homes: {
    heading: 'Sensors inside homes',
    paragraphs: (perDay: number, perHour: number, delayHours: number) => [
      `A sensor inside a home is private. Only what is typical of several homes whose hosts agreed is shown: at least ${perDay} homes for a day, ${perHour} for its hours. Typical is the mean of the middle three fifths of them, in whole units or coarser, so it is never the value of one home.`,
      `Each home counts once, however many sensors it has. A day comes out once, ${delayHours} hours or more after it has ended, and stays as it came out, whatever changes afterwards. Homes are counted in steps of ${perDay}, and nobody is told how many or which they are.`
    ]
  },
  corrections: {
    heading: 'Corrections',
    text: (humidityAgeMinutes: number, humidityMax: number) =>
      `Small particle sensors count water as dust when the air is humid, and each kind has its own error. A correction is used only where the steward has set one, only for the sensors it was made for, and never on top of another. The number as it was measured stays, and a page or file shows one or the other and says which. Humidity is that of the same box, at most ${humidityAgeMinutes} minutes old. Where the air is too humid to correct a number (above ${humidityMax}% for the humidity correction), it is in no corrected mean: the coverage says so.`,
    sensors: (sensors: string[]) => `Made for: ${list.format(sensors)}.`,
    families: {
      plantower: 'Plantower (PMS5003, PMS7003)',
      sds011: 'SDS011',
      sps30: 'SPS30',
      opc: 'other optical counters',
      other: 'any other sensor'
    } satisfies Record<CorrectedSensor, string>,
    anySensor: 'Made for: the one sensor that stood beside the reference.',
    inUse: 'In use here',
    none: 'No correction is set on this hub, so every number is as it was measured.',
    notAnswered: 'The hub did not say which corrections it uses. Load the page again to ask once more.',
    recomputing: (hours: number) =>
      `A correction has just changed: ${hours.toLocaleString('en')} hours are still being recalculated.`,
    one: (
      label: string,
      site: string,
      by: string,
      { from, until }: { from: string; until: string },
      id: string,
      version: number
    ) => {
      const since = from === '' ? '' : ` from ${from}`
      const to = until === '' ? '' : ` until ${until}`
      return `${label} at ${site}: ${by}${since}${to}. It is ${id}, version ${version}.`
    }
  },
  air: {
    heading: 'Air: words and indices',
    text: 'The words on the map are those of the UK index. The other two are there for researchers, through the interface. An hour is never judged by the scale of a day.',
    daqi: 'UK index: highest pollutant decides, µg/m³',
    eaqi: 'European index: hourly means, µg/m³',
    usAqi: 'US index: particles, µg/m³'
  },
  noise: {
    heading: 'Noise',
    text: (day: number, evening: number, night: number, errorDb: number) =>
      `Day is 0${day}:00 to ${evening}:00, evening ${evening}:00 to ${night}:00, night ${night}:00 to 0${day}:00 by the local clock. A night in which clocks change has 7 or 9 hours and is averaged over the hours it had. A microphone hears every source, not only the road, and one that was not calibrated may be ${errorDb} dB off.`,
    scale: 'Words for one night, dB'
  },
  damp: {
    heading: 'Damp and mould',
    text: (risk: number) =>
      `Mould grows on the coldest surface, so the humidity of the room alone says little. At ${risk}% and more on a surface, for weeks, mould becomes possible. What is told is risk, never that there is mould.`,
    scale: 'Words for a room, mean of 7 days, %'
  },
  mould: {
    caption: 'Mould model: the four classes of material',
    columns: ['Material', 'k₁ below index 1, and from 1 on', 'Lowest RHcrit', 'Mmax'],
    classes: {
      verySensitive: 'Untreated pine',
      sensitive: 'Planed wood, paper-faced board',
      mediumResistant: 'Plaster, concrete',
      resistant: 'Glass, metal'
    },
    then: ', then ',
    highest: (a: string, b: string, c: string) =>
      `${a} + ${b} x − ${c} x², with x = (RHcrit − RH) / (RHcrit − 100)`,
    critical: (a: string, b: string, c: string, d: string) =>
      `Mould grows from the critical humidity up: RHcrit = ${a} T³ + ${b} T² + (${c}) T + ${d}, in % and °C of the surface, and at least that of the material.`,
    first: (a: string, b: string, c: string) =>
      `The time until it shows on pine is t_m = exp(${a} ln T + (${b}) ln RH + ${c}) weeks.`,
    growth: (approach: string, from: string, until: string) =>
      `Growth slows down near the highest index: k₂ = 1 − exp(${approach} (M − Mmax)), at least 0. There is none at ${from} °C and below, and none at ${until} °C and above.`,
    decline: (first: string, firstHours: number, restHours: number, later: string) =>
      `When it is too dry the index falls by ${first} a day for ${firstHours} hours, then not until ${restHours} hours have passed, then by ${later} a day.`
  },
  change: {
    heading: 'Change: trends, before and after, calibration',
    text: 'A change is told with its interval, or not at all. Where the data cannot bear an answer, the answer is a sentence that says why.'
  },
  limits: {
    heading: 'Limits and guidelines',
    text: 'Each limit has dates. A reading is compared with what held at its own time, and only as a mean over the time the limit is about. Low-cost sensors are indicative: they show where to look, they prove nothing about the law.',
    levels: { lden: 'Lden', lnight: 'Lnight', laeq24h: 'LAeq over 24 hours' } satisfies Partial<
      Record<LimitQuantity, string>
    >,
    averaging: {
      '15minutes': 'mean of 15 minutes',
      hour: 'mean of 1 hour',
      '8hours': 'highest mean of 8 hours of a day',
      day: 'mean of 24 hours',
      year: 'mean of a year'
    } satisfies Record<Averaging, string>,
    spans: {
      '15minutes': ['in', 'quarter-hour'],
      hour: ['in', 'hour'],
      '8hours': ['on', 'day'],
      day: ['on', 'day'],
      year: ['in', 'year']
    } satisfies Record<Averaging, readonly [string, string]>,
    what: (name: string, averaging: string, value: string) => `${name}, ${averaging}: ${value}`,
    mean: 'The mean itself is compared.',
    never: 'Not to be exceeded.',
    allowed: (times: number, [preposition, span]: readonly [string, string]) =>
      `May be exceeded ${preposition} ${times} ${span}${times === 1 ? '' : 's'} of a year.`,
    percentile: (percent: number, by: string) =>
      `${percent}% of the values of a year must not lie above (${percent}th percentile, counted as in ${by}).`,
    percentileOfDailyMax: (percent: number, by: string) =>
      `Of each day the highest hour; ${percent}% of these in a year must not lie above (${percent}th percentile, counted as in ${by}).`,
    years: (years: number) => `Averaged over ${years} years; with fewer nothing can be told yet.`,
    rounded: (amount: string) => `Rounded to ${amount} before it is compared.`,
    interim: (values: string[]) => `Interim targets: ${list.format(values)}.`,
    capture: (year: string, part: string, span: string) =>
      span === 'year'
        ? `Needs ${year}% of the year.`
        : `Needs ${part}% of each ${span} and ${year}% of the year.`,
    ownCapture: (year: string) =>
      `Whoever made it goes by ${year}% of the year in practice; the verdict by that is given as well.`,
    since: (from: string) => `In force since ${from}.`,
    sinceUntil: (from: string, last: string) => `In force from ${from} to ${last}.`,
    ahead: (from: string) => `Not yet in force: from ${from}.`,
    aheadUntil: (from: string, last: string) => `Not yet in force: from ${from} to ${last}.`,
    over: (from: string, last: string) => `No longer in force: ${from} to ${last}.`,
    source: (source: string) => `Source: ${source}.`,
    unchecked: (parts: string[]) => `Not yet checked in the document itself: ${list.format(parts)}.`,
    parts: { value: 'the value', rule: 'what may exceed it', from: 'the first day' } satisfies Record<
      Part,
      string
    >
  },
  never: {
    heading: 'What we never show',
    points: (coverage: string, homes: number) => [
      `A single home: no reading from inside one, and no figure of fewer than ${homes}.`,
      'Where exactly a sensor is installed, unless its host asked for that. A place is shown as its street.',
      'Which homes take part, or how many agreed and were not counted.',
      `A mean of less than ${coverage}% of its time, as though it were whole.`,
      'A word for a single reading, or for an hour by a scale made for a day.',
      'The words “safe”, “legal” or “illegal”. A low-cost sensor cannot know.',
      'That there is mould. A sensor tells of risk; eyes tell of mould.',
      'A line drawn through a time in which nothing was measured.',
      'A corrected number without the name of its correction.'
    ]
  }
}
