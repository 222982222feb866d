/** English: the stewards' desk. */
import type { Illness } from '../../contract/desk/boxes.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const steward = {
  heading: 'Steward',
  notSteward: 'This page is for the stewards of this hub. Ask one of them if you should be one.',
  signInFirst: 'Sign in as a steward to look after this hub.',
  tabs: {
    name: 'The desk',
    todo: 'To do',
    boxes: 'Sensors',
    people: 'People',
    streets: 'Streets',
    calibrations: 'Calibration',
    hub: 'The hub'
  },
  allWell: 'Nothing needs you today.',
  wellBoxes: (count: number) => `${plural(count, 'sensor', 'sensors')}, all well.`,
  save: 'Save',
  cancel: 'Cancel',
  more: (count: number) => `and ${plural(count, 'more', 'more')}`,

  todo: {
    ill: (count: number) => plural(count, 'sensor needs you', 'sensors need you'),
    allBoxes: 'All sensors',
    heard: (count: number) =>
      plural(count, 'box was heard that nobody has claimed', 'boxes were heard that nobody has claimed'),
    claim: 'Claim',
    requests: (count: number) => plural(count, 'person asks to host a sensor', 'people ask to host a sensor'),
    toRequests: 'Read',
    hub: 'The hub itself',
    toHub: 'More about the hub',
    calibrations: (count: number) =>
      plural(
        count,
        'calibration runs or waits to be signed off',
        'calibrations run or wait to be signed off'
      ),
    toCalibrations: 'To the calibrations',
    lastBackup: (when: string) => `The last backup was made ${when}.`
  },

  upgrade: {
    heading: (version: string) => `Lamppost ${version} is new here`,
    since: (before: string, day: string) => `It took the place of ${before} on ${day}.`,
    earlier: 'an earlier version',
    changes: 'What changed',
    unchanged: (before: string) =>
      `Nothing in the data had to change. To go back, whoever runs the machine installs ${before} again.`,
    withoutBackup: 'The data was changed, and no backup was made first, as somebody wished.',
    backup: 'A backup was made first. It is on the hub’s machine:',
    goBack: 'How to go back',
    goBackHow: (before: string) =>
      `Whoever runs the machine stops the hub, installs ${before} again, and runs this. What was measured since the upgrade is not in the backup.`,
    read: 'I have read this'
  },

  /** What is the matter, and the one thing to do. */
  illness: {
    paused: [
      'is paused: it has no place for the time it measured',
      'Give it a street. It keeps its readings until then.'
    ],
    unplaced: [
      'sends readings for a time at which it had no place',
      'Say where it was: move it, with the day on which it came there.'
    ],
    never: [
      'has never been heard',
      'Ask its host to compare its settings with those they were given, or make new ones.'
    ],
    silent: ['is silent', 'Ask its host to check power and Wi-Fi, and to restart it.'],
    unusable: [
      'sends, but nothing that can be used',
      'Its problems say what arrives. Most often it is set up as another kind.'
    ],
    failing: [
      'sends readings that fail their checks',
      'The sensor inside is probably dirty, stuck or broken. Have it cleaned or replaced.'
    ],
    problems: ['has problems', 'Look at its problems.'],
    batteryLow: ['has a low battery', 'Ask its host to change or charge it.'],
    signalWeak: ['has a weak signal', 'Have it, or the router, moved closer.']
  } satisfies Record<Illness, readonly [says: string, todo: string]>,

  box: {
    where: (street: string) => street,
    noStreet: 'no street',
    indoor: 'indoors',
    outdoor: 'outdoors',
    heard: (age: string) => `Last heard ${age}.`,
    neverHeard: 'Never heard.',
    host: (name: string) => `Host: ${name}.`,
    noHost: 'Its host has no name here yet.',
    id: (id: string, kind: string) => `${id}, ${kind}`,
    problems: 'Problems',
    problem: (message: string, times: string) => `${message} ${times}`,
    times: (count: number, when: string) => `${plural(count, 'time', 'times')}, the last ${when}.`,
    lastAt: (when: string) => `Last ${when}.`,
    manage: 'Look after it',
    filter: 'Find',
    filterHint: 'Name, street, host or id.',
    onlyIll: 'Only those that need me',
    none: 'There is no such sensor.',
    empty: 'There is no sensor yet.',
    add: 'Add a sensor',
    addFor: 'Whose is it?',
    addForHint: 'Choose nobody if its host is not known here yet. It can be handed over later.',
    nobody: 'Nobody yet',
    kind: 'Kind',
    street: 'Street',
    placement: 'Where',
    name: 'What its place is called',
    nameHint: 'Outdoors everybody sees this. Do not use a person’s name or a house number.',
    address: 'How it is known',
    addressHint: 'Serial number, chip id or token. Leave it empty unless its page asks for it.',
    make: 'Make its settings',
    settings: 'Its settings',
    claimHeading: (name: string) => `Claim ${name}`,
    heardNone: 'No unclaimed box was heard since yesterday.',
    heardHeading: 'Boxes behind gateways that nobody has claimed',
    newSettings: 'New settings',
    newSettingsHint: 'For a sensor that lost them. The old password works for another day.',
    leaked: 'The old password leaked: end it now',
    renew: 'Make new settings',
    move: 'It is on another street now',
    handOver: 'Somebody else hosts it now',
    handOverHint: 'What it measured before stays with its former host.',
    remove: 'It is gone',
    removeHint: 'Its password ends. What it measured stays.',
    removeStart: 'Remove it…',
    removeConfirm: 'Yes, remove it'
  },

  people: {
    add: 'Add a person',
    name: 'Name',
    nameHint: 'Only stewards see it.',
    addButton: 'Add',
    noName: 'No name yet',
    hostOf: (place: string) => `Host of ${place}`,
    boxes: (count: number) => plural(count, 'sensor', 'sensors'),
    homes: (count: number) => plural(count, 'home', 'homes'),
    account: (userName: string, roles: string) => `Signs in as ${userName}: ${roles}.`,
    noAccount: 'Cannot sign in yet.',
    invited: (until: string) => `Invited, until ${until}.`,
    roles: { host: 'host', researcher: 'researcher', steward: 'steward' },
    invite: 'Invite',
    inviteAs: (role: string) => `Invite as ${role}`,
    recover: 'New password link',
    asSteward: 'Is a steward',
    asResearcher: 'Is a researcher',
    rename: 'Rename',
    removeAccount: 'Remove the account',
    removeHint: 'They are signed out everywhere at once. Their sensors and readings stay.',
    removeConfirm: 'Yes, remove the account',
    shown: 'The link, shown only this once',
    shownHint: (until: string) =>
      `It works once, until ${until}. Send it, let them scan it, or write the code on a card: they type it on the sign-in page.`,
    code: 'Code',
    link: 'Link',
    qr: 'QR code of the link',
    invitations: 'Open invitations',
    noInvitations: 'No invitation is open.',
    invitation: (name: string, role: string, until: string) => `${name}, as ${role}, until ${until}`,
    revoke: 'Take back',
    requests: 'People who ask to host a sensor',
    noRequests: 'Nobody asks at the moment.',
    request: (name: string, street: string, when: string) => `${name}, ${street}, ${when}`,
    requestContact: (contact: string) => `Write to: ${contact}`,
    addFromRequest: 'Add as a person',
    answered: 'Answered: remove it',
    handOver: 'Hand the desk over',
    handOverHint:
      'The other person becomes steward, and you are none any more, at once. They need an account. To share the desk instead, make them a second steward above.',
    handOverTo: 'To whom?',
    handOverStart: 'Hand over…',
    confirm: (word: string) => `Type ${word} to confirm`,
    handedOver: 'The desk is handed over. You are no steward any more; your own sensors stay yours.',
    manage: 'Change'
  },

  streets: {
    add: 'Add a street',
    name: 'Name',
    addButton: 'Add',
    import: 'Import a map',
    importHint: 'A GeoJSON file with the lines of your streets, for example an export of OpenStreetMap.',
    file: 'Map file',
    apart: 'Streets that lie elsewhere than the hub’s of the same name',
    apartChoices: {
      none: 'Ask me',
      apart: 'are others: add them with a number',
      redraw: 'are the same: draw them anew'
    },
    importButton: 'Import',
    imported: (added: number, redrawn: number) =>
      `${plural(added, 'street was', 'streets were')} added, ${redrawn} drawn anew.`,
    sensors: (outdoor: number, indoor: number) =>
      `${plural(outdoor, 'place', 'places')} outdoors, ${indoor} indoors`,
    notDrawn: 'not on the map',
    manage: 'Change',
    rename: 'Rename',
    renameHint: 'Its links and topics stay.',
    draw: 'Draw its line',
    drawHint:
      'One point a line, latitude first, as map apps copy them: 51.4617, -2.5873. At least two points, from one end of the street to the other.',
    drawBad: (line: number) =>
      `Line ${line} is no point. Write latitude and longitude with a comma between them.`,
    merge: 'Merge it into another street',
    mergeHint: 'Its sensors move there, and links to it lead there. This cannot be undone by a button.',
    mergeInto: 'Into',
    mergeButton: 'Merge',
    split: 'Split it: these places are another street',
    splitName: 'Name of the new street',
    splitButton: 'Split',
    notes: 'Notes on streets',
    notesHint:
      'Something that may explain the numbers, such as roadworks. Everybody sees it below the chart.',
    noteText: 'What happened',
    noteFrom: 'From',
    noteUntil: 'Until (optional)',
    noteStreet: 'Street',
    noteButton: 'Add the note',
    note: (street: string, text: string, from: string, until: string) =>
      `${street}: ${text}, ${until === '' ? `since ${from}` : `${from} to ${until}`}`,
    noteRemove: 'Remove',
    noNotes: 'No note yet.',
    changed: 'Saved.',
    overtaken: 'What you typed is still here. To use it all the same, save again.',
    find: 'Find a street'
  },

  calibrations: {
    lead: 'Put several sensors beside a reference, on one rail, for an afternoon or longer. Each gets its own line, and corrected values until a day that you choose.',
    start: 'Start a calibration',
    quantity: 'What is compared',
    reference: 'Reference',
    referenceHint: 'The sensor that you trust: a station, or one that was calibrated beside one.',
    boxes: 'Sensors beside it',
    noBoxes: 'No other outdoor sensor measures this.',
    startButton: 'Start now',
    since: 'They have stood there since',
    sinceHint: 'Leave empty for now. Readings from then on are compared.',
    none: 'There was no calibration yet.',
    states: {
      running: 'runs',
      finished: 'waits to be signed off',
      signedOff: 'signed off',
      cancelled: 'cancelled'
    },
    title: (label: string, reference: string) => `${label} beside ${reference}`,
    line: (count: number, from: string, until: string) =>
      `${plural(count, 'sensor', 'sensors')}, ${from} to ${until}`,
    now: 'now',
    open: 'Open',
    finish: 'Finish: the sensors leave the reference now',
    cancelButton: 'Cancel it: nothing comes of it',
    again: 'Look again',
    referenceEnded: (when: string) =>
      `The reference has sent nothing since ${when}. Only what both measured until then is compared.`,
    verdicts: {
      fit: 'follows the reference',
      poor: 'does not follow the reference: probably broken, dirty, or not beside it',
      tooFew: 'too few values yet',
      silent: 'has sent nothing'
    },
    pairs: (count: number) => plural(count, 'pair', 'pairs'),
    columns: {
      box: 'Sensor',
      verdict: 'Verdict',
      slope: 'Slope',
      intercept: 'Offset',
      r2: 'R²',
      rmse: 'RMSE',
      pairs: 'Pairs',
      take: 'Correct it'
    },
    picture: (name: string) => `${name} against the reference`,
    meaning: (unit: string) =>
      `A sensor shows slope × reference + offset (${unit}). Corrected values turn that around. R² of 1 would follow the reference exactly; below 0.5 no line helps.`,
    expires: 'Corrections end on',
    expiresHint: 'Sensors drift. Half a year is usual; two years at most.',
    signOff: (count: number) => `Sign off ${plural(count, 'sensor', 'sensors')}`,
    signedOff: (by: string, until: string) => `Signed off by ${by}. The corrections end on ${until}.`,
    signedOffBefore: 'The person who signed off',
    corrections: 'Corrections in use',
    noCorrections: 'No correction is in use.',
    correction: (label: string, name: string) => `${label}, ${name}`,
    until: (until: string) => `until ${until}`,
    endless: 'without an end',
    end: 'End it now',
    endConfirm: 'Yes, end it'
  },

  hub: {
    health: {
      ready: 'The hub is well.',
      degraded: 'The hub works, with this to see to:',
      unready: 'The hub is not ready:'
    } as Record<string, string>,
    doctor: 'What the doctor found',
    doctorAt: (when: string) => `Looked ${when}.`,
    again: 'Look again',
    looking: 'Looking…',
    states: { ok: 'well', warn: 'see to it', bad: 'now' },
    storage: 'Storage',
    readings: (size: string) => `Readings: ${size}`,
    journal: (size: string) => `Messages as they came: ${size}`,
    free: (size: string) => `Free on the disk: ${size}`,
    backups: 'Backups',
    backupsHint:
      'A backup holds everything, also what was measured in homes. So it is made and listed here, and never downloaded: whoever runs the machine takes it from there.',
    noFolder:
      'This hub has no folder for backups. Whoever runs its machine sets LAMPPOST_BACKUP_DIR, best on another disk.',
    makeNow: 'Make a backup now',
    making: (share: string) => `Making a backup: ${share}`,
    failed: (why: string) => `The last backup failed: ${why}`,
    backup: (when: string, size: string) => `${when}, ${size}`,
    kept: (until: string) => `kept until ${until}`,
    noBackups: 'There is no backup yet.',
    version: (version: string, until: string) => `Lamppost ${version} gets security fixes until ${until}.`
  }
}
