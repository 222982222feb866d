/** `lamppost street …`: the streets of the neighbourhood, by name or from a map. */
import { readFileSync } from 'node:fs'
import { readStreets } from '../../registry/geojson.ts'
import { plain, WrongUse, type Command } from '../command.ts'
import { counted } from '../../model/counted.ts'

export const streetCommands: Command[] = [
  {
    words: 'street add',
    usage: 'street add NAME',
    says: 'Add a street',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry }, { positionals: [name = ''] }) => {
      const street = registry.addStreet({ name })
      return {
        json: { streetId: street.streetId, name: street.name },
        text: `Added ${street.name} (${street.streetId}). Next: npx lamppost device add --street ${quoted(street.name)} --outdoor`
      }
    })
  },
  {
    words: 'street import',
    usage: 'street import FILE.geojson',
    says: 'Add streets with their lines from a map file (OpenStreetMap exports are fine)',
    options: {},
    positionals: [1, 1],
    prepare: (input) => ({ ...input, files: [readText(input.positionals[0]!)] }),
    run: plain(async ({ registry, timezone }, { files }) => {
      const file = files?.[0]
      if (!file) throw new WrongUse('Name the GeoJSON file.')
      const { streets, skipped } = readStreets(file.text, timezone)
      const { added, redrawn } = registry.importStreets(streets)
      return {
        json: { added, redrawn, skipped },
        text: `Added ${counted(added, 'street')}, drew ${redrawn} anew. Left out: ${describe(skipped)}.`
      }
    })
  },
  {
    words: 'street list',
    usage: 'street list',
    says: 'The streets and how many sensors each has',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry }) => {
      const sites = registry.sites()
      const streets = registry.streets().map(({ streetId, name, lines }) => ({
        streetId,
        name,
        outdoorSites: sites.filter((site) => site.streetId === streetId && site.placement === 'outdoor')
          .length,
        indoorSites: sites.filter((site) => site.streetId === streetId && site.placement === 'indoor').length,
        drawn: lines.length > 0
      }))
      const text = streets.length
        ? streets
            .map((s) => `${s.streetId}  ${s.name}  ${s.outdoorSites} outdoor, ${s.indoorSites} indoor`)
            .join('\n')
        : 'No streets yet. Next: npx lamppost street add "Ashley Road"'
      return { json: streets, text }
    })
  }
]

function readText(name: string): { name: string; text: string } {
  try {
    return { name, text: readFileSync(name, 'utf8') }
  } catch (cause) {
    throw new WrongUse(`${name} cannot be read. Check the name and that you may read it.`, { cause })
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '\\"')}"`
}

function describe(counts: Record<string, number>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.length ? parts.map(([what, count]) => `${count} ${what}`).join(', ') : 'nothing'
}
