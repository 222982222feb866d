/** Streets from GeoJSON: what is taken, what is left out, and one clear line for each mistake. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStreets } from '../../registry/geojson.ts'
import { RegistryRefusal } from '../../registry/registry.ts'
import { refused } from './support.ts'

type Feature = Record<string, unknown>

const line = (coordinates: unknown, name: unknown = 'Ashley Road', more: object = {}): Feature => ({
  type: 'Feature',
  properties: { name },
  geometry: { type: 'LineString', coordinates },
  ...more
})
const here = [
  [-2.58, 51.47],
  [-2.57, 51.48]
]
const file = (features: unknown, more: object = {}): string =>
  JSON.stringify({ type: 'FeatureCollection', features, ...more })

describe('a map file', () => {
  it('gives named lines, pieces joined by name, the rest counted', () => {
    const text = file([
      line(here),
      line(here, null),
      line(here, '  Ashley   Road'),
      line(here, ''),
      {
        ...line([]),
        geometry: { type: 'MultiLineString', coordinates: [here, here] },
        properties: { name: 'Mill Lane' }
      },
      { ...line([]), geometry: { type: 'Point', coordinates: [0, 0] } },
      { ...line([]), geometry: null },
      { ...line([], 'Grote Markt'), geometry: { type: 'Polygon', coordinates: [here] } },
      { ...line([], 'Old Quay'), geometry: { type: 'GeometryCollection', geometries: [] } }
    ])
    expect(readStreets(text)).toEqual({
      streets: [
        { name: 'Ashley Road', lines: [here, here], attribution: '' },
        { name: 'Mill Lane', lines: [here, here], attribution: '' }
      ],
      unusable: [],
      skipped: { nameless: 2, notLines: 4 },
      named: [
        { name: 'Ashley Road', shape: 'a point' },
        { name: 'Ashley Road', shape: 'without geometry' },
        { name: 'Grote Markt', shape: 'an area' },
        { name: 'Old Quay', shape: 'a collection of shapes' }
      ]
    })
  })

  it('is taken without a street whose name is none, which is named', () => {
    const long = `Avenue ${'x'.repeat(200)}`
    const { streets, unusable } = readStreets(file([line(here), line(here, long), line(here, 'a\u202Eb')]))
    expect(streets.map(({ name }) => name)).toEqual(['Ashley Road'])
    expect(unusable).toEqual([
      { feature: 2, name: `${long.slice(0, 60)}…`, why: 'has 207' },
      { feature: 3, name: 'a b', why: 'has others' }
    ])
  })

  it('may begin with a byte order mark and carry heights', () => {
    const text = '\uFEFF' + file([line(here.map((position) => [...position, 12.5]))])
    expect(readStreets(text).streets[0]?.lines).toEqual([here])
  })

  const sources: [what: string, text: string, attribution: string][] = [
    [
      'named for the file',
      file([line(here)], { attribution: '(c) OpenStreetMap contributors' }),
      '(c) OpenStreetMap contributors'
    ],
    [
      'named for a feature',
      file([line(here), { ...line(here), properties: { name: 'Ashley Road', attribution: 'B' } }], {
        attribution: 'A'
      }),
      'A; B'
    ],
    ["Overpass's copyright", file([line(here)], { generator: 'overpass-turbo', copyright: 'OSM' }), 'OSM'],
    [
      'an id of OpenStreetMap',
      file([line(here, 'X', { id: 'way/42' })]),
      '© OpenStreetMap contributors, ODbL 1.0'
    ],
    [
      'a generator of OpenStreetMap',
      file([line(here)], { generator: 'overpass-ide' }),
      '© OpenStreetMap contributors, ODbL 1.0'
    ],
    ['nobody', file([line(here, 'X', { id: 7 })]), '']
  ]
  it.each(sources)('keeps who must be named: %s', (_what, text, attribution) => {
    expect(readStreets(text).streets.map((street) => street.attribution)).toEqual([attribution])
  })

  const mistakes: [what: string, text: string, says: RegExp][] = [
    ['cut short', '{"type":"FeatureCollection","features":[', /^The file is not JSON \(/],
    ['empty', '', /^The file is not JSON/],
    ['a list', '[]', /^The file does not contain a GeoJSON object/],
    [
      'one geometry',
      '{"type":"LineString","coordinates":[]}',
      /^The file is a "LineString" where a "FeatureCollection"/
    ],
    ['no features', '{"type":"FeatureCollection"}', /no array of features/],
    [
      'a national grid by its word',
      file([line(here)], { crs: { properties: { name: 'EPSG:27700' } } }),
      /coordinates of the file are not/
    ],
    ['a feature that is none', file([line(here), 7]), /^Feature 2 has no "type": "Feature"/],
    ['no coordinates', file([line(undefined)]), /^Feature 1 has no coordinates/],
    [
      'one position',
      file([line([[-2.58, 51.47]])]),
      /^Feature 1 \("Ashley Road"\) has a line of fewer than two positions/
    ],
    [
      'a text for a number',
      file([
        line([
          ['-2.58', 51.47],
          [0, 0]
        ])
      ]),
      /not \[longitude, latitude\]/
    ],
    [
      'null for a number',
      file([
        line([
          [null, 51.47],
          [0, 0]
        ])
      ]),
      /not \[longitude, latitude\]/
    ],
    ['infinity', file([line(here)]).replace('51.47', '1e999'), /not finite/],
    [
      'latitude first',
      file([
        line([
          [35, 139.7],
          [35, 139.8]
        ])
      ]),
      /\[35, 139.7\]: these look swapped, since GeoJSON has the longitude first/
    ],
    [
      'metres',
      file([
        line([
          [405_000, 5_756_000],
          [405_001, 5_756_001]
        ])
      ]),
      /not longitude and latitude in degrees/
    ],
    [
      'two places on Earth',
      file([
        line(here),
        line([
          [51.47, -2.58],
          [51.48, -2.57]
        ])
      ]),
      /^Feature 2 .* from the first street/
    ]
  ]
  it.each(mistakes)('with a mistake gives one clear line and nothing else: %s', (_what, text, says) => {
    const refusal = refused(() => readStreets(text))
    expect(refusal.code).toBe('badGeoJson')
    expect(refusal.message).toMatch(says)
    expect(refusal.message).toMatch(
      /\. Nothing was imported; correct the file or export it again as GeoJSON\.$/
    )
    expect(refusal.message).not.toContain('\n')
  })

  it("tells a swapped file by the hub's time zone, where both readings are places on Earth", () => {
    const munster = file([
      line([
        [7.53, 51.95],
        [7.54, 51.96]
      ])
    ])
    const swapped = file([
      line([
        [51.95, 7.53],
        [51.96, 7.54]
      ])
    ])
    expect(readStreets(munster, 'Europe/Berlin').streets).toHaveLength(1)
    expect(refused(() => readStreets(swapped, 'Europe/Berlin')).message).toMatch(/look swapped/)
    expect(readStreets(swapped).streets).toHaveLength(1)
    // Places far from the middle of their zone are not mistaken for swapped ones.
    const galicia = file([
      line([
        [-9.2, 43.1],
        [-9.1, 43.1]
      ])
    ])
    expect(readStreets(galicia, 'Europe/Madrid').streets).toHaveLength(1)
    const kashgar = file([
      line([
        [75.9, 39.4],
        [75.9, 39.5]
      ])
    ])
    expect(readStreets(kashgar, 'Asia/Shanghai').streets).toHaveLength(1)
    const calafate = file([
      line([
        [-72.3, -50.3],
        [-72.2, -50.3]
      ])
    ])
    expect(readStreets(calafate, 'America/Argentina/Rio_Gallegos').streets).toHaveLength(1)
  })

  it('may be any JSON at all: it is read or refused', () => {
    const anything = fc.oneof(
      fc.json(),
      fc
        .array(
          fc.record({ type: fc.constant('Feature'), properties: fc.jsonValue(), geometry: fc.jsonValue() })
        )
        .map((f) => file(f)),
      fc.jsonValue().map((coordinates) => file([line(coordinates)]))
    )
    fc.assert(
      fc.property(anything, (text) => {
        try {
          for (const { lines } of readStreets(text).streets) {
            for (const [longitude, latitude] of lines!.flat()) {
              expect(Math.abs(longitude)).toBeLessThanOrEqual(180)
              expect(Math.abs(latitude)).toBeLessThanOrEqual(90)
            }
          }
        } catch (cause) {
          expect(cause).toBeInstanceOf(RegistryRefusal)
        }
      })
    )
  })
})
