/** German (draft): signing in, invitations and one's own account. */
import type { Words } from '../words.ts'

export const account: Words['account'] = {
  signIn: {
    heading: 'Anmelden',
    userName: 'Benutzername',
    password: 'Passwort',
    button: 'Anmelden',
    running: 'Anmeldung läuft…',
    passkey: 'Mit einem Passkey anmelden',
    forgot:
      'Passwort vergessen? Bitten Sie die Person, die diese Zentrale betreut, um einen neuen Link. Das alte Passwort kann niemand lesen.',
    noAccount:
      'Noch kein Konto? Wer einen Sensor aufstellt, wird von der Betreuung eingeladen. Mit einem Code auf einer Karte:',
    code: 'Code auf Ihrer Karte',
    codeHint: 'Zwölf Buchstaben und Ziffern, zum Beispiel K7Q2-M4XA-9TRE.',
    openCode: 'Einladung öffnen',
    out: 'Abmelden',
    signedInAs: (userName) => `Sie sind angemeldet als ${userName}.`
  },
  passkeys: {
    heading: 'Ohne Passwort anmelden',
    intro:
      'Mit einem Passkey meldet Sie dieses Telefon oder dieser Computer mit der eigenen Sperre an: Fingerabdruck, Gesicht oder PIN. Nichts davon verlässt das Gerät. Ihr Passwort gilt weiter.',
    notHere:
      'Browser legen Passkeys nur für Seiten an, die über https kommen, unter einem Namen und nicht unter einer Nummer. Diese Seite tut das nicht; melden Sie sich hier mit Ihrem Passwort an. Die betreuende Person kann das ändern.',
    none: 'Sie haben hier noch keinen Passkey.',
    name: 'Ein Name für den neuen Passkey',
    nameHint: 'Damit Sie später wissen, auf welchem Gerät er ist.',
    make: 'Passkey auf diesem Gerät anlegen',
    running: 'Warten auf dieses Gerät …',
    made: 'Er ist angelegt. Wählen Sie beim nächsten Mal „Mit einem Passkey anmelden“.',
    facts: (created, used) =>
      used === null
        ? `Angelegt am ${created}, noch nicht benutzt.`
        : `Angelegt am ${created}, zuletzt benutzt ${used}.`,
    remove: 'Entfernen',
    removeWhat: (name) => `Den Passkey entfernen: ${name}`,
    removed:
      'Er ist entfernt: Niemand meldet sich mehr damit an. Das Gerät zeigt ihn vielleicht noch; löschen Sie ihn auch dort.',
    known: 'Dieses Gerät hat hier schon einen Passkey für Sie.',
    cancelled:
      'Nichts ist geschehen: Es wurde abgebrochen, dauerte zu lange, oder dieses Gerät hat keinen Passkey für diese Seite.'
  },
  ask: {
    heading: 'Einen Sensor aufstellen',
    lead: 'Ein Sensor in Ihrer Straße oder in Ihrer Wohnung, mit dem Sie selbst messen. Schreiben Sie an die Betreuung dieser Zentrale; sie antwortet, und niemand sonst liest es. Ihre Nachricht wird gelöscht, sobald sie beantwortet ist, spätestens nach 90 Tagen.',
    name: 'Ihr Name',
    contact: 'Wie man Sie erreicht',
    contactHint: 'Eine E-Mail-Adresse oder eine Telefonnummer.',
    street: 'Ihre Straße',
    message: 'Was Sie noch sagen möchten (freiwillig)',
    mayWrite: 'Sie dürfen mir dazu schreiben.',
    send: 'Absenden',
    sent: 'Danke, Ihre Nachricht ist angekommen. Die Betreuung wird sich bei Ihnen melden.'
  },
  invitation: {
    heading: (hub) => `Willkommen bei ${hub}`,
    host: 'Sie sind eingeladen, hier Ihre eigenen Sensoren und Ihre eigene Wohnung zu sehen. Niemand sonst sieht, was in Ihrer Wohnung gemessen wird.',
    steward: 'Sie sind eingeladen, diese Zentrale zu betreuen: ihre Straßen, Sensoren und Menschen.',
    researcher:
      'Sie sind eingeladen, Forschungsdaten aus Wohnungen herunterzuladen, die dem zugestimmt haben.',
    recover:
      'Wählen Sie ein neues Passwort. Danach sind Sie überall sonst abgemeldet, und Ihre Passkeys sind entfernt.',
    name: 'Ihr Name',
    nameHint: 'Nur die Betreuung sieht ihn.',
    userName: 'Benutzername',
    userNameHint: 'Damit melden Sie sich an. Jeder Name ist recht; niemand sonst sieht ihn.',
    password: 'Passwort',
    passwordHint:
      'Mindestens zehn Zeichen. Drei oder vier Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
    show: 'Passwort anzeigen',
    join: 'Mein Konto anlegen',
    accept: 'Annehmen',
    newPassword: 'Dieses Passwort verwenden',
    signInFirst:
      'Sie haben hier schon ein Konto. Melden Sie sich an, dann kommen Sie zu dieser Einladung zurück.',
    until: (when) => `Die Einladung gilt einmal, bis ${when}.`,
    gone: 'Diese Einladung lässt sich nicht verwenden',
    goneNext:
      'Sie wurde schon verwendet, ist abgelaufen oder wurde zurückgenommen. Wenn Sie ein Konto haben, melden Sie sich an. Sonst bitten Sie die Betreuung um eine neue.'
  }
}
