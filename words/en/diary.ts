/** English: the diary of a home, its coldest corner, and what airing changed. */
import type { DiaryKind } from '../../model/diary.ts'

export const diary = {
  heading: 'Diary',
  says: 'Write down what you see and do at home. Only you can read it. It stands on the chart above, and in the file that you can download.',
  add: 'Write something down',
  kinds: {
    mould: 'I saw mould',
    window: 'I opened a window',
    heating: 'I turned the heating up',
    washing: 'I dried washing indoors',
    reported: 'I told the landlord',
    answered: 'The landlord answered',
    inspected: 'The landlord inspected my home',
    repaired: 'Something was repaired',
    note: 'Something else'
  } satisfies Record<DiaryKind, string>,
  /** As it stands in a list, and beside a chart. */
  listed: {
    mould: 'Mould seen',
    window: 'Window opened',
    heating: 'Heating turned up',
    washing: 'Washing dried indoors',
    reported: 'Landlord told',
    answered: 'Landlord answered',
    inspected: 'Inspection',
    repaired: 'Repair',
    note: 'Note'
  } satisfies Record<DiaryKind, string>,
  /** One letter for each on a chart; the legend below it says which is which. */
  letters: {
    mould: 'M',
    window: 'W',
    heating: 'H',
    washing: 'D',
    reported: 'L',
    answered: 'A',
    inspected: 'I',
    repaired: 'R',
    note: 'N'
  } satisfies Record<DiaryKind, string>,
  marks: (kinds: string) => `On the chart: ${kinds}.`,
  mark: (letter: string, kind: string) => `${letter} ${kind.toLocaleLowerCase('en-GB')}`,
  what: 'What was it?',
  when: 'When?',
  whenHint: 'Leave it as it is for now.',
  room: 'In which room?',
  wholeHome: 'The whole home',
  reportedTo: 'Whom did you tell, and how?',
  reportedToHint: 'For example: housing association, by e-mail.',
  note: 'What do you want to remember?',
  noteHint: 'Where it is, how large, what was said. You may leave it empty.',
  photo: 'A photo',
  photoHint:
    'You may leave it out. The hub makes it smaller, and removes from it where and with which phone it was taken.',
  save: 'Save',
  saving: 'Saving…',
  sendingPhoto: 'Sending the photo…',
  photoFailed: (why: string) => `The entry is saved, but the photo is not. ${why}`,
  photoAlt: (what: string, when: string) => `Photo: ${what}, ${when}`,
  none: 'Nothing is written down yet.',
  in: (what: string, room: string) => `${what}, ${room}`,
  told: (whom: string) => `Told: ${whom}.`,
  writtenLater: (when: string) => `Written down on ${when}.`,
  more: (count: number) => `Show all ${count.toLocaleString('en-GB')} entries`,
  remove: 'Delete',
  removeWhat: (what: string, when: string) => `Delete the entry: ${what}, ${when}`,
  removeSure: 'Delete it for good?',
  keep: 'Keep it',

  changes: {
    heading: 'What it changed',
    airing: (room: string, before: string, after: string, minutes: string) =>
      `In ${room} the water in the air fell from ${before} to ${after} within ${minutes}.`,
    airingNothing: (room: string, before: string) =>
      `In ${room} airing made no difference: there were ${before} of water in the air before and after.`,
    airingWetter: (room: string, before: string, after: string) =>
      `In ${room} the air did not get drier: ${before} of water before, ${after} after. Outdoors it was probably as damp, or somebody cooked or bathed.`,
    back: (later: string) => `Three hours later it was back at ${later}.`,
    stayed: (later: string) => `Three hours later it was still lower, at ${later}.`,
    heating: (room: string, before: string, after: string) =>
      `In ${room} the air was ${before} before and ${after} three hours later.`,
    heated: (temperature: string, humidity: string) => `${temperature} and ${humidity} humidity`,
    washing: (room: string, before: string, after: string, minutes: string) =>
      `In ${room} the water in the air rose from ${before} to ${after} within ${minutes}.`,
    washingNothing: (room: string, before: string) =>
      `In ${room} no more water could be measured in the air than before (${before}).`,
    grams: (value: string) => `${value} g in each cubic metre`,
    minutes: (count: number) => `${count.toLocaleString('en-GB')} minutes`,
    hours: (count: string) => `${count} hours`,
    caveat: 'Other things may have happened in the same hours.'
  },

  corner: {
    heading: 'Your coldest corner',
    why: 'Mould grows where a wall is coldest. How cold that is, this page only assumes, until you measure it once with a thermometer. It takes a quarter of an hour on a cold evening.',
    bySensor:
      'A sensor at the wall measures how cold it is there, so nothing has to be estimated. Check now and then that it still touches the coldest place.',
    measuredSays: (factor: string, count: number, day: string) =>
      count === 1
        ? `You measured it on ${day}: ${factor} of the warmth reaches the corner. Measure again on two more cold nights: then the middle of the three counts.`
        : `You measured it ${count} times, the last time on ${day}: ${factor} of the warmth reaches the corner (the middle of these).`,
    elsewhere: (factor: string, day: string) =>
      `You measured another room on ${day} (${factor} of the warmth reaches its corner); that is used here too. This room may differ.`,
    start: 'Find your coldest corner',
    again: 'Measure it again',
    step: (step: number, of: number) => `Step ${step} of ${of}`,
    next: 'Next',
    back: 'Back',
    dialog: (room: string) => `The coldest corner of ${room}`,
    weather: 'Is it cold enough outdoors?',
    weatherSays:
      'Measure late in the evening or before sunrise. The heating has run as usual for some hours, and no window was open for an hour.',
    cold: (inside: string, outside: string) =>
      `Yes: it is ${inside} in the room and ${outside} outdoors, at least 10 °C apart.`,
    warm: (inside: string, outside: string) =>
      `Not yet: it is ${inside} in the room and ${outside} outdoors. There must be at least 10 °C between them. Come back on a colder evening.`,
    unknown:
      'No sensor tells both temperatures now. It must be at least 10 °C warmer in the room than outdoors; you can type both in.',
    find: 'Find the coldest place',
    findSays: 'Feel the walls with the back of your hand. The coldest places usually are:',
    places: [
      'where two outside walls meet, near the floor or the ceiling',
      'beside and above windows and doors',
      'behind a wardrobe or a bed at an outside wall',
      'where the ceiling meets an outside wall under the roof'
    ],
    findSun: 'Not where the sun shone today, and not near a radiator or a pipe.',
    measure: 'Measure there',
    measureSays:
      'Hold a thermometer against the wall, with a piece of cloth over it, for ten minutes, and read it while it still touches the wall. An infrared thermometer works too: a hand’s width from the wall, not on foil or glass, three times, and take the middle number.',
    surface: 'What does the thermometer show, in °C?',
    surfaceHint: 'For example: 12.5',
    inside: 'Temperature in the room, in °C',
    outside: 'Temperature outdoors, in °C',
    outsideHint: 'From a thermometer outdoors or the weather forecast of this hour.',
    notNumber: 'Type a number, such as 12.5.',
    save: 'Save the measurement',
    saving: 'Saving…',
    done: 'It is saved',
    result: (factor: string) => `${factor} of the warmth of the room reaches this corner.`,
    resultLow: (needed: string) =>
      `That is little: a home needs at least ${needed} to stay free of mould in an ordinary winter. This corner is cold because of how the building is made, not because of how you live.`,
    resultHigh: (needed: string) =>
      `That is as much as a home needs to stay free of mould in an ordinary winter (${needed}). If it is damp here, there is much water in the air, or the place gets wet in another way.`,
    resultNext:
      'From now on damp in this room is estimated with your measurement. Measure on two more cold nights, since one number may be off: then the middle of the three counts.',
    close: 'Close',
    list: 'What you measured',
    listed: (day: string, surface: string, inside: string, outside: string, factor: string) =>
      `${day}: corner ${surface}, room ${inside}, outdoors ${outside}; factor ${factor}`,
    remove: 'Delete',
    removeWhat: (day: string) => `Delete the measurement of ${day}`
  }
}
