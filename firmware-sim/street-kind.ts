/** What a kind of street sounds and smells like: one line a kind. */

export type StreetKind =
  'mainRoad' | 'highStreet' | 'schoolStreet' | 'terrace' | 'avenue' | 'parkEdge' | 'close'

export interface StreetCharacter {
  /** Traffic against the main road's: particles of exhaust, brakes and tyres follow it. */
  traffic: number
  /** LAeq of its traffic at the day's mean flow, in dB(A) at a façade. */
  trafficDb: number
  /** Decibels lost for each tenfold fall in traffic: single cars on a quiet street are more than a tenth of ten. */
  trafficDbPerDecade: number
  /** What is left when nobody drives, before wind: distant roads, ventilation, birds. */
  floorDb: number
  /** Deviation of the level within ten minutes: dense traffic is even, single cars are not. */
  spreadDb: number
  /** Loud single events an hour by day: sirens, lorries, motorbikes, children. */
  eventsPerHour: number
  /** Wood stoves among the neighbours, against a terrace's. */
  woodSmoke: number
  /** How much of a bonfire on the green by the brook arrives. */
  bonfire: number
  /** School runs pass here. */
  school: number
  /** Pubs and people on Friday and Saturday nights. */
  nightlife: number
}

export const streetCharacters: Record<StreetKind, StreetCharacter> = {
  mainRoad: {
    traffic: 1,
    trafficDb: 61.6,
    trafficDbPerDecade: 9.5,
    floorDb: 38,
    spreadDb: 3.4,
    eventsPerHour: 2.2,
    woodSmoke: 0.4,
    bonfire: 0.7,
    school: 0.15,
    nightlife: 0.1
  },
  highStreet: {
    traffic: 0.6,
    trafficDb: 57.5,
    trafficDbPerDecade: 10,
    floorDb: 37,
    spreadDb: 4,
    eventsPerHour: 2,
    woodSmoke: 0.3,
    bonfire: 0.8,
    school: 0.1,
    nightlife: 1
  },
  schoolStreet: {
    traffic: 0.22,
    trafficDb: 50.5,
    trafficDbPerDecade: 11.5,
    floorDb: 34,
    spreadDb: 5.2,
    eventsPerHour: 0.9,
    woodSmoke: 0.8,
    bonfire: 0.9,
    school: 1,
    nightlife: 0
  },
  terrace: {
    traffic: 0.16,
    trafficDb: 47.6,
    trafficDbPerDecade: 11.5,
    floorDb: 32.5,
    spreadDb: 5.4,
    eventsPerHour: 0.9,
    woodSmoke: 1,
    bonfire: 1,
    school: 0.05,
    nightlife: 0.08
  },
  avenue: {
    traffic: 0.12,
    trafficDb: 47.5,
    trafficDbPerDecade: 11.5,
    floorDb: 32.5,
    spreadDb: 5.6,
    eventsPerHour: 0.7,
    woodSmoke: 1.3,
    bonfire: 0.8,
    school: 0.08,
    nightlife: 0
  },
  parkEdge: {
    traffic: 0.08,
    trafficDb: 43.6,
    trafficDbPerDecade: 11.5,
    floorDb: 30.8,
    spreadDb: 5.6,
    eventsPerHour: 0.8,
    woodSmoke: 0.7,
    bonfire: 2,
    school: 0.05,
    nightlife: 0.05
  },
  close: {
    traffic: 0.03,
    trafficDb: 42,
    trafficDbPerDecade: 11.5,
    floorDb: 31,
    spreadDb: 5.8,
    eventsPerHour: 0.5,
    woodSmoke: 1.1,
    bonfire: 0.7,
    school: 0,
    nightlife: 0
  }
}
