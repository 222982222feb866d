/** A sensor compared with the reference instrument beside it. */
import { Type, type Static } from 'typebox'
import { FigureNotes } from './left-out.ts'
import { Indicative, Moment, Nullable, Reason, Value } from './shape.ts'

export const Colocation = Type.Object({
  site: Type.String(),
  reference: Type.String(),
  quantity: Type.String(),
  unit: Type.String(),
  window: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
  timezone: Type.String(),
  from: Moment,
  until: Moment,
  n: Type.Integer({ description: 'Hours or days in which both have enough coverage' }),
  expected: Type.Integer(),
  coverage: Type.Number(),
  slope: Value,
  intercept: Value,
  r2: Value,
  rmse: Value,
  nrmsePercent: Value,
  mae: Value,
  mbe: Value,
  targets: Nullable(
    Type.Object(
      { slope: Type.Boolean(), intercept: Type.Boolean(), r2: Type.Boolean(), error: Type.Boolean() },
      { description: 'EPA/600/R-20/280 and its successors: daily means over about 30 days' }
    )
  ),
  targetsReason: Reason,
  indicative: Indicative,
  ...FigureNotes,
  reason: Reason
})
export type Colocation = Static<typeof Colocation>
