/** English: alerts by e-mail, ntfy and web push, reminders of dated rules, the weekly digest, and where people choose them. */
import type { AlertChoice } from '../../model/alert.ts'
import type { DeadlineName } from '../../science/repair-rules.ts'

export const alerts = {
  page: {
    heading: 'Tell me when something is wrong',
    intro:
      'The hub can write to you. It sends nothing until you choose a way here, and at most one message a day for each cause.',
    noMail: 'This hub cannot send e-mail: its steward has not set a mail server.',
    noNtfy: 'This hub has no ntfy server for messages on a phone.',
    mail: 'E-mail address',
    mailHint: 'Leave it empty for no e-mail.',
    ntfy: 'ntfy topic',
    ntfyHint: (server: string) =>
      `For messages on a phone: install the app “ntfy”, choose a long topic name that nobody guesses, and subscribe to it on ${server}.`,
    browser: {
      heading: 'Messages on this phone or computer',
      intro:
        'This browser shows them also while the page is closed. They travel encrypted through its maker’s service, which learns only that something was sent, and when.',
      start: 'Show them here',
      running: 'Asking this browser…',
      on: 'This browser shows them, until you sign out here.',
      stop: 'No longer here',
      others: 'Other browsers that show them',
      since: (day: string) => `Since ${day}.`,
      stopThere: 'Stop there',
      stopWhat: (browser: string) => `Stop there: ${browser}`,
      notHere:
        'Browsers show messages only for pages that come over https. This page does not; the steward can change that. Use another way below.',
      noPush: 'This browser cannot show messages of a page. Use another browser, or another way below.',
      blocked:
        'This browser was told not to show messages of this page. Allow them in its settings for this page, and try again.',
      away: 'The push service of this browser could not be reached. Try again later, or use another way below.'
    },
    causes: 'What should it tell you?',
    choices: {
      silent: 'A sensor of mine is silent',
      stuck: 'A sensor of mine repeats one value',
      battery: 'A battery is low',
      damp: 'A corner was damp for long',
      hands: 'Something needs to be done to a sensor',
      deadline: 'A date of the rules for my landlord has passed',
      digest: 'A summary each Monday'
    } satisfies Record<AlertChoice, string>,
    quiet: 'Quiet from',
    quietUntil: 'until',
    quietHint: 'Nothing is sent in this time; what waits is sent after it.',
    readings: 'Figures of my rooms may stand in these messages',
    readingsHint:
      'They then pass the servers of whoever carries them, and show on a locked phone. Without it a message says only what to do.',
    save: 'Save',
    saved: 'Saved.',
    test: 'Send me a test',
    tested:
      'A test is on its way. If nothing comes within ten minutes, look for it in the spam folder and check the address.',
    badMail: 'This is no e-mail address.',
    badTopic: 'A topic has 8 to 64 letters, digits, - and _.'
  },

  greeting: (name: string) => (name === '' ? 'Hello,' : `Hello ${name},`),
  stop: (what: string, url: string) => `To stop messages of this kind (${what}), open: ${url}`,
  /** On a button. */
  stopShort: 'Stop these',
  settings: (url: string) => `All settings: ${url}`,
  from: (hub: string) => `Sent by ${hub}, at most once a day for each cause.`,

  silent: {
    subject: (place: string) => `The sensor “${place}” is silent`,
    body: (place: string, since: string) => `Nothing has come from the sensor “${place}” since ${since}.`,
    todo: 'Check that it has power and that your Wi-Fi works. Unplug it for ten seconds, plug it in again, and wait ten minutes.'
  },
  stuck: {
    subject: (place: string) => `The sensor “${place}” repeats one value`,
    body: (place: string) =>
      `The sensor “${place}” repeats one value where nature does not. These readings are kept, and in no figure.`,
    todo: 'Unplug it for a minute. If it goes on, it may be wet or broken: let it dry, or ask your steward for another one.'
  },
  battery: {
    subject: (place: string) => `The battery of “${place}” is low`,
    body: (place: string) => `The battery of the sensor “${place}” is nearly empty.`,
    level: (percent: string) => `It is at ${percent}.`,
    todo: 'Change or charge it this week. What it cannot send is not measured.'
  },
  damp: {
    subject: (place: string) => `Damp for long: ${place}`,
    body: (place: string) =>
      `The coldest corner of “${place}” was damp enough for mould for more than half of the last seven days.`,
    figures: (hours: string, of: string) =>
      `It was at 80% humidity or more in ${hours} of ${of} measured hours.`,
    todo: 'Look behind furniture for mould. Your page says whether airing helps now. If it goes on, make a damp record and write to your landlord.'
  },
  hands: {
    subject: (place: string) => `The sensor “${place}” needs your help`,
    body: (place: string) => `The sensor “${place}” sends messages, but nothing in them can be used.`,
    todo: 'Your page says what is wrong with them. Compare its settings with those there; new ones can be made.'
  },
  deadline: {
    subject: (what: string) => `A date has passed: ${what}`,
    body: (reported: string, to: string, what: string, limit: string, by: string) =>
      `On ${reported} you told ${to === '' ? 'your landlord' : to} about damp. The rules give ${limit} for this: ${what}. That time ended on ${by}.`,
    assumed:
      'This date counts from the last day on which the investigation had to end, since your diary has no inspection.',
    steps: {
      emergency:
        'If there is a danger that cannot wait, call your landlord today and ask for a written answer. If nobody comes, turn to your council’s environmental health team.',
      investigate:
        'Was there an inspection? Then note it in your diary. If not, ask in writing for its date, and name your letter.',
      summary:
        'Did you get the findings in writing? Note the answer in your diary. If not, ask for them in writing.',
      makeSafe:
        'Was the work done or begun? Note it in your diary. If not, make a complaint by the landlord’s own procedure, with a new damp record.',
      furtherWorks:
        'Was the work begun? Note it in your diary. If not, and the landlord’s complaints procedure is over, turn to the Housing Ombudsman Service or an adviser.'
    } satisfies Record<DeadlineName, string>,
    advice: (who: string) => `This is not legal advice. Those who give it: ${who}.`,
    source: (source: string, checked: string, unchecked: string) =>
      `${source}; data checked ${checked}. ${unchecked}`
  },
  digest: {
    subject: 'Your sensors last week',
    working: (place: string) => `“${place}” works.`,
    silent: (place: string) => `“${place}” is silent.`,
    damp: (place: string, hours: string, of: string) =>
      `“${place}”: ${hours} of ${of} measured hours with 80% humidity or more at the coldest corner.`,
    dampWord: (place: string) =>
      `“${place}”: there were hours with 80% humidity or more at the coldest corner.`,
    dry: (place: string) => `“${place}”: no hour with 80% humidity or more at the coldest corner.`,
    more: 'More is on your page.'
  },
  test: {
    subject: 'A test from your hub',
    body: 'If you read this, messages arrive here.'
  },

  stopPage: {
    heading: 'Stop these messages?',
    question: 'You will get no more messages of the kind in which you opened this link. Others still come.',
    stop: 'Stop them',
    stopped: (what: string) =>
      `Stopped. You get no more messages of this kind: ${what}. You can choose them again on your page.`,
    unknown:
      'This link is not known. It may be older than 90 days. Sign in and choose your messages on your page.'
  }
}
