/** Guidelines that a chart may draw, each only beside values averaged over the time the guideline is about. */
import { rawOf, type Quantity } from '../../model/quantity.ts'
import { words } from './words/words.ts'

export type ChartWindow = 'raw' | 'hour' | 'day' | 'night'

export interface Guideline {
  value: number
  label: string
}

/** Lnight of road traffic, dB (WHO Europe, Environmental Noise Guidelines, 2018, strong recommendation). */
export const nightNoiseGuideline = 45

/** 24-hour levels, µg/m³ (WHO global air quality guidelines, 2021, table 0.1). O₃ has one for 8 hours only. */
const dayGuidelines: Partial<Record<Quantity, Guideline>> = {
  pm2_5: { value: 15, label: words.guidelines.pm2_5 },
  pm10: { value: 45, label: words.guidelines.pm10 },
  no2: { value: 25, label: words.guidelines.no2 }
}

export function guidelineFor(quantity: Quantity, window: ChartWindow): Guideline | undefined {
  if (window === 'day') return dayGuidelines[rawOf(quantity)]
  if (window === 'night' && quantity === 'laeq') {
    return { value: nightNoiseGuideline, label: words.guidelines.laeq }
  }
  return undefined
}
