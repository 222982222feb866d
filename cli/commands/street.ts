/** `lamppost street …`: the streets of the neighbourhood, by name or from a map. */
import { readFileSync } from 'node:fs'
import { importStreetMap } from '../../hub/desk/street-map.ts'
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
import { toIso } from '../../model/time.ts'
import { timeOption } from '../time-option.ts'

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
      const { says, ...json } = importStreetMap(registry, { text: file.text, timezone, namesakes })
      return {
        json,
        text: [`Added ${counted(json.added, 'street')}, redrew ${json.redrawn}.`, ...says].join('\n')
      }
    })
  },
  {
    words: 'street rename',
    usage: 'street rename STREET NEW-NAME',
    says: 'Rename a street; its id, its links and its topics stay',
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [nameOrId = '', newName = ''] }) => {
      const { streetId, name } = registry.renameStreet(nameOrId, newName)
      return {
        json: { streetId, name },
        text: `${streetId} is now called ${name}. A map that still has the old name would add it as another street.`
      }
    })
  },
  {
    words: 'street note',
    usage: 'street note STREET TEXT --from T [--until T]',
    says: 'Note something that may explain the numbers of a street, such as roadworks; everybody sees it',
    options: { from: { type: 'string' }, until: { type: 'string' } },
    positionals: [2, 2],
    run: plain(async (context, input) => {
      const [street = '', said = ''] = input.positionals
      const from = timeOption(input, 'from', context.timezone)
      if (from === undefined)
        throw new WrongUse('--from is missing: since when it holds, for example 2026-11-03.')
      const until = timeOption(input, 'until', context.timezone) ?? null
      const { annotationId, streetId, text } = context.registry.annotate({
        streetId: street,
        from,
        until,
        text: said
      })
      return {
        json: { annotationId, streetId, text },
        text: `${annotationId}: "${text}" is shown with ${streetId}.`
      }
    })
  },
  {
    words: 'street notes',
    usage: 'street notes',
    says: 'List the notes on streets',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry }) => {
      const notes = registry.annotations().map((one) => ({
        ...one,
        from: toIso(one.from),
        until: one.until === null ? null : toIso(one.until)
      }))
      const lines = notes.map(
        ({ annotationId, streetId, from, until, text }) =>
          `${annotationId}  ${streetId}, ${from} to ${until ?? 'now'}: ${text}`
      )
      return { json: notes, text: lines.length > 0 ? lines.join('\n') : 'No notes.' }
    })
  },
  {
    words: 'street unnote',
    usage: 'street unnote NOTE',
    says: 'Remove a note on a street',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry }, { positionals: [id = ''] }) => {
      const { annotationId } = registry.removeAnnotation(id)
      return { json: { annotationId, removed: true }, text: `${annotationId} was removed.` }
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
          'They are never published again, nor shown by a backup that is restored with the list of erasures. Copies that people made remain; weeks and charts no longer include them.'
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
