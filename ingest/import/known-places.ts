/** Where the sites of a hub are, as far as it may be remembered: the cell in which earlier imports were measured, and their street's line. Pure. */
import type { Position, Site, Street } from '../../model/place.ts'
import type { ImportRecord } from '../../registry/registry.ts'

/** What is known of one site. */
export interface KnownPlace {
  /** In which earlier imports were measured: the middle of a cell of some ten kilometres. */
  imported: readonly Position[]
  street: Pick<Street, 'name' | 'lines'>
}

/** By site; plain data, so that it can travel to another thread. */
export type KnownPlaces = Readonly<Record<string, KnownPlace>>

/** Of all sites, for the import of one record; an import that was undone says nothing, nor does the one that goes on. */
export function knownPlaces(
  sites: readonly Site[],
  streets: readonly Street[],
  records: readonly ImportRecord[],
  importId: number
): KnownPlaces {
  const others = records.filter((one) => one.undoneAt === null && one.importId !== importId)
  const named = new Map(streets.map(({ streetId, name, lines }) => [streetId, { name, lines }]))
  return Object.fromEntries(
    sites.map(({ siteId, streetId }): [string, KnownPlace] => [
      siteId,
      {
        imported: others.flatMap(({ places }) => {
          const cell = places?.[siteId]
          return cell ? [cell] : []
        }),
        street: named.get(streetId) ?? { name: streetId, lines: [] }
      }
    ])
  )
}

/** A tenth of a degree, 7 by 11 km here: says of a home no more than its street does. */
export function cellOf([longitude, latitude]: Position): Position {
  return [Math.round(longitude * 10) / 10, Math.round(latitude * 10) / 10]
}
