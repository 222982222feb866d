/** German (draft): comparing streets, sensors and periods, and a street before and after a change. */
import type { Words } from '../words.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const compare: Words['compare'] = {
  heading: 'Vergleichen',
  lead: 'Zwei Straßen, mehrere Sensoren einer Straße, zwei Zeiträume oder eine Straße vor und nach einer Änderung.',
  what: 'Was verglichen wird',
  modes: {
    streets: 'Straßen',
    sensors: 'Sensoren',
    periods: 'Zwei Zeiträume',
    change: 'Vorher und nachher'
  },
  street: 'Straße',
  streets: 'Straßen',
  other: 'Vergleichsstraße',
  otherHint:
    'Eine Straße in der Nähe, in der sich nichts geändert hat. Wetter und Jahreszeit wirken auf beide, also zählt nur der Unterschied.',
  at: 'Tag der Änderung',
  firstPeriod: 'Erster Tag des früheren Zeitraums',
  chooseStreet: 'Straße wählen',
  quantity: 'Messgröße',
  show: 'Vergleichen',
  chooseTwo: 'Wählen Sie mindestens zwei zum Vergleichen.',
  tooMany: (max) => `Höchstens ${max} Linien lassen sich unterscheiden; die ersten ${max} sind gezeichnet.`,
  windows: {
    hour: (count) => plural(count, 'Stunde', 'Stunden'),
    day: (count) => plural(count, 'Tag', 'Tage')
  },
  nothing: (first, second, common, needed) =>
    `Über ${first} und ${second} lässt sich nichts sagen: In diesem Zeitraum gibt es nur für ${common} Werte von beiden, ein Vergleich braucht ${needed}.`,
  usual: ({ label, common, of, first, second, share }) =>
    `Für ${common} (von ${of}) gibt es Werte von beiden. ${label} lag meist bei ${first[1]} (${first[0]}) und bei ${second[1]} (${second[0]}); ${share} der Zeit war der Wert für ${second[0]} höher.`,
  caution:
    'Zwei Sensoren dieser Art, die nebeneinander stehen, weichen oft um ein Zehntel oder mehr voneinander ab. Ein kleiner Unterschied sagt also nichts.',
  change: {
    title: (street, control) => `${street}, verglichen mit ${control}`,
    facts: 'Woraus das gemacht ist',
    interval: 'Änderung mit 95-%-Intervall',
    between: (low, high) => `zwischen ${low} und ${high}`,
    alone: 'Die Straße allein (mit Wetter und Jahreszeit)',
    weeks: 'Wochen vorher und nachher',
    weeksText: (before, after) => `${before} und ${after}`,
    sensors: 'Sensoren in der Straße und in der Vergleichsstraße',
    days: 'Tage vorher und nachher',
    noNumber: 'Noch lässt sich nichts sagen.',
    choose: 'Wählen Sie eine Straße, eine Vergleichsstraße und den Tag der Änderung.',
    same: 'Eine Straße kann nicht ihre eigene Vergleichsstraße sein.'
  },
  chartTitle: (label, names, range) => `${label}: ${names}, ${range}`,
  periodName: (from, until) => `${from} bis ${until}`,
  noStreets: 'Diese Zentrale hat keine Straße mit Werten zum Vergleichen.'
}
