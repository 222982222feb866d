/** Derived quantities of air by name; null where something that they need is not known. */
import type { DerivedName } from '../model/derived.ts'
import { isKnown } from '../model/known.ts'
import { figureValue } from '../model/quantity.ts'
import { absoluteHumidity, dewPoint } from './damp.ts'

export interface DerivedInput {
  temperatureC: number | null
  humidity: number | null
  /** Of the outdoor air of the same time, g/m³. */
  outdoorGm3: number | null
}

export function derivedValue(
  name: DerivedName,
  { temperatureC, humidity, outdoorGm3 }: DerivedInput
): number | null {
  if (!isKnown(temperatureC) || !isKnown(humidity)) return null
  const counted = figureValue('humidity', humidity)
  switch (name) {
    case 'dew_point':
      return dewPoint(temperatureC, counted)
    case 'absolute_humidity':
      return absoluteHumidity(temperatureC, counted)
    case 'vapour_excess':
      return isKnown(outdoorGm3) ? absoluteHumidity(temperatureC, counted) - outdoorGm3 : null
  }
}
