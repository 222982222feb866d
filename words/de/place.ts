/** German (draft): where exactly a sensor is, how much of that everybody sees, and how it is mounted. */
import type { Words } from '../words.ts'

export const place: Words['place'] = {
  precision: 'Wie genau dürfen alle sehen, wo er ist?',
  precisions: {
    street: 'Nur die Straße',
    cell: 'Auf etwa 100 Meter',
    exact: 'Genau'
  },
  precisionHints: {
    street: 'Alle sehen dies: den Namen der Straße und den Namen, den Sie dem Ort geben.',
    cell: 'Alle sehen dies: ein Quadrat von 100 Metern auf der Karte. Wo darin der Sensor ist, wird nicht einmal gespeichert.',
    exact: 'Alle sehen dies: einen Punkt an Ihrem Haus. Wählen Sie es nur, wenn es Sie nicht stört.'
  },
  show: 'Zeigen, wo er ist',
  showCell: 'Tippen Sie auf die Stelle der Karte. Das Quadrat ist, was alle sehen werden.',
  showExact: 'Tippen Sie auf die Stelle der Karte. Der Punkt ist, was alle sehen werden.',
  mapPick: 'Karte der Straße. Die Pfeiltasten verschieben den Ort des Sensors.',
  mapStreet: 'Oder auf der Karte antippen:',
  here: 'Er ist da, wo ich gerade bin',
  hereAsking: 'Ihr Standort wird ermittelt…',
  hereFailed: 'Ihr Telefon hat nicht gesagt, wo es ist. Tippen Sie stattdessen auf die Karte.',
  more: 'Wie ist er angebracht? (freiwillig)',
  moreOutdoor: 'Alle sehen dies. Es sagt Forschenden, was der Sensor hören und ansaugen kann.',
  moreIndoor: 'Nur Sie sehen dies. Es hilft allen, die später die Feuchtigkeit beurteilen.',
  heightOutdoor: 'Wie viele Meter über dem Boden?',
  heightIndoor: 'Wie viele Meter über dem Fußboden?',
  facing: 'Wohin zeigt er?',
  facings: {
    street: 'Zur Straße',
    yard: 'Zu einem Hof',
    garden: 'Zu einem Garten',
    park: 'Zu einem Park oder Platz',
    water: 'Zum Wasser',
    other: 'Zu etwas anderem'
  },
  mount: 'Woran ist er befestigt?',
  mounts: {
    wall: 'An einer Wand',
    window: 'An einem Fenster',
    balcony: 'An einem Balkon',
    pole: 'An einem Mast oder Zaun',
    roof: 'Auf einem Dach',
    shelf: 'Auf einem Regal oder Tisch',
    other: 'Woanders'
  },
  unsaid: 'Keine Angabe',

  hands: {
    swap: 'Die Platine ist defekt, eine andere tritt an ihre Stelle',
    swapHint:
      'Der Ort behält, was er gemessen hat. Das Passwort der alten Platine endet; die neue bekommt eigene Einstellungen.',
    swapKind: 'Welche Art ist die neue?',
    swapDo: 'Einstellungen für die neue Platine erstellen',
    offer: 'Jemand anders übernimmt ihn ab jetzt',
    offerHint:
      'Für einen Sensor, den Sie geliehen haben oder weitergeben. Was er bei Ihnen gemessen hat, bleibt Ihres; die nächste Person sieht nur, was danach kommt.',
    offerDo: 'Code für die nächste Person erstellen',
    offerCode: 'Code für die nächste Person',
    offerSays: (until) =>
      `Sie meldet sich an, öffnet „Sensor hinzufügen“ und gibt ihn ein. Er gilt einmal, bis ${until}. Bis dahin bleibt der Sensor Ihrer.`,
    placed: 'Wo genau er ist',
    taken: 'Ich habe einen Sensor mit einem Code bekommen',
    takenHint: 'Von der Person, die ihn vorher hatte, oder von der Betreuung, die ihn eingerichtet hat.',
    code: 'Der Code',
    codeHint: 'Zwölf Buchstaben und Ziffern, zum Beispiel K7Q2-M4XA-9TRE.',
    take: 'Übernehmen',
    done: 'Er gehört jetzt zu Ihnen',
    withHistory: 'Er kommt mit allem, was er bisher gemessen hat.',
    withoutHistory:
      'Was er vorher gemessen hat, bleibt bei der Person, die ihn hatte. Erstellen Sie auf der Seite „Meine Wohnung“ neue Einstellungen für ihn, wenn niemand sonst sein Passwort kennen soll.'
  }
}
