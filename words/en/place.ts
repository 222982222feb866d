/** English: where exactly a sensor is, how much of that everybody sees, and how it is mounted. */
import type { Facing, Mount, Precision } from '../../model/site-place.ts'

export const place = {
  precision: 'How exactly may everybody see where it is?',
  precisions: {
    street: 'Only the street',
    cell: 'Within about 100 metres',
    exact: 'Exactly'
  } satisfies Record<Precision, string>,
  precisionHints: {
    street: 'Everybody will see this: the name of the street, and the name that you give the place.',
    cell: 'Everybody will see this: a square of 100 metres on the map. Where in it the sensor is, is not even kept.',
    exact: 'Everybody will see this: a dot at your house. Choose it only if you do not mind.'
  } satisfies Record<Precision, string>,
  show: 'Show where it is',
  showCell: 'Tap the place on the map. The square is what everybody will see.',
  showExact: 'Tap the place on the map. The dot is what everybody will see.',
  mapPick: 'Map of the street. The arrow keys move the place of the sensor.',
  mapStreet: 'Or tap it on the map:',
  here: 'It is where I am now',
  hereAsking: 'Finding out where you are…',
  hereFailed: 'Your phone did not tell where it is. Tap the place on the map instead.',
  more: 'How is it mounted? (You may leave this out.)',
  moreOutdoor: 'Everybody will see this. It tells researchers what the sensor can hear and breathe.',
  moreIndoor: 'Only you will see this. It helps whoever judges the damp later.',
  heightOutdoor: 'How many metres above the ground?',
  heightIndoor: 'How many metres above the floor?',
  facing: 'What does it face?',
  facings: {
    street: 'The street',
    yard: 'A courtyard',
    garden: 'A garden',
    park: 'A park or a square',
    water: 'Water',
    other: 'Something else'
  } satisfies Record<Facing, string>,
  mount: 'Where is it mounted?',
  mounts: {
    wall: 'On a wall',
    window: 'At a window',
    balcony: 'On a balcony',
    pole: 'On a pole or fence',
    roof: 'On a roof',
    shelf: 'On a shelf or table',
    other: 'Somewhere else'
  } satisfies Record<Mount, string>,
  unsaid: 'Not said',

  /** Its board, or its host, changes. */
  hands: {
    swap: 'The board broke, and another takes its place',
    swapHint:
      'The place keeps what it measured. The old board’s password ends; the new one gets settings of its own.',
    swapKind: 'What kind is the new one?',
    swapDo: 'Make settings for the new board',
    offer: 'Somebody else hosts it from now on',
    offerHint:
      'For a sensor that you were lent, or that you pass on. What it measured with you stays yours; the next host sees only what comes after.',
    offerDo: 'Make a code for the next host',
    offerCode: 'Code for the next host',
    offerSays: (until: string) =>
      `They sign in, open “Add a sensor” and type it in. It works once, until ${until}. Until then the sensor stays yours.`,
    placed: 'Where exactly it is',
    taken: 'I was given a sensor with a code',
    takenHint: 'By its last host, or by the steward who set it up.',
    code: 'The code',
    codeHint: 'Twelve letters and digits, for example K7Q2-M4XA-9TRE.',
    take: 'Take it over',
    done: 'It is yours now',
    withHistory: 'It comes with everything that it measured so far.',
    withoutHistory:
      'What it measured before stays with its last host. Make new settings for it on the page “My home” if nobody else should know its password.'
  }
}
