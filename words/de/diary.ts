/** German (draft): the diary of a home, its coldest corner, and what airing changed. */
import type { Words } from '../words.ts'

export const diary: Words['diary'] = {
  heading: 'Tagebuch',
  says: 'Schreiben Sie auf, was Sie zu Hause sehen und tun. Nur Sie können es lesen. Es steht im Diagramm oben und in der Datei, die Sie herunterladen können.',
  add: 'Etwas aufschreiben',
  kinds: {
    mould: 'Ich habe Schimmel gesehen',
    window: 'Ich habe ein Fenster geöffnet',
    heating: 'Ich habe die Heizung höher gestellt',
    washing: 'Ich habe drinnen Wäsche getrocknet',
    reported: 'Ich habe es dem Vermieter gemeldet',
    answered: 'Der Vermieter hat geantwortet',
    inspected: 'Der Vermieter hat meine Wohnung besichtigt',
    repaired: 'Etwas wurde repariert',
    note: 'Etwas anderes'
  },
  listed: {
    mould: 'Schimmel gesehen',
    window: 'Fenster geöffnet',
    heating: 'Heizung höher gestellt',
    washing: 'Wäsche drinnen getrocknet',
    reported: 'Dem Vermieter gemeldet',
    answered: 'Antwort des Vermieters',
    inspected: 'Besichtigung',
    repaired: 'Reparatur',
    note: 'Notiz'
  },
  letters: {
    mould: 'S',
    window: 'F',
    heating: 'H',
    washing: 'W',
    reported: 'V',
    answered: 'A',
    inspected: 'B',
    repaired: 'R',
    note: 'N'
  },
  marks: (kinds) => `Im Diagramm: ${kinds}.`,
  mark: (letter, kind) => `${letter} ${kind}`,
  what: 'Was war es?',
  when: 'Wann?',
  whenHint: 'Lassen Sie es so für jetzt.',
  room: 'In welchem Raum?',
  wholeHome: 'Die ganze Wohnung',
  reportedTo: 'Wem haben Sie es gemeldet, und wie?',
  reportedToHint: 'Zum Beispiel: Wohnungsgesellschaft, per E-Mail.',
  note: 'Woran möchten Sie sich erinnern?',
  noteHint: 'Wo es ist, wie groß, was gesagt wurde. Sie können es leer lassen.',
  photo: 'Ein Foto',
  photoHint:
    'Sie können es weglassen. Die Zentrale verkleinert es und entfernt daraus, wo und mit welchem Telefon es aufgenommen wurde.',
  save: 'Speichern',
  saving: 'Wird gespeichert…',
  sendingPhoto: 'Foto wird gesendet…',
  photoFailed: (why) => `Der Eintrag ist gespeichert, das Foto aber nicht. ${why}`,
  photoAlt: (what, when) => `Foto: ${what}, ${when}`,
  none: 'Noch ist nichts aufgeschrieben.',
  in: (what, room) => `${what}, ${room}`,
  told: (whom) => `Gemeldet: ${whom}.`,
  writtenLater: (when) => `Aufgeschrieben am ${when}.`,
  more: (count) => `Alle ${count.toLocaleString('de-DE')} Einträge zeigen`,
  remove: 'Löschen',
  removeWhat: (what, when) => `Eintrag löschen: ${what}, ${when}`,
  removeSure: 'Endgültig löschen?',
  keep: 'Behalten',

  changes: {
    heading: 'Was es geändert hat',
    airing: (room, before, after, minutes) =>
      `${room}: Das Wasser in der Luft sank in ${minutes} von ${before} auf ${after}.`,
    airingNothing: (room, before) =>
      `${room}: Lüften hat nichts geändert. Vorher und nachher waren es ${before} Wasser in der Luft.`,
    airingWetter: (room, before, after) =>
      `${room}: Die Luft wurde nicht trockener, vorher ${before} Wasser, nachher ${after}. Draußen war es wohl ebenso feucht, oder es wurde gekocht oder gebadet.`,
    back: (later) => `Drei Stunden später waren es wieder ${later}.`,
    stayed: (later) => `Drei Stunden später waren es immer noch weniger: ${later}.`,
    heating: (room, before, after) =>
      `${room}: Die Luft hatte vorher ${before}, drei Stunden später ${after}.`,
    heated: (temperature, humidity) => `${temperature} und ${humidity} Luftfeuchte`,
    washing: (room, before, after, minutes) =>
      `${room}: Das Wasser in der Luft stieg in ${minutes} von ${before} auf ${after}.`,
    washingNothing: (room, before) =>
      `${room}: In der Luft ließ sich nicht mehr Wasser messen als vorher (${before}).`,
    grams: (value) => `${value} g je Kubikmeter`,
    minutes: (count) => `${count.toLocaleString('de-DE')} Minuten`,
    hours: (count) => `${count} Stunden`,
    caveat: 'In denselben Stunden kann auch anderes geschehen sein.'
  },

  corner: {
    heading: 'Ihre kälteste Ecke',
    why: 'Schimmel wächst, wo eine Wand am kältesten ist. Wie kalt das ist, nimmt diese Seite nur an, bis Sie es einmal mit einem Thermometer messen. Das dauert eine Viertelstunde an einem kalten Abend.',
    bySensor:
      'Ein Sensor an der Wand misst, wie kalt es dort ist, darum muss nichts geschätzt werden. Prüfen Sie ab und zu, ob er noch die kälteste Stelle berührt.',
    measuredSays: (factor, count, day) =>
      count === 1
        ? `Sie haben am ${day} gemessen: ${factor} der Wärme erreicht die Ecke. Messen Sie noch an zwei kalten Abenden: Dann zählt der mittlere der drei Werte.`
        : `Sie haben ${count} Mal gemessen, zuletzt am ${day}: ${factor} der Wärme erreicht die Ecke (der mittlere dieser Werte).`,
    elsewhere: (factor, day) =>
      `Sie haben am ${day} einen anderen Raum gemessen (${factor} der Wärme erreicht seine Ecke); das wird auch hier verwendet. Dieser Raum kann anders sein.`,
    start: 'Ihre kälteste Ecke finden',
    again: 'Noch einmal messen',
    step: (step, of) => `Schritt ${step} von ${of}`,
    next: 'Weiter',
    back: 'Zurück',
    dialog: (room) => `Die kälteste Ecke: ${room}`,
    weather: 'Ist es draußen kalt genug?',
    weatherSays:
      'Messen Sie spät am Abend oder vor Sonnenaufgang. Die Heizung lief einige Stunden wie üblich, und seit einer Stunde war kein Fenster offen.',
    cold: (inside, outside) =>
      `Ja: Es sind ${inside} im Raum und ${outside} draußen, mindestens 10 °C Unterschied.`,
    warm: (inside, outside) =>
      `Noch nicht: Es sind ${inside} im Raum und ${outside} draußen. Dazwischen müssen mindestens 10 °C liegen. Kommen Sie an einem kälteren Abend wieder.`,
    unknown:
      'Kein Sensor sagt jetzt beide Temperaturen. Im Raum muss es mindestens 10 °C wärmer sein als draußen; Sie können beide eintippen.',
    find: 'Die kälteste Stelle finden',
    findSays: 'Fühlen Sie die Wände mit dem Handrücken. Am kältesten ist es meist:',
    places: [
      'wo zwei Außenwände aufeinandertreffen, nahe am Boden oder an der Decke',
      'neben und über Fenstern und Türen',
      'hinter einem Schrank oder Bett an einer Außenwand',
      'wo die Decke unter dem Dach auf eine Außenwand trifft'
    ],
    findSun: 'Nicht, wo heute die Sonne schien, und nicht nahe an einem Heizkörper oder Rohr.',
    measure: 'Dort messen',
    measureSays:
      'Halten Sie ein Thermometer zehn Minuten an die Wand, mit einem Stück Stoff darüber, und lesen Sie es ab, während es die Wand noch berührt. Ein Infrarot-Thermometer geht auch: eine Handbreit vor der Wand, nicht auf Folie oder Glas, dreimal, und nehmen Sie die mittlere Zahl.',
    surface: 'Was zeigt das Thermometer, in °C?',
    surfaceHint: 'Zum Beispiel: 12,5',
    inside: 'Temperatur im Raum, in °C',
    outside: 'Temperatur draußen, in °C',
    outsideHint: 'Von einem Thermometer draußen oder aus der Wettervorhersage dieser Stunde.',
    notNumber: 'Geben Sie eine Zahl ein, zum Beispiel 12,5.',
    save: 'Messung speichern',
    saving: 'Wird gespeichert…',
    done: 'Sie ist gespeichert',
    result: (factor) => `${factor} der Wärme des Raums erreicht diese Ecke.`,
    resultLow: (needed) =>
      `Das ist wenig: Eine Wohnung braucht mindestens ${needed}, um in einem gewöhnlichen Winter frei von Schimmel zu bleiben. Diese Ecke ist kalt, weil das Gebäude so gebaut ist, nicht wegen der Art, wie Sie wohnen.`,
    resultHigh: (needed) =>
      `Das ist so viel, wie eine Wohnung braucht, um in einem gewöhnlichen Winter frei von Schimmel zu bleiben (${needed}). Wenn es hier feucht ist, ist viel Wasser in der Luft, oder die Stelle wird auf andere Weise nass.`,
    resultNext:
      'Ab jetzt wird die Feuchtigkeit in diesem Raum mit Ihrer Messung geschätzt. Messen Sie noch an zwei kalten Abenden, denn eine Zahl kann danebenliegen: Dann zählt der mittlere der drei Werte.',
    close: 'Schließen',
    list: 'Was Sie gemessen haben',
    listed: (day, surface, inside, outside, factor) =>
      `${day}: Ecke ${surface}, Raum ${inside}, draußen ${outside}; Faktor ${factor}`,
    remove: 'Löschen',
    removeWhat: (day) => `Messung löschen: ${day}`
  }
}
