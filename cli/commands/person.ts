/** `lamppost person …`: who hosts sensors, what is theirs, and how long it is kept. */
import { removalBegins, removalText, trimsOf } from '../../hub/retention.ts'
import type { Consent } from '../../model/consent.ts'
import { counted } from '../../model/counted.ts'
import { keepMonthsMax } from '../../model/limits.ts'
import type { Person } from '../../model/person.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import { option, plain, WrongUse, type Command, type CommandContext } from '../command.ts'
import { consentJson } from './consent.ts'
import { eraseCommand } from './erase.ts'
import { given } from './named-device.ts'
import { personExportCommand } from './person-export.ts'
import { personText } from './person-text.ts'
import { readingsWithin } from '../../hub/hosting/readings-within.ts'

export const personCommands: Command[] = [
  eraseCommand,
  personExportCommand,
  {
    words: 'person add',
    usage: 'person add NAME [--home HOME]',
    says: 'Add a person; with --home, name the person of that home, who has no name yet',
    options: { home: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async ({ registry, clock }, input) => {
      const home = option(input, 'home')
      const person = registry.addPerson(
        { name: input.positionals[0]!, ...given('homeId', home) },
        clock.now()
      )
      const next =
        home === undefined
          ? `Next, for example: npx lamppost device add --street S --outdoor --person ${person.personId}`
          : `${home} is their home.`
      return { json: personJson(registry, person), text: `${personText(person)}. ${next}` }
    })
  },
  {
    words: 'person list',
    usage: 'person list',
    says: 'List the people who host sensors: homes, places, and consents',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry }) => {
      const persons = registry.persons().map((person) => personJson(registry, person))
      const text = persons.length
        ? persons.map(personLines).join('\n')
        : 'Nobody yet. Next: npx lamppost person add NAME'
      return { json: persons, text }
    })
  },
  {
    words: 'person rename',
    usage: 'person rename ID NAME',
    says: 'Name or rename a person',
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [id = '', name = ''] }) => {
      const person = registry.renamePerson(registry.needPerson(id).personId, name)
      return { json: personJson(registry, person), text: `${person.personId} is now called ${person.name}.` }
    })
  },
  {
    words: 'person keep',
    usage: 'person keep ID MONTHS|always',
    says: 'Set how long raw indoor readings of a person are kept; removal begins 30 days later, hours and days stay',
    options: {},
    positionals: [2, 2],
    run: plain(async (context, { positionals: [id = '', months = ''] }) => {
      const { registry, clock } = context
      if (months !== 'always' && !/^\d{1,4}$/.test(months))
        throw new WrongUse(`"${months}" is not a number of months. Give 1 to ${keepMonthsMax}, or always.`)
      const { personId } = registry.needPerson(id)
      const person = registry.setKeep(personId, months === 'always' ? null : Number(months), clock.now())
      const readings = await readingsPastKeeping(context, person)
      const begins = removalBegins(person)
      return {
        json: {
          ...personJson(registry, person),
          removalFrom: begins === null ? null : toIso(begins),
          readingsPastIt: readings
        },
        text: keepText(person, readings)
      }
    })
  }
]

async function readingsPastKeeping(
  { registry, pipeline, clock, timezone }: CommandContext,
  person: Person
): Promise<number> {
  let readings = 0
  for (const { siteId, from, until } of trimsOf(registry, person, clock.now(), timezone))
    readings += await readingsWithin(pipeline, siteId, { from: from ?? (0 as UnixMs), until })
  return readings
}

function keepText(person: Person, readings: number): string {
  if (person.keepMonths === null)
    return `Raw indoor readings of ${personText(person)} are kept until they are erased.`
  return (
    `Raw indoor readings of ${personText(person)} are removed ${counted(person.keepMonths, 'month')} after they were measured. ` +
    `Hours and days stay. ${removalText(person, readings)} ` +
    `To keep everything: npx lamppost person keep ${person.personId} always`
  )
}

interface ListedPerson {
  personId: string
  name: string
  createdAt: string
  keepMonths: number | null
  homes: { homeId: string; sites: ListedSite[]; consents: ReturnType<typeof consentJson>[] }[]
  outdoor: ListedSite[]
  /** Places that another person hosts now. */
  former: ListedSite[]
}

interface ListedSite {
  siteId: string
  name: string
  streetId: string
  devices: string[]
}

function personJson(registry: Registry, { personId, name, createdAt, keepMonths }: Person): ListedPerson {
  const sites = registry.sites()
  const listed = (siteId: string): ListedSite => {
    const site = registry.site(siteId)!
    const here = registry.deployments().filter((one) => one.siteId === siteId && one.until === null)
    return { siteId, name: site.name, streetId: site.streetId, devices: here.map(({ deviceId }) => deviceId) }
  }
  const own = sites.filter((site) => site.personId === personId)
  const former = registry.hostings().filter((one) => one.personId === personId && one.until !== null)
  return {
    personId,
    name,
    createdAt: toIso(createdAt),
    keepMonths,
    homes: registry
      .homes()
      .filter((home) => home.personId === personId)
      .map(({ homeId }) => ({
        homeId,
        sites: own.filter((site) => site.homeId === homeId).map(({ siteId }) => listed(siteId)),
        consents: standing(registry.consents(), homeId).map(consentJson)
      })),
    outdoor: own.filter(({ placement }) => placement === 'outdoor').map(({ siteId }) => listed(siteId)),
    former: former.map(({ siteId }) => listed(siteId))
  }
}

function standing(consents: readonly Consent[], homeId: string): Consent[] {
  return consents.filter((one) => one.homeId === homeId && one.until === null)
}

function personLines({ personId, name, homes, outdoor, former, keepMonths }: ListedPerson): string {
  const keeps = keepMonths === null ? '' : `, raw indoor readings kept for ${counted(keepMonths, 'month')}`
  return [
    `${personId}  ${name || '(no name yet)'}${keeps}`,
    ...homes.map(({ homeId, sites, consents }) => {
      const agreed = consents.map(({ purpose, from }) => `${purpose} since ${from}`).join(', ')
      return `  home ${homeId}: ${sites.map(siteText).join('; ') || 'no sensor'}; agreed to: ${agreed || 'nothing'}`
    }),
    ...outdoor.map((site) => `  outdoors ${siteText(site)}`),
    ...former.map((site) => `  formerly ${siteText(site)}`)
  ].join('\n')
}

function siteText({ siteId, name, streetId, devices }: ListedSite): string {
  return `${name}, ${streetId} (${siteId}${devices.length > 0 ? `, ${devices.join(', ')}` : ''})`
}
