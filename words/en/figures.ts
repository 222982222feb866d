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

export const figures = {
  air: {
    level: (street: string, word: string) =>
      `In the last 24 hours air pollution on ${street} was **${word}**.`,
    figure: (label: string, value: string, sensors: string, period: string) =>
      `${label} was ${value} (median of ${sensors}, ${period}).`,
    nobody: (street: string) => `No sensor on ${street} measures the air yet.`
  },
  noise: {
    above: (street: string, value: string, guideline: string) =>
      `Last night on ${street} was **louder than the WHO guideline**: ${value}, the guideline is ${guideline}`,
    within: (street: string, value: string, guideline: string) =>
      `Last night on ${street} was **quieter than the WHO guideline**: ${value}, the guideline is ${guideline}`,
    basis: (sensors: string) => `(median of ${sensors}, 23:00 to 07:00).`,
    nobody: (street: string) => `No sensor on ${street} measures noise yet.`
  },
  damp: {
    level: (street: string, word: string) => `Indoor air in homes on ${street} was **${word}**.`,
    figure: (label: string, value: string, homes: string) =>
      `${label} was ${value} (typical of ${homes}, last 7 days, shown one day late so that no home can be recognised).`,
    notEnough: (street: string, needed: number) =>
      `There is no figure for homes on ${street}: fewer than ${needed} homes share theirs, and with so few a single home could be recognised.`,
    meaning:
      'Mould depends on the coldest wall, not on the middle of the room: a home can be drier than this figure and still have a damp corner.'
  },
  tooFew: {
    fewSensors: ({ kind, sites, sitesTotal, needed }: SensorCount, street: string) =>
      sitesTotal < needed
        ? `${street} has ${plural(sitesTotal, `${kind} sensor`, `${kind} sensors`)}, and a street value needs ${needed}, so there is no street value.`
        : `${sites === 0 ? 'None' : `Only ${sites}`} of ${sitesTotal} sensors on ${street} ${sites === 0 ? 'has' : 'have'} reported enough, so there is no street value.`,
    newest: (label: string, value: string, when: string) => `Newest reading: ${label} ${value}, ${when}.`,
    whenToday: (time: string) => `at ${time}`,
    whenBefore: (time: string) => `on ${time}`
  },
  noReading: (street: string) => `No reading from ${street} yet.`,

  neighbourhood: {
    heading: 'Our streets',
    airAll: (word: string, streets: string) =>
      `In the last 24 hours air pollution was **${word}** on all ${streets} with a street value.`,
    airOne: (word: string, street: string) =>
      `In the last 24 hours air pollution on ${street} was **${word}**.`,
    airMost: (word: string, count: number, total: string, worst: string, names: string[]) =>
      `In the last 24 hours air pollution was **${word}** on ${count} of ${total}. Highest: **${worst}** on ${list.format(names)}.`,
    noise: (above: number, total: string, guideline: string) =>
      above === 0
        ? `Last night every one of ${total} was quieter than the WHO guideline of ${guideline}.`
        : `Last night was **louder than the WHO guideline** of ${guideline} on ${above} of ${total}.`,
    noiseOne: (street: string, above: boolean, value: string, guideline: string) =>
      `Last night ${street} was **${above ? 'louder' : 'quieter'} than the WHO guideline**: ${value}, the guideline is ${guideline}.`,
    loudest: (street: string, value: string) => `Loudest: ${street}, ${value} (23:00 to 07:00).`,
    dampOne: (street: string, word: string, value: string) =>
      `In the last 7 days indoor air in homes on ${street} was **${word}**: ${value} (shown one day late).`,
    damp: (word: string, count: number, total: string) =>
      `In the last 7 days indoor air was **${word}** in the homes of ${count} of ${total} (shown one day late).`,
    corrected: (count: number, total: string) => `Made with corrected values on ${count} of ${total}.`,
    none: {
      air: 'No street has enough sensors for an air figure yet. Each street’s own page shows its single sensors.',
      noise:
        'No street has enough sensors for a noise figure yet. Each street’s own page shows its single sensors.',
      damp: 'No street has enough homes that share their humidity yet. A figure needs 5, so that no home can be recognised.'
    } satisfies Record<Subject, string>,
    noStreet: 'This hub has no street yet.',
    noSensor: 'There is no outdoor sensor on these streets yet.',
    waiting: 'A sensor has been added, and no reading has arrived yet.',
    map: 'Map of the streets',
    list: 'Streets',
    noValue: 'No value yet',
    notEnough: 'Not enough data',
    notEnoughHomes: 'Not enough homes',
    noLevel: 'No level',
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
