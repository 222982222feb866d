/** `lamppost device add|move|placement|hand-over|rename`: whose a sensor is, and where it is installed. */
import { moveDevice, relocate } from '../../hub/moving.ts'
import { dialects } from '../../ingest/decode.ts'
import { counted } from '../../model/counted.ts'
import type { Placement } from '../../model/place.ts'
import { isSensorFamily, sensorFamilyNames, type SensorFamily } from '../../model/sensor.ts'
import { toIso } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { ask, terminal } from '../ask.ts'
import {
  option,
  optionList,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandInput
} from '../command.ts'
import { timeOption } from '../time-option.ts'
import { currentSiteOf, given } from './named-device.ts'
import { placementCommand } from './placement.ts'
import { personText } from './person-text.ts'

export const devicePlaceCommands: Command[] = [
  {
    words: 'device add',
    usage:
      'device add --street S --outdoor [--person P] | --indoor --home H [--name N] [--dialect D] [--sensor KIND]… [--interval SECONDS] [--from T]',
    says: 'Add a sensor; prints its password, only this once',
    options: {
      street: { type: 'string' },
      name: { type: 'string' },
      outdoor: { type: 'boolean' },
      indoor: { type: 'boolean' },
      home: { type: 'string' },
      person: { type: 'string' },
      dialect: { type: 'string' },
      sensor: { type: 'string', multiple: true },
      interval: { type: 'string' },
      from: { type: 'string' }
    },
    positionals: [0, 0],
    prepare: withPlacement,
    run: plain(async ({ registry, clock, directoryTold, mqttPort }, input) => {
      const streetId = requiredOption(input, 'street', 'the street where the sensor is, by name or id.')
      const placement = placementOf(input)
      const person = option(input, 'person')
      const credentials = registry.addDevice(
        {
          streetId,
          placement,
          ...given('name', option(input, 'name')),
          ...given('homeId', option(input, 'home')),
          ...given('personId', person === undefined ? undefined : registry.needPerson(person).personId),
          ...given('dialect', dialectOf(option(input, 'dialect'))),
          sensors: familiesOf(optionList(input, 'sensor')),
          ...given('intervalS', seconds(option(input, 'interval'))),
          ...given('from', timeOption(input, 'from'))
        },
        clock.now()
      )
      await directoryTold()
      return { json: credentials, text: addedText(credentials, placement, mqttPort) }
    })
  },
  {
    words: 'device move',
    usage: 'device move ID --street S [--at T]',
    says: 'Record a move from a time on, or an earlier location',
    options: { street: { type: 'string' }, at: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async (rooms, input) => {
      const { clock } = rooms
      const deviceId = input.positionals[0]!
      const street = requiredOption(input, 'street', 'the street it moves to.')
      const at = timeOption(input, 'at') ?? clock.now()
      const { siteId, streetId, until, readingsMoved } = await moveDevice(rooms, {
        deviceId,
        street,
        at,
        now: clock.now()
      })
      return {
        json: { deviceId, siteId, streetId, at: toIso(at), readingsMoved },
        text: `${deviceId} ${until === null ? 'is' : 'was'} at ${siteId} in ${streetId} from ${toIso(at)} ${until === null ? 'on' : `until ${toIso(until)}`}. ${counted(readingsMoved, 'reading')} went with it.`
      }
    })
  },
  placementCommand,
  {
    words: 'device rename',
    usage: 'device rename ID NAME',
    says: 'Another name for the place of a sensor; outdoors everybody will see it',
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [deviceId = '', name = ''] }) => {
      const siteId = currentSiteOf(registry, deviceId)
      registry.renameSite(siteId, name)
      const site = registry.site(siteId)!
      const seenBy =
        site.placement === 'outdoor' ? 'Everybody sees this name.' : 'Nobody but its host and you sees it.'
      return {
        json: { deviceId, siteId, name: site.name },
        text: `The place of ${deviceId} is called "${site.name}" now. ${seenBy}`
      }
    })
  },
  {
    words: 'device hand-over',
    usage: 'device hand-over ID --to PERSON [--home H] [--at T] | --with-history',
    says: 'Another person hosts the sensor from now on; what it measured before stays with its former host',
    options: {
      to: { type: 'string' },
      home: { type: 'string' },
      at: { type: 'string' },
      'with-history': { type: 'boolean' }
    },
    positionals: [1, 1],
    run: plain(async (rooms, input) => {
      const { registry, clock } = rooms
      const deviceId = input.positionals[0]!
      currentSiteOf(registry, deviceId)
      const to = requiredOption(
        input,
        'to',
        'the person who hosts it now, by id or name. See: npx lamppost person list'
      )
      const person = registry.needPerson(to)
      if (input.values['with-history'] === true) {
        if (option(input, 'home') ?? option(input, 'at'))
          throw new WrongUse('--with-history takes everything as it is: leave --home and --at away.')
        const { siteId } = registry.takeOver(deviceId, person.personId)
        return {
          json: { deviceId, siteId, personId: person.personId, withHistory: true },
          text: `${deviceId} and all that its nameless host had belong to ${personText(person)} now.`
        }
      }
      const at = timeOption(input, 'at') ?? clock.now()
      const home = option(input, 'home')
      const { siteId, readingsMoved } = await relocate(rooms, deviceId, () =>
        registry.handOver(deviceId, person.personId, { at, now: clock.now(), ...given('homeId', home) })
      )
      const { homeId } = registry.site(siteId)!
      const where = homeId === '' ? '' : ` It is in their home ${homeId}.`
      return {
        json: {
          deviceId,
          siteId,
          personId: person.personId,
          homeId: homeId || null,
          at: toIso(at),
          readingsMoved
        },
        text:
          `${personText(person)} hosts ${deviceId} from ${toIso(at)} on.${where} What it measured before stays with its former host.\n` +
          `Its password still works. If the former host must not know it any more: npx lamppost device rotate ${deviceId} --now`
      }
    })
  }
]

const bothForms =
  'Say where the sensor is: --outdoor (everybody sees what it measures), or --indoor --home HOME (private; the sensors of one dwelling share HOME, for example --home number-12).'

/** Asks where the sensor is when that was not said and somebody is there to answer. */
async function withPlacement(input: CommandInput): Promise<CommandInput> {
  const isSaid = input.values['outdoor'] === true || input.values['indoor'] === true
  const asked =
    isSaid && !(input.values['indoor'] === true && !option(input, 'home')) ? undefined : terminal()
  if (!asked) return input
  const placement = isSaid
    ? 'indoor'
    : await ask(
        'Is the sensor outdoors, where everybody sees what it measures, or indoors, where it is private? Type outdoor or indoor: ',
        asked
      )
  if (placement === 'outdoor') return { ...input, values: { ...input.values, outdoor: true } }
  if (placement !== 'indoor') throw new WrongUse(bothForms)
  const home =
    option(input, 'home') ??
    (await ask('Which home is it in? The sensors of one dwelling share this word (number-12): ', asked))
  return { ...input, values: { ...input.values, indoor: true, home } }
}

function placementOf(input: CommandInput): Placement {
  const { outdoor, indoor } = input.values
  if (outdoor === true && indoor === true)
    throw new WrongUse('--outdoor and --indoor contradict each other; give one.')
  if (outdoor !== true && indoor !== true) throw new WrongUse(bothForms)
  if (outdoor === true && option(input, 'home'))
    throw new WrongUse('--home is for indoor sensors: leave it away, or say --indoor instead of --outdoor.')
  if (indoor === true && !option(input, 'home')) throw new WrongUse(`--home is missing. ${bothForms}`)
  return indoor === true ? 'indoor' : 'outdoor'
}

function dialectOf(text: string | undefined): string | undefined {
  if (text === undefined || dialects.has(text)) return text
  throw new WrongUse(`--dialect is "${text}". Give one of: ${[...dialects.keys()].join(', ')}.`)
}

export function familiesOf(kinds: readonly string[]): SensorFamily[] {
  return kinds.map((kind) => {
    if (isSensorFamily(kind)) return kind
    throw new WrongUse(`There is no kind of sensor "${kind}". Known are: ${sensorFamilyNames.join(', ')}.`)
  })
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 86_400) {
    throw new WrongUse(`--interval is "${text}". Give whole seconds from 1 to 86400.`)
  }
  return Number(text)
}

function addedText(credentials: Credentials, placement: Placement, mqttPort: number): string {
  const next =
    placement === 'indoor'
      ? `\nIt is private. If its home agrees to count into the street's figures: npx lamppost device consent ${credentials.deviceId} on --for street --by NAME`
      : ''
  return credentialsText(credentials, mqttPort) + next
}

/** mosquitto_pub goes to 1883 unless it is told otherwise. */
export function credentialsText(c: Credentials, mqttPort: number): string {
  const port = mqttPort === 1_883 || mqttPort === 0 ? '' : ` -p ${mqttPort}`
  return [
    `Sensor ${c.deviceId} at site ${c.siteId}`,
    `  user name  ${c.username}`,
    `  password   ${c.password}   (shown only this once)`,
    `  topic      ${c.topic}`,
    'Try it:',
    `  mosquitto_pub -h localhost${port} -q 1 -u ${c.username} -P ${c.password} -t ${c.topic} -m '{"pm2_5":8.1}'`
  ].join('\n')
}
