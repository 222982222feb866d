/** Why a figure is refused: a stable code, and a sentence that says what would be right. Knows neither HTTP nor command lines. */
import { definitionOf, type Quantity } from '../model/quantity.ts'

export type FiguresRefusalCode =
  | 'streetUnknown'
  | 'siteUnknown'
  | 'quantityUnknown'
  | 'unitUnknown'
  | 'parameterMissing'
  | 'parameterBad'
  | 'timeUnreadable'
  | 'rangeEmpty'
  | 'rangeTooLong'
  | 'tooManyPoints'

/** Thrown for what the caller has to change. With a `parameter`, `says` is a sentence whose subject is that parameter. */
export class FiguresRefusal extends Error {
  readonly code: FiguresRefusalCode
  readonly says: string
  readonly parameter: string | undefined
  constructor(code: FiguresRefusalCode, says: string, parameter?: string) {
    super(parameter === undefined ? says : `"${parameter}" ${says}`)
    this.code = code
    this.says = says
    this.parameter = parameter
  }
}

/** What goes round has no profile, no trend and no difference: 350° and 10° are 20° apart. */
export function refuseDirection(quantity: Quantity): void {
  if (definitionOf(quantity).average !== 'vector') return
  throw new FiguresRefusal(
    'parameterBad',
    `is ${quantity}, a direction; ask for its hours and days in a series, or for wind_speed.`,
    'quantity'
  )
}
