/** Statistics of a fine series of sound levels: exceeded levels, exposure, events, and the microphone's own noise. */
import { exceededStepSMax, aboveSelfNoiseDbMin } from './limits.ts'
export { exceededStepSMax } from './limits.ts'
import type { About } from './about.ts'
import { energyMean } from './noise.ts'
import { quantile } from './street.ts'
import { isKnown } from '../model/known.ts'

/** What the page of methods says of these. */
export const about = {
  exceeded: {
    title: 'Level exceeded for part of the time, L10, L50, L90',
    formula: 'L_{N} = Q(1 − N/100) of the levels of all steps',
    range: 'steps of a minute or less, told with the step; never an average of such levels',
    source: 'ISO 1996-1:2016, 3.1.3; quantile of type 7',
    version: 1
  }
} as const satisfies Record<string, About>

/**
 * L_N, dB(A): the level exceeded N % of the time, the (100 − N)th percentile (type 7) of LAeq over steps of 1 min or
 * less. Of minutes it is flatter than of seconds, so the step goes beside the number. Exceeded levels are
 * never averaged: of a longer time they come from all its steps. null without levels, or of longer steps.
 */
export function exceededLevel(levels: readonly number[], percent: number, stepS: number): number | null {
  return stepS > exceededStepSMax ? null : quantile(levels, 1 - percent / 100)
}

export interface ExceededLevels {
  la10: number
  la50: number
  la90: number
  /** Seconds that each level was averaged over. */
  stepS: number
}

export function exceededLevels(levels: readonly number[], stepS: number): ExceededLevels | null {
  const level = (percent: number): number | null => exceededLevel(levels, percent, stepS)
  const [la10, la50, la90] = [level(10), level(50), level(90)]
  if (la10 === null || la50 === null || la90 === null) return null
  return { la10, la50, la90, stepS }
}

/** SEL = 10 lg(Σ Δt·10^(L/10)) re 1 s, dB(A): all the energy of an event as if in one second (ISO 1996-1). */
export function soundExposureLevel(levels: readonly number[], stepS: number): number | null {
  const mean = energyMean(levels)
  return mean === null ? null : mean + 10 * Math.log10(levels.length * stepS)
}

export interface EventRule {
  /** dB(A); an event is louder than it. */
  threshold: number
  /** Quiet of at most this long does not end an event, s. */
  gapSMax: number
  /** Shorter events do not count, s. */
  durationSMin: number
}

export interface NoiseEvent {
  /** Places in the series, both inclusive. */
  first: number
  last: number
  /** The loudest step: LAeq,step,max, which is not LAFmax. */
  highest: number
  sel: number
}

/**
 * Runs of steps above a threshold, joined over short gaps and without the shortest. A missing step ends an event, since
 * nobody knows what was there. The rule goes beside the count: without it a number of events means nothing. For
 * series of 1 s or less.
 */
export function noiseEvents(
  levels: readonly (number | null)[],
  stepS: number,
  { threshold, gapSMax, durationSMin }: EventRule
): NoiseEvent[] {
  const runs: { first: number; last: number }[] = []
  let gapKnown = false
  for (const [i, level] of levels.entries()) {
    if (!isKnown(level)) gapKnown = false
    if (!isKnown(level) || level <= threshold) continue
    const before = runs.at(-1)
    if (before && gapKnown && (i - before.last - 1) * stepS <= gapSMax) before.last = i
    else runs.push({ first: i, last: i })
    gapKnown = true
  }
  return runs
    .filter(({ first, last }) => (last - first + 1) * stepS >= durationSMin)
    .map(({ first, last }) => {
      const inside = levels.slice(first, last + 1).filter(isKnown)
      return { first, last, highest: Math.max(...inside), sel: soundExposureLevel(inside, stepS)! }
    })
}

/** Self-noise of microphones, dB(A): 94 less the signal-to-noise ratio. InvenSense DS-000069 1.2: 65 dB(A), ±1 dB. */
export const selfNoise = { 'ics-43434': 29 } as const

/**
 * The level without the microphone's own noise: 10 lg(10^(L/10) − 10^(E/10)), dB(A). Less than 3 dB above it the level
 * is not told, only "at most" `highest`; most people show such a level as "≤ 32 dB".
 */
export function withoutSelfNoise(
  level: number,
  equivalentInputNoise: number
): { level: number | null; highest: number } {
  const highest = equivalentInputNoise + aboveSelfNoiseDbMin
  if (!(level >= highest)) return { level: null, highest }
  return { level: 10 * Math.log10(10 ** (level / 10) - 10 ** (equivalentInputNoise / 10)), highest }
}
