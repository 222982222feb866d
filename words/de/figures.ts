/** German (draft): what is said about the figures of a street and of the neighbourhood. Text between ** and ** is bold. */
import type { YearCount } from '../en/figures.ts'
import type { Words } from '../words.ts'
import { common } from './common.ts'

const list = new Intl.ListFormat(common.locale, { type: 'conjunction' })
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** "von 89 Tagen mit genug Daten in den letzten 12 Monaten" stands after a count: always in the dative. */
const daysOf = ({ days, hasGaps, since }: YearCount, one: string, many: string): string => {
  const enough = hasGaps ? ' mit genug Daten' : ''
  const when = since === '' ? 'in den letzten 12 Monaten' : `seit ${since}`
  return `${plural(days, one, many)}${enough} ${when}`
}

export const figures: Words['figures'] = {
  air: {
    figure: (period, label, street, value, sensors) =>
      `${period} lag ${label} für ${street} bei ${value} (Median von ${sensors})`,
    plain: (figure) => `${figure}.`,
    level: (figure, word) => `${figure}: **${word}** nach dem britischen Index.`,
    without: (names) =>
      `${list.format(names)} ${names.length === 1 ? 'wird' : 'werden'} hier nicht gemessen, der Index kann also höher sein.`,
    below: (figure, word, guideline) =>
      `${figure}: **${word}** nach dem britischen Index und nicht über dem Tagesrichtwert der WHO, ${guideline}.`,
    above: (figure, word, guideline, isLow) =>
      `${figure}: **${word}** nach dem britischen Index${isLow ? ', aber' : ' und'} über dem Tagesrichtwert der WHO, ${guideline}.`,
    daysAbove: (above, year) =>
      above === 0
        ? `An keinem von ${daysOf(year, 'Tag', 'Tagen')} lag der Wert über diesem Richtwert.`
        : `An ${above} von ${daysOf(year, 'Tag', 'Tagen')} lag der Wert über diesem Richtwert.`,
    yearMean: (mean, guideline) =>
      `In diesen 12 Monaten waren es im Mittel ${mean}; der Jahresrichtwert der WHO ist ${guideline}.`,
    nobody: (street) => `${street}: Noch misst hier kein Sensor die Luft.`
  },
  periods: {
    'last 24 hours': 'In den letzten 24 Stunden',
    'last 8 hours': 'In den letzten 8 Stunden',
    'last hour': 'In der letzten Stunde',
    'last night': 'In der letzten Nacht',
    'last 7 days': 'In den letzten 7 Tagen'
  },
  noise: {
    level: (street, word, value, sensors) =>
      `Letzte Nacht, ${street}: **${word}**, im Mittel ${value}, 23:00 bis 07:00 (Median von ${sensors}).`,
    year: (year, mean, guideline) =>
      `Mittelwert von ${daysOf(year, 'Nacht', 'Nächten')}: ${mean} (aller Schall). Der Richtwert der WHO für Straßenverkehr, ein Jahresmittel, ist ${guideline}.`,
    nobody: (street) => `${street}: Noch misst hier kein Sensor den Lärm.`
  },
  damp: {
    level: (street, word, label, value, homes) =>
      `In den letzten 7 Tagen war die Luft in Wohnungen (${street}): **${word}**. ${label} ${value} (typisch für ${homes}, einen Tag später gezeigt, damit keine Wohnung zu erkennen ist).`,
    figure: (label, value, homes) => `${label}: ${value} (typisch für ${homes}, letzte 7 Tage).`,
    notEnough: (street, needed) =>
      `${street}: Für Wohnungen gibt es noch keinen Wert. Der erste kommt etwa acht Tage, nachdem hier ${needed} Wohnungen zugestimmt haben: Er braucht die meisten Tage einer Woche, jeden mit mindestens ${needed} von ihnen, denn bei weniger könnte eine einzelne zu erkennen sein.`,
    meaning:
      'Schimmel hängt von der kältesten Wand ab, nicht von der Mitte des Raums: Eine Wohnung kann trockener sein als dieser Wert und trotzdem eine feuchte Ecke haben.'
  },
  newest: {
    short: (value, when) => `Der neueste Messwert ist ${value}, ${when}.`,
    named: (label, value, when) => `Neuester Messwert: ${label} ${value}, ${when}.`,
    whenToday: (time) => `um ${time}`,
    whenBefore: (time) => `am ${time}`
  },
  tooFew: {
    fewSensors: ({ kind, sites, sitesTotal, needed }, street) => {
      const sensors = kind === 'noise' ? 'Lärm' : 'Luft'
      return sitesTotal < needed
        ? `${street}: ${plural(sitesTotal, 'Sensor', 'Sensoren')} für ${sensors}. Ein Straßenwert braucht ${needed}, darum gibt es keinen.`
        : `${street}: ${sites === 0 ? 'Keiner' : `Nur ${sites}`} von ${plural(sitesTotal, 'Sensor', 'Sensoren')} ${sites > 1 ? 'haben' : 'hat'} ${kind === 'noise' ? 'letzte Nacht' : 'in den letzten 24 Stunden'} genug gemeldet, darum gibt es keinen Straßenwert.`
    }
  },
  allSilent: (street, when) => `${street}: Alle Sensoren sind still. Letzter Messwert: ${when}.`,
  noReading: (street) => `${street}: Noch kein Messwert.`,

  neighbourhood: {
    heading: 'Unsere Straßen',
    airAll: (word, streets) =>
      `In den letzten 24 Stunden war die Luftbelastung in allen ${streets} mit einem Straßenwert: **${word}**.`,
    airOne: (word, street) => `In den letzten 24 Stunden war die Luftbelastung (${street}): **${word}**.`,
    airMost: (word, count, total, worst, names) =>
      `In den letzten 24 Stunden war die Luftbelastung in ${count} von ${total}: **${word}**. Am höchsten: **${worst}** (${list.format(names)}).`,
    aboveNow: (count, total) =>
      total === 1
        ? `Das liegt ${count === 0 ? 'nicht über' : 'über'} dem Tagesrichtwert der WHO.`
        : count === 0
          ? 'In keiner davon lag sie über dem Tagesrichtwert der WHO.'
          : `In ${count === total ? 'allen' : count} davon lag sie über dem Tagesrichtwert der WHO.`,
    daysMost: (street, above, days) =>
      `In den letzten 12 Monaten lag sie am häufigsten hier über diesem Richtwert: ${street}, an ${above} von ${plural(days, 'Tag', 'Tagen')}.`,
    daysOne: (above, days) =>
      `In den letzten 12 Monaten lag sie an ${above} von ${plural(days, 'Tag', 'Tagen')} über diesem Richtwert.`,
    daysNone: 'In den letzten 12 Monaten lag sie an keinem Tag über diesem Richtwert.',
    noiseLoud: (loud, total, word) =>
      loud === 0
        ? `Letzte Nacht: **${word}** in keiner von ${total}.`
        : `Letzte Nacht: **${word}** oder lauter in ${loud} von ${total}.`,
    noiseOne: (street, word, value) => `Letzte Nacht, ${street}: **${word}**, ${value}.`,
    loudest: (street, value) => `Am lautesten: ${street}, ${value} (23:00 bis 07:00).`,
    nightsAbove: (above, total, guideline) =>
      `Der Mittelwert der gemessenen Nächte der letzten 12 Monate lag in ${above} von ${plural(total, 'Straße', 'Straßen')} über ${guideline}, dem Richtwert der WHO für Straßenverkehr (ein Jahresmittel; wir hören allen Schall).`,
    dampOne: (street, word, value) =>
      `In den letzten 7 Tagen war die Luft in Wohnungen (${street}): **${word}**, ${value} (einen Tag später gezeigt).`,
    damp: (word, count, total) =>
      `In den letzten 7 Tagen war die Luft in Wohnungen von ${count} von ${total}: **${word}** (einen Tag später gezeigt).`,
    corrected: (count, total) => `Mit korrigierten Werten in ${count} von ${total}.`,
    none: {
      air: 'Noch keine Straße hat genug Sensoren für einen Luftwert. Die Seite jeder Straße zeigt ihre einzelnen Sensoren.',
      noise:
        'Noch keine Straße hat genug Sensoren für einen Lärmwert. Die Seite jeder Straße zeigt ihre einzelnen Sensoren.',
      damp: 'Noch keine Straße hat einen Wert für Wohnungen. Der erste kommt etwa acht Tage, nachdem 5 Wohnungen einer Straße zugestimmt haben: Er braucht die meisten Tage einer Woche, jeden mit mindestens 5 von ihnen, damit keine Wohnung zu erkennen ist.'
    },
    noStreet: 'Diese Zentrale hat noch keine Straße.',
    noSensor: 'In diesen Straßen gibt es draußen noch keinen Sensor.',
    waiting: 'Ein Sensor wurde hinzugefügt, aber noch ist kein Messwert angekommen.',
    map: 'Karte der Straßen',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    zoomAll: 'Alle Straßen zeigen',
    unmapped: 'Nicht auf der Karte gezeichnet:',
    search: 'Straße suchen',
    found: (count) =>
      count === 0 ? 'Keine Straße heißt so.' : `${plural(count, 'Straße', 'Straßen')} gefunden`,
    showMore: (next, left) =>
      next === left ? `${left} weitere zeigen` : `${next} weitere von ${left} zeigen`,
    without: (count) => `${plural(count, 'Straße', 'Straßen')} ohne Daten`,
    searchMore: (count) =>
      `${plural(count, 'weitere Straße', 'weitere Straßen')}: Geben Sie einen Namen ein, um eine zu finden.`,
    list: 'Straßen',
    noValue: 'Noch kein Wert',
    notEnough: 'Nicht genug Daten',
    notEnoughHomes: 'Noch kein Wert für Wohnungen',
    noLevel: 'Keine Stufe',
    rowDays: (above, days) =>
      `12 Monate: an ${above} von ${plural(days, 'Tag', 'Tagen')} über dem Richtwert der WHO`,
    rowNights: (mean, nights) => `12 Monate: ${plural(nights, 'Nacht', 'Nächte')}, im Mittel ${mean}`,
    legend: 'Was die Linien bedeuten',
    legendNone: 'nicht genug Daten',
    sparkline: {
      air: 'Linie: letzte 24 Stunden',
      noise: 'Linie: letzte 24 Stunden',
      damp: 'Linie: letzte 14 Tage'
    },
    mapLabel: (street, word, value) => `${street}: ${[word, value].filter(Boolean).join(', ')}`,
    noMap:
      'Noch ist keine Straße gezeichnet. Die Betreuung kann sie aus einem Export von OpenStreetMap zeichnen:'
  }
}
