/** What stewards see of streets, and do with them. */
import { Type, type Static } from 'typebox'
import { Nullable, nameLength } from '../shape.ts'

export const DeskStreet = Type.Object({
  id: Type.String(),
  name: Type.String(),
  outdoorSites: Type.Array(Type.Object({ siteId: Type.String(), name: Type.String() })),
  indoorSites: Type.Integer(),
  /** Another for each line: a new line is sent with the mark of the one that it replaces. null: not drawn yet. */
  lineMark: Nullable(Type.String())
})
export type DeskStreet = Static<typeof DeskStreet>

export const StreetBody = Type.Object({ name: Type.String(nameLength) }, { additionalProperties: false })

/** `was` is the name that the page showed: another steward may have renamed it in the meantime. */
export const RenameStreetBody = Type.Object(
  { name: Type.String(nameLength), was: Type.String(nameLength) },
  { additionalProperties: false }
)

export const MapBody = Type.Object(
  {
    geojson: Type.String({ description: 'A GeoJSON document with lines that have names' }),
    namesakes: Type.Optional(Type.Union([Type.Literal('apart'), Type.Literal('redraw')]))
  },
  { additionalProperties: false }
)
export type MapBody = Static<typeof MapBody>

export const MapImported = Type.Object({
  added: Type.Integer(),
  redrawn: Type.Integer(),
  /** What was left out, one sentence each. */
  leftOut: Type.Array(Type.String())
})
export type MapImported = Static<typeof MapImported>

/** Corner points of one line, [longitude, latitude]; `was` is the mark of the line that the page showed. */
export const DrawBody = Type.Object(
  {
    was: Nullable(Type.String({ maxLength: 100 })),
    line: Type.Array(
      Type.Tuple([Type.Number({ minimum: -180, maximum: 180 }), Type.Number({ minimum: -90, maximum: 90 })]),
      { minItems: 2, maxItems: 200 }
    )
  },
  { additionalProperties: false }
)

export const MergeBody = Type.Object(
  { into: Type.String({ maxLength: 200 }) },
  { additionalProperties: false }
)

export const SplitBody = Type.Object(
  {
    name: Type.String(nameLength),
    siteIds: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 1_000 })
  },
  { additionalProperties: false }
)

export const StreetChanged = Type.Object({ id: Type.String(), name: Type.String(), sites: Type.Integer() })
export type StreetChanged = Static<typeof StreetChanged>
