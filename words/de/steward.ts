/** German (draft): the stewards' desk. */
import type { Words } from '../words.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const steward: Words['steward'] = {
  heading: 'Betreuung',
  notSteward: 'Diese Seite ist für die Betreuung dieser Zentrale. Fragen Sie sie, ob Sie dazugehören sollen.',
  signInFirst: 'Melden Sie sich als Betreuung an, um sich um diese Zentrale zu kümmern.',
  tabs: {
    name: 'Der Schreibtisch',
    todo: 'Zu tun',
    boxes: 'Sensoren',
    people: 'Menschen',
    streets: 'Straßen',
    calibrations: 'Kalibrierung',
    hub: 'Die Zentrale'
  },
  allWell: 'Heute braucht Sie nichts.',
  wellBoxes: (count) => `${plural(count, 'Sensor', 'Sensoren')}, alles in Ordnung.`,
  save: 'Speichern',
  cancel: 'Abbrechen',
  more: (count) => `und ${plural(count, 'weiterer', 'weitere')}`,

  todo: {
    ill: (count) => plural(count, 'Sensor braucht Sie', 'Sensoren brauchen Sie'),
    allBoxes: 'Alle Sensoren',
    heard: (count) =>
      plural(
        count,
        'Gerät wurde gehört, das noch niemandem gehört',
        'Geräte wurden gehört, die noch niemandem gehören'
      ),
    claim: 'Zuordnen',
    requests: (count) =>
      plural(count, 'Person möchte einen Sensor aufstellen', 'Personen möchten einen Sensor aufstellen'),
    toRequests: 'Lesen',
    hub: 'Die Zentrale selbst',
    toHub: 'Mehr über die Zentrale',
    calibrations: (count) =>
      plural(
        count,
        'Kalibrierung läuft oder wartet auf Freigabe',
        'Kalibrierungen laufen oder warten auf Freigabe'
      ),
    toCalibrations: 'Zu den Kalibrierungen',
    lastBackup: (when) => `Letzte Sicherung: ${when}.`
  },

  upgrade: {
    heading: (version) => `Lamppost ${version} ist hier neu`,
    since: (before, day) => `Am ${day} hat es ${before} abgelöst.`,
    earlier: 'eine frühere Version',
    changes: 'Was sich geändert hat',
    unchanged: (before) =>
      `An den Daten musste sich nichts ändern. Um zurückzugehen, installiert, wer den Rechner betreut, wieder ${before}.`,
    withoutBackup:
      'Die Daten wurden geändert, und vorher wurde keine Sicherung angelegt, wie es gewünscht war.',
    backup: 'Vorher wurde eine Sicherung angelegt. Sie liegt auf dem Rechner der Zentrale:',
    goBack: 'Wie es zurückgeht',
    goBackHow: (before) =>
      `Wer den Rechner betreut, hält die Zentrale an, installiert wieder ${before} und führt dies aus. Was seit dem Wechsel gemessen wurde, ist nicht in der Sicherung.`,
    read: 'Das habe ich gelesen'
  },

  illness: {
    paused: [
      'ruht: Er hat keinen Ort für die Zeit, in der er gemessen hat',
      'Geben Sie ihm eine Straße. Bis dahin behält er seine Messwerte.'
    ],
    unplaced: [
      'sendet Messwerte für eine Zeit, in der er keinen Ort hatte',
      'Sagen Sie, wo er war: Lassen Sie ihn umziehen, mit dem Tag, an dem er dorthin kam.'
    ],
    never: [
      'wurde noch nie gehört',
      'Bitten Sie die Person, bei der er steht, seine Einstellungen mit denen zu vergleichen, die sie bekommen hat, oder neue zu erstellen.'
    ],
    silent: [
      'ist still',
      'Bitten Sie die Person, bei der er steht, Strom und WLAN zu prüfen und ihn neu zu starten.'
    ],
    unusable: [
      'sendet, aber nichts, was zu gebrauchen ist',
      'Seine Probleme sagen, was ankommt. Meist ist er als eine andere Art eingerichtet.'
    ],
    failing: [
      'sendet Messwerte, die ihre Prüfungen nicht bestehen',
      'Der Fühler darin ist wohl verschmutzt, hängt oder ist defekt. Lassen Sie ihn reinigen oder ersetzen.'
    ],
    problems: ['hat Probleme', 'Sehen Sie sich seine Probleme an.'],
    batteryLow: [
      'hat eine schwache Batterie',
      'Bitten Sie die Person, bei der er steht, sie zu wechseln oder zu laden.'
    ],
    signalWeak: ['hat ein schwaches Signal', 'Lassen Sie ihn oder den Router näher stellen.']
  },

  box: {
    where: (street) => street,
    noStreet: 'keine Straße',
    indoor: 'drinnen',
    outdoor: 'draußen',
    heard: (age) => `Zuletzt gehört: ${age}.`,
    neverHeard: 'Nie gehört.',
    host: (name) => `Steht bei: ${name}.`,
    noHost: 'Die Person, bei der er steht, hat hier noch keinen Namen.',
    id: (id, kind) => `${id}, ${kind}`,
    problems: 'Probleme',
    problem: (message, times) => `${message} ${times}`,
    times: (count, when) => `${plural(count, 'Mal', 'Mal')}, zuletzt ${when}.`,
    lastAt: (when) => `Zuletzt ${when}.`,
    manage: 'Sich um ihn kümmern',
    filter: 'Suchen',
    filterHint: 'Name, Straße, Person oder Kennung.',
    onlyIll: 'Nur die, die mich brauchen',
    none: 'Einen solchen Sensor gibt es nicht.',
    empty: 'Noch gibt es keinen Sensor.',
    add: 'Sensor hinzufügen',
    addFor: 'Wem gehört er?',
    addForHint:
      'Wählen Sie niemanden, wenn die Person hier noch nicht bekannt ist. Er kann später übergeben werden.',
    nobody: 'Noch niemandem',
    kind: 'Art',
    street: 'Straße',
    placement: 'Wo',
    name: 'Wie sein Ort heißt',
    nameHint: 'Draußen sehen es alle. Verwenden Sie nicht den Namen einer Person oder eine Hausnummer.',
    address: 'Woran er zu erkennen ist',
    addressHint: 'Seriennummer, Chip-Kennung oder Token. Leer lassen, es sei denn, seine Seite fragt danach.',
    make: 'Einstellungen erstellen',
    settings: 'Seine Einstellungen',
    claimHeading: (name) => `${name} zuordnen`,
    heardNone: 'Seit gestern wurde kein Gerät gehört, das noch niemandem gehört.',
    heardHeading: 'Geräte hinter Gateways, die noch niemandem gehören',
    newSettings: 'Neue Einstellungen',
    newSettingsHint: 'Für einen Sensor, der sie verloren hat. Das alte Passwort gilt noch einen Tag.',
    leaked: 'Das alte Passwort ist bekannt geworden: jetzt beenden',
    renew: 'Neue Einstellungen erstellen',
    move: 'Er ist jetzt in einer anderen Straße',
    handOver: 'Er steht jetzt bei jemand anderem',
    handOverHint: 'Was er vorher gemessen hat, bleibt bei der Person, die ihn hatte.',
    remove: 'Er ist weg',
    removeHint: 'Sein Passwort endet. Was er gemessen hat, bleibt.',
    removeStart: 'Entfernen…',
    removeConfirm: 'Ja, entfernen'
  },

  people: {
    add: 'Person hinzufügen',
    name: 'Name',
    nameHint: 'Nur die Betreuung sieht ihn.',
    addButton: 'Hinzufügen',
    noName: 'Noch kein Name',
    hostOf: (place) => `Hat diesen Sensor: ${place}`,
    boxes: (count) => plural(count, 'Sensor', 'Sensoren'),
    homes: (count) => plural(count, 'Wohnung', 'Wohnungen'),
    account: (userName, roles) => `Meldet sich an als ${userName}: ${roles}.`,
    noAccount: 'Kann sich noch nicht anmelden.',
    invited: (until) => `Eingeladen, bis ${until}.`,
    roles: { host: 'mit Sensor', researcher: 'Forschung', steward: 'Betreuung' },
    invite: 'Einladen',
    inviteAs: (role) => `Einladen als: ${role}`,
    recover: 'Link für ein neues Passwort',
    asSteward: 'Gehört zur Betreuung',
    asResearcher: 'Forscht',
    rename: 'Umbenennen',
    removeAccount: 'Konto entfernen',
    removeHint: 'Die Person wird sofort überall abgemeldet. Ihre Sensoren und Messwerte bleiben.',
    removeConfirm: 'Ja, das Konto entfernen',
    shown: 'Der Link, nur dieses eine Mal gezeigt',
    shownHint: (until) =>
      `Er gilt einmal, bis ${until}. Senden Sie ihn, lassen Sie ihn scannen, oder schreiben Sie den Code auf eine Karte: Er wird auf der Seite zum Anmelden eingegeben.`,
    code: 'Code',
    link: 'Link',
    qr: 'QR-Code des Links',
    invitations: 'Offene Einladungen',
    noInvitations: 'Keine Einladung ist offen.',
    invitation: (name, role, until) => `${name}, als ${role}, bis ${until}`,
    revoke: 'Zurücknehmen',
    requests: 'Personen, die einen Sensor aufstellen möchten',
    noRequests: 'Zurzeit fragt niemand.',
    request: (name, street, when) => `${name}, ${street}, ${when}`,
    requestContact: (contact) => `Schreiben Sie an: ${contact}`,
    addFromRequest: 'Als Person hinzufügen',
    answered: 'Beantwortet: entfernen',
    handOver: 'Die Betreuung übergeben',
    handOverHint:
      'Die andere Person übernimmt die Betreuung, und Sie gehören sofort nicht mehr dazu. Sie braucht ein Konto. Um die Betreuung stattdessen zu teilen, nehmen Sie sie oben als zweite Person dazu.',
    handOverTo: 'An wen?',
    handOverStart: 'Übergeben…',
    confirm: (word) => `Geben Sie zur Bestätigung ${word} ein`,
    handedOver:
      'Die Betreuung ist übergeben. Sie gehören nicht mehr dazu; Ihre eigenen Sensoren bleiben Ihre.',
    manage: 'Ändern'
  },

  streets: {
    add: 'Straße hinzufügen',
    name: 'Name',
    addButton: 'Hinzufügen',
    import: 'Karte übernehmen',
    importHint: 'Eine GeoJSON-Datei mit den Linien Ihrer Straßen, zum Beispiel ein Export von OpenStreetMap.',
    file: 'Kartendatei',
    apart: 'Straßen, die woanders liegen als die gleichnamigen der Zentrale',
    apartChoices: {
      none: 'Mich fragen',
      apart: 'sind andere: mit einer Nummer hinzufügen',
      redraw: 'sind dieselben: neu zeichnen'
    },
    importButton: 'Übernehmen',
    imported: (added, redrawn) =>
      `${plural(added, 'Straße wurde', 'Straßen wurden')} hinzugefügt, ${redrawn} neu gezeichnet.`,
    sensors: (outdoor, indoor) => `${plural(outdoor, 'Ort', 'Orte')} draußen, ${indoor} drinnen`,
    notDrawn: 'nicht auf der Karte',
    manage: 'Ändern',
    rename: 'Umbenennen',
    renameHint: 'Ihre Links und Topics bleiben.',
    draw: 'Ihre Linie zeichnen',
    drawHint:
      'Ein Punkt je Zeile, zuerst der Breitengrad, mit Dezimalpunkt, wie Karten-Apps sie kopieren: 51.4617, -2.5873. Mindestens zwei Punkte, von einem Ende der Straße zum anderen.',
    drawBad: (line) =>
      `Zeile ${line} ist kein Punkt. Schreiben Sie Breiten- und Längengrad mit einem Komma dazwischen.`,
    merge: 'Mit einer anderen Straße zusammenlegen',
    mergeHint:
      'Ihre Sensoren ziehen dorthin, und Links zu ihr führen dorthin. Das lässt sich nicht mit einem Knopf rückgängig machen.',
    mergeInto: 'Mit',
    mergeButton: 'Zusammenlegen',
    split: 'Teilen: Diese Orte sind eine andere Straße',
    splitName: 'Name der neuen Straße',
    splitButton: 'Teilen',
    notes: 'Vermerke zu Straßen',
    notesHint: 'Etwas, das die Zahlen erklären kann, etwa eine Baustelle. Alle sehen es unter dem Diagramm.',
    noteText: 'Was geschehen ist',
    noteFrom: 'Von',
    noteUntil: 'Bis (freiwillig)',
    noteStreet: 'Straße',
    noteButton: 'Vermerk hinzufügen',
    note: (street, text, from, until) =>
      `${street}: ${text}, ${until === '' ? `seit ${from}` : `${from} bis ${until}`}`,
    noteRemove: 'Entfernen',
    noNotes: 'Noch kein Vermerk.',
    changed: 'Gespeichert.',
    overtaken: 'Was Sie eingegeben haben, steht noch da. Soll es trotzdem gelten, speichern Sie noch einmal.',
    find: 'Straße suchen'
  },

  calibrations: {
    lead: 'Stellen Sie mehrere Sensoren neben ein Referenzgerät, an eine Stange, für einen Nachmittag oder länger. Jeder bekommt seine eigene Gerade und korrigierte Werte bis zu einem Tag, den Sie wählen.',
    start: 'Kalibrierung beginnen',
    quantity: 'Was verglichen wird',
    reference: 'Referenz',
    referenceHint:
      'Der Sensor, dem Sie vertrauen: eine Messstation, oder einer, der neben einer kalibriert wurde.',
    boxes: 'Sensoren daneben',
    noBoxes: 'Kein anderer Sensor draußen misst das.',
    startButton: 'Jetzt beginnen',
    since: 'Sie stehen dort seit',
    sinceHint: 'Leer lassen für jetzt. Messwerte ab dann werden verglichen.',
    none: 'Es gab noch keine Kalibrierung.',
    states: {
      running: 'läuft',
      finished: 'wartet auf Freigabe',
      signedOff: 'freigegeben',
      cancelled: 'abgebrochen'
    },
    title: (label, reference) => `${label} neben ${reference}`,
    line: (count, from, until) => `${plural(count, 'Sensor', 'Sensoren')}, ${from} bis ${until}`,
    now: 'jetzt',
    open: 'Öffnen',
    finish: 'Beenden: Die Sensoren verlassen jetzt die Referenz',
    cancelButton: 'Abbrechen: Nichts wird daraus',
    again: 'Noch einmal nachsehen',
    referenceEnded: (when) =>
      `Die Referenz hat seit ${when} nichts gesendet. Verglichen wird nur, was beide bis dahin gemessen haben.`,
    verdicts: {
      fit: 'folgt der Referenz',
      poor: 'folgt der Referenz nicht: wohl defekt, verschmutzt oder nicht daneben',
      tooFew: 'noch zu wenige Werte',
      silent: 'hat nichts gesendet'
    },
    pairs: (count) => plural(count, 'Paar', 'Paare'),
    columns: {
      box: 'Sensor',
      verdict: 'Urteil',
      slope: 'Steigung',
      intercept: 'Versatz',
      r2: 'R²',
      rmse: 'RMSE',
      pairs: 'Paare',
      take: 'Korrigieren'
    },
    picture: (name) => `${name} gegen die Referenz`,
    meaning: (unit) =>
      `Ein Sensor zeigt Steigung × Referenz + Versatz (${unit}). Korrigierte Werte kehren das um. R² von 1 würde der Referenz genau folgen; unter 0,5 hilft keine Gerade.`,
    expires: 'Korrekturen enden am',
    expiresHint: 'Sensoren driften. Ein halbes Jahr ist üblich; höchstens zwei Jahre.',
    signOff: (count) => `${plural(count, 'Sensor', 'Sensoren')} freigeben`,
    signedOff: (by, until) => `Freigegeben von ${by}. Die Korrekturen enden am ${until}.`,
    signedOffBefore: 'Die Person, die freigegeben hat',
    corrections: 'Korrekturen in Gebrauch',
    noCorrections: 'Keine Korrektur ist in Gebrauch.',
    correction: (label, name) => `${label}, ${name}`,
    until: (until) => `bis ${until}`,
    endless: 'ohne Ende',
    end: 'Jetzt beenden',
    endConfirm: 'Ja, beenden'
  },

  hub: {
    health: {
      ready: 'Der Zentrale geht es gut.',
      degraded: 'Die Zentrale arbeitet; darum sollten Sie sich kümmern:',
      unready: 'Die Zentrale ist nicht bereit:'
    },
    doctor: 'Was die Untersuchung gefunden hat',
    doctorAt: (when) => `Nachgesehen ${when}.`,
    again: 'Noch einmal nachsehen',
    looking: 'Wird nachgesehen…',
    states: { ok: 'gut', warn: 'darum kümmern', bad: 'jetzt' },
    storage: 'Speicher',
    readings: (size) => `Messwerte: ${size}`,
    journal: (size) => `Nachrichten, wie sie kamen: ${size}`,
    free: (size) => `Frei auf dem Datenträger: ${size}`,
    backups: 'Sicherungen',
    backupsHint:
      'Eine Sicherung enthält alles, auch was in Wohnungen gemessen wurde. Darum wird sie hier gemacht und aufgelistet, aber nie heruntergeladen: Wer den Rechner betreibt, holt sie von dort.',
    noFolder:
      'Diese Zentrale hat keinen Ordner für Sicherungen. Wer ihren Rechner betreibt, setzt LAMPPOST_BACKUP_DIR, am besten auf einem anderen Datenträger.',
    makeNow: 'Jetzt eine Sicherung machen',
    making: (share) => `Eine Sicherung wird gemacht: ${share}`,
    failed: (why) => `Die letzte Sicherung ist gescheitert: ${why}`,
    backup: (when, size) => `${when}, ${size}`,
    kept: (until) => `aufbewahrt bis ${until}`,
    noBackups: 'Noch gibt es keine Sicherung.',
    version: (version, until) => `Lamppost ${version} bekommt Sicherheitsupdates bis ${until}.`
  }
}
