/** Everything the dashboard says, in English a twelve-year-old reads. Between ** and ** stands what is shown bold. */
import type { Quantity } from '../../../model/quantity.ts'
import type { Subject, Values } from '../subject.ts'

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export interface SensorCount {
  kind: 'air' | 'noise'
  sites: number
  sitesTotal: number
  needed: number
}

export const en = {
  locale: 'en-GB',
  brand: 'Lamppost',
  skip: 'Skip to the content',
  allStreets: 'All streets',
  demo: 'Demonstration: an invented neighbourhood with simulated sensors.',
  behind: (minutes: number) =>
    `New readings come late at the moment: what is shown is ${
      minutes < 120
        ? plural(minutes, 'minute', 'minutes')
        : minutes < 2_880
          ? `${Math.round(minutes / 60)} hours`
          : `${Math.round(minutes / 1_440)} days`
    } old. Nothing is lost; it catches up by itself.`,
  justNow: 'just now',
  nothing: '–',
  units: { 'dB(A)': 'dB' } as Record<string, string>,

  subjects: { air: 'Air', noise: 'Noise', damp: 'Damp' } satisfies Record<Subject, string>,
  subjectSwitch: 'What to look at',
  periods: {
    'last 24 hours': 'last 24 hours',
    'last night': 'last night, 23:00 to 07:00',
    'last hour': 'last hour',
    'last 7 days': 'last 7 days',
    'one reading': 'one reading'
  } as Record<string, string>,
  shortPeriods: {
    'last 24 hours': '24 hours',
    'last night': 'last night',
    'last 7 days': '7 days'
  } as Record<string, string>,
  indicative: 'Indicative: these are low-cost sensors.',
  howSure: 'How sure are we?',

  /** What a quantity is, for those who never heard its name; a name that says it by itself has none. */
  meanings: {
    pm1: 'PM1 is the very finest dust, from burning. It can go from the lungs into the blood.',
    pm2_5: 'PM2.5 is fine dust, mostly from burning: engines, stoves, fires. It gets deep into the lungs.',
    pm4: 'PM4 is dust that gets into the lungs, finer than PM10 and coarser than PM2.5.',
    pm10: 'PM10 is all dust that is breathed in, fine and coarse: from burning, brakes, tyres and building sites.',
    no2: 'NO₂ is a gas, mostly from engines and boilers. It irritates the lungs.',
    o3: 'O₃ is ozone, a gas that other pollution forms in sunshine. It irritates the lungs.',
    co2: 'CO₂ is the gas that breathing and burning give off. Outdoors it says little about how clean the air is.',
    tvoc_index:
      'The TVOC index follows vapours, such as those of paint and cleaners, as one number without a unit.',
    laeq: 'Sound level is all sound of the time, averaged. 10\u00a0dB more sound about twice as loud.',
    la10: 'LA10 is passed a tenth of the time: how loud the loud moments are.',
    la50: 'LA50 is passed half of the time.',
    la90: 'LA90 is passed nine tenths of the time: how loud it is when nothing special can be heard.'
  } satisfies Partial<Record<Quantity, string>> as Partial<Record<Quantity, string>>,
  unitMeanings: {
    'µg/m³': 'µg/m³ are millionths of a gram in a cubic metre of air.'
  } as Record<string, string>,

  title: (parts: string[]) => parts.join(' · '),

  sensors: (count: number) => plural(count, 'sensor', 'sensors'),
  homes: (count: number) => plural(count, 'home', 'homes'),
  streetCount: (count: number) => plural(count, 'street', 'streets'),

  air: {
    level: (street: string, word: string) => `Right now on ${street} air pollution is **${word}**.`,
    figure: (label: string, value: string, sensors: string, period: string) =>
      `${label} is ${value} (middle of ${sensors}, ${period}).`,
    nobody: (street: string) => `No sensor on ${street} measures the air yet.`,
    unit: 'air pollution'
  },
  noise: {
    above: (street: string, value: string, guideline: string) =>
      `Last night on ${street} was **louder than the WHO guideline**: ${value}, the guideline is ${guideline}`,
    within: (street: string, value: string, guideline: string) =>
      `Last night on ${street} was **quieter than the WHO guideline**: ${value}, the guideline is ${guideline}`,
    basis: (sensors: string) => `(middle of ${sensors}, 23:00 to 07:00).`,
    nobody: (street: string) => `No sensor on ${street} measures noise yet.`
  },
  damp: {
    level: (street: string, word: string) => `Indoor air in homes on ${street} is **${word}**.`,
    figure: (label: string, value: string, homes: string) =>
      `${label} is ${value} (middle of ${homes}, last 7 days, shown one day late so that no home can be recognised).`,
    notEnough: (street: string, needed: number) =>
      `There is no figure for homes on ${street}: fewer than ${needed} homes share theirs, and with fewer a single home could be recognised.`,
    meaning:
      'Mould depends on the coldest wall, not on the middle of the room: a home can be drier than this figure and still have a damp corner.'
  },
  tooFew: {
    fewSensors: ({ kind, sites, sitesTotal, needed }: SensorCount, street: string) =>
      sitesTotal < needed
        ? `${street} has ${plural(sitesTotal, `${kind} sensor`, `${kind} sensors`)}, and a street value needs ${needed}, so there is no street value.`
        : `${sites === 0 ? 'None' : `Only ${sites}`} of ${sitesTotal} sensors on ${street} ${sites === 0 ? 'has' : 'have'} reported enough, so there is no street value.`,
    newest: (label: string, value: string, when: string) => `Newest reading: ${label} ${value}, ${when}.`,
    whenToday: (time: string) => `at ${time}`,
    whenBefore: (time: string) => `on ${time}`
  },
  values: { name: 'Values', raw: 'As measured', corrected: 'Corrected' } satisfies Record<
    Values | 'name',
    string
  >,
  noReading: (street: string) => `No reading from ${street} yet.`,

  neighbourhood: {
    heading: 'Our streets',
    airAll: (word: string, streets: string) =>
      `Right now air pollution is **${word}** on all ${streets} with a street value (last 24 hours).`,
    airOne: (word: string, street: string) =>
      `Right now on ${street} air pollution is **${word}** (last 24 hours).`,
    airMost: (word: string, count: number, total: string, worst: string, names: string[]) =>
      `Right now air pollution is **${word}** on ${count} of ${total} (last 24 hours). Highest: **${worst}** on ${list.format(names)}.`,
    noise: (above: number, total: string) =>
      above === 0
        ? `Last night every one of ${total} was quieter than the WHO guideline of 45 dB.`
        : `Last night was **louder than the WHO guideline** of 45 dB on ${above} of ${total}.`,
    noiseOne: (street: string, above: boolean, value: string) =>
      `Last night ${street} was **${above ? 'louder' : 'quieter'} than the WHO guideline**: ${value}, the guideline is 45 dB.`,
    loudest: (street: string, value: string) => `Loudest: ${street}, ${value} (23:00 to 07:00).`,
    dampOne: (street: string, word: string, value: string) =>
      `Indoor air in homes on ${street} is **${word}**: ${value} (last 7 days, one day late).`,
    damp: (word: string, count: number, total: string) =>
      `Indoor air is **${word}** in the homes of ${count} of ${total} (last 7 days, one day late).`,
    corrected: (count: number, total: string) => `Made with corrected values on ${count} of ${total}.`,
    none: {
      air: 'No street has enough sensors for an air figure yet. Single sensors are on each street’s own page.',
      noise:
        'No street has enough sensors for a noise figure yet. Single sensors are on each street’s own page.',
      damp: 'No street has enough homes that share their humidity yet. A figure needs 5, so that no home can be recognised.'
    } satisfies Record<Subject, string>,
    map: 'Map of the streets',
    list: 'Streets',
    noValue: 'No value yet',
    notEnough: 'Not enough data',
    notEnoughHomes: 'Not enough homes',
    noLevel: 'No level',
    legend: 'What the lines mean',
    legendNone: 'not enough data',
    sparkline: {
      air: 'Line: last 24 hours',
      noise: 'Line: last 24 hours',
      damp: 'Line: last 14 days'
    } satisfies Record<Subject, string>,
    mapLabel: (street: string, word: string, value: string) =>
      `${street}: ${[word, value].filter(Boolean).join(', ')}`,
    noMap: 'No street has been drawn yet. The steward can draw them from an OpenStreetMap export:'
  },

  street: {
    range: 'Time shown',
    ranges: {
      '24h': '24 hours',
      '7d': '7 days',
      '30d': '30 days',
      '90d': '90 days',
      year: 'Year',
      custom: 'Custom'
    },
    quantity: 'What is shown',
    from: 'From',
    until: 'To (with this day)',
    show: 'Show',
    badRange: 'The last day must not lie before the first.',
    window: 'One point for each',
    windows: { raw: 'Reading', hour: 'Hour', day: 'Day', night: 'Night' },
    points: { raw: 'each reading', hour: 'hour by hour', day: 'day by day', night: 'night by night' },
    chartTitle: (label: string, street: string, points: string, range: string) =>
      `${label} on ${street}, ${points}, ${range}`,
    rangeText: (from: string, until: string) => (from === until ? from : `${from} to ${until}`),
    chartSummary: (usual: string, highest: string, when: string) =>
      `Usually ${usual}, highest ${highest}, ${when}.`,
    chartEmpty: 'No values here.',
    legendMiddle: 'Middle of the sensors',
    legendMiddleHomes: 'Middle of the homes',
    legendBand: 'Middle half of them',
    legendGuideline: (label: string) => `${label}, indicative`,
    chartHint: 'Touch the chart, point at it, or use the arrow keys to read values.',
    noValueHere: 'no value',
    nightOf: (day: string) => `Night from ${day}`,
    hourFrom: (from: string, until: string) => `${from} to ${until}`,
    fewerSites: (sites: number, needed: number) =>
      `no value: ${plural(sites, 'sensor', 'sensors')} with enough readings, ${needed} needed`,
    fewerHomes: 'no value: not enough homes',
    half: (low: string, high: string) => `middle half ${low} to ${high}`,
    table: 'Show as table',
    hideTable: 'Hide the table',
    download: 'Download (CSV)',
    downloadFigures: 'Download figures (CSV)',
    emptyRange: 'Nothing was measured in this time.',
    emptyNewest: (when: string) => `The newest reading is of ${when}.`,
    showAround: (when: string) => `Show the 30 days up to ${when}`,
    longer: 'Try a longer time.',
    correctedBy: (made: string[]) => `These values are corrected: ${list.format(made)}.`,
    correction: (title: string, sensors: string, since: string) =>
      since === '' ? `${title} (${sensors})` : `${title} since ${since} (${sensors})`,
    humidGaps: 'Where the air was too humid to correct a value there is a gap.',
    sitesRaw: 'Their newest readings are as measured.',
    notCorrected: 'No correction holds in this time, so there are no corrected values.',
    recomputing: 'A correction has just changed: some values here are still being made anew.',
    correctionsLink: 'What corrections do',
    singles: 'There is no street value for this time, so each line is one sensor.',
    sites: 'Sensors',
    homes: 'Homes',
    otherSites: (count: number) =>
      `${plural(count, 'more sensor here measures', 'more sensors here measure')} other things.`,
    sitesHint: 'Choose a sensor to draw its own line.',
    draw: 'Draw its line',
    drawn: 'On the chart',
    siteState: {
      online: 'working',
      never: 'never reported',
      unusable: 'sends, but nothing that can be used yet'
    },
    unusableSince: (when: string) => `sends, but nothing that can be used since ${when}`,
    silentSince: (when: string) => `silent since ${when}`,
    notMeasured: (label: string) => `does not measure ${label}`,
    doubtful: 'doubtful',
    failed: 'cannot be right',
    legendDoubtful: 'Doubtful reading',
    coverage: (percent: string) => `${percent} measured`,
    failedReadings: (name: string, count: number) =>
      `${name}: ${plural(count, 'reading', 'readings')} failed ${count === 1 ? 'its' : 'their'} checks and ${count === 1 ? 'was' : 'were'} left out.`,
    doubtfulOutside: (count: number, farthest: string) =>
      count === 1
        ? `1 doubtful reading lies outside the chart: ${farthest}.`
        : `${count} doubtful readings lie outside the chart, the farthest at ${farthest}.`,
    daysAbove: (above: number, known: number, missing: number, guideline: string) => {
      const few = `${plural(missing, 'day', 'days')} had too little data`
      if (known === 0)
        return `No day here had enough data to be compared with the WHO guideline for 24 hours (${guideline}).`
      const count =
        above === 0
          ? known === 1
            ? 'The one day'
            : `None of ${known} days`
          : `${above} of ${plural(known, 'day', 'days')}`
      const verb = above === 0 ? (known === 1 ? 'was not' : 'was') : above === 1 ? 'was' : 'were'
      return `${count} with enough data ${verb} above the WHO guideline for 24 hours (${guideline}), indicative${missing > 0 ? `; ${few}` : ''}.`
    },
    noSites: 'No outdoor sensor hangs here yet.',
    homesPrivate:
      'Sensors inside homes are private. Only the middle of all homes that agreed is shown, and only from 5 homes up.',
    columns: {
      time: 'Time',
      middle: 'Middle',
      low: 'Lower quarter',
      high: 'Upper quarter',
      sites: 'Sensors',
      homes: 'Homes',
      coverage: 'Coverage',
      coverageOf: (name: string) => `${name}: coverage`,
      doubtfulOf: (name: string) => `${name}: doubtful`
    }
  },

  guidelineShort: 'WHO guideline',
  guidelines: {
    pm2_5: 'WHO guideline for 24 hours: 15 µg/m³',
    pm10: 'WHO guideline for 24 hours: 45 µg/m³',
    no2: 'WHO guideline for 24 hours: 25 µg/m³',
    laeq: 'WHO guideline for road noise at night: 45 dB'
  },

  sure: {
    heading: 'How sure are we?',
    methods: 'How every number is made, with formulas and sources',
    paragraphs: [
      'The sensors are small and cost little. They show well when and where something changes; the exact number may be off by a quarter or more, and damp weather can make particles look like more than they are. So every figure here is indicative: it is no proof that a limit was kept or broken.',
      'A street value is the middle of at least three sensors outside, each with at least three quarters of its readings. With fewer we show the single sensors and no level. A gap stays a gap.',
      'Words for air are those of the UK Daily Air Quality Index, for the last 24 hours. Noise is everything the microphone hears from 23:00 to 07:00, compared with the WHO guideline for road traffic, which is meant for the average of a year. Sensors inside homes are private: only the middle of several homes is ever shown, a day late.'
    ]
  },

  footer: {
    methods: 'How every number is made',
    licence: (licence: string) => `Data: ${licence}`,
    api: 'For researchers and programs: the interface',
    version: (version: string) => `Lamppost ${version}`
  },

  live: { paused: 'Live updates are interrupted. Trying again…', on: 'Live' },
  loading: 'Loading…',
  failed: {
    silent: 'The hub did not answer.',
    kept: 'Nothing that was measured is lost by this. Check your connection, or try again in a minute.',
    again: 'Try again',
    answer: (detail: string) => `The hub answered: ${detail}`,
    noStreet: 'There is no street at this address.',
    noStreetNext: 'It may have been renamed. All streets are on the first page.',
    noPage: 'There is no page at this address.',
    strange: 'The hub’s answer could not be read. If this page has been open for long, load it again.',
    series: 'The chart could not be loaded.'
  },

  first: {
    heading: 'First steps',
    noStreet: 'This hub has no street yet.',
    noStreetNext: 'If you run this hub, add the first street, or bring many from an OpenStreetMap export:',
    noSensor: 'No outdoor sensor hangs on these streets yet.',
    noSensorNext:
      'If you run this hub, add a sensor. The command prints its id and its password, the password only this once:',
    byHand:
      'Let the sensor send, or send a reading by hand, with its own id and password in place of DEVICE_ID and PASSWORD:',
    waiting: 'A sensor is there, and no reading has come yet.',
    waitingNext:
      'This page shows the first reading as soon as it comes. If none comes, this says when each sensor last spoke, and what is wrong:',
    copy: 'Copy',
    copied: 'Copied',
    commands: {
      streetAdd: 'npx lamppost street add "Ashley Road"',
      streetImport: 'npx lamppost street import streets.geojson',
      deviceList: 'npx lamppost device list',
      deviceAdd: (street: string) => `npx lamppost device add --street "${street}"`,
      publish: (host: string, port: number) =>
        `mosquitto_pub -h ${host} -p ${port} -q 1 -u DEVICE_ID -P 'PASSWORD' -t sensors/DEVICE_ID/readings -m '{"pm2_5":8.1,"pm10":14.2}'`
    }
  }
}
