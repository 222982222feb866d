/** The invented neighbourhood: enough boxes in the right places, and a map that holds together. */
import { describe, expect, it } from 'vitest'
import { inventNeighbourhood } from '../../firmware-sim/neighbourhood.ts'

const neighbourhood = inventNeighbourhood()
const count = (street: string, kind: string): number =>
  neighbourhood.sites.filter((s) => s.streetName === street && s.kind === kind).length

describe('the neighbourhood', () => {
  it('has twelve streets and sixty sites with names of their own', () => {
    expect(neighbourhood.streets).toHaveLength(12)
    expect(neighbourhood.sites).toHaveLength(60)
    const names = neighbourhood.sites.map((s) => `${s.streetName} ${s.kind} ${s.name}`)
    expect(new Set(names).size).toBe(60)
    const streets = new Set(neighbourhood.streets.map((s) => s.name))
    expect(neighbourhood.sites.every((s) => streets.has(s.streetName))).toBe(true)
  })

  it('gives several streets a value: three sites of a kind', () => {
    const names = neighbourhood.streets.map((s) => s.name)
    expect(names.filter((name) => count(name, 'air') >= 3).length).toBeGreaterThanOrEqual(4)
    expect(names.filter((name) => count(name, 'noise') >= 3).length).toBeGreaterThanOrEqual(4)
    expect(names.filter((name) => count(name, 'damp') >= 5)).toEqual(['Tannery Row', 'Orchard Road'])
  })

  it('has damp boxes indoors, in a home, and everything else outdoors', () => {
    for (const site of neighbourhood.sites) {
      expect(site.placement).toBe(site.kind === 'damp' ? 'indoor' : 'outdoor')
      expect(site.homeName === '').toBe(site.kind !== 'damp')
    }
    expect(neighbourhood.sites.filter((s) => s.kind === 'damp' && !s.streetConsent)).toHaveLength(1)
  })

  it('shrinks to its first sites and grows along the same streets', () => {
    expect(inventNeighbourhood(7).sites).toEqual(neighbourhood.sites.slice(0, 7))
    const large = inventNeighbourhood(500)
    expect(large.sites).toHaveLength(500)
    expect(large.sites.slice(0, 60)).toEqual(neighbourhood.sites)
    expect(new Set(large.sites.map((s) => `${s.streetName} ${s.kind} ${s.name}`)).size).toBe(500)
  })

  it('is drawn within a kilometre or two, without leaps', () => {
    for (const { lines } of neighbourhood.streets) {
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) {
        expect(line.length).toBeGreaterThan(5)
        line.forEach(([longitude, latitude], i) => {
          expect(Math.abs(longitude - neighbourhood.place.longitude)).toBeLessThan(0.012)
          expect(Math.abs(latitude - neighbourhood.place.latitude)).toBeLessThan(0.008)
          const [previousLongitude, previousLatitude] = line[Math.max(0, i - 1)]!
          expect(Math.hypot(longitude - previousLongitude, latitude - previousLatitude)).toBeLessThan(0.001)
        })
      }
    }
  })
})
