/** English: the page of one outdoor sensor, and the poster of a street. */
export const site = {
  noSite: 'There is no public sensor at this address.',
  noSiteNext: 'Its host may have moved it indoors or taken it down. All streets are on the first page.',
  on: (street: string) => `On ${street}`,
  newest: 'Newest readings',
  chart: 'What it measured',
  raw: 'As measured',
  corrected: 'Corrected',
  hardware: 'The sensor',
  family: 'What is in the box',
  familyUnknown: 'not recorded',
  dialect: 'Format of its messages',
  interval: 'Reports every',
  intervalText: (seconds: string, isAssumed: boolean) =>
    isAssumed ? `${seconds} (assumed from its readings)` : seconds,
  intervalUnknown: 'not known yet',
  since: 'Here since',
  sinceStart: 'its first reading',
  mounting: 'How it is mounted',
  mountingUnknown: 'Outdoors. Height and what it faces have not been recorded.',
  height: (metres: string) => `${metres} above the ground`,
  facing: (what: string) => `facing ${what[0]!.toLowerCase()}${what.slice(1)}`,
  reference:
    'A reference station: the sensors of the street are compared with it, and it is in no street value.',
  unauthenticated: 'This box cannot prove who it is, so its readings count in no street value.',
  flags: 'Readings that were marked',
  noFlags: 'In this period every reading passed its checks, or waits for them.',
  flagRow: (count: number, share: string) => `${count} readings (${share})`,
  flagNames: { 3: 'Doubtful', 4: 'Left out' } as Record<number, string>,
  indicative: 'One sensor has no level: a word needs a street value from at least three.',
  poster: {
    open: 'Poster (A4)',
    print: 'Print this poster',
    scan: 'Scan for live figures',
    measured: 'Measured by the people who live here.',
    asOf: (when: string) => `As of ${when}. The newest figures are at this address.`,
    back: 'Back to the street',
    qr: (address: string) => `QR code of ${address}`
  }
}
