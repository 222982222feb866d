/** German (draft): names, units and periods, the frame around every page, and what is said when something fails. */
import { quantities, rawOf, type MeasuredQuantity, type Quantity } from '../../model/quantity.ts'
import type { Words } from '../words.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const measured: Record<MeasuredQuantity, string> = {
  pm1: 'PM1',
  pm2_5: 'PM2,5',
  pm4: 'PM4',
  pm10: 'PM10',
  no2: 'NO₂',
  o3: 'O₃',
  so2: 'SO₂',
  no: 'NO',
  nox: 'NOₓ',
  co: 'CO',
  co2: 'CO₂',
  tvoc_index: 'TVOC-Index',
  temperature: 'Temperatur',
  humidity: 'Luftfeuchte',
  pressure: 'Luftdruck',
  wind_speed: 'Windgeschwindigkeit',
  wind_direction: 'Windrichtung',
  rain: 'Regen',
  solar: 'Sonnenstrahlung',
  lux: 'Helligkeit',
  laeq: 'Schallpegel',
  lamin: 'Leisester Moment',
  lamax: 'Lautester Moment',
  la10: 'LA10',
  la50: 'LA50',
  la90: 'LA90',
  surface_temperature: 'Wandtemperatur',
  wall_moisture: 'Wandfeuchte',
  battery: 'Batterie',
  battery_voltage: 'Batteriespannung',
  rssi: 'Signal'
}

const labels = Object.fromEntries(
  (Object.keys(quantities) as Quantity[]).map((name) => {
    const raw = rawOf(name)
    return [name, raw === name ? measured[raw] : `${measured[raw]}, korrigiert`]
  })
) as Record<Quantity, string>

export const common: Words['common'] = {
  locale: 'de-DE',
  brand: 'Lamppost',
  skip: 'Zum Inhalt',
  allStreets: 'Alle Straßen',
  compare: 'Vergleichen',
  signIn: 'Anmelden',
  askToHost: 'Einen Sensor aufstellen',
  myHome: 'Meine Wohnung',
  steward: 'Betreuung',
  demo: 'Vorführung: eine erfundene Nachbarschaft mit simulierten Sensoren.',
  behind: (minutes) =>
    `Neue Messwerte kommen verspätet an: Was Sie sehen, ist ${
      minutes < 120
        ? plural(minutes, 'Minute', 'Minuten')
        : minutes < 2_880
          ? `${Math.round(minutes / 60)} Stunden`
          : `${Math.round(minutes / 1_440)} Tage`
    } alt. Nichts geht verloren, und die Seite holt es auf.`,
  justNow: 'gerade eben',
  nothing: '–',
  percent: (number) => `${number}\u00a0%`,
  units: { 'dB(A)': 'dB' },
  labels,
  /** German writes nouns with a capital in the middle of a sentence as well. */
  inSentence: (label) => label,
  levels: {
    'uk-daqi': ['Niedrig', 'Mäßig', 'Hoch', 'Sehr hoch'],
    'who-night-noise': ['Leise', 'Mäßig laut', 'Laut', 'Sehr laut'],
    'room-humidity': ['Angenehm', 'Trocken', 'Feucht', 'Sehr feucht']
  },

  subjects: { air: 'Luft', noise: 'Lärm', damp: 'Feuchte' },
  subjectSwitch: 'Thema',
  periods: {
    'last 24 hours': 'letzte 24 Stunden',
    'last night': 'letzte Nacht, 23:00 bis 07:00',
    'last 8 hours': 'letzte 8 Stunden',
    'last hour': 'letzte Stunde',
    'last 7 days': 'letzte 7 Tage',
    'one reading': 'ein Messwert'
  },
  shortPeriods: {
    'last 24 hours': '24 Stunden',
    'last 8 hours': '8 Stunden',
    'last night': 'letzte Nacht',
    'last 7 days': '7 Tage'
  },

  meanings: {
    pm1: 'PM1 ist der feinste Staub, er entsteht beim Verbrennen. Aus der Lunge kann er ins Blut gelangen.',
    pm2_5:
      'PM2,5 ist Feinstaub, der meist beim Verbrennen entsteht: in Motoren, Öfen und Feuern. Er dringt tief in die Lunge ein.',
    pm4: 'PM4 ist Staub, der bis in die Lunge kommt: gröber als PM2,5, feiner als PM10.',
    pm10: 'PM10 ist aller Staub, den man einatmen kann: aus Verbrennung, von Bremsen, Reifen und Baustellen.',
    no2: 'NO₂ ist ein Gas, meist aus Motoren und Heizkesseln. Es reizt die Lunge.',
    o3: 'O₃ ist Ozon, ein Gas, das bei Sonnenschein aus anderen Schadstoffen entsteht. Es reizt die Lunge.',
    so2: 'SO₂ ist ein Gas aus der Verbrennung von Kohle und Öl, von Schiffen und Vulkanen. Es reizt die Lunge.',
    no: 'NO ist ein Gas aus Motoren und Heizkesseln, das in der Luft zu NO₂ wird.',
    nox: 'NOₓ ist NO und NO₂ zusammen: was Motoren und Heizkessel abgeben.',
    co: 'CO ist Kohlenmonoxid, ein Gas aus Feuern, die zu wenig Luft bekommen. In Räumen kann es töten, ohne dass man es riecht.',
    co2: 'CO₂ ist das Gas, das beim Atmen und Verbrennen entsteht. Draußen sagt es wenig darüber, wie sauber die Luft ist.',
    tvoc_index: 'Der TVOC-Index folgt Dämpfen, etwa aus Farben und Putzmitteln, als eine Zahl ohne Einheit.',
    laeq: 'Der Schallpegel ist der Mittelwert allen Schalls in diesem Zeitraum. 10\u00a0dB mehr klingen etwa doppelt so laut.',
    la10: 'LA10 ist der Pegel, der 10\u00a0% der Zeit überschritten wird: wie laut die lauten Momente sind.',
    la50: 'LA50 ist der Pegel, der die Hälfte der Zeit überschritten wird.',
    la90: 'LA90 ist der Pegel, der 90\u00a0% der Zeit überschritten wird: der Hintergrund, wenn nichts Besonderes zu hören ist.'
  },
  unitMeanings: {
    'µg/m³': 'µg/m³ sind Millionstel Gramm in jedem Kubikmeter Luft.'
  },

  title: (parts) => parts.join(' · '),

  sensors: (count) => plural(count, 'Sensor', 'Sensoren'),
  homesAtLeast: (count) => `mindestens ${count} Wohnungen`,
  streetCount: (count) => plural(count, 'Straße', 'Straßen'),
  values: { name: 'Werte', raw: 'Wie gemessen', corrected: 'Korrigiert' },
  correctionsLink: 'Was Korrekturen tun',

  indicative: 'Orientierend: Dies sind einfache Sensoren.',
  howSure: 'Wie zuverlässig ist das?',
  sure: {
    methods: 'Wie jede Zahl entsteht, mit Formeln und Quellen',
    paragraphs: [
      'Die Sensoren sind klein und preiswert. Sie zeigen gut, wann und wo sich etwas ändert, aber die genaue Zahl kann um ein Viertel oder mehr danebenliegen, und bei feuchtem Wetter können Partikel nach mehr aussehen, als es sind. Jede Zahl hier ist darum orientierend: Sie beweist nicht, dass ein Grenzwert eingehalten oder überschritten wurde.',
      'Der Wert einer Straße ist der Median von mindestens drei Sensoren draußen, jeder mit mindestens drei Vierteln seiner Messwerte. Wo es weniger sind, zeigen wir die einzelnen Sensoren und keine Stufe. Lücken bleiben Lücken.',
      'Die Wörter für die Luft sind die des britischen Luftindex (Daily Air Quality Index), der sich nach dem höchsten von fünf Schadstoffen richtet: Wo einer davon nicht gemessen wird, kann der Index höher sein, und die Seite sagt es. Lärm ist alles, was das Mikrofon von 23:00 bis 07:00 hört, verglichen mit dem Richtwert der WHO für Straßenverkehr, der für den Mittelwert eines Jahres gedacht ist. Sensoren in Wohnungen sind privat: Gezeigt wird nur, einen Tag später, was für mindestens fünf Wohnungen typisch ist, die dem zugestimmt haben.'
    ]
  },

  footer: {
    printed: (when, address) => `Stand ${when}: ${address}`,
    methods: 'Wie jede Zahl entsteht',
    privacy: 'Datenschutz',
    licence: (licence) => `Daten: ${licence}`,
    data: 'Daten',
    api: 'API',
    version: (version) => `Lamppost ${version}`,
    language: 'Sprache'
  },
  draft: 'Entwurf: noch von niemandem gelesen, der damit aufgewachsen ist.',

  served: {
    figures: 'Werte',
    columns: {
      streets: ['Straße', 'Stufe', 'Wert', 'Zeitraum', 'Letzte 12 Monate'],
      figures: ['Wert', 'Zeitraum', 'Stufe', 'Letzte 12 Monate'],
      sensors: ['Sensor', 'Zustand', 'Neuester Messwert', 'Alter']
    },
    indicative: 'orientierend, einfache Sensoren',
    whole: (name) => `Die ganze Seite bei ${name}`,
    moreStreets: (count, measured) =>
      `${plural(count, 'weitere Straße', 'weitere Straßen')}${measured > 0 ? `, ${measured} davon mit einem Wert,` : ''} in der Liste der vollständigen Seite und in der API.`
  },
  stale: {
    asOf: (moment) => `Stand ${moment}:`,
    silent: 'Die Zentrale hat seitdem nicht geantwortet. Diese Seite versucht es weiter.',
    offline: 'Dieses Gerät ist offline. Die Seite macht von selbst weiter, sobald es wieder ein Netz gibt.',
    clock: (duration, isAhead) =>
      `Die Uhr dieses Geräts geht ${duration} ${isAhead ? 'vor' : 'nach'}. Alle Zeiten auf dieser Seite sind die der Zentrale.`
  },
  loading: 'Wird geladen…',
  close: 'Schließen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  share: {
    button: 'Teilen',
    heading: 'Diese Seite teilen',
    what: 'Welcher Link',
    shown: 'Was Sie jetzt sehen',
    shownHint: 'Mit dem Zeitraum, der Messgröße und allem anderen, was Sie gewählt haben.',
    newest: 'Immer das Neueste',
    newestHint: 'Die Seite, wie sie sich öffnet, wann immer jemand dem Link folgt.',
    link: 'Link'
  },
  failed: {
    silent: 'Die Zentrale hat nicht geantwortet.',
    kept: 'Dadurch geht keine Messung verloren. Prüfen Sie Ihre Verbindung, oder versuchen Sie es in einer Minute noch einmal.',
    again: 'Noch einmal versuchen',
    answer: (detail) => `Die Zentrale hat geantwortet: ${detail}`,
    noPage: 'Unter dieser Adresse gibt es keine Seite.',
    strange:
      'Die Antwort der Zentrale war nicht lesbar. Wenn diese Seite schon lange offen ist, laden Sie sie neu.'
  },

  firstSteps: {
    heading: 'Erste Schritte',
    noStreetNext:
      'Wenn Sie diese Zentrale betreiben, fügen Sie die erste Straße hinzu, oder übernehmen Sie viele aus einem Export von OpenStreetMap:',
    noSensorNext:
      'Wenn Sie diese Zentrale betreiben, fügen Sie einen Sensor hinzu. Der Befehl gibt seine Kennung und sein Passwort aus; das Passwort wird nur dieses eine Mal gezeigt:',
    byHand:
      'Lassen Sie den Sensor senden, oder senden Sie einen Messwert von Hand, mit seiner Kennung und seinem Passwort anstelle von DEVICE_ID und PASSWORD:',
    waitingNext:
      'Diese Seite zeigt den ersten Messwert, sobald er ankommt. Wenn keiner kommt, sagt dieser Befehl, wann jeder Sensor zuletzt gehört wurde und was nicht stimmt:',
    commands: {
      streetAdd: 'npx lamppost street add "Hammer Straße"',
      streetImport: 'npx lamppost street import streets.geojson',
      deviceList: 'npx lamppost device list',
      deviceAdd: (street) => `npx lamppost device add --street "${street}" --outdoor`,
      publish: (host, port) =>
        `mosquitto_pub -h ${host} -p ${port} -q 1 -u DEVICE_ID -P 'PASSWORD' -t sensors/DEVICE_ID/readings -m '{"pm2_5":8.1,"pm10":14.2}'`
    }
  },
  homesPrivate:
    'Sensoren in Wohnungen sind privat. Gezeigt wird nur, was für die Wohnungen typisch ist, die zugestimmt haben: tageweise, und nur wenn es mindestens 5 sind.'
}
