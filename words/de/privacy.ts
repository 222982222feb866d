/** German (draft): the page of privacy. Numbers come in as parameters, from the limits that the hub works with. */
import type { Words } from '../words.ts'

export const privacy: Words['privacy'] = {
  heading: 'Datenschutz',
  lead: 'Ein Sensor im Schlafzimmer weiß, wann Sie schlafen. Diese Seite sagt, wer diese Zentrale betreibt, was alle sehen können, was wie lange aufbewahrt wird und worum Sie bitten können.',

  who: {
    heading: 'Wer diese Zentrale betreibt',
    operator: (operator, hub) =>
      `**${operator}** betreibt ${hub} und steht dafür ein, was hier mit Ihren Daten geschieht.`,
    unknown: (hub) =>
      `Wer ${hub} betreibt, hat hier noch keinen Namen eingetragen. Fragen Sie die Person, von der Sie Ihren Sensor oder Ihre Einladung haben.`,
    unknownHint:
      'Für die Person, die sie betreibt: Setzen Sie LAMPPOST_OPERATOR und LAMPPOST_OPERATOR_CONTACT, und starten Sie die Zentrale neu.',
    reach: 'So erreichen Sie sie:',
    reads:
      'Alles liegt auf deren Rechner, und wer dessen Dateien öffnen kann, kann alles lesen. Es sollte also jemand sein, dem Sie vertrauen. Die Betreuung, die sich im Web um die Zentrale kümmert, sieht den Zustand jedes Sensors und keinen Wert aus Wohnungen.'
  },

  published: {
    heading: 'Was alle sehen können',
    points: (street) => [
      'Was ein Sensor **draußen** misst, die Straße, in der er ist, und den Namen, den sein Ort bekommen hat. Nie die Hausnummer, es sei denn, sie wurde in diesen Namen geschrieben.',
      `Den Wert einer Straße von draußen, wenn mindestens ${street} ihrer Sensoren gemessen haben.`,
      'Werte aus Wohnungen einer ganzen Straße, wie unten beschrieben, wenn genug Wohnungen zugestimmt haben.',
      'Sonst nichts. Dass in Ihrer Wohnung ein Sensor ist, wie er heißt, was er misst, was an ihm nicht stimmte: Für alle anderen gibt es das nicht.'
    ],
    licence: (licence) =>
      `Was öffentlich ist, dürfen alle kopieren, unter ${licence}. Niemand kann Kopien zurückholen, die andere gemacht haben.`
  },

  homes: {
    heading: 'Wie aus Wohnungen ein Wert der Straße wird',
    points: (dayHomes, hourHomes, delayHours) => [
      'Ihre Wohnung zählt nur, wenn Sie zugestimmt haben, und nur an Tagen, die danach begonnen haben.',
      `Ein Tag hat einen Wert, wenn mindestens ${dayHomes} Wohnungen darin sind; ab ${hourHomes} Wohnungen haben auch seine Stunden einen. Weniger Wohnungen: kein Wert, und nichts sagt, wie viele es waren.`,
      `Er erscheint ${delayHours} Stunden nach dem Ende des Tages oder später. Niemand sieht, wer gerade zu Hause ist.`,
      'Er ist der Mittelwert der mittleren drei Fünftel der Wohnungen, in ganzen Einheiten. Er ist nie der Wert einer einzelnen Wohnung.',
      'Ein Wert, der erschienen ist, bleibt, wie er ist, was später auch mit einer Wohnung geschieht: So kann niemand vorher und nachher vergleichen, um etwas über eine Wohnung herauszufinden. Ein ganzer Tag einer Straße kann weggenommen werden, endgültig.',
      'Gleich wie viele Sensoren eine Wohnung hat, sie zählt einmal.'
    ]
  },

  agree: {
    heading: 'Wozu Sie zustimmen können',
    text: 'Zu jedem davon wird festgehalten, wer es wann und mit diesen Worten gesagt hat. Sie können jedes jederzeit beenden; dann endet es für alle Ihre Wohnungen.',
    purposes: {
      street: 'In die Werte Ihrer Straße eingehen',
      page: 'Eine öffentliche Seite unter Ihrem Namen',
      research: 'Einzelne Messwerte für Forschende'
    }
  },

  kept: {
    heading: 'Was aufbewahrt wird, und wie lange',
    columns: ['Was', 'Wie lange'],
    days: (days) => `${days} Tage`,
    rows: (days) => [
      [
        'Messwerte von Sensoren draußen',
        days.reading === null
          ? 'bis die Person, die den Sensor aufgestellt hat, sie löschen lässt'
          : `${days.reading} Tage`
      ],
      [
        'Messwerte Ihrer Wohnung',
        days.reading === null
          ? `bis Sie sie löschen lassen; oder so viele Monate, wie Sie sagen, beginnend ${days.grace} Tage danach`
          : `${days.reading} Tage, oder weniger, wenn Sie es sagen`
      ],
      ['Stunden und Tage, die daraus gemacht sind', 'bis Sie sie löschen lassen'],
      [
        'Nachrichten, wie Ihr Sensor sie gesendet hat',
        `${days.message} Tage; länger, solange der Sensor keinen Ort hat`
      ],
      [
        'Was an Nachrichten nicht stimmte',
        'bis der Sensor übergeben oder gelöscht wird; von jeder Art das Neueste'
      ],
      [
        'Namen, Wohnungen, Sensoren, wozu Sie zugestimmt haben',
        'bis Sie sie löschen lassen; eine beendete Zustimmung bleibt bis dahin als Nachweis'
      ],
      ['Werte der Straße, die erschienen sind', 'für immer: Sie nennen niemanden'],
      ['Ihr Konto', 'bis es entfernt wird oder Sie alles löschen lassen'],
      ['Wo Sie angemeldet sind', `${days.session} Tage, nachdem Sie es zuletzt benutzt haben`],
      ['Was mit der Zentrale getan wurde, und von wem', `${days.auditYears} Jahre`],
      [
        'Was Sie geschrieben haben, um einen Sensor zu bekommen',
        `${days.request} Tage, oder bis es beantwortet ist`
      ],
      ['Quittungen von Downloads', `${days.receipt} Tage; sie sagen nicht, wer heruntergeladen hat`],
      [
        'Sicherungen',
        days.backup === null
          ? 'diese Zentrale macht selbst keine; Kopien, die Menschen gemacht haben, bleiben, bis diese sie löschen'
          : `${days.backup} Tage; Kopien, die Menschen anderswo gemacht haben, bleiben, bis diese sie löschen`
      ]
    ]
  },

  rights: {
    heading: 'Worum Sie bitten können',
    lead: 'Daten aus Ihrer Wohnung gehören Ihnen. Bitten Sie die Person, die die Zentrale betreibt; sie kann jedes davon mit einem Befehl tun:',
    points: [
      '**Ansehen und mitnehmen**, was von Ihnen aufbewahrt wird, als eine Datei, die sagt, was darin ist.',
      '**Berichtigen**: Ihren Namen, den Namen eines Orts und wo ein Sensor ist oder war.',
      '**Beenden**, wozu Sie zugestimmt haben, für jede Ihrer Wohnungen auf einmal.',
      '**Begrenzen**, wie viele Monate einzelne Messwerte Ihrer Wohnung aufbewahrt werden.',
      '**Löschen**, und zwar alles: Messwerte, Stunden und Tage, Nachrichten, Namen, Zustimmungen, Ihr Tagebuch, Ihr Konto. Es verschwindet auch aus den Dateien, lässt sich nicht rückgängig machen, und keine Sicherung bringt es zurück, wenn sie auf dem üblichen Weg eingespielt wird. Werte der Straße, die erschienen sind, bleiben, weil niemand aus ihnen sagen kann, wer dabei war. Sicherungen, die es noch enthalten, werden Ihnen genannt, mit dem Tag, an dem sie enden.',
      '**Übergeben** eines Sensors an jemand anderen; was er vorher gemessen hat, bleibt Ihres.'
    ],
    complain:
      'In vielen Ländern gibt Ihnen das Gesetz diese Rechte. Wenn Sie keine Antwort bekommen, ist die Datenschutzbehörde Ihres Landes für Sie da.'
  },

  visit: {
    heading: 'Wenn Sie diese Seiten ansehen',
    points: [
      'Es gibt keine Cookies, es sei denn, Sie melden sich an; dann gibt es eines, das Sie angemeldet hält.',
      'Nichts wird von Servern anderer geladen, und niemand zählt Besuche.',
      'Ihre Adresse wird im Arbeitsspeicher gehalten, solange Sie hier sind, damit niemand alles für sich nimmt. Aufgeschrieben wird sie nur dort, wo steht, wo Sie angemeldet sind, damit Sie es sehen. Die Adresse eines Sensors, der abgewiesen wurde, steht im Protokoll der Zentrale.'
    ]
  }
}
