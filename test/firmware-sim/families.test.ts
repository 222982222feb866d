/** Boxes that are no box of ours, as the simulator plays them among the others. */
import { describe, expect, it } from 'vitest'
import { familyNames, familyOfBox, firmwareOf } from '../../firmware-sim/family/families.ts'
import { dialects } from '../../ingest/decode.ts'
import type { Quantity } from '../../model/quantity.ts'
import { fleetOf } from './played.ts'

describe('the simulator', () => {
  it('has firmware of its own for every family that the hub takes', () => {
    expect(familyNames.toSorted()).toEqual(
      [...dialects.keys()].filter((name) => name !== 'lamppost').toSorted()
    )
  })

  it('mixes them into a neighbourhood, each where it can say what its box measures', () => {
    const { fleet } = fleetOf({ sensors: 60, scenario: 'ordinary' })
    const chosen = fleet.boxes.map(({ sensor }, index) => familyOfBox(index, sensor.quantities))
    const kinds = new Set(chosen.filter((one) => one !== undefined))
    expect(kinds.size).toBeGreaterThanOrEqual(5)
    for (const [index, family] of chosen.entries()) {
      if (family === undefined) continue
      const carried: readonly Quantity[] = firmwareOf(family, index).quantities
      const lost = fleet.boxes[index]!.sensor.quantities.filter((one) => !carried.includes(one))
      expect(
        lost.filter((one) => one !== 'battery'),
        family
      ).toEqual([])
    }
  })
})
