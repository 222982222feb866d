/** What makes a home dry or damp, drawn for one home. */
import { hourMs } from '../model/time.ts'
import type { Random } from './random.ts'

export type HomeKind = 'ordinary' | 'damp'

/** What makes a home dry or damp. */
export interface HomeProfile {
  people: number
  /** Wanted when somebody is in; a home in fuel poverty wants what it can pay. */
  setpointC: number
  fuelPoor: boolean
  /** How much warmer than outdoors it is without heating: sun, bodies, fridge. */
  freeGainC: number
  /** How fast it cools. */
  coolingMs: number
  /** Air changes an hour with the windows shut. */
  airChanges: number
  /** Vapour that people, plants and walls give off all day, in g/m³ above outdoors at that ventilation. */
  baseVapourGm3: number
  /** How often in ten days clothes dry indoors. */
  dryingDaysInTen: number
  /** Temperature factor of the coldest corner (EN ISO 13788): 0.75 and more is safe, old solid walls have 0.5 to 0.65. */
  cornerFactor: number
}

/** In a damp terrace of solid walls every second home also saves on heating. */
export function drawProfile(random: Random, kind: HomeKind): HomeProfile {
  if (kind === 'ordinary') {
    return {
      people: random.whole(1, 4),
      setpointC: random.between(19.3, 21.3),
      fuelPoor: false,
      freeGainC: random.between(4, 6.5),
      coolingMs: random.between(26, 44) * hourMs,
      airChanges: random.between(0.6, 1),
      baseVapourGm3: random.between(0.7, 1.6),
      dryingDaysInTen: random.whole(0, 3),
      cornerFactor: random.between(0.72, 0.86)
    }
  }
  const fuelPoor = random.chance(0.5)
  return {
    people: fuelPoor ? random.whole(1, 3) : random.whole(2, 5),
    setpointC: fuelPoor ? random.between(16, 17.3) : random.between(17.4, 18.8),
    fuelPoor,
    freeGainC: fuelPoor ? random.between(3.8, 5) : random.between(2.8, 3.8),
    coolingMs: random.between(15, 24) * hourMs,
    airChanges: random.between(0.3, 0.5),
    baseVapourGm3: fuelPoor ? random.between(1.2, 1.9) : random.between(2.3, 3.2),
    dryingDaysInTen: random.whole(4, 8),
    cornerFactor: random.between(0.5, 0.64)
  }
}
