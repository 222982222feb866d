/** German (draft): the page for researchers, from which readings are downloaded. */
import type { Words } from '../words.ts'

export const data: Words['data'] = {
  heading: 'Daten',
  lead: 'Jeder Messwert, jede Stunde und jeder Tag dieser Nachbarschaft von draußen, für alle, ohne Konto und ohne Begrenzung. Was in Wohnungen gemessen wird, ist nicht darin.',
  streets: 'Straßen',
  allStreets: 'Alle Straßen',
  streetsHint: (count) => (count === 1 ? 'Eine Straße hat hier eine Zeile.' : `${count} Straßen.`),
  quantities: 'Messgrößen',
  allQuantities: 'Alles, was gemessen wird',
  period: 'Zeitraum',
  from: 'Erster Tag',
  until: 'Letzter Tag',
  wholeRecord: 'Lassen Sie beides leer für alles, was es gibt. Tage sind die der Ortszeit der Nachbarschaft.',
  badPeriod: 'Der letzte Tag liegt vor dem ersten.',
  window: 'Zeilen',
  windows: {
    raw: {
      label: 'Einzelne Messwerte',
      hint: 'Wie sie gesendet wurden, jeder mit seiner Qualitätsmarkierung und den Gründen dafür.'
    },
    hour: {
      label: 'Stundenwerte',
      hint: 'Mittelwert, kleinster, größter, Perzentile, Zahl der Messwerte und Abdeckung.'
    },
    day: { label: 'Tageswerte', hint: 'Dasselbe für Kalendertage; ein Tag braucht 18 gültige Stunden.' }
  },
  values: 'Werte',
  valueChoices: {
    raw: { label: 'Wie gemessen', hint: 'Was der Sensor gesagt hat.' },
    corrected: {
      label: 'Korrigiert',
      hint: 'Wo eine Korrektur in Gebrauch ist, mit ihrem Namen und ihrer Version in jeder Zeile.'
    }
  },
  layout: 'Spalten',
  layouts: {
    long: { label: 'Eine Zeile je Wert', hint: 'Am besten für Datenbanken und das tidyverse von R.' },
    wide: {
      label: 'Eine Spalte je Messgröße',
      hint: 'Am besten für Tabellenprogramme und openair.'
    }
  },
  flags: 'Qualitätsmarkierungen',
  flagChoices: {
    keep: {
      label: 'Alle Messwerte behalten',
      hint: 'Sie entscheiden, was Sie weglassen: Markierung 4 hat eine Prüfung nicht bestanden.'
    },
    drop: {
      label: 'Nicht bestandene Messwerte weglassen',
      hint: 'Messwerte mit Markierung 4 sind nicht in der Datei.'
    }
  },
  format: 'Datei',
  formats: {
    csv: { label: 'CSV', hint: 'Öffnet sich in jedem Tabellenprogramm und jeder Programmiersprache.' },
    parquet: {
      label: 'Parquet',
      hint: 'Mit Datentypen und komprimiert: ein Zehntel der Größe. Für pandas, polars, R und DuckDB.'
    },
    jsonl: { label: 'JSON Lines', hint: 'Ein Objekt je Zeile.' },
    arrow: { label: 'Arrow', hint: 'Ein Strom von Record Batches.' }
  },
  estimating: 'Wird gezählt…',
  estimate: (rows, size) => `Etwa ${rows} Zeilen, ${size}.`,
  nothing: 'In dieser Auswahl ist nichts.',
  download: 'Herunterladen',
  ordered: {
    why: 'Ein Download dieser Größe dauert, und bricht die Verbindung ab, beginnt er von vorn. Der Hub kann die Datei zuerst herstellen: Dann geht ein abgebrochener Download dort weiter, wo er aufhörte, und die Datei bleibt eine Woche hier.',
    order: 'Datei herstellen lassen',
    waiting: 'Die Datei wartet, bis sie an der Reihe ist.',
    making: (size) => `Die Datei wird hergestellt: ${size} bisher.`,
    comeBack: 'Sie können diese Seite schließen und später zu ihrer Adresse zurückkommen.',
    whole: (rows, size, day) => `Die Datei ist fertig: ${rows} Zeilen, ${size}. Sie bleibt bis ${day} hier.`,
    fetch: 'Fertige Datei herunterladen',
    failed: 'Die Datei konnte nicht hergestellt werden.',
    again: 'Noch einmal bestellen'
  },
  cited:
    'Jeder Download hat eine Quittung, genannt in seinem Header Lamppost-Export: Zeilen, SHA-256, Anfrage, Lizenz und die Versionen der Methoden.',
  same: 'Dieselbe Anfrage in Ihrem Programm',
  snippets: {
    curl: 'curl',
    pandas: 'Python (pandas)',
    polars: 'Python (polars)',
    duckdb: 'Python (DuckDB)',
    r: 'R (openair)'
  },
  whole: 'Ist die Datei vollständig?',
  wholeText:
    'Ein Download, der abbricht, endet in jedem Programm mit einem Fehler. Zur Prüfung vergleichen Sie die Datei mit ihrer Quittung:',
  dictionary: 'Was die Spalten enthalten',
  columns: {
    name: 'Spalte',
    meaning: 'Bedeutung',
    quantity: 'Messgröße',
    unit: 'Einheit',
    flag: 'Markierung',
    reason: 'Grund'
  },
  csvColumns: [
    ['time', 'Wann gemessen wurde: ISO 8601, UTC, Millisekunden.'],
    [
      'street, site, device',
      'Kennungen, die bleiben. Ein Ort behält seine Geschichte, wenn sein Sensor ersetzt wird.'
    ],
    [
      'quantity, value, unit',
      'Was gemessen wurde. Werte werden nie geändert; Korrekturen haben eigene Zeilen.'
    ],
    ['flag, reason', 'QARTOD-Qualitätsmarkierung und die Gründe dafür, wie unten.'],
    ['received', 'Wann die Zentrale ihn empfangen hat.']
  ],
  flagTable: 'Qualitätsmarkierungen (QARTOD)',
  flagMeanings: {
    1: 'Hat jede Prüfung bestanden.',
    2: 'Nicht beurteilt: noch nicht, oder von jemand anderem geprüft.',
    3: 'Zweifelhaft. Zählt in Mittelwerten.',
    4: 'Nicht bestanden. Steht in keinem Mittelwert und bleibt in der Datei.',
    9: 'Fehlt.'
  },
  reasonTable: 'Gründe',
  quantityTable: 'Messgrößen und Einheiten',
  methods: 'Wie jede Zahl entsteht',
  licence: 'Lizenz und Zitat',
  licenceText: (licence) => `Die Daten sind veröffentlicht unter ${licence}.`,
  cite: (hub, licence, day, url) =>
    `${hub} (Lamppost). Messungen von Luft, Lärm und Feuchte der Nachbarschaft. Lizenz: ${licence}. Heruntergeladen am ${day} von ${url}`,
  indicative:
    'Einfache Sensoren sind orientierend. Ein Vergleich mit einem gesetzlichen Grenzwert braucht Referenzgeräte.',
  datasets:
    'Um genau das zu zitieren, was Sie verwendet haben, nehmen Sie einen Datensatz: eine Momentaufnahme, die sich nie ändert.',
  datasetsLink: 'Datensätze',
  api: 'Alles davon für Programme: die API'
}
