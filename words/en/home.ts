/** English: a host's own page, and adding a sensor. */
import type { FaultCode } from '../../model/fault.ts'
import type { ConsentPurpose } from '../../model/consent.ts'

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

export const home = {
  heading: 'My home',
  signInFirst: 'Sign in to see your own sensors and your own home.',
  greeting: (name: string) => `Signed in as ${name}.`,
  empty: 'You have no sensor here yet.',
  emptyNext:
    'Add one: it takes about ten minutes. If the steward set one up for you already, ask them to hand it over to you.',
  add: 'Add a sensor',

  working: {
    heading: 'Is it working?',
    online: (age: string) => `**It works.** Last heard ${age}.`,
    coverage: (share: string) => `${share} of its readings arrived in the last 24 hours.`,
    coverageLow: (share: string) =>
      `Only ${share} of its readings arrived in the last 24 hours. Its Wi-Fi may be weak: move it or the router closer, and keep it away from metal.`,
    silent: (when: string) => `**Nothing has come since ${when}.**`,
    silentNext:
      'Check that it has power and that your Wi-Fi works. Unplug it for ten seconds, plug it in again, and wait ten minutes.',
    never: '**It has not sent a reading yet.**',
    neverNext:
      'Compare its settings with those you were given when you added it. If they are lost, make new ones below.',
    unusable: '**It sends, but nothing that can be used.**',
    unusableNext: 'What is wrong is listed below.',
    battery: (level: string) => `Battery ${level}.`,
    batteryLow: (level: string) => `**Battery ${level}: change or charge it soon.**`,
    signal: (level: string) => `Signal ${level}.`,
    signalWeak: (level: string) => `Signal ${level}, which is weak: move it closer to its router or gateway.`,
    outdoor: (street: string) => `Outdoors, ${street}. Everybody sees what it measures.`,
    indoor: (street: string) => `Indoors, ${street}. Only you see what it measures.`,
    problems: (count: number) => plural(count, 'problem', 'problems'),
    problemTimes: (count: number, when: string) =>
      count === 1 ? `Once, ${when}.` : `${plural(count, 'time', 'times')}, the last ${when}.`,
    newest: 'Newest readings',
    manage: 'Change this sensor',
    street: (street: string) => `${street} as everybody sees it`
  },

  /** The one thing to do, for whoever hosts the box. */
  advice: {
    payloadTooLarge: 'Let it send fewer readings in one message.',
    payloadEncoding: 'Check the settings of its firmware: it sends something that is no text.',
    payloadNotJson:
      'Check its settings against those you were given; then try its message out on the page “Add a sensor”.',
    payloadShape: 'Check that it was added as the right kind of sensor.',
    arrayTooLong: 'Let it send smaller batches.',
    tooManyFields: 'Let it send only what it measures.',
    repeatedField: 'Nothing needs doing, unless a value looks wrong.',
    nothingMeasured: 'Restart it. If that does not help, the sensor inside may not be connected.',
    unknownQuantity:
      'Nothing needs doing: what the hub knows is kept. Check the spelling if you chose the name yourself.',
    notANumber: 'Restart it. If it goes on, the sensor inside may be broken or loose.',
    minusZero: 'Nothing needs doing.',
    outOfRange: 'If it happens again and again, the sensor inside is probably broken: replace it.',
    timeUnreadable: 'Nothing is lost: the time of arrival was used. Check its clock settings.',
    timeWithoutZone: 'Nothing is lost: the time of arrival was used. Let it send UTC.',
    timeMissing: 'That value made no reading. Let it send the time that belongs to the value.',
    timeAhead: 'Nothing is lost: the time of arrival was used. Set its clock, or restart it.',
    timePast: 'Nothing is lost: the time of arrival was used. Set its clock, or restart it.',
    unitDoubtful: 'Check which unit it sends, and tell the steward if the numbers look wrong.',
    secondSensor: 'Nothing needs doing: the better of the two sensors is used.',
    staleValue: 'Nothing needs doing, unless it goes on for hours: then restart it.',
    boxFailure: 'Restart it. If it says so again, replace the sensor that it names.',
    wrongFamily:
      'It was added as the wrong kind of sensor. Add it again as the right kind, and use the new settings.',
    otherAddress:
      'The settings of two boxes were mixed up. Make new settings for this one and type them in again.',
    otherThing: 'Two boxes use the same settings. Add the second one as a sensor of its own.',
    tooManyThings: 'Tell the steward: more boxes speak through the gateway than it should list.',
    wrongPassword: 'If it is your box: type its user name and password in again, or make new settings.',
    wrongPort: 'Check the port in its settings.',
    wrongProtocol: 'Set its MQTT version to 3.1.1.',
    topicRefused: 'Check the topic in its settings: it may use only its own.',
    forwardRefused: 'Register the box at devices.sensor.community, or ask the steward to end sending on.',
    topicUnknown: 'Check the topic in its settings.',
    unclaimed: 'Tell the steward from when on the sensor was where: its readings wait until then.',
    heldBack:
      'Tell the steward from when on the sensor was where: it is paused until then, and loses nothing.',
    rowUnreadable: 'Nothing needs doing, unless many rows are missing.'
  } satisfies Record<FaultCode, string>,

  damp: {
    heading: 'Damp at home',
    room: (room: string) => `Damp in ${room}`,
    noNow: (room: string) =>
      `${room} has sent no temperature and humidity in the last two hours, so nothing can be said of now.`,
    noCorner: (room: string, air: string) =>
      `The air in ${room} is ${air}. What its coldest corner is like cannot be said: no outdoor sensor of this hub sends a temperature now.`,
    condensing: (room: string, when: string, value: string) =>
      `At ${when} the coldest corner of ${room} was **wet: water can condense there** (${value}).`,
    atRisk: (room: string, when: string, value: string) =>
      `At ${when} the coldest corner of ${room} was **damp enough for mould** if it stays so for weeks (${value} humidity there).`,
    near: (room: string, when: string, value: string) =>
      `At ${when} the coldest corner of ${room} was **close to damp** (${value} humidity there; mould needs about 80%).`,
    below: (room: string, when: string, value: string) =>
      `At ${when} the coldest corner of ${room} was **drier than mould needs** (${value} humidity there; mould needs about 80%).`,
    air: (temperature: string, humidity: string) => `${temperature} and ${humidity} humidity`,
    airNow: (air: string) => `The air in the middle of the room: ${air}.`,
    dewPoint: (value: string) => `Water condenses on anything colder than ${value}.`,
    measuredFactor: (factor: string, day: string) =>
      `The corner is estimated from the air inside and outside and from what you measured there (factor ${factor}, last measured on ${day}).`,
    estimated: (factor: string) =>
      `The corner is estimated from the air inside and outside, as in a wall of ordinary insulation (factor ${factor}). A badly insulated corner is colder and damper.`,
    elsewhere:
      'Your street has no outdoor sensor that tells, so the outdoor air is that of other streets here.',
    measuredCorner: 'The corner’s temperature is measured there.',
    period: (from: string, until: string) => `From ${from} to ${until}`,
    hoursAtRisk: (hours: string, of: string) =>
      `it was that damp there for **${hours} of ${of} hours** that were measured`,
    longest: (hours: string, when: string) => `the longest stretch was ${hours} hours, from ${when}`,
    noHours: (of: string) => `there was no hour as damp as mould needs (${of} hours were measured)`,
    tooLittle: (measured: string, of: string) =>
      `Only ${measured} of the last ${of} hours were measured, so there is no figure for the month yet.`,
    mould: (low: string, high: string) =>
      `A model of mould growth (0 none, 3 visible, 6 all over) gives ${low === high ? low : `${low} to ${high}`} for that corner, depending on what the wall is made of. No sensor sees mould: look.`,
    todo: 'What to do now',
    open: (grams: string) =>
      `**Open a window for ten minutes.** Each cubic metre outdoors holds ${grams} g less water than your room, so airing dries it.`,
    shut: (grams: string) =>
      `**Keep the window closed for now.** Each cubic metre outdoors holds ${grams} g more water than your room, so airing would bring water in.`,
    same: '**Opening a window makes little difference now:** outdoors there is about as much water in the air as in your room.',
    unknownAiring:
      'Whether opening a window helps cannot be said now: no outdoor sensor of this hub sends temperature and humidity.',
    cold: (grams: string) =>
      `Over the period below, your air held little more water than outdoors (${grams} g in each cubic metre), so airing alone will not mend it: the corner is damp because it is cold. That is a matter of heating and of the building’s insulation.`,
    wet: (grams: string) =>
      `Over the period below, your air held ${grams} g more water in each cubic metre than outdoors, which is much. More airing, a fan while cooking and showering, or drying clothes elsewhere helps most. A leak, or many people in few rooms, does the same.`,
    both: (grams: string) =>
      `Over the period below, your air held ${grams} g more water in each cubic metre than outdoors. Airing and warmth both help.`,
    noBlame: 'A record of damp is evidence of conditions. It does not say whose fault they are.'
  },

  chart: {
    heading: 'Over time',
    room: 'Room',
    measure: 'Show',
    humidity: 'Humidity',
    temperature: 'Temperature',
    water: 'Water in the air beyond outdoors',
    air: 'Air in the room',
    corner: 'Coldest corner',
    dewPoint: 'Dew point',
    outdoor: 'Outdoors',
    excess: 'More water than outdoors',
    mould: 'mould possible from 80%',
    mouldShort: 'mould from 80%',
    range: 'Period',
    ranges: { '7d': '7 days', '30d': '30 days', '90d': '90 days', year: 'Year' },
    time: 'Time',
    table: 'Show as table',
    noTable: 'Hide the table',
    nothing: 'Nothing was measured in this period.',
    sentence: (what: string, room: string, from: string, until: string) =>
      `${what} in ${room}, ${from} to ${until}.`,
    hint: 'Slide over the chart, or use the arrow keys, to read values.'
  },

  sees: {
    heading: 'Who sees what',
    outdoor: 'What an outdoor sensor measures is public, with the name of its place and its street.',
    indoor: 'What is measured in your home is seen by you alone, unless you agree to something here.',
    public: 'See what the public sees',
    home: (rooms: string) => `Your home with ${rooms}`,
    purposes: {
      street: 'Count my home into the street’s figures',
      page: 'A public page of my home',
      research: 'Readings for research, without my name'
    } satisfies Record<ConsentPurpose, string>,
    on: 'Yes',
    off: 'No',
    since: (when: string) => `You agreed on ${when}.`,
    agree: 'Agree',
    takeBack: 'Take back',
    noPage: 'This version has no public pages of homes yet, so nothing is shown by it.'
  },

  leave: {
    heading: 'Take it away, or erase it',
    archive: 'Download everything of mine',
    archiveSays:
      'One ZIP file with every reading, hour and day, and all that is kept of you. A file README.txt in it explains the rest.',
    show: 'Erase everything of mine…',
    dialog: 'Erase everything of yours?',
    loading: 'Counting what there is…',
    readings: (count: number) => plural(count, 'reading', 'readings'),
    devices: (count: number) => plural(count, 'sensor', 'sensors'),
    places: (names: string) => `Places: ${names}.`,
    would: (readings: string, devices: string) =>
      `${readings} and ${devices} would be gone for good, with all names, consents, messages, your diary and your account. Nobody can bring them back.`,
    published:
      'Figures of your street that are already published stay as they are. They name nobody and are never one home’s.',
    backups: (count: number) =>
      `${plural(count, 'backup', 'backups')} of the hub still hold a copy. When one is used, what you erased is erased from it again.`,
    lastSteward:
      'You are the only steward of this hub. Make somebody else a steward first, so that it stays looked after.',
    confirm: (word: string) => `Type ${word} to confirm`,
    erase: 'Erase it for good',
    running: 'Erasing… This can take a minute.',
    cancel: 'Keep everything',
    done: 'It is erased',
    report: (readings: string, places: number, devices: string) =>
      `${readings}, ${plural(places, 'place', 'places')} and ${devices} are gone, and so is your account.`,
    reportNext: 'You can unplug the sensors: nobody takes their readings any more.'
  },

  account: {
    heading: 'My account',
    out: 'Sign out',
    sessions: 'Where I am signed in',
    here: 'This is where you are now.',
    lastUsed: (age: string, address: string) => `Last used ${age}, from ${address}.`,
    browserOn: (browser: string, system: string) => `${browser} on ${system}`,
    unknownBrowser: 'A browser that does not say what it is',
    end: 'Sign out there',
    endWhat: (browser: string) => `Sign out there: ${browser}`,
    endOthers: 'Sign out everywhere else',
    password: 'Another password',
    current: 'The password that you have',
    next: 'The new one',
    nextHint:
      'At least ten characters. Three or four words that do not belong together are easy to remember and hard to guess.',
    change: 'Change it',
    changed: 'It is changed, and you are signed out everywhere else.'
  },

  addPage: {
    heading: 'Add a sensor',
    step: (step: number, of: number, name: string) => `Step ${step} of ${of}: ${name}`,
    steps: ['What kind', 'Where it is', 'Connect it', 'First reading'],
    back: 'Back',
    next: 'Next',
    kind: 'What kind of sensor is it?',
    kinds: {
      airrohr: 'Sensor.Community’s do-it-yourself box: fine dust, often with temperature and humidity',
      airgradient: 'AirGradient ONE or Open Air: fine dust, CO₂, temperature, humidity',
      smartcitizen: 'Smart Citizen Kit of Fab Lab Barcelona: air, noise, light',
      esphome: 'A box that you built with ESPHome',
      tasmota: 'A plug or sensor with the Tasmota firmware',
      shelly: 'Shelly H&T: temperature and humidity, on a battery',
      ecowitt: 'A weather station of Ecowitt or Fine Offset',
      enviro: 'A Pimoroni Enviro on a Pico W',
      thingsboard: 'A box whose firmware was made for ThingsBoard',
      senml: 'A board that posts SenML (RFC 8428)',
      lamppost: 'Anything else that speaks MQTT: firmware of your own'
    } as Record<string, string>,
    anyKind: 'Something else',
    otherKind: 'Another kind of box',
    gatewayKind: 'It speaks through a gateway (Zigbee, Home Assistant, LoRaWAN)',
    gatewayHint: 'Choose it from the boxes that were heard and that nobody has claimed.',
    heardNone:
      'No box to choose from was heard since yesterday. Switch yours on, wait for its first message, and look again. The gateway itself is added by the steward.',
    again: 'Look again',
    heard: (quantities: string, age: string) => `Measures ${quantities}. Heard ${age}.`,
    address: 'Its token',
    addressHint: 'Six letters and digits. It stands in the kit’s own settings page.',
    street: 'Which street?',
    streetHint: 'Type the beginning of its name and choose it from the list.',
    streetNone: 'This hub has no street yet. Ask the steward to add yours.',
    placement: 'Where is it?',
    indoor: 'Indoors',
    indoorHint: 'Only you see what it measures.',
    outdoor: 'Outdoors',
    outdoorHint: 'Everybody sees what it measures, on the street’s page.',
    home: 'In which home?',
    newHome: 'In a home that is new here',
    homeOf: (rooms: string) => `The one with ${rooms}`,
    room: 'Which room?',
    roomHint: 'For example: bedroom, north wall. Only you see it.',
    publicName: 'What should its place be called?',
    publicNameHint:
      'Everybody will see this. Do not use your name or house number; for example: by the bus stop.',
    make: 'Make its settings',
    making: 'Making its settings…',
    connect: 'Type these settings into the sensor',
    once: 'The password is shown only this once. Copy it now, or keep this page open until the sensor works.',
    push: 'Address to send to',
    user: 'User name',
    password: 'Password',
    topic: 'MQTT topic',
    server: 'MQTT server',
    settingsFor: (name: string) =>
      name === 'settings' ? 'Ready-made settings' : `Ready-made settings: ${name}`,
    qr: 'Show a QR code for a phone',
    qrSays:
      'Scan it with the phone on which you type the settings in. It holds the password: show it to nobody else.',
    qrLabel: 'QR code with the settings of this sensor',
    connected: 'I typed them in',
    waiting: 'Waiting for the first reading…',
    waitingHint: (minutes: number) =>
      `Switch the sensor on, or restart it. Most send within ${plural(minutes, 'minute', 'minutes')}. You may close this page: the reading is taken all the same.`,
    works: 'It works',
    worksSays: (values: string) => `The first reading has arrived: ${values}.`,
    wrong: 'Something arrived, but not what was expected',
    tester: 'Try a message out',
    testerHint: 'Paste what your sensor sends. Nothing of it is stored.',
    message: 'Message',
    test: 'Try it',
    understood: (values: string) => `The hub reads: ${values}.`,
    notUnderstood: 'The hub reads no value in it.',
    looksLike: (kind: string) => `It looks like a message of ${kind}.`,
    toHome: 'Go to my home'
  },

  change: {
    newSettings: 'New settings',
    renew: 'Make new settings',
    newSettingsHint: 'For a sensor that lost them. The old password works for another day.',
    leaked: 'The old password leaked: end it now',
    rename: 'Rename its place',
    name: 'New name',
    move: 'It moved to another street',
    moveHint:
      'From now on. What it measured before stays with the old street. Indoors it begins as a new home without consents.',
    remove: 'The sensor is gone',
    removeHint: 'Its password ends. What it measured stays yours.',
    removeStart: 'Remove this sensor…',
    removeConfirm: 'Yes, remove it',
    save: 'Save'
  }
}
