/** Where a sensor is and how it is mounted, as far as its host tells it. */
import { Type, type Static } from 'typebox'
import { facings, mounts, precisions, type Facing, type Mount, type Precision } from '../model/site-place.ts'
import { Nullable } from './shape.ts'

const oneOf = <T extends string>(names: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(names.map((name) => Type.Literal(name))))

const precision = oneOf<Precision>(precisions)
const facing = oneOf<Facing>(facings)
const mount = oneOf<Mount>(mounts)
/** A house of this hub is below a tower, and a cellar is not far below the ground. */
const height = Type.Number({ minimum: -20, maximum: 200 })

export const PlaceShown = Type.Object({
  precision,
  position: Nullable(
    Type.Array(Type.Number(), {
      minItems: 2,
      maxItems: 2,
      description:
        'Longitude and latitude: the middle of a cell of 100 m, or the exact place; null where only the street is told'
    })
  ),
  heightM: Nullable(Type.Number()),
  facing: Nullable(facing),
  mount: Nullable(mount)
})
export type PlaceShown = Static<typeof PlaceShown>

/** Of an indoor place precision and position are dropped. */
export const PlaceBody = Type.Object(
  {
    precision: Type.Optional(precision),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    latitude: Type.Optional(Type.Number({ minimum: -85, maximum: 85 })),
    heightM: Type.Optional(Nullable(height)),
    facing: Type.Optional(Nullable(facing)),
    mount: Type.Optional(Nullable(mount))
  },
  { additionalProperties: false }
)
export type PlaceBody = Static<typeof PlaceBody>
