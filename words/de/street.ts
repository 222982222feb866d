/** German (draft): the page of one street, with its chart, its table and its sensors. */
import type { Words } from '../words.ts'
import { common } from './common.ts'

const list = new Intl.ListFormat(common.locale, { type: 'conjunction' })
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const street: Words['street'] = {
  poster: 'Aushang (A4)',
  more: 'Über diesen Sensor',
  sensorPage: (name) => `Über diesen Sensor: ${name}`,
  noStreet: 'Unter dieser Adresse gibt es keine Straße.',
  noStreetNext: 'Vielleicht wurde sie umbenannt. Alle Straßen stehen auf der ersten Seite.',
  range: 'Zeitraum',
  ranges: {
    '24h': '24 Stunden',
    '7d': '7 Tage',
    '30d': '30 Tage',
    '90d': '90 Tage',
    year: 'Jahr',
    custom: 'Eigener'
  },
  quantity: 'Messgröße',
  from: 'Erster Tag',
  until: 'Letzter Tag',
  show: 'Zeigen',
  badRange: 'Der letzte Tag darf nicht vor dem ersten liegen.',
  window: 'Mittelwert je',
  windows: { raw: 'Messwert', hour: 'Stunde', day: 'Tag', night: 'Nacht' },
  points: { raw: 'jeder Messwert', hour: 'Stunde für Stunde', day: 'Tag für Tag', night: 'Nacht für Nacht' },
  chartTitle: (label, street, points, range) => `${label}, ${street}, ${points}, ${range}`,
  rangeText: (from, until) => (from === until ? from : `${from} bis ${until}`),
  chartSummary: (usual, highest, when) => `Meist ${usual}, höchstens ${highest}, ${when}.`,
  chartEmpty: 'Keine Werte in diesem Zeitraum.',
  chartFailed: 'Das Diagramm konnte nicht geladen werden.',
  legendMiddle: 'Median der Sensoren',
  legendMiddleHomes: 'Typisch für die Wohnungen',
  legendBand: 'Bereich der mittleren Hälfte der Sensoren',
  guidelineShort: 'Richtwert der WHO',
  guidelines: {
    day: (value) => `Richtwert der WHO für 24 Stunden: ${value}`,
    night: (value) => `Richtwert der WHO für Straßenlärm in der Nacht: ${value}`
  },
  legendGuideline: (label) => `${label}, orientierend`,
  chartHint: 'Berühren Sie das Diagramm, zeigen Sie darauf, oder lesen Sie Werte mit den Pfeiltasten ab.',
  noValueHere: 'kein Wert',
  nightOf: (day) => `Nacht ab ${day}`,
  hourFrom: (from, until) => `${from} bis ${until}`,
  fewerSites: (sites, needed) =>
    `kein Wert: ${plural(sites, 'Sensor', 'Sensoren')} mit genug Messwerten, nötig sind ${needed}`,
  fewerHomes: 'kein Wert: nicht genug Wohnungen',
  half: (low, high) => `mittlere Hälfte ${low} bis ${high}`,
  table: 'Als Tabelle zeigen',
  hideTable: 'Tabelle ausblenden',
  download: 'Herunterladen',
  take: {
    drawn: 'Dieses Diagramm',
    csv: 'Werte (CSV)',
    png: 'Bild (PNG)',
    svg: 'Zeichnung (SVG)',
    behind: 'Woraus es gemacht ist',
    readings: 'Einzelne Messwerte (CSV)',
    citation: (title, hub, licence, address) =>
      `${title}. Quelle: ${hub}${licence === '' ? '' : `, ${licence}`}, orientierende einfache Sensoren, ${address}`
  },
  emptyRange: 'In diesem Zeitraum wurde nichts gemessen.',
  emptyNewest: (when) => `Neuester Messwert: ${when}.`,
  showAround: (when) => `Die 30 Tage bis ${when} zeigen`,
  longer: 'Versuchen Sie einen längeren Zeitraum.',
  correctedBy: (made) => `Diese Werte sind korrigiert: ${list.format(made)}.`,
  correction: (title, sensors, since) =>
    since === '' ? `${title} (${sensors})` : `${title} seit ${since} (${sensors})`,
  humidGaps: 'Wo die Luft zu feucht war, um einen Wert zu korrigieren, ist eine Lücke.',
  sitesRaw: 'Ihre neuesten Messwerte sind wie gemessen.',
  notCorrected: 'Für diesen Zeitraum gilt keine Korrektur, es gibt also keine korrigierten Werte.',
  recomputing: 'Eine Korrektur wurde gerade geändert: Einige Werte hier werden noch neu berechnet.',
  singles: 'Für diesen Zeitraum gibt es keinen Straßenwert, darum ist jede Linie ein einzelner Sensor.',
  sites: 'Sensoren',
  homes: 'Wohnungen',
  otherSites: (count) =>
    `${plural(count, 'weiterer Sensor hier misst', 'weitere Sensoren hier messen')} anderes.`,
  sitesHint: 'Wählen Sie einen Sensor, um seine eigene Linie zu zeichnen.',
  draw: 'Seine Linie zeichnen',
  drawn: 'Im Diagramm',
  reasons: {
    outOfRange: 'Der Wert kann nicht sein: Er liegt außerhalb dessen, was die Messgröße haben kann.',
    unusual: 'Der Wert ist möglich, aber ungewöhnlich für diese Messgröße.',
    timeReceived: 'Die Zeit des Geräts war nicht glaubhaft, darum steht hier die Zeit des Empfangs.',
    sentinel: 'Diesen Wert sendet dieser Sensor, wenn er nicht messen konnte.',
    saturated: 'Der Sensor war am Ende seines Messbereichs.',
    stuck: 'Der Sensor wiederholt einen Wert, wo die Natur es nicht tut.',
    spike: 'Der Wert steht allein, weit entfernt von denen davor und danach.',
    rateOfChange: 'Der Wert hat sich schneller geändert, als er kann.',
    inconsistent: 'Der Wert widerspricht einem anderen desselben Augenblicks.',
    neighbours: 'Der Wert liegt weit von dem entfernt, was die Nachbarn gemessen haben.',
    ratified: 'Jemand anders hat diesen Wert geprüft, darum wurde er hier nicht beurteilt.',
    tooHumid:
      'Die Luft war zu feucht, um den Wert zu korrigieren. Er bleibt, wie er gemessen wurde, und steht in keinem korrigierten Mittelwert.',
    aboveSaturation:
      'Die Luftfeuchte liegt etwas über 100 %, wie nasse Sensoren sie melden. Der Wert bleibt, wie er gesendet wurde, und zählt als 100 %.',
    doubted:
      'Das Netz, das diesen Wert veröffentlicht hat, bezweifelt ihn, oder seine Spalte hat in der eingelesenen Datei den Platz getauscht.',
    unauthenticated:
      'Die Firmware des Geräts kann kein Geheimnis bewahren. Wer seine Adresse kennt, könnte diesen Wert gesendet haben.',
    channelsDisagree:
      'Die zwei Sensoren des Geräts, die dasselbe messen, widersprechen sich. Der Wert ist ihr Mittelwert.',
    unjudged:
      'Der Wert wurde noch nicht mit denen um ihn herum verglichen, seine Markierung kann sich also noch ändern. Nur Exporte sagen das Zeile für Zeile.'
  },
  siteState: {
    online: 'funktioniert',
    never: 'hat noch nie gemeldet',
    unusable: 'sendet, aber noch nichts Brauchbares'
  },
  unusableSince: (when) => `sendet, aber nichts Brauchbares seit ${when}`,
  silentSince: (when) => `still seit ${when}`,
  notMeasured: (label) => `misst nicht: ${label}`,
  doubtful: 'zweifelhaft',
  failed: 'kann nicht stimmen',
  legendDoubtful: 'Zweifelhafter Messwert',
  coverage: (percent) => `${percent} gemessen`,
  newestNotChecked: 'neuester Messwert noch nicht geprüft',
  notChecked: (from) =>
    `Ab ${from} sind die Messwerte noch nicht mit denen um sie herum verglichen. Das geschieht einige Minuten nach jeder vollen Stunde und kann zeigen, dass ein Sensor hängt.`,
  leftOut: (count, why) => {
    const reasons = why.map(([of, says]) => (why.length === 1 ? says : `${of} ${says}`))
    const one = count === 1
    return `${plural(count, 'Messwert', 'Messwerte')} ${one ? 'hat seine' : 'haben ihre'} Prüfungen nicht bestanden und ${one ? 'steht' : 'stehen'} hier in keiner Zahl${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`
  },
  leftOutWhy: {
    outOfRange: 'außerhalb des möglichen Bereichs',
    sentinel: 'von einem Sensor gesendet, der nicht messen konnte',
    saturated: 'am Ende des Messbereichs',
    stuck: 'mit einem Wert, der sich wiederholt, wo die Natur es nicht tut',
    tooHumid: 'in Luft, die für eine Korrektur zu feucht war'
  },
  leftOutList: 'Liste dessen, was weggelassen wurde (CSV)',
  failedReadings: (name, count) =>
    `${name}: ${plural(count, 'Messwert', 'Messwerte')} ${count === 1 ? 'hat seine' : 'haben ihre'} Prüfungen nicht bestanden und ${count === 1 ? 'wurde' : 'wurden'} weggelassen.`,
  doubtfulOutside: (count, farthest) =>
    count === 1
      ? `1 zweifelhafter Messwert liegt außerhalb des Diagramms: ${farthest}.`
      : `${count} zweifelhafte Messwerte liegen außerhalb des Diagramms, der entfernteste bei ${farthest}.`,
  daysAbove: (above, known, missing, guideline) => {
    const few = `${plural(missing, 'Tag hatte', 'Tage hatten')} zu wenig Daten`
    if (known === 0)
      return `Kein Tag in diesem Zeitraum hatte genug Daten für einen Vergleich mit dem Richtwert der WHO für 24 Stunden (${guideline}).`
    const count =
      above === 0
        ? known === 1
          ? 'Der eine Tag'
          : `Keiner von ${known} Tagen`
        : `${above} von ${plural(known, 'Tag', 'Tagen')}`
    const verb = above === 0 ? (known === 1 ? 'lag nicht' : 'lag') : above === 1 ? 'lag' : 'lagen'
    return `${count} mit genug Daten ${verb} über dem Richtwert der WHO für 24 Stunden (${guideline}), orientierend${missing > 0 ? `; ${few}` : ''}.`
  },
  annotations: 'Vermerkt von der Betreuung',
  annotation: {
    since: (number, text, from) => `${number}: ${text}, seit ${from}`,
    between: (number, text, from, last) =>
      `${number}: ${text}, ${from === last ? from : `${from} bis ${last}`}`
  },
  noSites: 'Hier gibt es draußen noch keinen Sensor.',
  patterns: {
    week: 'Eine typische Woche',
    day: 'Tag',
    hourOf: (day, hour) => `${day}, ${hour}`,
    weekSentence: (highest, high, lowest, low) =>
      `Über mindestens drei Monate war es meist hier am höchsten: ${highest} (${high}), und hier am niedrigsten: ${lowest} (${low}).`,
    shades: 'Dunkler heißt höher. Schraffiert: weniger als fünf Tage mit einem Wert.',
    none: 'In diesem Zeitraum gibt es nicht genug Daten.',
    calendar: 'Die letzten 12 Monate, Tag für Tag',
    tooLittle: 'zu wenig Daten',
    daysAbove: (above, known, all, guideline) =>
      known === 0
        ? `Keiner von ${all} Tagen hatte genug Daten.`
        : `${above === 0 ? 'Keiner' : above} von ${plural(known, 'Tag', 'Tagen')} mit genug Daten (von ${all}) ${above <= 1 ? 'lag' : 'lagen'} über dem Tagesrichtwert der WHO (${guideline}), orientierend.`,
    calendarBefore: (date) => `Von vor ${date} gibt es nichts.`,
    daysKnown: (known, all) =>
      `${known} von ${plural(all, 'Tag', 'Tagen')} ${known === 1 ? 'hatte' : 'hatten'} genug Daten.`,
    marks:
      'Dunkler heißt höher, schraffiert heißt zu wenig Daten, ein Punkt heißt über dem Tagesrichtwert der WHO. Spalten sind Wochen.',
    above: 'über dem Richtwert',
    noise: {
      heading: 'Schall am Tag, am Abend und in der Nacht',
      day: 'Tag, 07:00 bis 19:00',
      evening: 'Abend, 19:00 bis 23:00',
      night: 'Nacht, 23:00 bis 07:00',
      lden: (label) => `${label}: der Abend zählt 5 dB lauter, die Nacht 10 dB`,
      background: 'Hintergrund: der Pegel, der 90 % der Zeit überschritten wird (L90)',
      all: 'Aller Schall, gemittelt (LAeq)',
      events: 'Ereignisse: wie weit der Mittelwert über dem Hintergrund liegt',
      note: 'Mittelwerte von Schall sind energetische Mittelwerte, aller Schall, orientierend.'
    }
  },
  columns: {
    time: 'Zeit',
    middle: 'Median',
    typical: 'Typisch für die Wohnungen',
    low: 'Unteres Quartil',
    high: 'Oberes Quartil',
    sites: 'Sensoren',
    coverage: 'Abdeckung',
    coverageOf: (name) => `${name}: Abdeckung`,
    doubtfulOf: (name) => `${name}: zweifelhaft`
  }
}
