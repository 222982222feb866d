/** Damp in one room: for its host and the operator alone, so no path of the public API answers with it. */
import { Type, type Static } from 'typebox'
import { LeftOut } from './left-out.ts'
import { Indicative, Moment, Nullable, Reason, Value } from './shape.ts'

const Spread = Type.Object({ mean: Value, min: Value, max: Value })

const Criterion = Type.Object({
  period: Type.String(),
  highest: Value,
  limit: Type.Number(),
  met: Nullable(Type.Boolean())
})

export const RoomDamp = Type.Object({
  site: Type.String(),
  timezone: Type.String(),
  from: Nullable(Moment),
  until: Nullable(Moment),
  hours: Type.Integer({ description: 'Hours in which temperature and humidity have enough readings' }),
  expected: Type.Integer(),
  coverage: Type.Number(),
  temperatureC: Spread,
  humidity: Spread,
  dewPointC: Spread,
  absoluteHumidityGm3: Spread,
  excessGm3: Type.Object(
    { mean: Value, outsideC: Value },
    { description: 'Water in the room beyond that outdoors, and how warm it was there' }
  ),
  surface: Type.Object({
    basis: Type.Union([Type.Literal('measured'), Type.Literal('estimated'), Type.Literal('none')]),
    factor: Nullable(Type.Number({ description: 'Temperature factor that was assumed for the corner' })),
    outside: Type.Array(Type.String(), { description: 'Sites whose outdoor temperature was used' }),
    hours: Type.Integer(),
    coverage: Type.Number(),
    lowestC: Value,
    hoursAtRisk: Nullable(Type.Integer({ description: 'At or above 80 % at the surface' })),
    hoursCondensing: Nullable(Type.Integer()),
    longestSpellHours: Nullable(Type.Integer()),
    longestSpellFrom: Nullable(Moment)
  }),
  mouldIndex: Nullable(
    Type.Object(
      {
        lowest: Type.Number(),
        highest: Type.Number(),
        peak: Type.Number({ description: 'Highest of the period, on the most sensitive material' })
      },
      {
        description:
          'VTT model, 0 none to 6 dense, at the end of the period: a range, since no log knows what the wall is made of'
      }
    )
  ),
  criteria: Type.Object({ air: Type.Array(Criterion), surface: Type.Array(Criterion) }),
  airing: Nullable(Type.String()),
  notes: Type.Array(Type.String()),
  leftOut: LeftOut,
  indicative: Indicative,
  reason: Reason
})
export type RoomDamp = Static<typeof RoomDamp>
