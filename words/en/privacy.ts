/** English: the page of privacy. Numbers come in as parameters, from the limits that the hub works with. */

/** What is kept, and for how long. */
type Kept = readonly [what: string, howLong: string]

export const privacy = {
  heading: 'Privacy',
  lead: 'A sensor in a bedroom knows when you sleep. This page says who runs this hub, what everybody can see, what is kept for how long, and what you can ask for.',

  who: {
    heading: 'Who runs this hub',
    operator: (operator: string, hub: string) =>
      `**${operator}** runs ${hub} and answers for what it does with your data.`,
    unknown: (hub: string) =>
      `Whoever runs ${hub} has not written their name here yet. Ask the person who gave you your sensor or your invitation.`,
    unknownHint:
      'For whoever runs it: set LAMPPOST_OPERATOR and LAMPPOST_OPERATOR_CONTACT, and start the hub again.',
    reach: 'You reach them here:',
    reads:
      'Everything is on their machine, and whoever can open its files can read all of it. So it should be somebody you trust. The steward, who looks after the hub on the web, sees the state of every sensor and no value from indoors.'
  },

  published: {
    heading: 'What everybody can see',
    points: (street: number) => [
      'What an **outdoor** sensor measures, the street it is on, and the name that its host gave its place. Never its house number, unless the host put that into the name.',
      `A street’s outdoor value, when at least ${street} of its sensors measured.`,
      'Indoor figures of a whole street, as described below, if enough homes agreed.',
      'Nothing else. That there is a sensor in your home, its name, what it measures, what was wrong with it: for everybody else it does not exist.'
    ],
    licence: (licence: string) =>
      `What is public can be copied by anybody, under ${licence}. Nobody can call back copies that others have made.`
  },

  homes: {
    heading: 'How homes become a figure of the street',
    points: (dayHomes: number, hourHomes: number, delayHours: number) => [
      'Your home counts only if you agreed, and only days that began after you did.',
      `A day has one figure if at least ${dayHomes} homes are in it; from ${hourHomes} homes up its hours have one too. Fewer homes: no figure, and nothing says how many there were.`,
      `It comes out ${delayHours} hours after the day ended, or later. Nobody sees who is at home now.`,
      'It is the mean of the middle three fifths of the homes, in whole units. It is never the value of one home.',
      'A figure that is out stays as it is, whatever happens to a home later: so nobody can compare before and after to find out about one home. A whole day of a street can be taken away, for good.',
      'However many sensors a home has, it counts once.'
    ]
  },

  agree: {
    heading: 'What you can agree to',
    text: 'Each of these is recorded with who said so, when, and in these words. You can end each at any time; it then ends for all of your homes.',
    purposes: {
      street: 'Count into the figures of your street',
      page: 'A public page in your name',
      research: 'Single readings for researchers'
    }
  },

  kept: {
    heading: 'What is kept, and for how long',
    columns: ['What', 'How long'] as readonly [string, string],
    days: (days: number) => `${days} days`,
    rows: (days: {
      message: number
      session: number
      receipt: number
      request: number
      auditYears: number
      grace: number
      reading: number | null
      backup: number | null
    }): Kept[] => [
      [
        'Readings of outdoor sensors',
        days.reading === null ? 'until their host has them erased' : `${days.reading} days`
      ],
      [
        'Readings of your home',
        days.reading === null
          ? `until you have them erased; or as many months as you say, beginning ${days.grace} days after you said so`
          : `${days.reading} days, or fewer if you say so`
      ],
      ['Hours and days made of them', 'until you have them erased'],
      ['Messages as your sensor sent them', `${days.message} days; longer while the sensor has no place`],
      ['What was wrong with messages', 'until the sensor is handed over or erased; the newest of each kind'],
      [
        'Names, homes, sensors, what you agreed to',
        'until you have them erased; a consent that ended stays as a record until then'
      ],
      ['Figures of the street that are out', 'for good: they name nobody'],
      ['Your account', 'until it is removed, or you have everything erased'],
      ['Where you are signed in', `${days.session} days after you last used it`],
      ['What was done with the hub, and by whom', `${days.auditYears} years`],
      ['What you wrote to ask for a sensor', `${days.request} days, or until it is answered`],
      ['Receipts of downloads', `${days.receipt} days; they do not say who downloaded`],
      [
        'Backups',
        days.backup === null
          ? 'this hub makes none by itself; copies that people made stay until they delete them'
          : `${days.backup} days; copies that people made elsewhere stay until they delete them`
      ]
    ]
  },

  rights: {
    heading: 'What you can ask for',
    lead: 'Data from your home is yours. Ask whoever runs the hub, and they can do each of these with one command:',
    points: [
      '**See and take away** everything that is kept of you, as one file that says what is in it.',
      '**Correct** your name, the name of a place, and where a sensor is or was.',
      '**End** what you agreed to, for every home of yours at once.',
      '**Limit** for how many months single readings of your home are kept.',
      '**Erase** everything: readings, hours and days, messages, names, consents, your diary, your account. It is gone from the files as well, there is no undo, and no backup brings it back when it is restored the ordinary way. Figures of the street that are out stay, since nobody can tell from them who was in. Backups that still hold it are named to you, with when they go.',
      '**Hand over** a sensor to somebody else; what it measured before stays yours.'
    ],
    complain:
      'In many countries the law gives you these rights. If you are not answered, the data protection authority of your country is there for you.'
  },

  visit: {
    heading: 'When you look at these pages',
    points: [
      'There are no cookies, unless you sign in; then there is one, which keeps you signed in.',
      'Nothing is loaded from other people’s servers, and nobody counts visits.',
      'Your address is held in memory while you are here, so that nobody takes everything. It is written down only with where you are signed in, for you to see. The address of a sensor that was turned away is in the hub’s log.'
    ]
  }
}
