/** `lamppost street …`: the streets of the neighbourhood, by name or from a map. */
import { readFileSync } from 'node:fs'
import { readStreets, type StreetFile } from '../../registry/geojson.ts'
import { definitionOf } from '../../model/quantity.ts'
import { unknownStreet } from '../../registry/street-names.ts'
import {
  optionList,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandContext,
  type CommandResult
} from '../command.ts'
import { counted } from '../../model/counted.ts'
import { nameLengthMax } from '../../model/limits.ts'

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
    usage: 'street import FILE.geojson [--apart | --redraw]',
    says: 'Add streets with their lines from a map file, such as an OpenStreetMap export',
    options: { apart: { type: 'boolean' }, redraw: { type: 'boolean' } },
    positionals: [1, 1],
    prepare: (input) => ({ ...input, files: [readText(input.positionals[0]!)] }),
    run: plain(async ({ registry, timezone }, { files, values }) => {
      const file = files?.[0]
      if (!file) throw new WrongUse('Name the GeoJSON file.')
      const namesakes = values['redraw'] ? 'redraw' : values['apart'] ? 'apart' : undefined
      if (values['redraw'] && values['apart']) throw new WrongUse('--apart and --redraw exclude each other.')
      const { streets, skipped, unusable, named } = readStreets(file.text, timezone)
      const { added, redrawn, apart } = registry.importStreets(streets, namesakes)
      return {
        json: { added, redrawn, skipped, unusable, named, apart },
        text: [
          `Added ${counted(added, 'street')}, redrew ${redrawn}.`,
          ...leftOutLines(skipped, named),
          ...unusable.map(
            ({ feature, name, why }) =>
              `Left out: feature ${feature}, "${name}": a street's name has 1 to ${nameLengthMax} printable characters; this one ${why}.`
          ),
          ...apart.map(
            ({ name, from, metres }) =>
              `${name} lies ${Math.round(metres / 1_000)} km from ${from}, so it is a street of its own.`
          )
        ].join('\n')
      }
    })
  },
  {
    words: 'street merge',
    usage: 'street merge STREET INTO [--yes]',
    says: 'Merge a street into another: its sensors move there, and links to it lead there',
    options: { yes: { type: 'boolean' } },
    positionals: [2, 2],
    run: plain(async ({ registry, directoryTold }, { positionals: [from = '', into = ''], values }) => {
      if (values['yes'] !== true) return mergeAsked(registry, from, into)
      const merged = registry.mergeStreets(from, into)
      await directoryTold()
      return {
        json: { streetId: merged.into.streetId, mergedId: merged.from.streetId, sites: merged.sites },
        text: `${merged.from.name} is now part of ${merged.into.name} (${merged.into.streetId}), with ${counted(merged.sites, 'site')}.`
      }
    })
  },
  {
    words: 'street split',
    usage: 'street split STREET NEW-NAME --site SITE [--site SITE…]',
    says: 'Split a street: move the named sites to a new street',
    options: { site: { type: 'string', multiple: true } },
    positionals: [2, 2],
    run: plain(async ({ registry, directoryTold }, input) => {
      const [from = '', newName = ''] = input.positionals
      const siteIds = optionList(input, 'site')
      if (siteIds.length === 0)
        throw new WrongUse(
          '--site is missing: the sites to move to the new street. See: npx lamppost device list'
        )
      const { streetId, name } = registry.splitStreet(from, newName, siteIds)
      await directoryTold()
      return {
        json: { streetId, name, sites: siteIds },
        text:
          `${name} (${streetId}) now has ${counted(siteIds.length, 'site')} and everything measured there. Published indoor days ` +
          'stay with the old street. To draw the new one on the map: npx lamppost street import FILE.geojson'
      }
    })
  },
  {
    words: 'street list',
    usage: 'street list',
    says: 'List the streets and how many sensors each has',
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
  },
  {
    words: 'street withdraw',
    usage: 'street withdraw STREET --day D',
    says: 'Withdraw the published indoor figures of one day permanently: a day is never published again',
    options: { day: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async ({ registry, clock }, input) => {
      const [name = ''] = input.positionals
      const date = requiredOption(input, 'day', 'the date to withdraw, for example --day 2026-11-20.')
      if (!/^\d{4}-\d{2}-\d{2}$/.test(date))
        throw new WrongUse(`--day is "${date}". Give a date like 2026-11-20.`)
      const street = registry.findStreet(name)
      if (!street) throw new WrongUse(`There is no street "${name}". See: npx lamppost street list`)
      const { quantities } = registry.withdrawDay(street.streetId, date, clock.now())
      const labels = quantities.map((quantity) => definitionOf(quantity).label)
      return {
        json: { streetId: street.streetId, date, quantities },
        text:
          `The indoor figures of ${date} on ${street.name} are withdrawn: ${labels.join(', ')}.\n` +
          'They are never published again. Copies that people made remain; weeks and charts no longer include them.'
      }
    })
  }
]

/** It cannot be undone as a whole, so it is asked first. */
function mergeAsked(registry: CommandContext['registry'], fromName: string, intoName: string): CommandResult {
  const [from, into] = [needStreet(registry, fromName), needStreet(registry, intoName)]
  const sites = registry.sites().filter(({ streetId }) => streetId === from.streetId).length
  return {
    json: { streetId: into.streetId, mergedId: from.streetId, sites },
    text:
      `${counted(sites, 'site')} of ${from.name} (${from.streetId}) would be on ${into.name} (${into.streetId}), with all that was ` +
      `measured there. Published indoor days stay with ${from.streetId}.`,
    confirm: [`Make ${from.name} part of ${into.name}?`]
  }
}

function needStreet(registry: CommandContext['registry'], nameOrId: string) {
  const street = registry.findStreet(nameOrId)
  if (street) return street
  throw unknownStreet(nameOrId, registry.streets())
}

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

/** Names that a line of the answer lists. */
const namedShown = 20

function leftOutLines({ nameless, notLines }: StreetFile['skipped'], named: StreetFile['named']): string[] {
  const parts = [
    ...(nameless > 0 ? [`${counted(nameless, 'line')} without a name`] : []),
    ...(notLines > 0 ? [`${notLines} that are not lines`] : [])
  ]
  if (parts.length === 0) return []
  const names = named.slice(0, namedShown).map(({ name, shape }) => `${name} (${shape})`)
  const more = named.length > namedShown ? ` and ${named.length - namedShown} more` : ''
  const listed = names.length > 0 ? `, among them ${names.join(', ')}${more}` : ''
  return [`Left out: ${parts.join(', ')}${listed}.`]
}
