/** English: the page of damp records, and the letter to a landlord. Never legal advice; law only where dated rules are known. */
export const letter = {
  record: {
    heading: 'Damp record',
    make: 'Make a damp record, or a letter with it',
    back: 'Back to my home',
    signInFirst: 'Sign in to see records of your own home.',
    none: 'There is no room of yours yet. A damp record needs a sensor for temperature and humidity indoors.',
    intro:
      'A record of what your sensor measured, to print or to send to your landlord, your council or an adviser. Only you can make it.',
    rooms: 'Rooms',
    room: (name: string, street: string) => `${name} (${street})`,
    former: (name: string, until: string) => `${name}, yours until ${until}`,
    from: 'From',
    until: 'Until',
    untilHint: 'This day is included.',
    badPeriod: 'Choose a first day that is before the last one, at most two years apart.',
    landlord: 'Who is your landlord?',
    landlords: {
      'england-social': 'A council or housing association in England',
      none: 'Somebody else, or in another country'
    },
    landlordHint: 'Dates that the law sets are shown only where they are known.',
    pdf: 'Download the record (PDF)',
    zip: 'Download the archive (ZIP)',
    zipHint:
      'With every reading, the diary, photos, and a list by which anybody can check that nothing was changed.',
    letter: 'Write a letter with it',
    preview: 'Preview',
    loading: 'Making the record…'
  },

  letter: {
    heading: 'Letter to the landlord',
    back: 'Back to the record',
    intro:
      'Read it, change what is not right, and send it yourself. Every number in it is from your record. Attach the record as PDF.',
    noAdvice: 'This is not legal advice. Those who give it:',
    noAdviceAnywhere:
      'This is not legal advice. Advice centres, tenants’ associations and your council can give it.',
    to: 'To whom?',
    toHint: 'The name of your landlord, council or housing association.',
    address: 'Your address',
    addressHint: 'It stands only in this letter. The hub does not keep it.',
    name: 'Your name',
    text: 'The letter',
    textHint: 'Changing a field above writes it again, until you change the text yourself.',
    again: 'Write it again from the record',
    print: 'Print it',
    copy: 'Copy it',
    copied: 'Copied',
    mail: 'Open it in my e-mail program',
    mailHint: 'Attach the record (PDF) yourself: an e-mail draft cannot carry it.',
    sent: 'I sent it',
    sentOn: 'Sent on',
    sentHint:
      'It is noted in your diary with this date. Where dated rules are known, the hub then reminds you at each of their dates, if you chose a way for alerts.',
    note: 'Note it in my diary',
    noted: 'It is noted in your diary.',
    remind: (dates: string) => `You will be reminded on: ${dates}.`,
    alerts: 'Choose where reminders go',
    subject: (rooms: string) => `Damp in my home: ${rooms}`
  },

  /** The letter itself. Each sentence has its number from the record, or its source beside it. */
  text: {
    to: (to: string) => `To ${to}`,
    toNobody: 'To my landlord',
    subject: (rooms: string, address: string) =>
      `Damp: ${[rooms, address].filter((one) => one !== '').join(', ')}`,
    greeting: 'Dear Sir or Madam,',
    opening: 'I am writing about damp in my home and ask you to find its cause and repair it.',
    measured: (from: string, until: string) => `What a sensor measured from ${from} to ${until}:`,
    firstRisk: (room: string, day: string) =>
      `${room}: the first day of this record with such an hour is ${day}.`,
    coldRoom: (room: string, mean: string, cold: string, of: string) =>
      `${room}: the mean temperature of the room was ${mean}; it was below 18 °C in ${cold} of ${of} measured hours.`,
    assumed: (room: string) =>
      `${room}: the temperature of the corner was not measured but estimated; the record says how.`,
    seen: 'What I saw:',
    seenLine: (day: string, room: string, note: string) => `${day}, ${room}: ${note === '' ? 'mould' : note}`,
    reported: 'I told you before:',
    reportedLine: (day: string, to: string, note: string) =>
      `${day}${to === '' ? '' : ` (${to})`}${note === '' ? '' : `: ${note}`}`,
    ask: 'I ask you to',
    asks: [
      'inspect my home, find the cause of the damp, and send me the result in writing;',
      'repair the cause, and remove mould where there is any;',
      'tell me when this will be done, and whom I can call.'
    ],
    rules: (name: string, source: string, tenancy: string) =>
      `The ${name} (${source}), hold for ${tenancy}. They set these time limits:`,
    rule: (what: string, limit: string) => `${what}: ${limit}`,
    rulesFrom: (day: string) =>
      `As I understand them, the time for the investigation ends on ${day} if you receive this letter today.`,
    attached:
      'My damp record is attached. It says how each figure was made, how far the sensor may be off, what is missing, and what it does not prove. The readings can be checked on request.',
    closing: 'Yours faithfully,'
  }
}
