/**
 * The VTT mould index: how far mould would have grown on a surface, 0 (none) to 6 (dense), from the temperature and
 * humidity of that surface, never of the room's air. Hukka and Viitanen 1999, sensitivity classes of Ojanen et al. 2010.
 */
import type { About } from './about.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  mouldIndex: {
    title: 'VTT mould index',
    formula: 'dM/dt = k_{1} · k_{2} / (7 · t_{m}); with the constants that the page of methods lists',
    range: 'from 0 (none) to 6 (dense); told as a range over four classes of material',
    source: 'Hukka and Viitanen 1999; Ojanen et al. 2010; as Laukkarinen (Tampere) computes it',
    version: 1
  }
} as const satisfies Record<string, About>

/** Constants of the model, on pine. */
export const mouldModel = {
  /** °C, open: no growth at or beyond. */
  surfaceC: { from: 0, until: 50 },
  /** RHcrit = a·T³ + b·T² + c·T + d, %, and at least that of the class. */
  critical: { a: -0.00267, b: 0.16, c: -3.13, d: 100 },
  /** t_m = exp(a·ln T + b·ln RH + c), weeks until index 1. */
  first: { a: -0.68, b: -13.9, c: 66.02 },
  /** k2 = max(1 − exp(a·(M − Mmax)), 0). */
  approach: 2.3,
  /** 1/day: at first, then not until a day has passed, then slower. */
  decline: { first: 0.032, firstHours: 6, restUntilHours: 24, later: 0.016 }
} as const

/** Untreated pine; planed wood and paper-faced board; plaster and concrete; glass and metal. */
export type MouldClass = 'verySensitive' | 'sensitive' | 'mediumResistant' | 'resistant'

interface Sensitivity {
  /** Growth below index 1, and from 1 up, relative to pine. */
  growth: readonly [early: number, late: number]
  /** Mmax = A + B·x − C·x². */
  highest: readonly [a: number, b: number, c: number]
  humidityMin: number
}

export const mouldClasses: Readonly<Record<MouldClass, Sensitivity>> = {
  verySensitive: { growth: [1, 2], highest: [1, 7, 2], humidityMin: 80 },
  sensitive: { growth: [0.578, 0.386], highest: [0.3, 6, 1], humidityMin: 80 },
  mediumResistant: { growth: [0.072, 0.097], highest: [0, 5, 1.5], humidityMin: 85 },
  resistant: { growth: [0.033, 0.014], highest: [0, 3, 1], humidityMin: 85 }
}

/** RHcrit = max(−0.00267·T³ + 0.160·T² − 3.13·T + 100, RHmin), %, T in °C; 100 below 0 °C. */
export function criticalHumidity(of: MouldClass, surfaceC: number): number {
  if (surfaceC < mouldModel.surfaceC.from) return 100
  const { a, b, c, d } = mouldModel.critical
  const t = surfaceC
  return Math.max(a * t ** 3 + b * t ** 2 + c * t + d, mouldClasses[of].humidityMin)
}

/** Mmax = A + B·x − C·x² with x = (RHcrit − RH)/(RHcrit − 100): where growth would end at this humidity. At least 0. */
export function highestIndex(of: MouldClass, surfaceC: number, humidity: number): number {
  const critical = criticalHumidity(of, surfaceC)
  // At 0 °C growth needs 100 %, and there is nothing between the two to measure the humidity by.
  if (critical >= 100) return 0
  const x = (critical - humidity) / (critical - 100)
  const [a, b, c] = mouldClasses[of].highest
  return Math.max(0, a + b * x - c * x * x)
}

/** t_m = exp(−0.68·ln T − 13.9·ln RH + 66.02), weeks until index 1 on pine (W = 0, SQ = 0). */
export function weeksToFirstMould(surfaceC: number, humidity: number): number {
  const { a, b, c } = mouldModel.first
  return Math.exp(a * Math.log(surfaceC) + b * Math.log(humidity) + c)
}

export interface MouldOptions {
  mouldClass: MouldClass
  /** Decline in dry spells relative to pine: 1, 0.5, 0.25 or 0.1. */
  decline?: number
  /** The index before the first hour. */
  initial?: number
}

/**
 * The index after each hour, for hourly surface temperature (°C) and humidity (%, capped at 100). A missing
 * hour holds the index and does not count as dry; the reader must be told the coverage. Growth is a rate per day, so
 * an hour gets its 24th part. Identical to Laukkarinen's implementation (Tampere).
 */
export function mouldIndex(
  hours: readonly ({ surfaceC: number; humidity: number } | null)[],
  { mouldClass, decline = 1, initial = 0 }: MouldOptions
): number[] {
  let index = initial
  let dryHours = 0
  return hours.map((hour) => {
    if (hour === null || !isKnown(hour.surfaceC) || !isKnown(hour.humidity)) return index
    const humidity = Math.min(100, hour.humidity)
    const grows =
      hour.surfaceC > mouldModel.surfaceC.from &&
      hour.surfaceC < mouldModel.surfaceC.until &&
      humidity >= criticalHumidity(mouldClass, hour.surfaceC)
    if (grows) {
      dryHours = 0
      index += growthPerDay(mouldClass, index, hour.surfaceC, humidity) / 24
    } else {
      dryHours++
      index = Math.max(0, index - (decline * declinePerDay(dryHours)) / 24)
    }
    return index
  })
}

/** dM/dt = k1·k2 / (7·t_m), 1/day, with k2 = max(1 − exp(2.3·(M − Mmax)), 0). */
function growthPerDay(of: MouldClass, index: number, surfaceC: number, humidity: number): number {
  const [early, late] = mouldClasses[of].growth
  const k1 = index < 1 ? early : late
  const k2 = Math.max(1 - Math.exp(mouldModel.approach * (index - highestIndex(of, surfaceC, humidity))), 0)
  return (k1 * k2) / (7 * weeksToFirstMould(surfaceC, humidity))
}

/** On pine, 1/day: in the first six dry hours 0.032, then nothing until a day has passed, then 0.016. */
function declinePerDay(dryHours: number): number {
  const { first, firstHours, restUntilHours, later } = mouldModel.decline
  if (dryHours <= firstHours) return first
  return dryHours <= restUntilHours ? 0 : later
}

/** Zeng's constants for no growth within the time of the tests (LIM0), and for growth in mm a day. */
export const isoplethConstants = {
  lim0: 0.7153,
  mm0_1: 0.73,
  mm0_5: 0.7675,
  mm1: 0.795,
  mm2: 0.825,
  mm3: 0.8502,
  mm4: 0.8701
}

/**
 * RH_LIM = 100·(0.02633·cosh(0.10083·(T − 30)) + c), %, 0 to 40 °C: the surface humidity from which spores germinate (LIM0)
 * or grow so fast. Zeng et al. 2023, BSERT 44:63; checked by the examples of ConSciR. Not Sedlbauer's curves.
 */
export function isopleth(surfaceC: number, c: number = isoplethConstants.lim0): number {
  return 100 * (0.02633 * Math.cosh(0.10083 * (surfaceC - 30)) + c)
}
