/** Streets as stewards look after them: by the code of the commands, and audited. */
import { createHash } from 'node:crypto'
import type { Accounts, Actor } from '../../accounts/accounts.ts'
import type { DeskStreet, MapBody, MapImported, StreetChanged } from '../../contract/desk/streets.ts'
import type { Position, Street } from '../../model/place.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'
import { importStreetMap } from './street-map.ts'

export interface DeskStreetRooms {
  registry: Pick<
    Registry,
    | 'streets'
    | 'street'
    | 'sites'
    | 'addStreet'
    | 'renameStreet'
    | 'drawStreet'
    | 'importStreets'
    | 'mergeStreets'
    | 'splitStreet'
  >
  accounts: Pick<Accounts, 'note'>
  timezone: string
  directoryTold(): Promise<void>
}

export type DeskStreetActs = ReturnType<typeof deskStreets>

export function deskStreets({ registry, accounts, timezone, directoryTold }: DeskStreetRooms) {
  const note = (by: Actor, action: string, about: string): void => accounts.note({ by, action, about })

  return {
    streets(): DeskStreet[] {
      const sites = Map.groupBy(registry.sites(), ({ streetId }) => streetId)
      return registry.streets().map(({ streetId, name, lines }) => {
        const here = sites.get(streetId) ?? []
        return {
          id: streetId,
          name,
          outdoorSites: here
            .filter(({ placement }) => placement === 'outdoor')
            .map(({ siteId, name: called }) => ({ siteId, name: called })),
          indoorSites: here.filter(({ placement }) => placement === 'indoor').length,
          lineMark: markOf(lines)
        }
      })
    },

    add(by: Actor, name: string): StreetChanged {
      const street = registry.addStreet({ name })
      note(by, 'streetAdd', street.streetId)
      return { id: street.streetId, name: street.name, sites: 0 }
    },

    rename(by: Actor, streetId: string, name: string, was: string): StreetChanged {
      const street = registry.renameStreet(streetId, name, was)
      note(by, 'streetRename', street.streetId)
      return { id: street.streetId, name: street.name, sites: 0 }
    },

    draw(by: Actor, streetId: string, line: readonly Position[], was: string | null): StreetChanged {
      const shown = registry.street(streetId)
      if (shown && markOf(shown.lines) !== was)
        throw new RegistryRefusal(
          'overtaken',
          `Somebody drew ${shown.name} in the meantime. Nothing was changed: look at its line on the map.`
        )
      const street = registry.drawStreet(streetId, line)
      note(by, 'streetDraw', street.streetId)
      return { id: street.streetId, name: street.name, sites: 0 }
    },

    importMap(by: Actor, { geojson, namesakes }: MapBody): MapImported {
      const { added, redrawn, says } = importStreetMap(registry, { text: geojson, timezone, namesakes })
      note(by, 'streetImport', `${added} added, ${redrawn} redrawn`)
      return { added, redrawn, leftOut: says }
    },

    async merge(by: Actor, from: string, into: string): Promise<StreetChanged> {
      const merged = registry.mergeStreets(from, into)
      note(by, 'streetMerge', `${merged.from.streetId} into ${merged.into.streetId}`)
      await directoryTold()
      return { id: merged.into.streetId, name: merged.into.name, sites: merged.sites }
    },

    async split(
      by: Actor,
      streetId: string,
      { name, siteIds }: { name: string; siteIds: readonly string[] }
    ): Promise<StreetChanged> {
      const street = registry.splitStreet(streetId, name, siteIds)
      note(by, 'streetSplit', `${street.streetId} from ${streetId}`)
      await directoryTold()
      return { id: street.streetId, name: street.name, sites: siteIds.length }
    }
  }
}

function markOf(lines: Street['lines']): string | null {
  return lines.length === 0 ? null : createHash('sha256').update(JSON.stringify(lines)).digest('base64url')
}
