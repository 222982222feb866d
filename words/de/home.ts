/** German (draft): a host's own page, and adding a sensor. */
import type { Words } from '../words.ts'

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('de-DE')} ${count === 1 ? one : many}`

export const home: Words['home'] = {
  heading: 'Meine Wohnung',
  signInFirst: 'Melden Sie sich an, um Ihre eigenen Sensoren und Ihre eigene Wohnung zu sehen.',
  greeting: (name) => `Angemeldet als ${name}.`,
  empty: 'Sie haben hier noch keinen Sensor.',
  emptyNext:
    'Fügen Sie einen hinzu: Es dauert etwa zehn Minuten. Wenn die Betreuung schon einen für Sie eingerichtet hat, bitten Sie sie, ihn an Sie zu übergeben.',
  add: 'Sensor hinzufügen',

  working: {
    heading: 'Funktioniert er?',
    online: (age) => `**Er funktioniert.** Zuletzt gehört: ${age}.`,
    coverage: (share) => `In den letzten 24 Stunden kamen ${share} seiner Messwerte an.`,
    coverageLow: (share) =>
      `In den letzten 24 Stunden kamen nur ${share} seiner Messwerte an. Vielleicht ist sein WLAN schwach: Stellen Sie ihn oder den Router näher und halten Sie ihn von Metall fern.`,
    silent: (when) => `**Seit ${when} ist nichts gekommen.**`,
    silentNext:
      'Prüfen Sie, ob er Strom hat und Ihr WLAN funktioniert. Ziehen Sie für zehn Sekunden den Stecker, stecken Sie ihn wieder ein und warten Sie zehn Minuten.',
    never: '**Er hat noch keinen Messwert gesendet.**',
    neverNext:
      'Vergleichen Sie seine Einstellungen mit denen, die Sie beim Hinzufügen bekommen haben. Wenn sie verloren sind, erstellen Sie unten neue.',
    unusable: '**Er sendet, aber nichts, was zu gebrauchen ist.**',
    unusableNext: 'Was nicht stimmt, steht unten.',
    battery: (level) => `Batterie ${level}.`,
    batteryLow: (level) => `**Batterie ${level}: Wechseln oder laden Sie sie bald.**`,
    signal: (level) => `Signal ${level}.`,
    signalWeak: (level) =>
      `Signal ${level}, das ist schwach: Stellen Sie ihn näher an seinen Router oder sein Gateway.`,
    outdoor: (street) => `Draußen, ${street}. Alle sehen, was er misst.`,
    indoor: (street) => `Drinnen, ${street}. Nur Sie sehen, was er misst.`,
    problems: (count) => plural(count, 'Problem', 'Probleme'),
    problemTimes: (count, when) =>
      count === 1 ? `Einmal, ${when}.` : `${plural(count, 'Mal', 'Mal')}, zuletzt ${when}.`,
    newest: 'Neueste Messwerte',
    manage: 'Diesen Sensor ändern',
    street: (street) => `${street}, wie alle sie sehen`
  },

  advice: {
    payloadTooLarge: 'Lassen Sie ihn weniger Messwerte in einer Nachricht senden.',
    payloadEncoding: 'Prüfen Sie die Einstellungen seiner Firmware: Er sendet etwas, das kein Text ist.',
    payloadNotJson:
      'Vergleichen Sie seine Einstellungen mit denen, die Sie bekommen haben; dann probieren Sie seine Nachricht auf der Seite „Sensor hinzufügen“ aus.',
    payloadShape: 'Prüfen Sie, ob er als die richtige Art von Sensor hinzugefügt wurde.',
    arrayTooLong: 'Lassen Sie ihn kleinere Stapel senden.',
    tooManyFields: 'Lassen Sie ihn nur senden, was er misst.',
    repeatedField: 'Nichts zu tun, es sei denn, ein Wert sieht falsch aus.',
    nothingMeasured:
      'Starten Sie ihn neu. Wenn das nicht hilft, ist der Fühler darin vielleicht nicht angeschlossen.',
    unknownQuantity:
      'Nichts zu tun: Was die Zentrale kennt, wird aufbewahrt. Prüfen Sie die Schreibweise, wenn Sie den Namen selbst gewählt haben.',
    notANumber: 'Starten Sie ihn neu. Wenn es weitergeht, ist der Fühler darin vielleicht defekt oder lose.',
    minusZero: 'Nichts zu tun.',
    outOfRange: 'Wenn es immer wieder geschieht, ist der Fühler darin wohl defekt: Ersetzen Sie ihn.',
    timeUnreadable:
      'Nichts ist verloren: Die Zeit der Ankunft wurde genommen. Prüfen Sie die Einstellungen seiner Uhr.',
    timeWithoutZone: 'Nichts ist verloren: Die Zeit der Ankunft wurde genommen. Lassen Sie ihn UTC senden.',
    timeMissing:
      'Aus diesem Wert wurde kein Messwert. Lassen Sie ihn die Zeit senden, die zu dem Wert gehört.',
    timeAhead:
      'Nichts ist verloren: Die Zeit der Ankunft wurde genommen. Stellen Sie seine Uhr, oder starten Sie ihn neu.',
    timePast:
      'Nichts ist verloren: Die Zeit der Ankunft wurde genommen. Stellen Sie seine Uhr, oder starten Sie ihn neu.',
    unitDoubtful:
      'Prüfen Sie, welche Einheit er sendet, und sagen Sie der Betreuung, wenn die Zahlen falsch aussehen.',
    secondSensor: 'Nichts zu tun: Der bessere der beiden Fühler wird verwendet.',
    staleValue: 'Nichts zu tun, es sei denn, es geht über Stunden so: Dann starten Sie ihn neu.',
    boxFailure: 'Starten Sie ihn neu. Wenn er es wieder sagt, ersetzen Sie den Fühler, den er nennt.',
    wrongFamily:
      'Er wurde als die falsche Art von Sensor hinzugefügt. Fügen Sie ihn als die richtige Art neu hinzu, und verwenden Sie die neuen Einstellungen.',
    otherAddress:
      'Die Einstellungen von zwei Geräten wurden vertauscht. Erstellen Sie neue für dieses, und geben Sie sie noch einmal ein.',
    otherThing:
      'Zwei Geräte verwenden dieselben Einstellungen. Fügen Sie das zweite als eigenen Sensor hinzu.',
    tooManyThings: 'Sagen Sie der Betreuung: Über das Gateway sprechen mehr Geräte, als es nennen sollte.',
    wrongPassword:
      'Wenn es Ihr Gerät ist: Geben Sie Benutzername und Passwort noch einmal ein, oder erstellen Sie neue Einstellungen.',
    wrongPort: 'Prüfen Sie den Port in seinen Einstellungen.',
    wrongProtocol: 'Stellen Sie seine MQTT-Version auf 3.1.1.',
    topicRefused: 'Prüfen Sie das Topic in seinen Einstellungen: Er darf nur sein eigenes verwenden.',
    forwardRefused:
      'Melden Sie das Gerät auf devices.sensor.community an, oder bitten Sie die Betreuung, das Weiterleiten zu beenden.',
    topicUnknown: 'Prüfen Sie das Topic in seinen Einstellungen.',
    unclaimed: 'Sagen Sie der Betreuung, ab wann der Sensor wo war: Bis dahin warten seine Messwerte.',
    heldBack: 'Sagen Sie der Betreuung, ab wann der Sensor wo war: Bis dahin ruht er und verliert nichts.',
    rowUnreadable: 'Nichts zu tun, es sei denn, viele Zeilen fehlen.'
  },

  damp: {
    heading: 'Feuchtigkeit zu Hause',
    room: (room) => `Feuchtigkeit: ${room}`,
    noNow: (room) =>
      `${room}: In den letzten zwei Stunden kamen keine Temperatur und Luftfeuchte, darum lässt sich über jetzt nichts sagen.`,
    noCorner: (room, air) =>
      `${room}: Die Luft hat ${air}. Wie es an der kältesten Ecke ist, lässt sich nicht sagen: Kein Sensor dieser Zentrale sendet jetzt eine Temperatur von draußen.`,
    condensing: (room, when, value) =>
      `${room}, ${when}: Die kälteste Ecke war **nass: Wasser kann dort kondensieren** (${value}).`,
    atRisk: (room, when, value) =>
      `${room}, ${when}: Die kälteste Ecke war **feucht genug für Schimmel**, wenn es wochenlang so bleibt (dort ${value} Luftfeuchte).`,
    near: (room, when, value) =>
      `${room}, ${when}: Die kälteste Ecke war **fast feucht** (dort ${value} Luftfeuchte; Schimmel braucht etwa 80 %).`,
    below: (room, when, value) =>
      `${room}, ${when}: Die kälteste Ecke war **trockener, als Schimmel es braucht** (dort ${value} Luftfeuchte; Schimmel braucht etwa 80 %).`,
    air: (temperature, humidity) => `${temperature} und ${humidity} Luftfeuchte`,
    airNow: (air) => `Die Luft in der Mitte des Raums: ${air}.`,
    dewPoint: (value) => `Wasser kondensiert an allem, was kälter ist als ${value}.`,
    measuredFactor: (factor, day) =>
      `Die Ecke ist aus der Luft drinnen und draußen geschätzt und aus dem, was Sie dort gemessen haben (Faktor ${factor}, zuletzt gemessen am ${day}).`,
    estimated: (factor) =>
      `Die Ecke ist aus der Luft drinnen und draußen geschätzt, wie bei einer Wand mit gewöhnlicher Dämmung (Faktor ${factor}). Eine schlecht gedämmte Ecke ist kälter und feuchter.`,
    elsewhere:
      'In Ihrer Straße sagt es kein Sensor draußen, darum ist die Außenluft die anderer Straßen hier.',
    measuredCorner: 'Die Temperatur der Ecke wird dort gemessen.',
    period: (from, until) => `Von ${from} bis ${until}`,
    hoursAtRisk: (hours, of) =>
      `so feucht war es dort in **${hours} von ${of} Stunden**, die gemessen wurden`,
    longest: (hours, when) => `am längsten ohne Pause ${hours} Stunden, ab ${when}`,
    noHours: (of) =>
      `es gab keine Stunde, die so feucht war, wie Schimmel es braucht (${of} Stunden wurden gemessen)`,
    tooLittle: (measured, of) =>
      `Nur ${measured} der letzten ${of} Stunden wurden gemessen, darum gibt es noch keinen Wert für den Monat.`,
    mould: (low, high) =>
      `Ein Modell des Schimmelwachstums (0 keiner, 3 sichtbar, 6 überall) gibt für diese Ecke ${low === high ? low : `${low} bis ${high}`}, je nachdem, woraus die Wand ist. Kein Sensor sieht Schimmel: Sehen Sie nach.`,
    todo: 'Was jetzt zu tun ist',
    open: (grams) =>
      `**Öffnen Sie für zehn Minuten ein Fenster.** Jeder Kubikmeter draußen enthält ${grams} g weniger Wasser als Ihr Raum, Lüften trocknet ihn also.`,
    shut: (grams) =>
      `**Lassen Sie das Fenster jetzt geschlossen.** Jeder Kubikmeter draußen enthält ${grams} g mehr Wasser als Ihr Raum, Lüften brächte also Wasser herein.`,
    same: '**Ein Fenster zu öffnen ändert jetzt wenig:** Draußen ist etwa so viel Wasser in der Luft wie in Ihrem Raum.',
    unknownAiring:
      'Ob es hilft, ein Fenster zu öffnen, lässt sich jetzt nicht sagen: Kein Sensor dieser Zentrale sendet Temperatur und Luftfeuchte von draußen.',
    cold: (grams) =>
      `Im unten genannten Zeitraum enthielt Ihre Luft kaum mehr Wasser als die draußen (${grams} g je Kubikmeter). Lüften allein behebt es also nicht: Die Ecke ist feucht, weil sie kalt ist. Das ist eine Frage der Heizung und der Dämmung des Gebäudes.`,
    wet: (grams) =>
      `Im unten genannten Zeitraum enthielt Ihre Luft ${grams} g mehr Wasser je Kubikmeter als die draußen, das ist viel. Am meisten hilft mehr Lüften, ein Lüfter beim Kochen und Duschen oder Wäsche, die anderswo trocknet. Ein Leck oder viele Menschen in wenigen Räumen haben dieselbe Wirkung.`,
    both: (grams) =>
      `Im unten genannten Zeitraum enthielt Ihre Luft ${grams} g mehr Wasser je Kubikmeter als die draußen. Lüften und Wärme helfen beide.`,
    noBlame: 'Ein Protokoll der Feuchtigkeit belegt Zustände. Es sagt nicht, wer sie verursacht hat.'
  },

  chart: {
    heading: 'Im Lauf der Zeit',
    room: 'Raum',
    measure: 'Zeigen',
    humidity: 'Luftfeuchte',
    temperature: 'Temperatur',
    water: 'Mehr Wasser in der Luft als draußen',
    air: 'Luft im Raum',
    corner: 'Kälteste Ecke',
    dewPoint: 'Taupunkt',
    outdoor: 'Draußen',
    excess: 'Mehr Wasser als draußen',
    mould: 'Schimmel möglich ab 80 %',
    mouldShort: 'Schimmel ab 80 %',
    range: 'Zeitraum',
    ranges: { '7d': '7 Tage', '30d': '30 Tage', '90d': '90 Tage', year: 'Jahr' },
    time: 'Zeit',
    table: 'Als Tabelle zeigen',
    noTable: 'Tabelle ausblenden',
    nothing: 'In diesem Zeitraum wurde nichts gemessen.',
    sentence: (what, room, from, until) => `${what}, ${room}, ${from} bis ${until}.`,
    hint: 'Streichen Sie über das Diagramm, oder lesen Sie Werte mit den Pfeiltasten ab.'
  },

  sees: {
    heading: 'Wer was sieht',
    outdoor: 'Was ein Sensor draußen misst, ist öffentlich, mit dem Namen seines Orts und seiner Straße.',
    indoor: 'Was in Ihrer Wohnung gemessen wird, sehen nur Sie, es sei denn, Sie stimmen hier etwas zu.',
    public: 'Sehen, was alle sehen',
    home: (rooms) => `Ihre Wohnung mit ${rooms}`,
    purposes: {
      street: 'Meine Wohnung in die Werte der Straße einrechnen',
      page: 'Eine öffentliche Seite meiner Wohnung',
      research: 'Messwerte für die Forschung, ohne meinen Namen'
    },
    on: 'Ja',
    off: 'Nein',
    since: (when) => `Sie haben am ${when} zugestimmt.`,
    agree: 'Zustimmen',
    takeBack: 'Zurücknehmen',
    noPage:
      'Diese Version hat noch keine öffentlichen Seiten von Wohnungen, darum wird dadurch nichts gezeigt.'
  },

  leave: {
    heading: 'Mitnehmen oder löschen',
    archive: 'Alles von mir herunterladen',
    archiveSays:
      'Eine ZIP-Datei mit jedem Messwert, jeder Stunde, jedem Tag und allem, was von Ihnen aufbewahrt wird. Eine Datei README.txt darin erklärt den Rest.',
    show: 'Alles von mir löschen…',
    dialog: 'Alles von Ihnen löschen?',
    loading: 'Es wird gezählt, was da ist…',
    readings: (count) => plural(count, 'Messwert', 'Messwerte'),
    devices: (count) => plural(count, 'Sensor', 'Sensoren'),
    places: (names) => `Orte: ${names}.`,
    would: (readings, devices) =>
      `Endgültig weg wären: ${readings} und ${devices}, mit allen Namen, Zustimmungen, Nachrichten, Ihrem Tagebuch und Ihrem Konto. Niemand kann sie zurückbringen.`,
    published:
      'Werte Ihrer Straße, die schon veröffentlicht sind, bleiben, wie sie sind. Sie nennen niemanden und sind nie die einer einzelnen Wohnung.',
    backups: (count) =>
      `${plural(count, 'Sicherung', 'Sicherungen')} der Zentrale ${count === 1 ? 'enthält' : 'enthalten'} noch eine Kopie. Wird eine verwendet, wird daraus wieder gelöscht, was Sie gelöscht haben.`,
    lastSteward:
      'Sie sind die einzige Betreuung dieser Zentrale. Machen Sie zuerst jemand anderen zur Betreuung, damit sie weiter betreut wird.',
    confirm: (word) => `Geben Sie zur Bestätigung ${word} ein`,
    erase: 'Endgültig löschen',
    running: 'Wird gelöscht… Das kann eine Minute dauern.',
    cancel: 'Alles behalten',
    done: 'Es ist gelöscht',
    report: (readings, places, devices) =>
      `Gelöscht: ${readings}, ${plural(places, 'Ort', 'Orte')} und ${devices}, und Ihr Konto.`,
    reportNext: 'Sie können die Sensoren ausstecken: Niemand nimmt ihre Messwerte mehr entgegen.'
  },

  account: {
    heading: 'Mein Konto',
    out: 'Abmelden',
    sessions: 'Wo ich angemeldet bin',
    here: 'Hier sind Sie gerade.',
    lastUsed: (age, address) => `Zuletzt benutzt ${age}, von ${address}.`,
    browserOn: (browser, system) => `${browser} auf ${system}`,
    unknownBrowser: 'Ein Browser, der nicht sagt, welcher er ist',
    end: 'Dort abmelden',
    endWhat: (browser) => `Dort abmelden: ${browser}`,
    endOthers: 'Überall sonst abmelden',
    password: 'Ein anderes Passwort',
    current: 'Ihr jetziges Passwort',
    next: 'Das neue',
    nextHint:
      'Mindestens zehn Zeichen. Drei oder vier Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
    change: 'Ändern',
    changed: 'Es ist geändert, und Sie sind überall sonst abgemeldet.'
  },

  addPage: {
    heading: 'Sensor hinzufügen',
    step: (step, of, name) => `Schritt ${step} von ${of}: ${name}`,
    steps: ['Welche Art', 'Wo er ist', 'Verbinden', 'Erster Messwert'],
    back: 'Zurück',
    next: 'Weiter',
    kind: 'Welche Art von Sensor ist es?',
    kinds: {
      airrohr: 'Das Selbstbaugerät von Sensor.Community: Feinstaub, oft mit Temperatur und Luftfeuchte',
      airgradient: 'AirGradient ONE oder Open Air: Feinstaub, CO₂, Temperatur, Luftfeuchte',
      smartcitizen: 'Smart Citizen Kit des Fab Lab Barcelona: Luft, Lärm, Licht',
      esphome: 'Ein Gerät, das Sie mit ESPHome gebaut haben',
      tasmota: 'Ein Stecker oder Sensor mit der Firmware Tasmota',
      shelly: 'Shelly H&T: Temperatur und Luftfeuchte, mit Batterie',
      ecowitt: 'Eine Wetterstation von Ecowitt oder Fine Offset',
      enviro: 'Ein Pimoroni Enviro auf einem Pico W',
      thingsboard: 'Ein Gerät, dessen Firmware für ThingsBoard gemacht wurde',
      senml: 'Eine Platine, die SenML sendet (RFC 8428)',
      lamppost: 'Alles andere, was MQTT spricht: eigene Firmware'
    },
    anyKind: 'Etwas anderes',
    otherKind: 'Eine andere Art von Gerät',
    gatewayKind: 'Es spricht über ein Gateway (Zigbee, Home Assistant, LoRaWAN)',
    gatewayHint: 'Wählen Sie es aus den Geräten, die gehört wurden und noch niemandem gehören.',
    heardNone:
      'Seit gestern wurde kein Gerät gehört, das zur Wahl steht. Schalten Sie Ihres ein, warten Sie auf seine erste Nachricht, und sehen Sie noch einmal nach. Das Gateway selbst fügt die Betreuung hinzu.',
    again: 'Noch einmal nachsehen',
    heard: (quantities, age) => `Misst ${quantities}. Gehört ${age}.`,
    address: 'Sein Token',
    addressHint: 'Sechs Buchstaben und Ziffern. Es steht auf der Einstellungsseite des Geräts.',
    street: 'Welche Straße?',
    streetHint: 'Geben Sie den Anfang ihres Namens ein, und wählen Sie sie aus der Liste.',
    streetNone: 'Diese Zentrale hat noch keine Straße. Bitten Sie die Betreuung, Ihre hinzuzufügen.',
    placement: 'Wo ist er?',
    indoor: 'Drinnen',
    indoorHint: 'Nur Sie sehen, was er misst.',
    outdoor: 'Draußen',
    outdoorHint: 'Alle sehen, was er misst, auf der Seite der Straße.',
    home: 'In welcher Wohnung?',
    newHome: 'In einer Wohnung, die hier neu ist',
    homeOf: (rooms) => `Die mit ${rooms}`,
    room: 'Welcher Raum?',
    roomHint: 'Zum Beispiel: Schlafzimmer, Nordwand. Nur Sie sehen es.',
    publicName: 'Wie soll sein Ort heißen?',
    publicNameHint:
      'Alle sehen dies. Verwenden Sie nicht Ihren Namen oder Ihre Hausnummer; zum Beispiel: an der Bushaltestelle.',
    make: 'Einstellungen erstellen',
    making: 'Einstellungen werden erstellt…',
    connect: 'Geben Sie diese Einstellungen in den Sensor ein',
    once: 'Das Passwort wird nur dieses eine Mal gezeigt. Kopieren Sie es jetzt, oder lassen Sie diese Seite offen, bis der Sensor funktioniert.',
    push: 'Adresse, an die gesendet wird',
    user: 'Benutzername',
    password: 'Passwort',
    topic: 'MQTT-Topic',
    server: 'MQTT-Server',
    settingsFor: (name) => (name === 'settings' ? 'Fertige Einstellungen' : `Fertige Einstellungen: ${name}`),
    qr: 'QR-Code für ein Telefon zeigen',
    qrSays:
      'Scannen Sie ihn mit dem Telefon, auf dem Sie die Einstellungen eingeben. Er enthält das Passwort: Zeigen Sie ihn niemandem sonst.',
    qrLabel: 'QR-Code mit den Einstellungen dieses Sensors',
    connected: 'Ich habe sie eingegeben',
    waiting: 'Warten auf den ersten Messwert…',
    waitingHint: (minutes) =>
      `Schalten Sie den Sensor ein, oder starten Sie ihn neu. Die meisten senden innerhalb von ${plural(minutes, 'Minute', 'Minuten')}. Sie können diese Seite schließen: Der Messwert wird trotzdem angenommen.`,
    works: 'Er funktioniert',
    worksSays: (values) => `Der erste Messwert ist angekommen: ${values}.`,
    wrong: 'Etwas ist angekommen, aber nicht das, was erwartet wurde',
    tester: 'Eine Nachricht ausprobieren',
    testerHint: 'Fügen Sie ein, was Ihr Sensor sendet. Nichts davon wird gespeichert.',
    message: 'Nachricht',
    test: 'Ausprobieren',
    understood: (values) => `Die Zentrale liest: ${values}.`,
    notUnderstood: 'Die Zentrale liest darin keinen Wert.',
    looksLike: (kind) => `Es sieht aus wie eine Nachricht dieser Art: ${kind}.`,
    toHome: 'Zu meiner Wohnung'
  },

  change: {
    newSettings: 'Neue Einstellungen',
    renew: 'Neue Einstellungen erstellen',
    newSettingsHint: 'Für einen Sensor, der sie verloren hat. Das alte Passwort gilt noch einen Tag.',
    leaked: 'Das alte Passwort ist bekannt geworden: jetzt beenden',
    rename: 'Seinen Ort umbenennen',
    name: 'Neuer Name',
    move: 'Er ist in eine andere Straße umgezogen',
    moveHint:
      'Ab jetzt. Was er vorher gemessen hat, bleibt bei der alten Straße. Drinnen beginnt er als neue Wohnung ohne Zustimmungen.',
    remove: 'Der Sensor ist weg',
    removeHint: 'Sein Passwort endet. Was er gemessen hat, bleibt Ihres.',
    removeStart: 'Diesen Sensor entfernen…',
    removeConfirm: 'Ja, entfernen',
    save: 'Speichern'
  }
}
