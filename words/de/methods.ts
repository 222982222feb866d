/** German (draft): the page of methods. Numbers come in as parameters, from the tables that the hub computes with. */
import type { Words } from '../words.ts'

const list = new Intl.ListFormat('de-DE', { type: 'conjunction' })

export const methods: Words['methods'] = {
  heading: 'Wie jede Zahl entsteht',
  lead: 'Alles, was diese Seite zeigt, wird nach den Regeln unten aus Messwerten berechnet. Die Tabellen kommen aus den Konstanten, mit denen die Software rechnet, und jede Formel steht neben ihrem Code. Formeln, ihre Namen und ihre Quellen sind englisch.',
  contents: 'Auf dieser Seite',
  toContents: 'Zum Inhalt',
  source: (source) => `Quelle: ${source}.`,
  version: (version) => `Version ${version}`,
  range: (range) => `Gilt für: ${range}.`,
  columns: {
    index: 'Index',
    word: 'Wort',
    quantity: 'Was',
    possible: 'Möglich',
    usual: 'Üblich',
    value: 'Wert',
    meaning: 'Was es heißt',
    flag: 'Markierung'
  },
  from: (from) => `${from} und mehr`,
  below: (until) => `unter ${until}`,
  fromBelow: (from, until) => `${from} bis unter ${until}`,
  span: (from, until) => `${from} bis ${until}`,
  or: (values) => new Intl.ListFormat('de-DE', { type: 'disjunction' }).format(values),

  journey: {
    heading: 'Vom Sensor zur Straße',
    steps: (coverage, dayHours, sites) => [
      'Ein Sensor sendet einen Messwert.',
      'Seine Einheit wird in die umgerechnet, die diese Seite verwendet. Dieser Wert wird aufbewahrt und nie geändert.',
      'Er wird geprüft. Ein Messwert, der nicht stimmen kann, wird aufbewahrt, markiert und aus jedem Mittelwert weggelassen.',
      `Messwerte werden zum Mittelwert einer Stunde. Eine Stunde zählt, wenn ${coverage} % davon gemessen wurden.`,
      `Stunden werden zum Mittelwert eines Tages. Ein Tag zählt, wenn ${dayHours} seiner Stunden zählen.`,
      `Der Wert einer Straße ist der Median ihrer Sensoren draußen, wenn mindestens ${sites} davon zählen.`,
      'Erst dann bekommt er ein Wort, und nur, wo das Wort für einen Mittelwert dieser Länge gedacht ist.'
    ]
  },
  quantities: {
    heading: 'Was gemessen wird',
    text: 'Ein Wert außerhalb von „möglich“ hat nicht bestanden. Ein Wert außerhalb von „üblich“ ist zweifelhaft: Er wird gezeigt und markiert.'
  },
  checks: {
    heading: 'Welche Messwerte zählen',
    text: 'Jeder Messwert hat eine Markierung, wie die Meereskunde sie vergibt (QARTOD, IOOS 2017). „Nicht geprüft“ ist nicht dasselbe wie „bestanden“.',
    flags: {
      1: ['Bestanden', 'Zählt in Mittelwerten.'],
      2: ['Nicht geprüft', 'Zählt in Mittelwerten und wird nicht gut genannt.'],
      3: ['Zweifelhaft', 'Zählt in Mittelwerten; gezeichnet als hohler Punkt.'],
      4: ['Nicht bestanden', 'Aufbewahrt und gezählt, aber in keinem Mittelwert und auf keiner Linie.'],
      9: ['Fehlt', 'Es gibt keinen Wert; die Lücke bleibt eine Lücke.']
    },
    reasonsHeading: 'Warum ein Messwert markiert ist',
    reasons: {
      outOfRange: 'Kann nicht sein',
      unusual: 'Ungewöhnlich',
      timeReceived: 'Zeit nicht glaubhaft',
      sentinel: 'Keine Messung',
      saturated: 'Ende des Messbereichs',
      stuck: 'Hängt',
      spike: 'Spitze',
      rateOfChange: 'Zu schnell',
      inconsistent: 'Widerspruch',
      neighbours: 'Weit von den Nachbarn',
      ratified: 'Anderswo geprüft',
      tooHumid: 'Zu feucht für eine Korrektur',
      aboveSaturation: 'Über 100 %',
      doubted: 'Anderswo bezweifelt',
      unauthenticated: 'Ohne Geheimnis',
      channelsDisagree: 'Zwei Kanäle widersprechen sich',
      unjudged: 'Noch nicht verglichen'
    },
    sentinelsHeading: 'Werte, die keine Messung sind',
    sentinelsText:
      'Manche Sensoren senden diese, wenn sie nicht messen konnten oder am Ende ihres Messbereichs waren.',
    formulasHeading: 'Prüfungen, die mehr als einen Messwert betrachten'
  },
  stuck: {
    caption: 'Ein Wert, bis zur letzten Ziffer wiederholt',
    text: 'Zweifelhaft, wo es anhält; nicht bestanden nur, wo so viele Wiederholungen eines so feinen Werts kein Zufall sein können. Eine Luftfeuchte am Ende ihrer Skala wird nach der Temperatur daneben beurteilt, wie unten.',
    columns: ['Was', 'Zweifelhaft', 'Nicht bestanden'],
    repeats: (above, hours) => `ab ${above}, über ${hours} Stunden`,
    repeatsAny: (hours) => `jeder Wert, über ${hours} Stunden`,
    neverFails: 'nie',
    fails: (from, until, readings, whole) =>
      `ab ${from} bis unter ${until}, ${readings} Mal oder mehr, ${whole}`,
    wholeFrom: (value) => `mit Zehnteln oder ab ${value}`,
    noWhole: 'mit Zehnteln'
  },
  changes: {
    caption: 'Messwerte, die herausstechen: zweifelhaft, dafür nie nicht bestanden',
    columns: ['Was', 'Spitze über', 'Änderung je Minute über', 'Nachbarn weiter auseinander als'],
    none: '–'
  },
  coverage: {
    heading: 'Mittelwerte und Abdeckung',
    interval: (share, gapS, readings) =>
      `Wie oft ein Sensor sich meldet, ist das, was bei seiner Anmeldung angegeben wurde oder wofür seine Art bekannt ist. Wo beides fehlt, wird es gelernt und als geschätzt gezeigt: der kürzeste Abstand, der mindestens ${share} seiner Abstände von ${gapS} Sekunden und mehr ausmacht, ab ${readings} Messwerten. Es kann sich mit der Zeit ändern; jeder Abschnitt wird nach seinem eigenen gezählt, und ein Mittelwert über eine Änderung gewichtet nach Zeit.`,
    paragraphs: (coverage, dayHours, zone) => [
      `Abdeckung ist der Anteil der Zeit, der gemessen wurde. Sie wird danach gezählt, wie oft sich der Sensor melden sollte, nie danach, wie oft er es tat: Ein Sensor, der den halben Tag still ist, hat eine Abdeckung von der Hälfte. Unter ${coverage} % gibt es keinen Mittelwert, und das Diagramm hat eine Lücke.`,
      `Ein Tag braucht ${dayHours} Stunden, die zählen, auch an den Tagen mit 23 und 25 Stunden, an denen die Uhr umgestellt wird. Stunden und Tage sind die der Uhr dieser Zentrale (${zone}): Eine Stunde beginnt, wo sie eine volle Stunde zeigt oder in eine andere springt, ein Tag um ihre Mitternacht.`,
      'Schallpegel werden als Energie gemittelt, nicht als Zahlen. Alles andere wird gemittelt wie üblich.'
    ]
  },
  street: {
    heading: 'Der Wert einer Straße',
    paragraphs: (sites) => [
      `Der Wert einer Straße ist der Median ihrer Sensoren draußen: Die Hälfte hat mehr gemessen, die Hälfte weniger. Ein defekter Sensor kann einen Median nicht so weit verschieben wie einen Durchschnitt. Bei weniger als ${sites} Sensoren, die zählen, gibt es keinen Straßenwert; stattdessen werden die einzelnen Sensoren gezeigt, ohne ein Wort.`,
      'Das helle Band in einem Diagramm ist die mittlere Hälfte der Sensoren: Ein Viertel hat mehr gemessen als seine obere Kante, ein Viertel weniger als seine untere.'
    ]
  },
  homes: {
    heading: 'Sensoren in Wohnungen',
    paragraphs: (perDay, perHour, delayHours) => [
      `Ein Sensor in einer Wohnung ist privat. Gezeigt wird nur, was für mehrere Wohnungen typisch ist, die zugestimmt haben: mindestens ${perDay} Wohnungen für einen Tag, ${perHour} für seine Stunden. Typisch ist der Mittelwert der mittleren drei Fünftel davon, in ganzen Einheiten oder gröber, also nie der Wert einer einzelnen Wohnung.`,
      `Jede Wohnung zählt einmal, gleich wie viele Sensoren sie hat. Ein Tag erscheint einmal, ${delayHours} Stunden oder mehr nach seinem Ende, und bleibt, wie er erschienen ist, was sich danach auch ändert. Wohnungen werden in Schritten von ${perDay} gezählt, und niemand erfährt, wie viele oder welche es sind.`
    ]
  },
  corrections: {
    heading: 'Korrekturen',
    text: (humidityAgeMinutes, humidityMax) =>
      `Kleine Partikelsensoren zählen bei feuchter Luft Wasser als Staub, und jede Art hat ihren eigenen Fehler. Eine Korrektur wird nur verwendet, wo die Betreuung eine gesetzt hat, nur für die Sensoren, für die sie gemacht wurde, und nie zusätzlich zu einer anderen. Die Zahl, wie sie gemessen wurde, bleibt, und eine Seite oder Datei zeigt die eine oder die andere und sagt, welche. Die Luftfeuchte ist die desselben Geräts, höchstens ${humidityAgeMinutes} Minuten alt. Wo die Luft zu feucht ist, um eine Zahl zu korrigieren (bei der Feuchtekorrektur über ${humidityMax} %), steht sie in keinem korrigierten Mittelwert: Die Abdeckung sagt es.`,
    sensors: (sensors) => `Gemacht für: ${list.format(sensors)}.`,
    families: {
      plantower: 'Plantower (PMS5003, PMS7003)',
      sds011: 'SDS011',
      sps30: 'SPS30',
      opc: 'andere optische Zähler',
      other: 'jeder andere Sensor'
    },
    anySensor: 'Gemacht für: den einen Sensor, der neben der Referenz stand.',
    inUse: 'Hier in Gebrauch',
    none: 'In dieser Zentrale ist keine Korrektur gesetzt, jede Zahl ist also wie gemessen.',
    notAnswered:
      'Die Zentrale hat nicht gesagt, welche Korrekturen sie verwendet. Laden Sie die Seite neu, um noch einmal zu fragen.',
    recomputing: (hours) =>
      `Eine Korrektur wurde gerade geändert: ${hours.toLocaleString('de-DE')} Stunden werden noch neu berechnet.`,
    one: (label, site, by, { from, until }, id, version) => {
      const since = from === '' ? '' : ` ab ${from}`
      const to = until === '' ? '' : ` bis ${until}`
      return `${label}, ${site}: ${by}${since}${to}. Sie heißt ${id}, Version ${version}.`
    }
  },
  air: {
    heading: 'Luft: Wörter und Indizes',
    text: 'Die Wörter auf der Karte sind die des britischen Index. Die beiden anderen gibt es für Forschende, über die Schnittstelle. Eine Stunde wird nie nach der Skala eines Tages beurteilt.',
    daqi: 'Britischer Index: Der höchste Schadstoff entscheidet, µg/m³',
    eaqi: 'Europäischer Index: Stundenmittel, µg/m³',
    usAqi: 'US-Index: Partikel, µg/m³'
  },
  noise: {
    heading: 'Lärm',
    text: (day, evening, night, errorDb) =>
      `Tag ist 0${day}:00 bis ${evening}:00, Abend ${evening}:00 bis ${night}:00, Nacht ${night}:00 bis 0${day}:00 nach Ortszeit. Eine Nacht, in der die Uhr umgestellt wird, hat 7 oder 9 Stunden und wird über die Stunden gemittelt, die sie hatte. Ein Mikrofon hört jede Quelle, nicht nur die Straße, und eines, das nicht kalibriert wurde, kann ${errorDb} dB danebenliegen.`,
    scale: 'Wörter für eine Nacht, dB'
  },
  damp: {
    heading: 'Feuchtigkeit und Schimmel',
    text: (risk) =>
      `Schimmel wächst auf der kältesten Fläche, darum sagt die Luftfeuchte des Raums allein wenig. Bei ${risk} % und mehr auf einer Fläche, über Wochen, wird Schimmel möglich. Gesagt wird ein Risiko, nie, dass es Schimmel gibt.`,
    scale: 'Wörter für einen Raum, Mittelwert von 7 Tagen, %'
  },
  mould: {
    caption: 'Schimmelmodell: die vier Klassen von Material',
    columns: ['Material', 'k₁ unter Index 1 und ab 1', 'Kleinste RHcrit', 'Mmax'],
    classes: {
      verySensitive: 'Unbehandelte Kiefer',
      sensitive: 'Gehobeltes Holz, papierkaschierte Platten',
      mediumResistant: 'Putz, Beton',
      resistant: 'Glas, Metall'
    },
    then: ', dann ',
    highest: (a, b, c) => `${a} + ${b} x − ${c} x², mit x = (RHcrit − RH) / (RHcrit − 100)`,
    critical: (a, b, c, d) =>
      `Schimmel wächst ab der kritischen Luftfeuchte: RHcrit = ${a} T³ + ${b} T² + (${c}) T + ${d}, in % und °C der Fläche, und mindestens die des Materials.`,
    first: (a, b, c) =>
      `Die Zeit, bis er auf Kiefer erscheint, ist t_m = exp(${a} ln T + (${b}) ln RH + ${c}) Wochen.`,
    growth: (approach, from, until) =>
      `Das Wachstum wird nahe am höchsten Index langsamer: k₂ = 1 − exp(${approach} (M − Mmax)), mindestens 0. Bei ${from} °C und darunter gibt es keines, und bei ${until} °C und darüber auch nicht.`,
    decline: (first, firstHours, restHours, later) =>
      `Wenn es zu trocken ist, fällt der Index ${firstHours} Stunden lang um ${first} am Tag, dann nicht, bis ${restHours} Stunden vergangen sind, dann um ${later} am Tag.`
  },
  change: {
    heading: 'Änderung: Trends, vorher und nachher, Kalibrierung',
    text: 'Eine Änderung wird mit ihrem Intervall genannt oder gar nicht. Wo die Daten keine Antwort tragen, ist die Antwort ein Satz, der sagt, warum.'
  },
  limits: {
    heading: 'Grenzwerte und Richtwerte',
    text: 'Jeder Grenzwert hat Daten, ab und bis wann er gilt. Ein Messwert wird mit dem verglichen, was zu seiner Zeit galt, und nur als Mittelwert über die Zeit, um die es dem Grenzwert geht. Einfache Sensoren sind orientierend: Sie zeigen, wo man hinsehen sollte, sie beweisen nichts über das Recht.',
    levels: { lden: 'Lden', lnight: 'Lnight', laeq24h: 'LAeq über 24 Stunden' },
    averaging: {
      '15minutes': 'Mittelwert von 15 Minuten',
      hour: 'Mittelwert von 1 Stunde',
      '8hours': 'höchster 8-Stunden-Mittelwert eines Tages',
      day: 'Mittelwert von 24 Stunden',
      year: 'Mittelwert eines Jahres'
    },
    spans: {
      '15minutes': ['in', 'Viertelstunde'],
      hour: ['in', 'Stunde'],
      '8hours': ['an', 'Tag'],
      day: ['an', 'Tag'],
      year: ['in', 'Jahr']
    },
    what: (name, averaging, value) => `${name}, ${averaging}: ${value}`,
    mean: 'Der Mittelwert selbst wird verglichen.',
    never: 'Darf nie überschritten werden.',
    allowed: (times, [preposition, span]) =>
      `Darf ${preposition} ${times} ${times === 1 ? span : span.endsWith('e') ? `${span}n` : `${span}en`} eines Jahres überschritten werden.`,
    percentile: (percent, by) =>
      `${percent} % der Werte eines Jahres dürfen nicht darüber liegen (${percent}. Perzentil, gezählt wie in ${by}).`,
    percentileOfDailyMax: (percent, by) =>
      `Von jedem Tag die höchste Stunde; ${percent} % davon in einem Jahr dürfen nicht darüber liegen (${percent}. Perzentil, gezählt wie in ${by}).`,
    years: (years) => `Gemittelt über ${years} Jahre; bei weniger lässt sich noch nichts sagen.`,
    rounded: (amount) => `Vor dem Vergleich auf ${amount} gerundet.`,
    interim: (values) => `Zwischenziele: ${list.format(values)}.`,
    capture: (year, part, span) =>
      span === 'Jahr'
        ? `Braucht ${year} % des Jahres.`
        : `Braucht ${part} % jedes Abschnitts (${span}) und ${year} % des Jahres.`,
    ownCapture: (year) =>
      `Wer ihn gesetzt hat, geht in der Praxis von ${year} % des Jahres aus; das Urteil danach wird auch genannt.`,
    since: (from) => `In Kraft seit ${from}.`,
    sinceUntil: (from, last) => `In Kraft von ${from} bis ${last}.`,
    ahead: (from) => `Noch nicht in Kraft: ab ${from}.`,
    aheadUntil: (from, last) => `Noch nicht in Kraft: von ${from} bis ${last}.`,
    over: (from, last) => `Nicht mehr in Kraft: ${from} bis ${last}.`,
    source: (source) => `Quelle: ${source}.`,
    unchecked: (parts) => `Noch nicht im Dokument selbst geprüft: ${list.format(parts)}.`,
    parts: { value: 'der Wert', rule: 'was ihn überschreiten darf', from: 'der erste Tag' }
  },
  never: {
    heading: 'Was wir nie zeigen',
    points: (coverage, homes) => [
      `Eine einzelne Wohnung: keinen Messwert aus einer, und keinen Wert von weniger als ${homes}.`,
      'Wo genau ein Sensor angebracht ist, es sei denn, die Person, bei der er steht, hat darum gebeten. Ein Ort wird als seine Straße gezeigt.',
      'Welche Wohnungen teilnehmen, oder wie viele zugestimmt haben und nicht gezählt wurden.',
      `Einen Mittelwert von weniger als ${coverage} % seiner Zeit, als wäre er vollständig.`,
      'Ein Wort für einen einzelnen Messwert, oder für eine Stunde nach einer Skala, die für einen Tag gemacht ist.',
      'Wörter, die etwas für ungefährlich, erlaubt oder verboten erklären. Ein einfacher Sensor kann das nicht wissen.',
      'Dass es Schimmel gibt. Ein Sensor sagt ein Risiko; Augen sagen Schimmel.',
      'Eine Linie durch eine Zeit, in der nichts gemessen wurde.',
      'Eine korrigierte Zahl ohne den Namen ihrer Korrektur.'
    ]
  }
}
