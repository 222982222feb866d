/** The damp record of a home, as it is printed and previewed. Each sentence says its number, its source, or that nothing can be said. */
import type { DeadlineName } from '../../science/repair-rules.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const record = {
  title: (rooms: string) => `Damp record: ${rooms}`,
  about: (from: string, until: string) => `Readings from ${from} to ${until}`,
  madeBy: (hub: string, when: string, version: string) =>
    `Made by ${hub} (Lamppost ${version}) on ${when}. Lamppost is open-source software with which a neighbourhood measures its own air, noise and damp.`,
  madeFor: (person: string) => `Made for ${person}.`,
  times: (zone: string) =>
    `Times and days are those of ${zone}. “Hour” means an hour of which at least 75% of the expected readings came.`,
  subject: 'Readings of a damp home, with what is missing and what they do not prove',
  notPrintable:
    'Words in another alphabet are printed in Latin letters here, and a question mark stands for a character that cannot be. The file record.json in the archive has them as they were written.',
  page: (page: number, of: number) => `Page ${page} of ${of}`,

  short: 'In short',
  shortRisk: (room: string, hours: string, of: string, percent: string) =>
    `${room}: in **${hours} of ${of} measured hours** (${percent}) the air at its coldest corner was at 80% humidity or more, at which mould can grow if it lasts.`,
  shortNoRisk: (room: string, of: string) =>
    `${room}: in none of ${of} measured hours did the air at its coldest corner reach 80% humidity, from which mould can grow.`,
  shortNoCorner: (room: string, hours: string, of: string) =>
    `${room}: the air had more than 70% humidity in ${hours} of ${of} measured hours. Nothing can be said about its coldest corner, because no outdoor temperature and no temperature of the wall was measured.`,
  shortNothing: (room: string) => `${room}: nothing was measured in this period.`,
  shortSpell: (hours: string, since: string) =>
    `The longest time without a break was ${hours} hours, from ${since}.`,
  shortShare: (measured: string, of: string, percent: string) =>
    `${measured} of ${of} hours of the period were measured (${percent}).`,
  shortReports: (count: number) =>
    `The landlord was told ${count === 1 ? 'once' : `${count} times`}; the dates are below.`,
  shortNoReports: 'No report to the landlord is noted in this period.',
  tooShort:
    'These are only a few days. Damp changes over weeks, so this record shows these days and no more.',

  room: (room: string) => `Room: ${room}`,
  instrument: 'Where and with what it was measured',
  labels: {
    room: 'Room',
    street: 'Street',
    box: 'Sensor box',
    sensor: 'Sensor in it',
    error: 'How far it may be off',
    checked: 'How it was checked',
    interval: 'Sends a reading',
    here: 'Was in this room',
    measured: 'Hours measured',
    temperature: 'Temperature of the air',
    cold: 'Hours below 18 °C',
    humidity: 'Humidity of the air',
    humid: 'Hours above 70% humidity',
    dewPoint: 'Dew point of the air',
    water: 'Water in the air',
    cornerMean: 'Temperature of the corner',
    margin: 'Corner above the dew point',
    factor: 'Temperature factor',
    risk: 'Hours at 80% or more at the corner',
    condensing: 'Hours in which water can condense there',
    spell: 'Longest time without a break',
    mould: 'Mould growth index',
    excess: 'Water beyond the air outdoors',
    outside: 'Air outdoors'
  },
  sensorUnknown: 'nobody said which',
  sensors: (names: string) => names,
  error: (humidity: string, temperature: string, source: string) =>
    `±${humidity} percentage points of humidity, ±${temperature} (${source})`,
  checked:
    'Each reading is compared with what the sensor can measure, and later with the readings around it (QARTOD tests). Nobody has noted a comparison of this box with a reference instrument.',
  everyMinutes: (minutes: string) => `every ${minutes} minutes`,
  everySeconds: (seconds: string) => `every ${seconds} seconds`,
  intervalUnknown: 'at times that are not known',
  hereAlways: 'the whole period',
  hereFrom: (from: string) => `from ${from}`,
  hereUntil: (until: string) => `until ${until}`,
  hereBetween: (from: string, until: string) => `from ${from} until ${until}`,
  moved:
    'More than one box measured here in this period, or one came or left during it. Compare the times before and after with care.',
  ofHours: (hours: string, of: string, percent: string) => `${hours} of ${of} hours (${percent})`,
  hoursOf: (hours: string, of: string) => `${hours} of ${of} measured hours`,
  spread: (mean: string, least: string, most: string) =>
    `mean ${mean}, hourly means from ${least} to ${most}`,
  notEnough: 'no figure: less than 75% of the hours were measured',

  air: 'How warm and how humid the room was',
  corner: 'How cold the coldest corner was',
  basis: {
    sensor: 'The temperature of the corner was measured by a sensor on the wall.',
    measured: (factor: string, when: string, count: number, isThisRoom: boolean) =>
      `The corner is estimated for each hour from the air inside and outside, with a temperature factor of ${factor}. Somebody measured it ${isThisRoom ? 'in this room' : 'in another room of this home'} with a thermometer held to the corner (${count === 1 ? 'one measurement' : `the median of ${count} measurements, the last`} on ${when}).`,
    assumed: (factor: string) =>
      `The corner was **not measured**. It is estimated for each hour from the air inside and outside, with a temperature factor of ${factor}, which BRE IP 1/06 gives as the least for a dwelling. A badly insulated corner is colder, and then there are more hours at risk than here.`,
    none: 'Nothing can be said about the coldest corner: no outdoor temperature and no temperature of the wall was measured.'
  },
  elsewhere:
    'This street has no outdoor sensor of temperature and humidity, so the outdoor air is that of other streets of the hub.',
  risk80:
    'From about 80% humidity at a surface mould can grow if it lasts (ISO 13788). At 100% water condenses.',
  lowest: (mean: string, low: string) => `mean ${mean}, lowest hourly mean ${low}`,
  marginText: (mean: string, low: string, hours: string) =>
    `mean ${mean}, lowest ${low}; less than 1 °C in ${hours} hours`,
  spellText: (hours: string, since: string) => `${hours} hours, from ${since}`,
  spellNote: 'A missing hour ends a time without a break, so the true one may be longer.',
  mouldRange: (low: string, high: string, peak: string) =>
    `${low === high ? low : `${low} to ${high}`} at the end of the period, ${peak} at most (0 none, 1 seen with a microscope, 3 visible, 6 all over)`,
  mouldNone: 'no figure: less than 75% of the hours are known at the corner',
  mouldNote:
    'The VTT model (Hukka and Viitanen 1999; Ojanen 2010), which begins at 0 on the first day of the period. It is a range, because nobody measured what the wall is made of. It is a calculation: no sensor sees mould.',

  chartHumidity: 'Humidity of the air and at the coldest corner',
  chartTemperature: 'Temperature of the air, the corner, the dew point and outdoors',
  chartAlt: (what: string, room: string, window: string) =>
    `Line chart: ${what} in ${room}, ${window}. The values by day or week are in the table below.`,
  window: { hour: 'hourly means', day: 'daily means' },
  lines: {
    air: 'air of the room',
    corner: 'coldest corner',
    dewPoint: 'dew point',
    outdoor: 'outdoors',
    limit: '80%: mould can grow'
  },

  use: 'Was it heated, and was it aired?',
  heated: (hours: string, of: string, mean: string) =>
    `The room was below 18 °C (the least that WHO advises) in ${hours} of ${of} measured hours. Its mean temperature was ${mean}.`,
  heatedNoMean: (hours: string, of: string) =>
    `The room was below 18 °C (the least that WHO advises) in ${hours} of ${of} measured hours.`,
  excess: (grams: string, pascal: string, outside: string) =>
    `On average each cubic metre of its air held ${grams} g more water than the air outdoors (${pascal} Pa more vapour pressure), at ${outside} outdoors.`,
  excessLow:
    'That is little for a home that is lived in (class 1 or 2 of EN ISO 13788, 2001, at that temperature; advisory). Airing takes water out only down to what is outdoors, so more airing would change little: with so little water only a cold surface gets damp.',
  excessMiddle:
    'That is usual for a home that is lived in (class 3 of EN ISO 13788, 2001, at that temperature; advisory).',
  excessMild: (degrees: string) =>
    `Whether that is little or much cannot be told: the classes of EN ISO 13788 are too close together from ${degrees} °C outdoors up.`,
  excessHigh:
    'That is much for a home (class 4 or 5 of EN ISO 13788, 2001, at that temperature; advisory). Cooking, washing, drying clothes, many people in few rooms, little airing, a leak or rising damp can each cause it; these readings cannot tell which.',
  excessNone:
    'How much water the room added to the air cannot be said: too few hours have temperature and humidity both inside and outdoors.',
  windowsUnknown: 'The sensor does not see windows or radiators. What was noted about them is in the diary.',

  criteria: 'Highest moving averages',
  criteriaHead: ['Average over', 'Air: highest', 'Air: criterion', 'Corner: highest', 'Corner: criterion'],
  criteriaPeriods: { day: 'a day', week: 'a week', month: 'a month' },
  atMost: (value: string) => `at most ${value}`,
  criteriaNote:
    'Criteria of Approved Document F (England, 2010), taken from a secondary source: check the document before you quote them. A dash: too few hours.',

  missing: 'What is missing, and what was left out',
  missingHours: (hours: string, of: string) =>
    `${hours} of ${of} hours were not measured, or had too few readings. What happened in them is unknown.`,
  missingNone: 'Every hour of the period was measured.',
  gapsHead: ['Not measured from', 'until', 'Hours'],
  gapsMore: (listed: number, all: number) =>
    `The ${listed} longest of ${plural(all, 'gap', 'gaps')} are listed.`,
  leftOutNone: 'No reading failed its checks, so none was left out.',
  bothHead: [
    'Hours at 80% or more at the corner',
    'Hours at risk',
    'Of hours',
    'Longest time without a break'
  ],
  bothWith: (readings: string) => `with the ${readings} failed readings that have a possible value`,
  bothWithout: 'without the readings that failed (as above)',
  bothNote: 'Both are given so that leaving readings out hides nothing; the worse one stands first.',
  bothNot:
    'The failed readings are error codes or impossible values, so they cannot be counted in any figure.',
  suspect: 'Readings that a check only doubted are in the figures.',
  doubt: (error: string, lowest: string, highest: string) =>
    `If the sensor always read ${error} percentage points too high, there were ${lowest} hours at risk; if it read as much too low, ${highest}.`,

  days: 'Day by day',
  daysHead: [
    'Day',
    'Hours measured',
    'Air °C: mean (least to most)',
    'Humidity %: mean (least to most)',
    'Hours above 70%',
    'Hours at risk',
    'Hours below 18 °C'
  ],
  weeks: 'Week by week',
  weeksHead: [
    'Week',
    'Hours measured in and out',
    'Air °C',
    'Humidity %',
    'Outdoors °C',
    'Water beyond outdoors g/m³ (Pa)',
    'Hours at risk'
  ],
  weeksNote: 'The days stand in the folder “days” of the archive. A dash: less than 75% of the hours.',

  diary: 'Diary',
  diaryNote: 'In the words of the person who lives there. The hub notes when each entry was written.',
  diaryNone: 'Nothing is noted in the diary for this period.',
  diaryHead: ['When', 'What', 'Where', 'Note', 'Written'],
  diaryKinds: {
    mould: 'Mould seen',
    window: 'Window',
    heating: 'Heating',
    washing: 'Washing',
    reported: 'Told the landlord',
    answered: 'The landlord answered',
    inspected: 'The landlord inspected',
    repaired: 'Repaired',
    note: 'Note'
  } as Record<string, string>,
  wholeHome: 'the home',
  sameDay: 'the same day',
  photo: (name: string) => `Photo: ${name}`,
  photosNote: 'Photos are in the archive that belongs to this record, under the names given here.',
  reportedTo: (to: string, note: string) => (note === '' ? `To ${to}.` : `To ${to}: ${note}`),

  reports: 'Reports to the landlord, and the dated rules',
  reportsNone: 'No report to the landlord is noted in the diary for this period.',
  reported: (when: string, to: string) =>
    to === '' ? `Reported on ${when}` : `Reported on ${when} to ${to}`,
  answered: (when: string) => `An answer is noted on ${when}.`,
  notAnswered: 'No answer is noted.',
  inspected: (when: string) => `An inspection is noted on ${when}.`,
  notInspected: 'No inspection is noted.',
  repaired: (when: string) => `A repair is noted on ${when}.`,
  notRepaired: 'No repair is noted.',
  since: (hours: string, of: string) =>
    `Measured since then: ${hours} of ${of} hours at risk at the coldest corner.`,
  sinceBoth: (before: string, since: string) =>
    `Share of hours at risk before the report: ${before}; since: ${since}.`,
  afterRepair: 'Weather changes as well: compare weeks that were about as cold outdoors.',
  noRules:
    'Which dates the law sets for an answer or a repair cannot be told here: no dated rules were chosen, or none are known for this country and tenancy.',
  rules: (name: string, source: string, checked: string) => `${name} (${source}; data checked ${checked}).`,
  rulesFor: (tenancy: string) => `They hold for ${tenancy}.`,
  notUnder: (from: string) =>
    `This report was made before these rules came into force on ${from}, so no dates are given.`,
  deadlinesHead: ['What the rules ask for', 'Time limit', 'Last day', 'As of this record'],
  deadlines: {
    emergency: 'An emergency hazard (imminent and significant risk) investigated and made safe',
    investigate: 'A significant hazard of damp or mould investigated',
    summary: 'Written summary of the findings',
    makeSafe: 'Safety work done, and further work begun or steps to begin taken',
    furtherWorks: 'Further work physically begun at the latest'
  } satisfies Record<DeadlineName, string>,
  limits: {
    emergency: '24 hours',
    investigate: '10 working days',
    summary: '3 working days after the investigation',
    makeSafe: '5 working days after the investigation',
    furtherWorks: '12 weeks after the investigation'
  } satisfies Record<DeadlineName, string>,
  deadlineUnknown: 'cannot be told',
  deadlineAssumed: (date: string) => `${date}, if the investigation ended on its last day`,
  passed: 'has passed',
  passedWithoutNote: 'has passed; nothing is noted',
  noted: (day: string) => `noted on ${day}`,
  notedLate: (day: string) => `noted on ${day}, after that day`,
  notPassed: 'still to come',
  emergencyNote:
    'Whether a hazard is an emergency or significant is for the landlord and in the end for a court to say, not for a sensor.',
  noAdvice: 'This is not legal advice. Those who give it:',

  proves: 'What this does not prove',
  provesNot: [
    'It does not show that there is mould, or that there is none: it shows conditions under which mould can grow.',
    'It does not show whose fault the damp is. Guidance in England says that tenants should not be blamed for how they live (GOV.UK, Understanding and addressing the health risks of damp and mould in the home).',
    'It is no rating under the Housing Health and Safety Rating System, which only a trained assessor can give after an inspection.',
    'The sensor is no reference instrument. All figures are indicative.',
    'It says nothing about rooms, walls and times that were not measured.'
  ],
  falsifies: 'What would show that it is wrong',
  falsifiers: [
    'A calibrated instrument beside the sensor that differs by more than the error given above.',
    'A sensor that stood on a radiator, in the sun, in steam, outdoors or in another room than the one named.',
    'Outdoor weather that differs from the outdoor sensors used here.',
    'A measurement at the coldest corner that gives another temperature factor.'
  ],

  how: 'How the numbers are made',
  howHead: ['Figure', 'Formula', 'Source'],
  version: (source: string, version: number) => `${source} (version ${version})`,

  check: 'How to check that nothing was changed',
  checkText:
    'The archive of this record holds this document, every reading, the days, the diary, the photos and the list MANIFEST.sha256. Unpack it and run this command in its folder; a file that was changed by one byte is named.',
  checkCommand: 'sha256sum --check MANIFEST.sha256',
  checkMore: 'On a Mac: shasum -a 256 --check MANIFEST.sha256',

  readme: (
    hub: string,
    madeAt: string,
    check: string,
    mac: string
  ) => `The damp record that ${hub} made ${madeAt}

damp-record.pdf   the record, to read and print
record.json       the same as data: every figure, the diary, the reports
readings/         every single reading, as the sensor sent it, with its flag and reason; times are UTC
days/             a line for each day: hours measured, means of hours, hours at risk
diary.csv         the diary, in the words of its writer
photos/           photos of the diary
MANIFEST.sha256   SHA-256 sums of all of these

To check that no file was changed, unpack the archive and run in its folder:
  ${check}
${mac}
Each file is named with OK. A changed file is named with FAILED. No other program and no network is needed. The sums show
that files were not changed after the archive was made; keep the archive, or send it to somebody, to show when that was.
`
}
