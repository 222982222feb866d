/** Why a figure is refused: a stable code, and a sentence that says what would be right. Knows neither HTTP nor command lines. */

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
