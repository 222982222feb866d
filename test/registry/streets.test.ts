/** Streets: named, found, refused with what to do, drawn from maps. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idPattern } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import { nameKey, slug, uniqueSlug } from '../../registry/ids.ts'
import { ashleyRoad, noon, openAt, refused, temporaryFile } from './support.ts'

describe('ids of streets', () => {
  it.each([
    ['Roxeler Straße', 'roxeler-strasse'],
    ['Annette-von-Droste-Hülshoff-Straße', 'annette-von-droste-huelshoff-strasse'],
    ["King's Road", 'kings-road'],
    ['Rue de l’Église', 'rue-de-leglise'],
    ['Ørestads Boulevard', 'orestads-boulevard'],
    ['1st Avenue (North)', '1st-avenue-north'],
    ['   ', 'street'],
    ['東京', 'street'],
    ['شارع الملك فيصل', 'shara-almlk-fysl'],
    ['خیابان ولیعصر ۲', 'khyaban-wlyasr-2'],
    ['רחוב בן־יהודה', 'rhvb-bn-yhvdh'],
    ['שדרות רוטשילד 12', 'shdrvt-rvtshyld-12'],
    ['Улица Шевченко', 'ulitsa-shevchenko'],
    ['Οδός Ερμού', 'odos-ermoy'],
    ['-x-', 'x']
  ])('%s → %s', (name, id) => expect(slug(name)).toBe(id))

  it('survive topics, paths and file names, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        expect(slug(name)).toMatch(idPattern)
        expect(uniqueSlug(name, (id) => id === slug(name))).toMatch(idPattern)
      })
    )
  })

  it('are made unique by a number', () => {
    const taken = new Set(['high-street', 'high-street-2', 'a'.repeat(48)])
    expect(uniqueSlug('High Street', (id) => taken.has(id))).toBe('high-street-3')
    expect(uniqueSlug('a'.repeat(60), (id) => taken.has(id))).toBe(`${'a'.repeat(46)}-2`)
  })

  it('differ where names do, though they fold to the same', () => {
    const registry = openAt(temporaryFile())
    expect(registry.addStreet({ name: 'Müller Weg' }).streetId).toBe('mueller-weg')
    expect(registry.addStreet({ name: 'Mueller Weg' }).streetId).toBe('mueller-weg-2')
  })
})

describe('a street', () => {
  it('is found by id, and by name without regard to case and spelling of ß', () => {
    const registry = openAt(temporaryFile())
    const street = registry.addStreet({ name: '  Roxeler   Straße ' })
    expect(street).toEqual({
      streetId: 'roxeler-strasse',
      name: 'Roxeler Straße',
      lines: [],
      attribution: ''
    })
    for (const spelling of ['roxeler-strasse', 'ROXELER STRASSE', 'roxeler straße', 'Roxeler Strasse ']) {
      expect(registry.findStreet(spelling)).toBe(street)
    }
    expect(registry.street('roxeler-strasse')).toBe(street)
    expect(registry.street('Roxeler Straße')).toBeUndefined()
    expect(nameKey('Straße')).toBe('strasse')
  })

  it('is refused a second time, and without a usable name', () => {
    const registry = ashleyRoad()
    expect(refused(() => registry.addStreet({ name: 'ASHLEY ROAD' }))).toMatchObject({
      code: 'streetExists',
      message: 'There is already a street called "Ashley Road" (ashley-road). Use it, or choose another name.'
    })
    for (const name of ['', '  ', 'x'.repeat(101), 'a\u0000b', 'a\u202Eb']) {
      expect(refused(() => registry.addStreet({ name })).code).toBe('badName')
    }
    expect(registry.streets()).toHaveLength(1)
  })

  it('that is not there is answered with the nearest one and the command', () => {
    const registry = ashleyRoad()
    const ask = (streetId: string): string =>
      refused(() => registry.addDevice({ streetId, placement: 'outdoor' }, noon)).message
    expect(ask('Ashly Rd')).toBe(
      'No street is called "Ashly Rd". Did you mean "Ashley Road" (ashley-road)? ' +
        'A new one is added with: npx lamppost street add "Ashly Rd"'
    )
    expect(ask('Zoo')).toBe(
      'No street is called "Zoo". A new one is added with: npx lamppost street add "Zoo"'
    )
    expect(ask('$(reboot)')).toContain('lamppost street add NAME')
  })

  it('that nobody added yet is said so', () => {
    const registry = openAt(temporaryFile())
    const message = refused(() => registry.addDevice({ streetId: 'Zoo', placement: 'outdoor' }, noon)).message
    expect(message).toContain('There is no street yet.')
  })

  it('cannot be changed by who reads it', () => {
    const registry = ashleyRoad()
    expect(() => Object.assign(registry.streets()[0]!, { name: 'Other' })).toThrow(TypeError)
  })
})

describe('import of streets', () => {
  it('adds new ones, joins pieces by name, and gives those that exist their lines', () => {
    const registry = ashleyRoad()
    const line = (x: number): [number, number][] => [
      [x / 1_000, 51],
      [x / 1_000, 51.01]
    ]
    const counts = registry.importStreets([
      { name: 'Mill Lane', lines: [line(1)], attribution: 'A' },
      { name: 'ashley road', lines: [line(2)], attribution: 'A' },
      { name: 'MILL LANE', lines: [line(3)], attribution: 'B' }
    ])
    expect(counts).toEqual({ added: 1, redrawn: 1, apart: [] })
    expect(registry.streets()).toEqual([
      { streetId: 'ashley-road', name: 'Ashley Road', lines: [line(2)], attribution: 'A' },
      { streetId: 'mill-lane', name: 'Mill Lane', lines: [line(1), line(3)], attribution: 'A; B' }
    ])
    expect(registry.importStreets([{ name: 'Mill Lane', lines: [line(4)] }])).toEqual({
      added: 0,
      redrawn: 1,
      apart: []
    })
    expect(registry.street('mill-lane')?.lines).toEqual([line(4)])
  })

  describe('of one name in two places', () => {
    const at = (longitude: number, count = 2): { name: string; lines: [number, number][][] } => ({
      name: 'High Street',
      lines: [Array.from({ length: count }, (_, i) => [longitude + i / 1_000, 50.85])]
    })
    const drawn = (registry: Registry): string[] =>
      registry.streets().map(({ name, lines }) => `${name} ${lines.map(([first]) => first![0]).join(' ')}`)

    it('makes two streets, the larger with the plain name, and the same two when it is done again', () => {
      const registry = openAt(temporaryFile())
      const file = [at(4.6), at(4.35, 3), at(4.36)]
      expect(registry.importStreets(file)).toEqual({
        added: 2,
        redrawn: 0,
        apart: [{ name: 'High Street (2)', from: 'High Street', metres: expect.any(Number) as number }]
      })
      const both = ['High Street 4.35 4.36', 'High Street (2) 4.6']
      expect(drawn(registry)).toEqual(both)
      expect(registry.importStreets(file)).toMatchObject({ added: 0, redrawn: 2 })
      expect(registry.importStreets([at(4.6, 9)])).toMatchObject({ added: 0, redrawn: 1, apart: [] })
      expect(drawn(registry)).toEqual(both)
    })

    it('asks, when the hub has the one and the file the other', () => {
      const registry = openAt(temporaryFile())
      registry.importStreets([at(4.35)])
      const refusal = refused(() => registry.importStreets([{ name: 'Mill Lane' }, at(4.6)]))
      expect(refusal).toMatchObject({ code: 'streetElsewhere' })
      expect(refusal.message).toContain('"High Street" is 17 km from')
      expect(drawn(registry)).toEqual(['High Street 4.35'])
      registry.importStreets([at(4.6)], 'apart')
      expect(drawn(registry)).toEqual(['High Street 4.35', 'High Street (2) 4.6'])
    })

    it('draws it in its right place when it was in the wrong one', () => {
      const registry = openAt(temporaryFile())
      registry.importStreets([at(50.85)])
      expect(registry.importStreets([at(4.6)], 'redraw')).toMatchObject({ added: 0, redrawn: 1 })
      expect(drawn(registry)).toEqual(['High Street 4.6'])
    })
  })

  it('keeps of a line what a map can show, and of a million twists a page', () => {
    const registry = openAt(temporaryFile())
    const straight: [number, number][] = Array.from({ length: 1_000 }, (_, i) => [-2.58 + i / 1e6, 51.47])
    const corner: [number, number][] = [
      [-2.58, 51.47],
      [-2.579, 51.47],
      [-2.579, 51.471]
    ]
    const random = (i: number): number => Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1
    const wild: [number, number][] = Array.from({ length: 1_000_000 }, (_, i) => [
      -2.58 + random(i) / 100,
      51.47 + random(i + 7) / 100
    ])
    registry.importStreets([
      { name: 'Straight', lines: [straight] },
      { name: 'Corner', lines: [corner] },
      { name: 'Wild', lines: [wild] }
    ])
    expect(registry.street('straight')?.lines).toEqual([[straight[0], straight.at(-1)]])
    expect(registry.street('corner')?.lines).toEqual([corner])
    const [kept = []] = registry.street('wild')!.lines
    expect(kept.length).toBeLessThanOrEqual(2_000)
    expect([kept[0], kept.at(-1)]).toEqual([wild[0], wild.at(-1)])
  })

  it('keeps of a whole map what a page can load', () => {
    const registry = openAt(temporaryFile())
    const twist = (i: number): number => (Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1) / 2_000
    const city = Array.from({ length: 60 }, (_, street) => ({
      name: `Street ${street}`,
      lines: [
        Array.from({ length: 1_900 }, (_, i): [number, number] => [
          -2.58 + i / 10_000,
          51.47 + twist(street * 1_900 + i)
        ])
      ]
    }))
    registry.importStreets(city)
    const positions = registry.streets().flatMap(({ lines }) => lines.flat())
    expect(positions.length).toBeGreaterThan(10_000)
    expect(positions.length).toBeLessThanOrEqual(100_000)
  })

  it('is all or nothing', () => {
    const registry = ashleyRoad()
    expect(refused(() => registry.importStreets([{ name: 'Mill Lane' }, { name: '' }])).code).toBe('badName')
    expect(registry.streets()).toHaveLength(1)
  })

  it('has a limit', () => {
    const registry = ashleyRoad()
    const city = Array.from({ length: 5_000 }, (_, n) => ({ name: `Street ${n}` }))
    expect(refused(() => registry.importStreets(city))).toMatchObject({
      code: 'tooMany',
      message: 'That would be 5001 streets; a hub keeps at most 5000. Import a smaller part of the map.'
    })
  })

  it('gives new streets ids that differ from each other and from the old', () => {
    const registry = openAt(temporaryFile())
    registry.importStreets([{ name: 'Müller Weg' }, { name: 'Mueller Weg' }, { name: 'Mueller-Weg' }])
    expect(
      registry
        .streets()
        .map(({ streetId }) => streetId)
        .toSorted()
    ).toEqual(['mueller-weg', 'mueller-weg-2', 'mueller-weg-3'])
  })
})

describe('streets that are one', () => {
  const line = (x: number): [number, number][] => [
    [x / 1_000, 51],
    [x / 1_000, 51.01]
  ]

  it('are merged: sites, lines and the name lead to the second, and the first keeps its published days', () => {
    const file = temporaryFile()
    const registry = openAt(file)
    const by = registry.addStreet({ name: 'High St' })
    registry.importStreets([{ name: 'High Street', lines: [line(1)] }])
    const { siteId } = registry.addDevice({ streetId: 'High St', placement: 'outdoor' }, noon)
    const date = '2026-11-20'
    const figure = {
      streetId: by.streetId,
      date,
      quantity: 'co2' as const,
      from: noon,
      until: (noon + 86_400_000) as UnixMs,
      value: 600,
      homes: 5,
      hours: null
    }
    registry.decideDay(
      { date, from: figure.from, until: figure.until },
      [figure],
      (noon + 3 * 86_400_000) as UnixMs
    )
    expect(registry.mergeStreets('high st', 'high-street')).toMatchObject({ sites: 1 })
    for (const one of [registry, openAt(file)]) {
      expect(one.streets().map(({ name }) => name)).toEqual(['High Street'])
      expect(one.site(siteId)?.streetId).toBe('high-street')
      expect(one.findStreet('High St')?.streetId).toBe('high-street')
      expect(one.findStreet('high-st')?.streetId).toBe('high-street')
      expect(one.street('high-st')?.name).toBe('High St')
      expect(one.publishedDays({ ...figure, from: 0 as UnixMs })).toMatchObject([{ value: 600 }])
    }
    expect(registry.withdrawDay('high-st', date, noon).quantities).toEqual(['co2'])
    // What a map has under the old name is drawn on the street that it is now.
    expect(registry.importStreets([{ name: 'High St', lines: [line(2)] }])).toMatchObject({ redrawn: 1 })
    expect(registry.street('high-street')?.lines).toEqual([line(2)])
    expect(refused(() => registry.addStreet({ name: 'HIGH ST' })).code).toBe('streetExists')
    expect(refused(() => registry.mergeStreets('High St', 'High Street')).code).toBe('streetsSame')
  })

  it('are split: the named sites are on the new street', () => {
    const file = temporaryFile()
    const registry = openAt(file)
    registry.addStreet({ name: 'High Street' })
    const add = () => registry.addDevice({ streetId: 'high-street', placement: 'outdoor' }, noon).siteId
    const [first, second] = [add(), add()]
    expect(refused(() => registry.splitStreet('high-street', 'Low Street', [first, second])).code).toBe(
      'streetEmptied'
    )
    expect(refused(() => registry.splitStreet('high-street', 'Low Street', ['s-x'])).code).toBe('siteUnknown')
    expect(refused(() => registry.splitStreet('high-street', 'High Street', [first])).code).toBe(
      'streetExists'
    )
    expect(registry.splitStreet('high-street', 'Low Street', [second])).toMatchObject({
      streetId: 'low-street'
    })
    for (const one of [registry, openAt(file)])
      expect([first, second].map((siteId) => one.site(siteId)?.streetId)).toEqual([
        'high-street',
        'low-street'
      ])
  })
})
