/** An invented neighbourhood: twelve streets, and who installed which box where. */
import type { HomeKind } from './home-profile.ts'
import { drawStreets, mapCentre, type SimStreet } from './map.ts'

export type BoxKind = 'air' | 'noise' | 'damp'

export interface SimSite {
  streetName: string
  /** As its host would say it. */
  name: string
  kind: BoxKind
  placement: 'outdoor' | 'indoor'
  /** Boxes in one dwelling share it; '' outdoors. */
  homeName: string
  homeKind: HomeKind
  streetConsent: boolean
  /** What the demo's story does to this box. */
  fate: 'works' | 'breaks' | 'goesSilent'
}

export interface Neighbourhood {
  name: string
  zone: string
  place: { longitude: number; latitude: number }
  streets: readonly SimStreet[]
  /** In the order in which a smaller neighbourhood keeps them: the first N always make sense together. */
  sites: readonly SimSite[]
}

/** The neighbourhood that the demo shows. */
export const sitesOrdinary = 60

/** The first `sensors` of the sixty, or more than sixty with further boxes along the same streets. */
export function inventNeighbourhood(sensors = sitesOrdinary): Neighbourhood {
  const streets = drawStreets()
  const sites = groups.flatMap(sitesOf)
  for (let i = sites.length; i < sensors; i++) sites.push(furtherSite(i, streets))
  return {
    name: 'Lanternfield',
    zone: 'Europe/London',
    place: mapCentre,
    streets,
    sites: sites.slice(0, sensors)
  }
}

interface Group {
  street: string
  kind: BoxKind
  names: readonly string[]
  homeKind?: HomeKind
  /** Index of the one that breaks or goes silent in the demo's story, or whose host keeps the home private. */
  breaks?: number
  goesSilent?: number
  withoutConsent?: number
}

const groups: readonly Group[] = [
  {
    street: 'Foundry Road',
    kind: 'air',
    names: [
      'No. 12, front railings',
      'No. 47, drainpipe',
      'No. 88, above the shop sign',
      'Bus shelter by the bridge',
      'No. 131, front hedge'
    ],
    breaks: 2
  },
  {
    street: 'Foundry Road',
    kind: 'noise',
    names: [
      'No. 12, first-floor window',
      'No. 60, balcony',
      'No. 88, bedroom window sill',
      'No. 140, porch roof'
    ]
  },
  {
    street: 'Tannery Row',
    kind: 'damp',
    homeKind: 'damp',
    names: [
      'No. 3, back bedroom',
      'No. 5, kitchen wall',
      'No. 8, front bedroom',
      'No. 9, living room',
      'No. 14, back bedroom',
      'No. 15, box room',
      'No. 18, bathroom landing',
      'No. 21, back bedroom',
      'No. 22, living room corner',
      'No. 27, attic room'
    ]
  },
  {
    street: 'Schoolhouse Lane',
    kind: 'air',
    names: ['School gate', 'No. 4, garden wall', 'No. 19, bicycle shed', 'No. 33, front window']
  },
  {
    street: 'Schoolhouse Lane',
    kind: 'noise',
    names: ['School gate, lamp post', 'No. 4, upstairs window', 'No. 26, back fence']
  },
  {
    street: 'Orchard Road',
    kind: 'air',
    names: ['No. 2, front railings', 'No. 17, carport', 'No. 29, apple tree', 'No. 41, side passage'],
    goesSilent: 3
  },
  {
    street: 'Market Street',
    kind: 'air',
    names: ['No. 1, café awning', 'No. 9, flat above the bakery', 'No. 24, back yard', 'Library, north wall']
  },
  {
    street: 'Market Street',
    kind: 'noise',
    names: ['No. 9, flat above the bakery', 'No. 15, opposite the Anvil', 'Library, first floor']
  },
  {
    street: 'Brookside',
    kind: 'air',
    names: ['No. 6, garden shed', 'Allotment gate', 'No. 23, washing line post']
  },
  {
    street: 'Orchard Road',
    kind: 'damp',
    homeKind: 'ordinary',
    names: [
      'No. 2, bedroom',
      'No. 11, hall',
      'No. 17, living room',
      'No. 20, bathroom landing',
      'No. 29, back bedroom',
      'No. 38, cellar door'
    ],
    withoutConsent: 3
  },
  {
    street: 'Mill Street',
    kind: 'air',
    names: ['No. 7, coal-hole cover', 'No. 16, front railings', 'No. 30, chimney side']
  },
  {
    street: 'Mill Street',
    kind: 'noise',
    names: ['No. 7, window sill', 'No. 22, back wall', 'No. 30, front door']
  },
  { street: 'Brookside', kind: 'noise', names: ['No. 6, garden shed', 'No. 31, veranda'] },
  { street: 'Chapel Lane', kind: 'air', names: ['The old chapel, east wall', 'No. 10, front railings'] },
  { street: 'Priory Avenue', kind: 'air', names: ['No. 14, porch'] },
  { street: 'Kingfisher Close', kind: 'noise', names: ['No. 5, garage roof'] },
  { street: 'Allotment Way', kind: 'air', names: ['Water butt by plot 9'] },
  { street: 'Quarry Hill', kind: 'air', names: ['No. 3, top of the steps'] }
]

function sitesOf(group: Group): SimSite[] {
  return group.names.map((name, i) => ({
    streetName: group.street,
    name,
    kind: group.kind,
    placement: group.kind === 'damp' ? 'indoor' : 'outdoor',
    homeName: group.kind === 'damp' ? `${group.street} ${name.split(',')[0]}` : '',
    homeKind: group.homeKind ?? 'ordinary',
    streetConsent: group.kind === 'damp' && i !== group.withoutConsent,
    fate: i === group.breaks ? 'breaks' : i === group.goesSilent ? 'goesSilent' : 'works'
  }))
}

/** The kinds in about the shares of the sixty, walking round the streets. */
const furtherKinds: readonly BoxKind[] = ['air', 'noise', 'air', 'damp', 'air', 'noise', 'air', 'damp']

function furtherSite(index: number, streets: readonly SimStreet[]): SimSite {
  const street = streets[(index * 5) % streets.length]!
  const kind = furtherKinds[index % furtherKinds.length]!
  const isIndoor = kind === 'damp'
  const houseName = `No. ${200 + index}`
  return {
    streetName: street.name,
    name: `${houseName}, ${isIndoor ? 'bedroom' : kind === 'air' ? 'front wall' : 'window sill'}`,
    kind,
    placement: isIndoor ? 'indoor' : 'outdoor',
    homeName: isIndoor ? `${street.name} ${houseName}` : '',
    homeKind: street.name === 'Tannery Row' ? 'damp' : 'ordinary',
    streetConsent: isIndoor && index % 3 !== 0,
    fate: 'works'
  }
}
