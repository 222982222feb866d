/** German (draft): alerts by e-mail, ntfy and web push, reminders of dated rules, the weekly digest, and where people choose them. */
import type { Words } from '../words.ts'

export const alerts: Words['alerts'] = {
  page: {
    heading: 'Sagen Sie mir, wenn etwas nicht stimmt',
    intro:
      'Die Zentrale kann Ihnen schreiben. Sie sendet nichts, bevor Sie hier einen Weg wählen, und höchstens eine Nachricht am Tag je Anlass.',
    noMail: 'Diese Zentrale kann keine E-Mails senden: Die Betreuung hat keinen Mailserver eingestellt.',
    noNtfy: 'Diese Zentrale hat keinen ntfy-Server für Nachrichten auf ein Telefon.',
    mail: 'E-Mail-Adresse',
    mailHint: 'Leer lassen für keine E-Mail.',
    ntfy: 'ntfy-Thema',
    ntfyHint: (server) =>
      `Für Nachrichten auf ein Telefon: Installieren Sie die App „ntfy“, wählen Sie einen langen Themennamen, den niemand errät, und abonnieren Sie ihn auf ${server}.`,
    browser: {
      heading: 'Nachrichten auf diesem Telefon oder Computer',
      intro:
        'Dieser Browser zeigt sie auch, wenn die Seite geschlossen ist. Sie laufen verschlüsselt über den Dienst seines Herstellers; der erfährt nur, dass und wann etwas gesendet wurde.',
      start: 'Hier zeigen',
      running: 'Der Browser wird gefragt …',
      on: 'Dieser Browser zeigt sie, bis Sie sich hier abmelden.',
      stop: 'Hier nicht mehr',
      others: 'Andere Browser, die sie zeigen',
      since: (day) => `Seit ${day}.`,
      stopThere: 'Dort beenden',
      stopWhat: (browser) => `Dort beenden: ${browser}`,
      notHere:
        'Browser zeigen Nachrichten nur für Seiten, die über https kommen. Diese Seite tut das nicht; die betreuende Person kann das ändern. Nehmen Sie einen anderen Weg unten.',
      noPush:
        'Dieser Browser kann keine Nachrichten einer Seite zeigen. Nehmen Sie einen anderen Browser oder einen anderen Weg unten.',
      blocked:
        'Diesem Browser wurde gesagt, von dieser Seite keine Nachrichten zu zeigen. Erlauben Sie sie in seinen Einstellungen für diese Seite, und versuchen Sie es noch einmal.',
      away: 'Der Dienst des Browserherstellers war nicht zu erreichen. Versuchen Sie es später, oder nehmen Sie einen anderen Weg unten.'
    },
    causes: 'Was soll sie Ihnen sagen?',
    choices: {
      silent: 'Einer meiner Sensoren ist still',
      stuck: 'Einer meiner Sensoren wiederholt einen Wert',
      battery: 'Eine Batterie ist schwach',
      damp: 'Eine Ecke war lange feucht',
      hands: 'An einem Sensor ist etwas zu tun',
      deadline: 'Ein Datum der Regeln für meinen Vermieter ist verstrichen',
      digest: 'Jeden Montag eine Zusammenfassung'
    },
    quiet: 'Ruhe von',
    quietUntil: 'bis',
    quietHint: 'In dieser Zeit wird nichts gesendet; was wartet, wird danach gesendet.',
    readings: 'Werte meiner Räume dürfen in diesen Nachrichten stehen',
    readingsHint:
      'Sie laufen dann über die Server derer, die sie befördern, und stehen auf einem gesperrten Telefon. Sonst sagt eine Nachricht nur, was zu tun ist.',
    save: 'Speichern',
    saved: 'Gespeichert.',
    test: 'Test an mich senden',
    tested:
      'Ein Test ist unterwegs. Wenn in zehn Minuten nichts kommt, sehen Sie im Spam-Ordner nach und prüfen Sie die Adresse.',
    badMail: 'Das ist keine E-Mail-Adresse.',
    badTopic: 'Ein Thema hat 8 bis 64 Buchstaben (ohne Umlaute), Ziffern, - und _.'
  },

  greeting: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  stop: (what, url) => `Um Nachrichten dieser Art (${what}) abzubestellen, öffnen Sie: ${url}`,
  stopShort: 'Abbestellen',
  settings: (url) => `Alle Einstellungen: ${url}`,
  from: (hub) => `Gesendet von ${hub}, höchstens einmal am Tag je Anlass.`,

  silent: {
    subject: (place) => `Der Sensor „${place}“ ist still`,
    body: (place, since) => `Vom Sensor „${place}“ ist seit ${since} nichts gekommen.`,
    todo: 'Prüfen Sie, ob er Strom hat und Ihr WLAN funktioniert. Ziehen Sie für zehn Sekunden den Stecker, stecken Sie ihn wieder ein und warten Sie zehn Minuten.'
  },
  stuck: {
    subject: (place) => `Der Sensor „${place}“ wiederholt einen Wert`,
    body: (place) =>
      `Der Sensor „${place}“ wiederholt einen Wert, wo die Natur es nicht tut. Diese Messwerte werden aufbewahrt und stehen in keiner Zahl.`,
    todo: 'Ziehen Sie für eine Minute den Stecker. Wenn es weitergeht, ist er vielleicht nass oder defekt: Lassen Sie ihn trocknen, oder bitten Sie die Betreuung um einen anderen.'
  },
  battery: {
    subject: (place) => `Die Batterie von „${place}“ ist schwach`,
    body: (place) => `Die Batterie des Sensors „${place}“ ist fast leer.`,
    level: (percent) => `Sie ist bei ${percent}.`,
    todo: 'Wechseln oder laden Sie sie in dieser Woche. Was der Sensor nicht senden kann, wird nicht gemessen.'
  },
  damp: {
    subject: (place) => `Lange feucht: ${place}`,
    body: (place) =>
      `Die kälteste Ecke von „${place}“ war mehr als die Hälfte der letzten sieben Tage feucht genug für Schimmel.`,
    figures: (hours, of) =>
      `In ${hours} von ${of} gemessenen Stunden waren es dort 80 % Luftfeuchte oder mehr.`,
    todo: 'Sehen Sie hinter Möbeln nach Schimmel. Ihre Seite sagt, ob Lüften jetzt hilft. Wenn es anhält, machen Sie ein Feuchteprotokoll und schreiben Sie Ihrem Vermieter.'
  },
  hands: {
    subject: (place) => `Der Sensor „${place}“ braucht Ihre Hilfe`,
    body: (place) => `Der Sensor „${place}“ sendet Nachrichten, aber nichts darin ist zu gebrauchen.`,
    todo: 'Ihre Seite sagt, was daran nicht stimmt. Vergleichen Sie seine Einstellungen mit denen, die dort stehen; neue lassen sich erstellen.'
  },
  deadline: {
    subject: (what) => `Ein Datum ist verstrichen: ${what}`,
    body: (reported, to, what, limit, by) =>
      `Am ${reported} haben Sie Feuchtigkeit gemeldet (an: ${to === '' ? 'Ihren Vermieter' : to}). Die Regeln geben dafür diese Zeit: ${limit} (${what}). Sie endete am ${by}.`,
    assumed:
      'Dieses Datum zählt ab dem letzten Tag, an dem die Untersuchung enden musste, weil in Ihrem Tagebuch keine Besichtigung steht.',
    steps: {
      emergency:
        'Wenn eine Gefahr besteht, die nicht warten kann, rufen Sie Ihren Vermieter heute an und bitten Sie um eine schriftliche Antwort. Wenn niemand kommt, wenden Sie sich an das Gesundheitsamt Ihrer Gemeinde (environmental health team).',
      investigate:
        'Gab es eine Besichtigung? Dann tragen Sie sie in Ihr Tagebuch ein. Wenn nicht, bitten Sie schriftlich um einen Termin und nennen Sie Ihren Brief.',
      summary:
        'Haben Sie das Ergebnis schriftlich bekommen? Tragen Sie die Antwort in Ihr Tagebuch ein. Wenn nicht, bitten Sie schriftlich darum.',
      makeSafe:
        'Wurde die Arbeit erledigt oder begonnen? Tragen Sie es in Ihr Tagebuch ein. Wenn nicht, beschweren Sie sich auf dem Weg, den der Vermieter dafür vorsieht, mit einem neuen Feuchteprotokoll.',
      furtherWorks:
        'Wurde die Arbeit begonnen? Tragen Sie es in Ihr Tagebuch ein. Wenn nicht, und wenn das Beschwerdeverfahren des Vermieters beendet ist, wenden Sie sich an den Housing Ombudsman Service oder eine Beratungsstelle.'
    },
    advice: (who) => `Das ist keine Rechtsberatung. Die gibt es hier: ${who}.`,
    source: (source, checked, unchecked) => `${source}; Angaben geprüft am ${checked}. ${unchecked}`
  },
  digest: {
    subject: 'Ihre Sensoren in der letzten Woche',
    working: (place) => `„${place}“ funktioniert.`,
    silent: (place) => `„${place}“ ist still.`,
    damp: (place, hours, of) =>
      `„${place}“: ${hours} von ${of} gemessenen Stunden mit 80 % Luftfeuchte oder mehr an der kältesten Ecke.`,
    dampWord: (place) => `„${place}“: Es gab Stunden mit 80 % Luftfeuchte oder mehr an der kältesten Ecke.`,
    dry: (place) => `„${place}“: keine Stunde mit 80 % Luftfeuchte oder mehr an der kältesten Ecke.`,
    more: 'Mehr steht auf Ihrer Seite.'
  },
  test: {
    subject: 'Ein Test Ihrer Zentrale',
    body: 'Wenn Sie dies lesen, kommen Nachrichten hier an.'
  },

  stopPage: {
    heading: 'Diese Nachrichten abbestellen?',
    question:
      'Sie bekommen keine Nachrichten der Art mehr, in der Sie diesen Link geöffnet haben. Andere kommen weiter.',
    stop: 'Abbestellen',
    stopped: (what) =>
      `Abbestellt. Sie bekommen keine Nachrichten dieser Art mehr: ${what}. Auf Ihrer Seite können Sie sie wieder wählen.`,
    unknown:
      'Dieser Link ist nicht bekannt. Vielleicht ist er älter als 90 Tage. Melden Sie sich an und wählen Sie Ihre Nachrichten auf Ihrer Seite.'
  }
}
