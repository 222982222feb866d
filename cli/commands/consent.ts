/** `lamppost device consent`: what a home agrees to, recorded with who said so, in which words, and from when. */
import {
  consentPurposes,
  consentPurposeNames,
  consentWordings,
  isConsentPurpose,
  type Consent,
  type ConsentPurpose
} from '../../model/consent.ts'
import { toIso } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import {
  option,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { currentSiteOf } from './named-device.ts'
import { personText } from './person-text.ts'

export const consentCommand: Command = {
  words: 'device consent',
  usage: 'device consent ID on|off --for street|page|research --by NAME',
  says: 'Record that the home of a sensor consents to a use from now on, or withdraws. Off applies to every home of the person',
  options: { for: { type: 'string' }, by: { type: 'string' } },
  positionals: [2, 2],
  run: plain(async (rooms, input) => {
    const [deviceId = '', answer = ''] = input.positionals
    if (answer !== 'on' && answer !== 'off') throw new WrongUse(`The answer is "${answer}". Give on or off.`)
    currentSiteOf(rooms.registry, deviceId)
    return answer === 'on' ? agree(rooms, deviceId, input) : withdraw(rooms, deviceId, input)
  })
}

function purposeOf(input: CommandInput): ConsentPurpose | undefined {
  const text = option(input, 'for')
  if (text === undefined || isConsentPurpose(text)) return text
  throw new WrongUse(`--for is "${text}". Give one of: ${consentPurposeNames.join(', ')}.`)
}

function agree({ registry, clock }: CommandContext, deviceId: string, input: CommandInput): CommandResult {
  const site = registry.site(currentSiteOf(registry, deviceId))!
  if (site.placement !== 'indoor')
    throw new WrongUse(`${deviceId} is outdoors. It needs no consent: what it measures is public.`)
  if (registry.device(deviceId)?.removedAt !== null)
    throw new WrongUse(`${deviceId} was removed, so there is nothing to consent to. Name a current sensor.`)
  const purpose = purposeOf(input)
  if (!purpose)
    throw new WrongUse(
      `--for is missing: say what the home agrees to. ${consentPurposeNames.map((name) => `${name}: ${consentPurposes[name]}`).join('; ')}.`
    )
  const by = requiredOption(input, 'by', 'who says so, for example --by "Anna Smith".')
  const consent = registry.recordConsent({ homeId: site.homeId, purpose, by }, clock.now())
  const rooms = registry.sites().filter(({ homeId }) => homeId === site.homeId)
  return {
    json: { deviceId, consent: true, ...consentJson(consent) },
    text: [
      `The home ${site.homeId} of ${personText(registry.person(site.personId)!)} agrees to ${consentPurposes[purpose]} from ${toIso(consent.from)} on.`,
      `This applies to all its places: ${rooms.map(({ name }) => name).join(', ')}.`,
      `${consent.by} confirmed that they were shown these words:`,
      `  ${consentWordings[consent.wording] ?? ''}`,
      ...effectOf(purpose)
    ].join('\n')
  }
}

function effectOf(purpose: ConsentPurpose): string[] {
  switch (purpose) {
    case 'street':
      return ['Days that began earlier do not count this home.']
    case 'page':
      return ['This version has no public pages for homes yet, so nothing is shown.']
    case 'research':
      return ['Earlier readings are not included.']
  }
}

function withdraw({ registry, clock }: CommandContext, deviceId: string, input: CommandInput): CommandResult {
  const purpose = purposeOf(input)
  const by = option(input, 'by') ?? 'the operator'
  const now = clock.now()
  const { personId } = registry.site(currentSiteOf(registry, deviceId))!
  const ended = registry.endConsents({ personId, by, ...(purpose ? { purpose } : {}) }, now)
  const what = purpose ? consentPurposes[purpose] : 'anything'
  const person = personText(registry.person(personId)!)
  const lines = ended.map(
    (one) => `  ${homeText(registry, one)}: ${consentPurposes[one.purpose]}, since ${toIso(one.from)}`
  )
  return {
    json: { deviceId, personId, consent: false, ended: ended.map(consentJson) },
    text:
      ended.length === 0
        ? `${person} had given no consent to ${what}, so nothing changed.`
        : [
            `Ended for every home of ${person}, from ${toIso(now)} on:`,
            ...lines,
            'Nothing published from now on includes them. Figures already published stay as they are.'
          ].join('\n')
  }
}

function homeText(registry: Registry, { homeId }: Consent): string {
  const sites = registry.sites().filter((site) => site.homeId === homeId)
  const streets = [...new Set(sites.map(({ streetId }) => registry.street(streetId)?.name ?? streetId))]
  return `${homeId}${streets.length > 0 ? ` (${streets.join(', ')})` : ''}`
}

export function consentJson(consent: Consent) {
  const { homeId, personId, purpose, wording, from, until, recordedAt, by, endedBy } = consent
  return {
    homeId,
    personId,
    purpose,
    wording,
    from: toIso(from),
    until: until === null ? null : toIso(until),
    recordedAt: toIso(recordedAt),
    by,
    endedBy
  }
}
