/** The invented neighbourhood's streets: drawn in metres on a hillside between two roads, then laid onto the globe. */
import type { StreetKind } from './street-kind.ts'

/** Longitude and latitude, WGS 84, in degrees. */
export type Position = readonly [longitude: number, latitude: number]

export interface SimStreet {
  name: string
  kind: StreetKind
  lines: readonly (readonly Position[])[]
}

/** Fields in the English Midlands, where the sun and the clocks are right and nobody's real street is drawn. */
export const mapCentre = { longitude: -1.2876, latitude: 52.2931 }

/** Metres east and north of the centre. */
type Metres = readonly [east: number, north: number]

interface Drawing {
  name: string
  kind: StreetKind
  /** Each line by its bends, "east,north" apart by blanks; streets meet where they share one. */
  bends: readonly string[]
}

// Quarry Hill has a second line: the steps above the lane, cut off from the lower half.
const drawings: readonly Drawing[] = [
  {
    name: 'Foundry Road',
    kind: 'mainRoad',
    bends: ['-620,-20 -520,-40 -300,-72 -80,-30 140,8 350,-12 500,30 640,96']
  },
  {
    name: 'Market Street',
    kind: 'highStreet',
    bends: ['-96,392 -62,322 -48,186 -68,60 -80,-30 -66,-130 -50,-222 -14,-336']
  },
  { name: 'Schoolhouse Lane', kind: 'schoolStreet', bends: ['-430,150 -350,122 -252,132 -150,168 -48,186'] },
  { name: 'Tannery Row', kind: 'terrace', bends: ['-416,-262 -345,-266 -276,-252 -160,-232 -50,-222'] },
  { name: 'Orchard Road', kind: 'avenue', bends: ['-53,256 60,272 170,262 268,214 326,118 350,-12'] },
  {
    name: 'Brookside',
    kind: 'parkEdge',
    bends: ['-14,-336 70,-322 150,-296 230,-246 304,-224 420,-232 520,-286 606,-300']
  },
  { name: 'Chapel Lane', kind: 'terrace', bends: ['140,8 163,-84 142,-190 150,-296'] },
  { name: 'Mill Street', kind: 'terrace', bends: ['-300,-72 -322,-150 -276,-252 -254,-330'] },
  { name: 'Priory Avenue', kind: 'avenue', bends: ['350,-12 394,-92 372,-160 304,-224'] },
  { name: 'Kingfisher Close', kind: 'close', bends: ['268,214 330,262 404,276 452,244 462,190'] },
  { name: 'Allotment Way', kind: 'parkEdge', bends: ['-252,132 -300,222 -268,300 -176,338 -62,322'] },
  {
    name: 'Quarry Hill',
    kind: 'avenue',
    bends: ['-520,-40 -566,44 -520,128 -430,150', '-430,150 -452,232 -420,306']
  }
]

/** Points drawn for each stretch between two bends. */
const pointsBetweenBends = 5

export function drawStreets(): SimStreet[] {
  return drawings.map(({ name, kind, bends }) => ({
    name,
    kind,
    lines: bends.map((line) => curve(readBends(line)).map(onGlobe))
  }))
}

function readBends(line: string): Metres[] {
  return line.split(' ').map((bend) => {
    const [east, north] = bend.split(',').map(Number)
    return [east!, north!]
  })
}

/** A Catmull–Rom spline through the bends: it passes through each, so crossings stay crossings. */
function curve(bends: readonly Metres[]): Metres[] {
  const points: Metres[] = []
  for (let i = 0; i + 1 < bends.length; i++) {
    const around = [
      bends[i - 1] ?? bends[i]!,
      bends[i]!,
      bends[i + 1]!,
      bends[i + 2] ?? bends[i + 1]!
    ] as const
    for (let k = 0; k < pointsBetweenBends; k++) points.push(between(around, k / pointsBetweenBends))
  }
  points.push(bends.at(-1)!)
  return points
}

function between([a, b, c, d]: readonly [Metres, Metres, Metres, Metres], t: number): Metres {
  const axis = (i: 0 | 1): number =>
    0.5 *
    (2 * b[i] +
      (c[i] - a[i]) * t +
      (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i]) * t ** 2 +
      (3 * b[i] - a[i] - 3 * c[i] + d[i]) * t ** 3)
  return [axis(0), axis(1)]
}

/** A degree of latitude is 111,320 m; six decimals are a tenth of a metre. */
function onGlobe([east, north]: Metres): Position {
  const metresPerDegree = 111_320
  const parallel = Math.cos((mapCentre.latitude * Math.PI) / 180)
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
  return [
    round(mapCentre.longitude + east / (metresPerDegree * parallel)),
    round(mapCentre.latitude + north / metresPerDegree)
  ]
}
