/** English: names, units and periods, the frame around every page, and what is said when something fails. */
import { quantities, type Quantity } from '../../model/quantity.ts'
import { scales, type ScaleId } from '../../science/level.ts'
import type { Subject, Values } from '../subject.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** The words of each scale by their step, 0 for the best. */
const levels = Object.fromEntries(
  Object.entries(scales).map(([id, { bands }]) => [
    id,
    bands.toSorted((a, b) => a.step - b.step).map(({ word }) => word)
  ])
) as Record<ScaleId, string[]>

const labels = Object.fromEntries(
  Object.entries(quantities).map(([name, { label }]) => [name, label])
) as Record<Quantity, string>

export const common = {
  locale: 'en-GB',
  brand: 'Lamppost',
  skip: 'Skip to the content',
  allStreets: 'All streets',
  compare: 'Compare',
  signIn: 'Sign in',
  askToHost: 'Ask to host a sensor',
  myHome: 'My home',
  steward: 'Steward',
  demo: 'Demonstration: an invented neighbourhood with simulated sensors.',
  behind: (minutes: number) =>
    `New readings are arriving late: what you see is ${
      minutes < 120
        ? plural(minutes, 'minute', 'minutes')
        : minutes < 2_880
          ? `${Math.round(minutes / 60)} hours`
          : `${Math.round(minutes / 1_440)} days`
    } old. Nothing is lost, and the page will catch up.`,
  justNow: 'just now',
  nothing: '–',
  percent: (number: string) => `${number}%`,
  units: { 'dB(A)': 'dB' } as Record<string, string>,
  labels,
  /** A label in the middle of a sentence: "humidity", but "PM2.5" and "NO₂". */
  inSentence: (label: string) =>
    /^[A-Z][a-z]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label,
  levels,

  subjects: { air: 'Air', noise: 'Noise', damp: 'Damp' } satisfies Record<Subject, string>,
  subjectSwitch: 'Subject',
  periods: {
    'last 24 hours': 'last 24 hours',
    'last night': 'last night, 23:00 to 07:00',
    'last 8 hours': 'last 8 hours',
    'last hour': 'last hour',
    'last 7 days': 'last 7 days',
    'one reading': 'one reading'
  } as Record<string, string>,
  shortPeriods: {
    'last 24 hours': '24 hours',
    'last 8 hours': '8 hours',
    'last night': 'last night',
    'last 7 days': '7 days'
  } as Record<string, string>,

  /** What a quantity is, for people who have never heard its name; a name that explains itself has none. */
  meanings: {
    pm1: 'PM1 is the finest dust, from burning. It can pass from the lungs into the blood.',
    pm2_5: 'PM2.5 is fine dust, mostly from burning: engines, stoves and fires. It gets deep into the lungs.',
    pm4: 'PM4 is dust that reaches the lungs: coarser than PM2.5, finer than PM10.',
    pm10: 'PM10 is all dust that can be breathed in: from burning, brakes, tyres and building sites.',
    no2: 'NO₂ is a gas, mostly from engines and boilers. It irritates the lungs.',
    o3: 'O₃ is ozone, a gas that forms from other pollution in sunshine. It irritates the lungs.',
    so2: 'SO₂ is a gas from burning coal and oil, from ships and from volcanoes. It irritates the lungs.',
    no: 'NO is a gas from engines and boilers that turns into NO₂ in the air.',
    nox: 'NOₓ is NO and NO₂ together: what engines and boilers give off.',
    co: 'CO is carbon monoxide, a gas from fires that get too little air. Indoors it can kill without a smell.',
    co2: 'CO₂ is the gas that breathing and burning give off. Outdoors it says little about how clean the air is.',
    tvoc_index:
      'The TVOC index follows vapours, such as those from paint and cleaning products, as one number without a unit.',
    laeq: 'Sound level is the average level of all sound over the period. A rise of 10\u00a0dB sounds about twice as loud.',
    la10: 'LA10 is the level exceeded 10% of the time: how loud the loud moments are.',
    la50: 'LA50 is the level exceeded half of the time.',
    la90: 'LA90 is the level exceeded 90% of the time: the background, when nothing in particular can be heard.'
  } satisfies Partial<Record<Quantity, string>> as Partial<Record<Quantity, string>>,
  unitMeanings: {
    'µg/m³': 'µg/m³ means millionths of a gram in each cubic metre of air.'
  } as Record<string, string>,

  title: (parts: string[]) => parts.join(' · '),

  sensors: (count: number) => plural(count, 'sensor', 'sensors'),
  homesAtLeast: (count: number) => `at least ${count} homes`,
  streetCount: (count: number) => plural(count, 'street', 'streets'),
  values: { name: 'Values', raw: 'As measured', corrected: 'Corrected' } satisfies Record<
    Values | 'name',
    string
  >,
  correctionsLink: 'What corrections do',

  indicative: 'Indicative: these are low-cost sensors.',
  howSure: 'How sure are we?',
  sure: {
    methods: 'How every number is made, with formulas and sources',
    paragraphs: [
      'The sensors are small and cheap. They show well when and where something changes, but the exact number may be off by a quarter or more, and in damp weather particles can look like more than they are. So every figure here is indicative: it does not prove that a limit was kept or broken.',
      'A street’s value is the median of at least three outdoor sensors, each with at least three quarters of its readings. Where there are fewer, we show the single sensors and no level. Gaps are left as gaps.',
      'The words for air are those of the UK Daily Air Quality Index, which is the highest of five pollutants: where one of them is not measured, the index may be higher, and the page says so. Noise is everything the microphone hears from 23:00 to 07:00, compared with WHO’s guideline for road traffic, which is meant for the average of a year. Sensors inside homes are private: only what is typical of at least five homes that agreed is ever shown, a day late.'
    ]
  },

  footer: {
    printed: (when: string, address: string) => `As of ${when}: ${address}`,
    methods: 'How every number is made',
    privacy: 'Privacy',
    licence: (licence: string) => `Data: ${licence}`,
    data: 'Data',
    api: 'API',
    version: (version: string) => `Lamppost ${version}`,
    language: 'Language'
  },
  /** Above the pages of a language of which it is true (languages.ts). */
  draft: 'Draft: nobody who grew up with this language has read it yet.',

  /** The page as the hub serves it, before and without script. */
  served: {
    figures: 'Figures',
    columns: {
      streets: ['Street', 'Level', 'Value', 'Period', 'Last 12 months'],
      figures: ['Value', 'Period', 'Level', 'Last 12 months'],
      sensors: ['Sensor', 'State', 'Newest reading', 'Age']
    },
    indicative: 'indicative, low-cost sensors',
    whole: (name: string) => `The whole page at ${name}`,
    moreStreets: (count: number, measured: number) =>
      `${plural(count, 'more street', 'more streets')}${measured > 0 ? `, ${measured} of them with a value,` : ''} in the list of the full page and in the API.`
  },
  stale: {
    asOf: (moment: string) => `As of ${moment}:`,
    silent: 'The hub has not answered since then. This page keeps trying.',
    offline: 'This device is offline. The page goes on by itself once there is a network again.',
    clock: (duration: string, isAhead: boolean) =>
      `The clock of this device is ${duration} ${isAhead ? 'fast' : 'slow'}. All times on this page are the hub’s.`
  },
  loading: 'Loading…',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  share: {
    button: 'Share',
    heading: 'Share this page',
    what: 'Which link',
    shown: 'What you see now',
    shownHint: 'With the period, the measurement and everything else that you chose.',
    newest: 'Always the newest',
    newestHint: 'The page as it opens, whenever somebody follows the link.',
    link: 'Link'
  },
  failed: {
    silent: 'The hub did not answer.',
    kept: 'No measurement is lost by this. Check your connection, or try again in a minute.',
    again: 'Try again',
    answer: (detail: string) => `The hub answered: ${detail}`,
    noPage: 'There is no page at this address.',
    strange: 'The hub’s answer could not be read. If this page has been open for a long time, reload it.'
  },

  firstSteps: {
    heading: 'First steps',
    noStreetNext: 'If you run this hub, add the first street, or import many from an OpenStreetMap export:',
    noSensorNext:
      'If you run this hub, add a sensor. The command prints its id and its password; the password is shown only this once:',
    byHand:
      'Let the sensor send, or send a reading by hand, with its own id and password in place of DEVICE_ID and PASSWORD:',
    waitingNext:
      'This page shows the first reading as soon as it arrives. If none does, this command says when each sensor was last heard, and what is wrong:',
    commands: {
      streetAdd: 'npx lamppost street add "Ashley Road"',
      streetImport: 'npx lamppost street import streets.geojson',
      deviceList: 'npx lamppost device list',
      deviceAdd: (street: string) => `npx lamppost device add --street "${street}" --outdoor`,
      publish: (host: string, port: number) =>
        `mosquitto_pub -h ${host} -p ${port} -q 1 -u DEVICE_ID -P 'PASSWORD' -t sensors/DEVICE_ID/readings -m '{"pm2_5":8.1,"pm10":14.2}'`
    }
  },
  homesPrivate:
    'Sensors inside homes are private. Only what is typical of the homes that agreed is shown, a day at a time, and only when there are at least 5 of them.'
}
