/** German (draft): the damp record of a home, as it is printed and previewed. Each sentence says its number, its source, or that nothing can be said. */
import type { Words } from '../words.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const record: Words['record'] = {
  title: (rooms) => `Feuchteprotokoll: ${rooms}`,
  about: (from, until) => `Messwerte von ${from} bis ${until}`,
  madeBy: (hub, when, version) =>
    `Gemacht von ${hub} (Lamppost ${version}) am ${when}. Lamppost ist quelloffene Software, mit der eine Nachbarschaft ihre eigene Luft, ihren Lärm und ihre Feuchtigkeit misst.`,
  madeFor: (person) => `Gemacht für ${person}.`,
  times: (zone) =>
    `Zeiten und Tage sind die von ${zone}. „Stunde“ heißt eine Stunde, von der mindestens 75 % der erwarteten Messwerte kamen.`,
  subject: 'Messwerte einer feuchten Wohnung, mit dem, was fehlt und was sie nicht beweisen',
  notPrintable:
    'Wörter in einem anderen Alphabet stehen hier in lateinischen Buchstaben; ein Fragezeichen steht für ein Zeichen, für das es keine gibt. Die Datei record.json im Archiv enthält sie, wie sie geschrieben wurden.',
  page: (page, of) => `Seite ${page} von ${of}`,

  short: 'Kurz gesagt',
  shortRisk: (room, hours, of, percent) =>
    `${room}: In **${hours} von ${of} gemessenen Stunden** (${percent}) hatte die Luft an der kältesten Ecke 80 % Luftfeuchte oder mehr; dabei kann Schimmel wachsen, wenn es anhält.`,
  shortNoRisk: (room, of) =>
    `${room}: In keiner von ${of} gemessenen Stunden erreichte die Luft an der kältesten Ecke 80 % Luftfeuchte, ab der Schimmel wachsen kann.`,
  shortNoCorner: (room, hours, of) =>
    `${room}: Die Luft hatte in ${hours} von ${of} gemessenen Stunden mehr als 70 % Luftfeuchte. Über die kälteste Ecke lässt sich nichts sagen, weil weder eine Temperatur draußen noch eine der Wand gemessen wurde.`,
  shortNothing: (room) => `${room}: In diesem Zeitraum wurde nichts gemessen.`,
  shortSpell: (hours, since) => `Die längste Zeit ohne Pause war ${hours} Stunden, ab ${since}.`,
  shortShare: (measured, of, percent) =>
    `${measured} von ${of} Stunden des Zeitraums wurden gemessen (${percent}).`,
  shortReports: (count) =>
    `Dem Vermieter wurde es ${count === 1 ? 'einmal' : `${count} Mal`} gemeldet; die Tage stehen unten.`,
  shortNoReports: 'Für diesen Zeitraum ist keine Meldung an den Vermieter vermerkt.',
  tooShort:
    'Das sind nur wenige Tage. Feuchtigkeit ändert sich über Wochen, darum zeigt dieses Protokoll diese Tage und nicht mehr.',

  room: (room) => `Raum: ${room}`,
  instrument: 'Wo und womit gemessen wurde',
  labels: {
    room: 'Raum',
    street: 'Straße',
    box: 'Gerät',
    sensor: 'Fühler darin',
    error: 'Wie weit er danebenliegen kann',
    checked: 'Wie er geprüft wurde',
    interval: 'Sendet einen Messwert',
    here: 'War in diesem Raum',
    measured: 'Gemessene Stunden',
    temperature: 'Temperatur der Luft',
    cold: 'Stunden unter 18 °C',
    humidity: 'Luftfeuchte',
    humid: 'Stunden über 70 % Luftfeuchte',
    dewPoint: 'Taupunkt der Luft',
    water: 'Wasser in der Luft',
    cornerMean: 'Temperatur der Ecke',
    margin: 'Ecke über dem Taupunkt',
    factor: 'Temperaturfaktor',
    risk: 'Stunden mit 80 % oder mehr an der Ecke',
    condensing: 'Stunden, in denen dort Wasser kondensieren kann',
    spell: 'Längste Zeit ohne Pause',
    mould: 'Schimmelindex',
    excess: 'Mehr Wasser als die Luft draußen',
    outside: 'Luft draußen'
  },
  sensorUnknown: 'niemand hat gesagt, welcher',
  sensors: (names) => names,
  error: (humidity, temperature, source) =>
    `±${humidity} Prozentpunkte Luftfeuchte, ±${temperature} (${source})`,
  checked:
    'Jeder Messwert wird mit dem verglichen, was der Fühler messen kann, und später mit den Messwerten um ihn herum (QARTOD-Prüfungen). Ein Vergleich dieses Geräts mit einem Referenzgerät ist nicht vermerkt.',
  everyMinutes: (minutes) => `alle ${minutes} Minuten`,
  everySeconds: (seconds) => `alle ${seconds} Sekunden`,
  intervalUnknown: 'zu Zeiten, die nicht bekannt sind',
  hereAlways: 'den ganzen Zeitraum',
  hereFrom: (from) => `ab ${from}`,
  hereUntil: (until) => `bis ${until}`,
  hereBetween: (from, until) => `von ${from} bis ${until}`,
  moved:
    'In diesem Zeitraum hat hier mehr als ein Gerät gemessen, oder eines kam oder ging. Vergleichen Sie die Zeiten davor und danach mit Vorsicht.',
  ofHours: (hours, of, percent) => `${hours} von ${of} Stunden (${percent})`,
  hoursOf: (hours, of) => `${hours} von ${of} gemessenen Stunden`,
  spread: (mean, least, most) => `im Mittel ${mean}, Stundenmittel von ${least} bis ${most}`,
  notEnough: 'kein Wert: Weniger als 75 % der Stunden wurden gemessen',

  air: 'Wie warm und wie feucht der Raum war',
  corner: 'Wie kalt die kälteste Ecke war',
  basis: {
    sensor: 'Die Temperatur der Ecke wurde von einem Fühler an der Wand gemessen.',
    measured: (factor, when, count, isThisRoom) =>
      `Die Ecke ist für jede Stunde aus der Luft drinnen und draußen geschätzt, mit einem Temperaturfaktor von ${factor}. Er wurde ${isThisRoom ? 'in diesem Raum' : 'in einem anderen Raum dieser Wohnung'} mit einem Thermometer an der Ecke gemessen (${count === 1 ? 'eine Messung' : `der Median von ${count} Messungen, die letzte`} am ${when}).`,
    assumed: (factor) =>
      `Die Ecke wurde **nicht gemessen**. Sie ist für jede Stunde aus der Luft drinnen und draußen geschätzt, mit einem Temperaturfaktor von ${factor}, den BRE IP 1/06 als den kleinsten für eine Wohnung nennt. Eine schlecht gedämmte Ecke ist kälter, und dann gibt es mehr Stunden mit Risiko als hier.`,
    none: 'Über die kälteste Ecke lässt sich nichts sagen: Weder eine Temperatur draußen noch eine der Wand wurde gemessen.'
  },
  elsewhere:
    'In dieser Straße gibt es draußen keinen Sensor für Temperatur und Luftfeuchte, darum ist die Außenluft die anderer Straßen der Zentrale.',
  risk80:
    'Ab etwa 80 % Luftfeuchte an einer Fläche kann Schimmel wachsen, wenn es anhält (ISO 13788). Bei 100 % kondensiert Wasser.',
  lowest: (mean, low) => `im Mittel ${mean}, kleinstes Stundenmittel ${low}`,
  marginText: (mean, low, hours) =>
    `im Mittel ${mean}, am kleinsten ${low}; weniger als 1 °C in ${hours} Stunden`,
  spellText: (hours, since) => `${hours} Stunden, ab ${since}`,
  spellNote: 'Eine fehlende Stunde beendet eine Zeit ohne Pause, die wahre kann also länger sein.',
  mouldRange: (low, high, peak) =>
    `${low === high ? low : `${low} bis ${high}`} am Ende des Zeitraums, höchstens ${peak} (0 keiner, 1 mit dem Mikroskop gesehen, 3 sichtbar, 6 überall)`,
  mouldNone: 'kein Wert: Weniger als 75 % der Stunden sind an der Ecke bekannt',
  mouldNote:
    'Das VTT-Modell (Hukka und Viitanen 1999; Ojanen 2010), das am ersten Tag des Zeitraums bei 0 beginnt. Es ist ein Bereich, weil niemand gemessen hat, woraus die Wand ist. Es ist eine Rechnung: Kein Sensor sieht Schimmel.',

  chartHumidity: 'Feuchte der Luft und an der kältesten Ecke',
  chartTemperature: 'Temperatur der Luft, der Ecke, des Taupunkts und draußen',
  chartAlt: (what, room, window) =>
    `Liniendiagramm: ${what}, ${room}, ${window}. Die Werte je Tag oder Woche stehen in der Tabelle darunter.`,
  window: { hour: 'Stundenmittel', day: 'Tagesmittel' },
  lines: {
    air: 'Luft des Raums',
    corner: 'kälteste Ecke',
    dewPoint: 'Taupunkt',
    outdoor: 'draußen',
    limit: '80 %: Schimmel kann wachsen'
  },

  use: 'Wurde geheizt, und wurde gelüftet?',
  heated: (hours, of, mean) =>
    `Der Raum war in ${hours} von ${of} gemessenen Stunden unter 18 °C (dem Mindestwert, zu dem die WHO rät). Seine mittlere Temperatur war ${mean}.`,
  heatedNoMean: (hours, of) =>
    `Der Raum war in ${hours} von ${of} gemessenen Stunden unter 18 °C (dem Mindestwert, zu dem die WHO rät).`,
  excess: (grams, pascal, outside) =>
    `Im Mittel enthielt jeder Kubikmeter seiner Luft ${grams} g mehr Wasser als die Luft draußen (${pascal} Pa mehr Dampfdruck), bei ${outside} draußen.`,
  excessLow:
    'Das ist wenig für eine bewohnte Wohnung (Klasse 1 oder 2 der EN ISO 13788, 2001, bei dieser Temperatur; zur Orientierung). Lüften trägt Wasser nur so weit hinaus, bis es so viel ist wie draußen, mehr Lüften würde also wenig ändern: Bei so wenig Wasser wird nur eine kalte Fläche feucht.',
  excessMiddle:
    'Das ist üblich für eine bewohnte Wohnung (Klasse 3 der EN ISO 13788, 2001, bei dieser Temperatur; zur Orientierung).',
  excessMild: (degrees) =>
    `Ob das wenig oder viel ist, lässt sich nicht sagen: Die Klassen der EN ISO 13788 liegen ab ${degrees} °C draußen zu dicht beieinander.`,
  excessHigh:
    'Das ist viel für eine Wohnung (Klasse 4 oder 5 der EN ISO 13788, 2001, bei dieser Temperatur; zur Orientierung). Kochen, Waschen, trocknende Wäsche, viele Menschen in wenigen Räumen, wenig Lüften, ein Leck oder aufsteigende Feuchtigkeit können es jeweils verursachen; diese Messwerte können nicht sagen, was davon.',
  excessNone:
    'Wie viel Wasser der Raum der Luft zugefügt hat, lässt sich nicht sagen: Zu wenige Stunden haben Temperatur und Luftfeuchte von drinnen und von draußen.',
  windowsUnknown:
    'Der Sensor sieht weder Fenster noch Heizkörper. Was dazu vermerkt wurde, steht im Tagebuch.',

  criteria: 'Höchste gleitende Mittelwerte',
  criteriaHead: ['Gemittelt über', 'Luft: höchster', 'Luft: Kriterium', 'Ecke: höchster', 'Ecke: Kriterium'],
  criteriaPeriods: { day: 'einen Tag', week: 'eine Woche', month: 'einen Monat' },
  atMost: (value) => `höchstens ${value}`,
  criteriaNote:
    'Kriterien aus Approved Document F (England, 2010), aus einer zweiten Quelle übernommen: Prüfen Sie das Dokument, bevor Sie sie zitieren. Ein Strich: zu wenige Stunden.',

  missing: 'Was fehlt, und was weggelassen wurde',
  missingHours: (hours, of) =>
    `${hours} von ${of} Stunden wurden nicht gemessen oder hatten zu wenige Messwerte. Was in ihnen geschah, ist unbekannt.`,
  missingNone: 'Jede Stunde des Zeitraums wurde gemessen.',
  gapsHead: ['Nicht gemessen ab', 'bis', 'Stunden'],
  gapsMore: (listed, all) => `Aufgelistet sind die ${listed} längsten von ${plural(all, 'Lücke', 'Lücken')}.`,
  leftOutNone: 'Jeder Messwert hat seine Prüfungen bestanden, darum wurde keiner weggelassen.',
  bothHead: [
    'Stunden mit 80 % oder mehr an der Ecke',
    'Stunden mit Risiko',
    'Von Stunden',
    'Längste Zeit ohne Pause'
  ],
  bothWith: (readings) => `mit den ${readings} nicht bestandenen Messwerten, die einen möglichen Wert haben`,
  bothWithout: 'ohne die nicht bestandenen Messwerte (wie oben)',
  bothNote:
    'Beide werden genannt, damit das Weglassen von Messwerten nichts verbirgt; der schlechtere steht zuerst.',
  bothNot:
    'Die nicht bestandenen Messwerte sind Fehlercodes oder unmögliche Werte, sie können also in keiner Zahl gezählt werden.',
  suspect: 'Messwerte, die eine Prüfung nur bezweifelt hat, sind in den Zahlen.',
  doubt: (error, lowest, highest) =>
    `Hat der Fühler immer ${error} Prozentpunkte zu viel gezeigt, waren es ${lowest} Stunden mit Risiko; hat er ebenso viel zu wenig gezeigt, ${highest}.`,

  days: 'Tag für Tag',
  daysHead: [
    'Tag',
    'Gemessene Stunden',
    'Luft °C: Mittel (kleinstes bis größtes)',
    'Luftfeuchte %: Mittel (kleinstes bis größtes)',
    'Stunden über 70 %',
    'Stunden mit Risiko',
    'Stunden unter 18 °C'
  ],
  weeks: 'Woche für Woche',
  weeksHead: [
    'Woche',
    'Gemessene Stunden drinnen und draußen',
    'Luft °C',
    'Luftfeuchte %',
    'Draußen °C',
    'Mehr Wasser als draußen g/m³ (Pa)',
    'Stunden mit Risiko'
  ],
  weeksNote: 'Die Tage stehen im Ordner „days“ des Archivs. Ein Strich: weniger als 75 % der Stunden.',

  diary: 'Tagebuch',
  diaryNote:
    'In den Worten der Person, die dort wohnt. Die Zentrale vermerkt, wann jeder Eintrag geschrieben wurde.',
  diaryNone: 'Für diesen Zeitraum steht nichts im Tagebuch.',
  diaryHead: ['Wann', 'Was', 'Wo', 'Notiz', 'Geschrieben'],
  diaryKinds: {
    mould: 'Schimmel gesehen',
    window: 'Fenster',
    heating: 'Heizung',
    washing: 'Wäsche',
    reported: 'Dem Vermieter gemeldet',
    answered: 'Antwort des Vermieters',
    inspected: 'Besichtigung des Vermieters',
    repaired: 'Reparatur',
    note: 'Notiz'
  },
  wholeHome: 'die Wohnung',
  sameDay: 'am selben Tag',
  photo: (name) => `Foto: ${name}`,
  photosNote: 'Fotos sind im Archiv, das zu diesem Protokoll gehört, unter den hier genannten Namen.',
  reportedTo: (to, note) => (note === '' ? `An ${to}.` : `An ${to}: ${note}`),

  reports: 'Meldungen an den Vermieter und die Regeln mit Fristen',
  reportsNone: 'Im Tagebuch ist für diesen Zeitraum keine Meldung an den Vermieter vermerkt.',
  reported: (when, to) => (to === '' ? `Gemeldet am ${when}` : `Gemeldet am ${when} an ${to}`),
  answered: (when) => `Eine Antwort ist vermerkt am ${when}.`,
  notAnswered: 'Keine Antwort ist vermerkt.',
  inspected: (when) => `Eine Besichtigung ist vermerkt am ${when}.`,
  notInspected: 'Keine Besichtigung ist vermerkt.',
  repaired: (when) => `Eine Reparatur ist vermerkt am ${when}.`,
  notRepaired: 'Keine Reparatur ist vermerkt.',
  since: (hours, of) => `Seitdem gemessen: ${hours} von ${of} Stunden mit Risiko an der kältesten Ecke.`,
  sinceBoth: (before, since) =>
    `Anteil der Stunden mit Risiko vor der Meldung: ${before}; seitdem: ${since}.`,
  afterRepair:
    'Auch das Wetter ändert sich: Vergleichen Sie Wochen, in denen es draußen etwa gleich kalt war.',
  noRules:
    'Welche Fristen das Gesetz für eine Antwort oder Reparatur setzt, lässt sich hier nicht sagen: Es wurden keine Regeln mit Fristen gewählt, oder für dieses Land und Mietverhältnis sind keine bekannt.',
  rules: (name, source, checked) => `${name} (${source}; Angaben geprüft am ${checked}).`,
  rulesFor: (tenancy) => `Sie gelten für ${tenancy}.`,
  notUnder: (from) =>
    `Diese Meldung wurde gemacht, bevor diese Regeln am ${from} in Kraft traten, darum stehen hier keine Fristen.`,
  deadlinesHead: ['Was die Regeln verlangen', 'Frist', 'Letzter Tag', 'Stand dieses Protokolls'],
  deadlines: {
    emergency: 'Eine Notlage (unmittelbare und erhebliche Gefahr) untersucht und behoben',
    investigate: 'Eine erhebliche Gefahr durch Feuchtigkeit oder Schimmel untersucht',
    summary: 'Schriftliche Zusammenfassung der Ergebnisse',
    makeSafe: 'Gefahr beseitigt, und weitere Arbeiten begonnen oder in die Wege geleitet',
    furtherWorks: 'Weitere Arbeiten spätestens tatsächlich begonnen'
  },
  limits: {
    emergency: '24 Stunden',
    investigate: '10 Werktage',
    summary: '3 Werktage nach der Untersuchung',
    makeSafe: '5 Werktage nach der Untersuchung',
    furtherWorks: '12 Wochen nach der Untersuchung'
  },
  deadlineUnknown: 'lässt sich nicht sagen',
  deadlineAssumed: (date) => `${date}, wenn die Untersuchung an ihrem letzten Tag endete`,
  passed: 'ist verstrichen',
  passedWithoutNote: 'ist verstrichen; nichts ist vermerkt',
  noted: (day) => `vermerkt am ${day}`,
  notedLate: (day) => `vermerkt am ${day}, nach diesem Tag`,
  notPassed: 'steht noch bevor',
  emergencyNote:
    'Ob eine Gefahr eine Notlage oder erheblich ist, sagt der Vermieter und am Ende ein Gericht, nicht ein Sensor.',
  noAdvice: 'Das ist keine Rechtsberatung. Die gibt es hier:',

  proves: 'Was dies nicht beweist',
  provesNot: [
    'Es zeigt nicht, dass es Schimmel gibt oder keinen: Es zeigt Zustände, unter denen Schimmel wachsen kann.',
    'Es zeigt nicht, wer die Feuchtigkeit verursacht hat. Die Leitlinien in England sagen, dass Mietern die Art, wie sie wohnen, nicht vorgeworfen werden soll (GOV.UK, Understanding and addressing the health risks of damp and mould in the home).',
    'Es ist keine Bewertung nach dem Housing Health and Safety Rating System, die nur geschulte Prüfende nach einer Besichtigung geben können.',
    'Der Sensor ist kein Referenzgerät. Alle Zahlen sind orientierend.',
    'Es sagt nichts über Räume, Wände und Zeiten, die nicht gemessen wurden.'
  ],
  falsifies: 'Was zeigen würde, dass es falsch ist',
  falsifiers: [
    'Ein kalibriertes Gerät neben dem Sensor, das um mehr abweicht als den oben genannten Fehler.',
    'Ein Sensor, der auf einem Heizkörper stand, in der Sonne, im Dampf, draußen oder in einem anderen Raum als dem genannten.',
    'Wetter draußen, das von den hier verwendeten Sensoren draußen abweicht.',
    'Eine Messung an der kältesten Ecke, die einen anderen Temperaturfaktor ergibt.'
  ],

  how: 'Wie die Zahlen entstehen',
  howHead: ['Zahl', 'Formel', 'Quelle'],
  version: (source, version) => `${source} (Version ${version})`,

  check: 'Wie sich prüfen lässt, dass nichts geändert wurde',
  checkText:
    'Das Archiv dieses Protokolls enthält dieses Dokument, jeden Messwert, die Tage, das Tagebuch, die Fotos und die Liste MANIFEST.sha256. Entpacken Sie es, und führen Sie diesen Befehl in seinem Ordner aus; eine Datei, die um ein Byte geändert wurde, wird genannt.',
  checkCommand: 'sha256sum --check MANIFEST.sha256',
  checkMore: 'Auf einem Mac: shasum -a 256 --check MANIFEST.sha256',

  readme: (hub, madeAt, check, mac) => `Das Feuchteprotokoll, das ${hub} gemacht hat: ${madeAt}

damp-record.pdf   das Protokoll, zum Lesen und Drucken
record.json       dasselbe als Daten: jede Zahl, das Tagebuch, die Meldungen
readings/         jeder einzelne Messwert, wie der Sensor ihn gesendet hat, mit Markierung und Grund; Zeiten sind UTC
days/             eine Zeile je Tag: gemessene Stunden, Stundenmittel, Stunden mit Risiko
diary.csv         das Tagebuch, in den Worten der Person, die es schreibt
photos/           Fotos des Tagebuchs
MANIFEST.sha256   SHA-256-Summen von allen diesen

Um zu prüfen, dass keine Datei geändert wurde, entpacken Sie das Archiv und führen Sie in seinem Ordner aus:
  ${check}
${mac}
Jede Datei wird mit OK genannt. Eine geänderte Datei wird mit FAILED genannt. Kein anderes Programm und kein Netz ist
nötig. Die Summen zeigen, dass Dateien nach dem Erstellen des Archivs nicht geändert wurden; bewahren Sie das Archiv auf,
oder senden Sie es jemandem, um zu zeigen, wann das war.
`
}
