/** English: what is said about the figures of a street and of the neighbourhood. Text between ** and ** is bold. */
import type { Subject } from '../subject.ts'
import { common } from './common.ts'

const list = new Intl.ListFormat(common.locale, { type: 'conjunction' })
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export interface SensorCount {
  kind: 'air' | 'noise'
  sites: number
  sitesTotal: number
  needed: number
}

/** Days or nights of the last 12 months, or since `since` where there are fewer. */
export interface YearCount {
  days: number
  /** Were there days without enough data? */
  hasGaps: boolean
  /** '' for the whole 12 months. */
  since: string
}

const daysOf = ({ days, hasGaps, since }: YearCount, one: string, many: string): string => {
  const enough = hasGaps ? ' with enough data' : ''
  const when = since === '' ? 'in the last 12 months' : `since ${since}`
  return `${hasGaps ? '' : 'the '}${plural(days, one, many)}${enough} ${when}`
}

export const figures = {
  air: {
    /** "In the last 24 hours PM2.5 on Ashley Road was 21 µg/m³ (median of 5 sensors)" */
    figure: (period: string, label: string, street: string, value: string, sensors: string) =>
      `${period} ${label} on ${street} was ${value} (median of ${sensors})`,
    plain: (figure: string) => `${figure}.`,
    level: (figure: string, word: string) => `${figure}: **${word}** on the UK index.`,
    without: (names: string[]) =>
      `${list.format(names)} ${names.length === 1 ? 'is' : 'are'} not measured here, so the index may be higher.`,
    below: (figure: string, word: string, guideline: string) =>
      `${figure}: **${word}** on the UK index, and not above WHO’s guideline for a day, ${guideline}.`,
    /** A low word of the index may stand above the guideline: then "but" and not "and". */
    above: (figure: string, word: string, guideline: string, isLow: boolean) =>
      `${figure}: **${word}** on the UK index, ${isLow ? 'but' : 'and'} above WHO’s guideline for a day, ${guideline}.`,
    daysAbove: (above: number, year: YearCount) =>
      above === 0
        ? `On none of ${daysOf(year, 'day', 'days')} was it above that guideline.`
        : `On ${above} of ${daysOf(year, 'day', 'days')} it was above that guideline.`,
    yearMean: (mean: string, guideline: string) =>
      `Over those 12 months it averaged ${mean}; WHO’s guideline for a year is ${guideline}.`,
    nobody: (street: string) => `No sensor on ${street} measures the air yet.`
  },
  periods: {
    'last 24 hours': 'In the last 24 hours',
    'last 8 hours': 'In the last 8 hours',
    'last hour': 'In the last hour',
    'last night': 'Last night',
    'last 7 days': 'In the last 7 days'
  } as Record<string, string>,
  noise: {
    level: (street: string, word: string, value: string, sensors: string) =>
      `Last night on ${street} was **${word}**: ${value} on average, 23:00 to 07:00 (median of ${sensors}).`,
    /** WHO's guideline is for the average of a year, and for road traffic alone. */
    year: (year: YearCount, mean: string, guideline: string) =>
      `Over ${daysOf(year, 'night', 'nights')} the average was ${mean} (all sounds); WHO’s guideline for road traffic, a yearly average, is ${guideline}.`,
    nobody: (street: string) => `No sensor on ${street} measures noise yet.`
  },
  damp: {
    level: (street: string, word: string, label: string, value: string, homes: string) =>
      `In the last 7 days indoor air in homes on ${street} was **${word}**: ${label} ${value} (typical of ${homes}, shown one day late so that no home can be recognised).`,
    figure: (label: string, value: string, homes: string) =>
      `${label} was ${value} (typical of ${homes}, last 7 days).`,
    notEnough: (street: string, needed: number) =>
      `There is no figure for homes on ${street} yet. The first comes about eight days after ${needed} homes here agreed: it needs most days of a week, each with at least ${needed} of them, since with fewer a single home could be recognised.`,
    meaning:
      'Mould depends on the coldest wall, not on the middle of the room: a home can be drier than this figure and still have a damp corner.'
  },
  newest: {
    short: (value: string, when: string) => `The newest reading is ${value}, ${when}.`,
    named: (label: string, value: string, when: string) => `Newest reading: ${label} ${value}, ${when}.`,
    whenToday: (time: string) => `at ${time}`,
    whenBefore: (time: string) => `on ${time}`
  },
  tooFew: {
    fewSensors: ({ kind, sites, sitesTotal, needed }: SensorCount, street: string) =>
      sitesTotal < needed
        ? `${street} has ${plural(sitesTotal, `${kind} sensor`, `${kind} sensors`)}, and a street value needs ${needed}, so there is no street value.`
        : `${sites === 0 ? 'None' : `Only ${sites}`} of ${sitesTotal} sensors on ${street} reported enough ${kind === 'noise' ? 'last night' : 'in the last 24 hours'}, so there is no street value.`
  },
  allSilent: (street: string, when: string) =>
    `All sensors on ${street} are silent: the last reading was ${when}.`,
  noReading: (street: string) => `No reading from ${street} yet.`,

  neighbourhood: {
    heading: 'Our streets',
    airAll: (word: string, streets: string) =>
      `In the last 24 hours air pollution was **${word}** on all ${streets} with a street value.`,
    airOne: (word: string, street: string) =>
      `In the last 24 hours air pollution on ${street} was **${word}**.`,
    airMost: (word: string, count: number, total: string, worst: string, names: string[]) =>
      `In the last 24 hours air pollution was **${word}** on ${count} of ${total}. Highest: **${worst}** on ${list.format(names)}.`,
    aboveNow: (count: number, total: number) =>
      total === 1
        ? `That is ${count === 0 ? 'not above' : 'above'} WHO’s guideline for a day.`
        : count === 0
          ? 'On none of them was it above WHO’s guideline for a day.'
          : `On ${count === total ? 'all' : count} of them it was above WHO’s guideline for a day.`,
    daysMost: (street: string, above: number, days: number) =>
      `In the last 12 months it was above that guideline most often on ${street}: on ${above} of ${plural(days, 'day', 'days')}.`,
    daysOne: (above: number, days: number) =>
      `In the last 12 months it was above that guideline on ${above} of ${plural(days, 'day', 'days')}.`,
    daysNone: 'In the last 12 months no day was above that guideline.',
    noiseLoud: (loud: number, total: string, word: string) =>
      loud === 0
        ? `Last night was **${word}** on none of ${total}.`
        : `Last night was **${word}** or louder on ${loud} of ${total}.`,
    noiseOne: (street: string, word: string, value: string) =>
      `Last night on ${street} was **${word}**: ${value}.`,
    loudest: (street: string, value: string) => `Loudest: ${street}, ${value} (23:00 to 07:00).`,
    nightsAbove: (above: number, total: number, guideline: string) =>
      `The nights measured in the last 12 months averaged more than ${guideline}, WHO’s guideline for road traffic (a yearly average; we hear all sounds), on ${above} of ${plural(total, 'street', 'streets')}.`,
    dampOne: (street: string, word: string, value: string) =>
      `In the last 7 days indoor air in homes on ${street} was **${word}**: ${value} (shown one day late).`,
    damp: (word: string, count: number, total: string) =>
      `In the last 7 days indoor air was **${word}** in the homes of ${count} of ${total} (shown one day late).`,
    corrected: (count: number, total: string) => `Made with corrected values on ${count} of ${total}.`,
    none: {
      air: 'No street has enough sensors for an air figure yet. Each street’s own page shows its single sensors.',
      noise:
        'No street has enough sensors for a noise figure yet. Each street’s own page shows its single sensors.',
      damp: 'No street has a figure for homes yet. The first comes about eight days after 5 homes of one street agreed: it needs most days of a week, each with at least 5 of them, so that no home can be recognised.'
    } satisfies Record<Subject, string>,
    noStreet: 'This hub has no street yet.',
    noSensor: 'There is no outdoor sensor on these streets yet.',
    waiting: 'A sensor has been added, and no reading has arrived yet.',
    map: 'Map of the streets',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    zoomAll: 'Show all streets',
    unmapped: 'Not drawn on the map:',
    search: 'Find a street',
    found: (count: number) =>
      count === 0 ? 'No street has this name.' : `${plural(count, 'street', 'streets')} found`,
    showMore: (next: number, left: number) =>
      next === left ? `Show ${left} more` : `Show ${next} more of ${left}`,
    without: (count: number) => `${plural(count, 'street', 'streets')} without data`,
    searchMore: (count: number) =>
      `${plural(count, 'more street', 'more streets')}: type a name to find one.`,
    list: 'Streets',
    noValue: 'No value yet',
    notEnough: 'Not enough data',
    notEnoughHomes: 'No figure for homes yet',
    noLevel: 'No level',
    /** In a row, the last 12 months in few words. */
    rowDays: (above: number, days: number) => `12 months: above WHO’s guideline on ${above} of ${days} days`,
    rowNights: (mean: string, nights: number) =>
      `12 months: ${mean} on average over ${plural(nights, 'night', 'nights')}`,
    legend: 'What the lines mean',
    legendNone: 'not enough data',
    sparkline: {
      air: 'Line: last 24 hours',
      noise: 'Line: last 24 hours',
      damp: 'Line: last 14 days'
    } satisfies Record<Subject, string>,
    mapLabel: (street: string, word: string, value: string) =>
      `${street}: ${[word, value].filter(Boolean).join(', ')}`,
    noMap: 'No street has been drawn yet. The steward can draw them from an OpenStreetMap export:'
  }
}
