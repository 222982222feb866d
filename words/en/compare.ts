/** English: comparing streets, sensors and periods, and a street before and after a change. */
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const compare = {
  heading: 'Compare',
  lead: 'Two streets, several sensors of a street, two periods, or a street before and after a change.',
  what: 'What to compare',
  modes: {
    streets: 'Streets',
    sensors: 'Sensors',
    periods: 'Two periods',
    change: 'Before and after'
  },
  street: 'Street',
  streets: 'Streets',
  other: 'Control street',
  otherHint:
    'A street nearby that did not change. Weather and season act on both, so only the difference counts.',
  at: 'Day of the change',
  firstPeriod: 'First day of the earlier period',
  chooseStreet: 'Choose a street',
  quantity: 'Measurement',
  show: 'Compare',
  chooseTwo: 'Choose at least two to compare.',
  tooMany: (max: number) => `At most ${max} lines can be told apart; the first ${max} are drawn.`,
  windows: {
    hour: (count: number) => plural(count, 'hour', 'hours'),
    day: (count: number) => plural(count, 'day', 'days')
  },
  nothing: (first: string, second: string, common: string, needed: number) =>
    `Nothing can be told about ${first} and ${second}: only ${common} in this period have a value for both, and a comparison needs ${needed}.`,
  usual: (facts: {
    label: string
    common: string
    of: number
    first: readonly [name: string, value: string]
    second: readonly [name: string, value: string]
    share: string
  }) =>
    `In the ${facts.common} (of ${facts.of}) with a value for both, ${facts.label} was usually ${facts.first[1]} on ${facts.first[0]} and ${facts.second[1]} on ${facts.second[0]}, which was higher ${facts.share} of the time.`,
  caution:
    'Two sensors of this kind side by side often differ by a tenth or more, so a small difference says nothing.',
  change: {
    title: (street: string, control: string) => `${street}, compared with ${control}`,
    facts: 'What this is made of',
    interval: 'Change, with its 95% interval',
    between: (low: string, high: string) => `between ${low} and ${high}`,
    alone: 'The street alone (weather and season included)',
    weeks: 'Weeks before and after',
    weeksText: (before: number, after: number) => `${before} and ${after}`,
    sensors: 'Sensors on the street and on the control street',
    days: 'Days before and after',
    noNumber: 'Nothing can be told yet.',
    choose: 'Choose a street, a control street and the day of the change.',
    same: 'A street cannot be its own control street.'
  },
  chartTitle: (label: string, names: string, range: string) => `${label}: ${names}, ${range}`,
  periodName: (from: string, until: string) => `${from} to ${until}`,
  noStreets: 'This hub has no street with values to compare.'
}
