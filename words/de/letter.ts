/** German (draft): the page of damp records, and the letter to a landlord. Never legal advice; law only where dated rules are known. */
import type { Words } from '../words.ts'

export const letter: Words['letter'] = {
  record: {
    heading: 'Feuchteprotokoll',
    make: 'Ein Feuchteprotokoll machen, oder einen Brief damit',
    back: 'Zurück zu meiner Wohnung',
    signInFirst: 'Melden Sie sich an, um Protokolle Ihrer eigenen Wohnung zu sehen.',
    none: 'Noch gibt es keinen Raum von Ihnen. Ein Feuchteprotokoll braucht einen Sensor für Temperatur und Luftfeuchte in der Wohnung.',
    intro:
      'Ein Protokoll dessen, was Ihr Sensor gemessen hat: zum Drucken oder für Ihren Vermieter, Ihre Gemeinde oder eine Beratungsstelle. Nur Sie können es machen.',
    rooms: 'Räume',
    room: (name, street) => `${name} (${street})`,
    former: (name, until) => `${name}, Ihrer bis ${until}`,
    from: 'Von',
    until: 'Bis',
    untilHint: 'Dieser Tag gehört dazu.',
    badPeriod: 'Wählen Sie einen ersten Tag, der vor dem letzten liegt, höchstens zwei Jahre davor.',
    landlord: 'Wer ist Ihr Vermieter?',
    landlords: {
      'england-social': 'Eine Gemeinde oder Wohnungsgesellschaft (housing association) in England',
      none: 'Jemand anders, oder in einem anderen Land'
    },
    landlordHint: 'Fristen, die das Gesetz setzt, werden nur gezeigt, wo sie bekannt sind.',
    pdf: 'Protokoll herunterladen (PDF)',
    zip: 'Archiv herunterladen (ZIP)',
    zipHint:
      'Mit jedem Messwert, dem Tagebuch, Fotos und einer Liste, mit der alle prüfen können, dass nichts geändert wurde.',
    letter: 'Einen Brief damit schreiben',
    preview: 'Vorschau',
    loading: 'Das Protokoll wird gemacht…'
  },

  letter: {
    heading: 'Brief an den Vermieter',
    back: 'Zurück zum Protokoll',
    intro:
      'Lesen Sie ihn, ändern Sie, was nicht stimmt, und senden Sie ihn selbst. Jede Zahl darin ist aus Ihrem Protokoll. Legen Sie das Protokoll als PDF bei.',
    noAdvice: 'Das ist keine Rechtsberatung. Die gibt es hier:',
    noAdviceAnywhere:
      'Das ist keine Rechtsberatung. Die geben Beratungsstellen, Mietervereine und Ihre Gemeinde.',
    to: 'An wen?',
    toHint: 'Der Name Ihres Vermieters, Ihrer Gemeinde oder Wohnungsgesellschaft.',
    address: 'Ihre Adresse',
    addressHint: 'Sie steht nur in diesem Brief. Die Zentrale bewahrt sie nicht auf.',
    name: 'Ihr Name',
    text: 'Der Brief',
    textHint: 'Wer oben ein Feld ändert, schreibt ihn neu, solange Sie den Text nicht selbst geändert haben.',
    again: 'Aus dem Protokoll neu schreiben',
    print: 'Drucken',
    copy: 'Kopieren',
    copied: 'Kopiert',
    mail: 'In meinem E-Mail-Programm öffnen',
    mailHint: 'Hängen Sie das Protokoll (PDF) selbst an: Ein E-Mail-Entwurf kann es nicht mitnehmen.',
    sent: 'Ich habe ihn gesendet',
    sentOn: 'Gesendet am',
    sentHint:
      'Es wird mit diesem Datum in Ihr Tagebuch eingetragen. Wo Regeln mit Fristen bekannt sind, erinnert die Zentrale Sie an jede, wenn Sie dafür einen Weg gewählt haben.',
    note: 'In mein Tagebuch eintragen',
    noted: 'Es steht in Ihrem Tagebuch.',
    remind: (dates) => `Sie werden erinnert am: ${dates}.`,
    alerts: 'Wählen, wohin Erinnerungen gehen',
    subject: (rooms) => `Feuchtigkeit in meiner Wohnung: ${rooms}`
  },

  text: {
    to: (to) => `An ${to}`,
    toNobody: 'An meinen Vermieter',
    subject: (rooms, address) => `Feuchtigkeit: ${[rooms, address].filter((one) => one !== '').join(', ')}`,
    greeting: 'Sehr geehrte Damen und Herren,',
    opening:
      'ich schreibe Ihnen wegen Feuchtigkeit in meiner Wohnung und bitte Sie, die Ursache zu finden und zu beheben.',
    measured: (from, until) => `Was ein Sensor vom ${from} bis zum ${until} gemessen hat:`,
    firstRisk: (room, day) => `${room}: Der erste Tag dieses Protokolls mit einer solchen Stunde ist ${day}.`,
    coldRoom: (room, mean, cold, of) =>
      `${room}: Die mittlere Temperatur des Raums war ${mean}; in ${cold} von ${of} gemessenen Stunden lag sie unter 18 °C.`,
    assumed: (room) =>
      `${room}: Die Temperatur der Ecke wurde nicht gemessen, sondern geschätzt; das Protokoll sagt, wie.`,
    seen: 'Was ich gesehen habe:',
    seenLine: (day, room, note) => `${day}, ${room}: ${note === '' ? 'Schimmel' : note}`,
    reported: 'Ich habe Ihnen schon früher berichtet:',
    reportedLine: (day, to, note) => `${day}${to === '' ? '' : ` (${to})`}${note === '' ? '' : `: ${note}`}`,
    ask: 'Ich bitte Sie,',
    asks: [
      'meine Wohnung zu besichtigen, die Ursache der Feuchtigkeit zu finden und mir das Ergebnis schriftlich zu senden;',
      'die Ursache zu beheben und Schimmel zu entfernen, wo es welchen gibt;',
      'mir zu sagen, wann das geschieht und wen ich anrufen kann.'
    ],
    rules: (name, source, tenancy) =>
      `${name} (${source}): Diese Regeln gelten für ${tenancy}. Sie setzen diese Fristen:`,
    rule: (what, limit) => `${what}: ${limit}`,
    rulesFrom: (day) =>
      `So wie ich sie verstehe, endet die Zeit für die Untersuchung am ${day}, wenn Sie diesen Brief heute erhalten.`,
    attached:
      'Mein Feuchteprotokoll liegt bei. Es sagt, wie jede Zahl entstanden ist, wie weit der Sensor danebenliegen kann, was fehlt und was es nicht beweist. Die Messwerte können auf Wunsch geprüft werden.',
    closing: 'Mit freundlichen Grüßen'
  }
}
