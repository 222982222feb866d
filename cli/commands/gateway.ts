/** `lamppost gateway …`: credentials behind which many boxes speak, and which of these boxes are devices. */
import { dialects } from '../../ingest/decode.ts'
import { counted } from '../../model/counted.ts'
import type { HeardThing, Thing } from '../../model/gateway.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { option, plain, requiredOption, WrongUse, type Command, type CommandContext } from '../command.ts'
import { claimThing } from '../../hub/hosting/add-sensor.ts'
import { boxSettings, pushUrlOf } from '../../hub/hosting/box-settings.ts'
import { settingsText } from '../settings-text.ts'
import { factsOf, withoutToken } from '../../hub/hosting/box-facts.ts'
import { mapIn, mapOption, withMap } from './map.ts'
import { given } from './named-device.ts'
import { whereOptions, whereUsage, whereWanted, withPlacement } from './where.ts'

export const gatewayCommands: Command[] = [
  {
    words: 'gateway add',
    usage: 'gateway add --dialect D [--name N]',
    says: 'Add a gateway, which carries the messages of many boxes; its password and settings are printed only this once',
    options: { dialect: { type: 'string' }, name: { type: 'string' } },
    positionals: [0, 0],
    run: plain(async (context, input) => {
      const { registry, clock } = context
      const dialect = gatewayDialect(
        requiredOption(input, 'dialect', `one of ${gatewayDialects.join(', ')}.`)
      )
      const name = option(input, 'name') ?? dialects.get(dialect)!.label
      const credentials = registry.addGateway({ dialect, name }, clock.now())
      const facts = factsOf(context, credentials.gatewayId, credentials)
      const settings = boxSettings(dialect, facts)
      const pushUrl = dialects.get(dialect)!.push ? pushUrlOf(dialect, facts) : undefined
      return {
        json: { ...withoutToken(credentials), dialect, name, ...given('pushUrl', pushUrl), settings },
        text: [
          `Gateway ${credentials.gatewayId} (${name})`,
          `  user name  ${credentials.username}`,
          `  password   ${credentials.password}   (shown only this once)`,
          ...(pushUrl ? [`  push to    ${pushUrl}   (shown only this once)`] : []),
          settingsText(dialect, settings),
          `Boxes heard through it: npx lamppost gateway things ${credentials.gatewayId}`
        ].join('\n')
      }
    })
  },
  {
    words: 'gateway list',
    usage: 'gateway list',
    says: 'List all gateways: when each was last heard, how many boxes are claimed, how many are not',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry, families, presence, clock }) => {
      const things = registry.things()
      const list = registry.gateways().map(({ deviceId, dialect, name, removedAt }) => {
        const claimed = things.filter(
          (thing) => thing.dialect === dialect && isBehind(thing, deviceId)
        ).length
        const heard = families?.heard(deviceId) ?? []
        return {
          gatewayId: deviceId,
          name,
          dialect,
          presence: presence.of(deviceId, null, clock.now()),
          claimed,
          unclaimed: heard.length,
          problems: registry.problems(deviceId).length,
          removed: removedAt !== null
        }
      })
      const lines = list.map(
        (one) =>
          `${one.gatewayId}  ${one.name} (${one.dialect})  ${one.presence}, ${one.unclaimed} unclaimed` +
          `${one.problems ? `, ${counted(one.problems, 'problem')}: npx lamppost device problems ${one.gatewayId}` : ''}` +
          `${one.removed ? '  [removed]' : ''}`
      )
      return {
        json: list,
        text: lines.join('\n') || 'No gateways yet. Next: npx lamppost gateway add --dialect …'
      }
    })
  },
  {
    words: 'gateway things',
    usage: 'gateway things [ID]',
    says: 'List the boxes behind gateways: those claimed, and those heard since yesterday that you can claim',
    options: {},
    positionals: [0, 1],
    run: plain(async (context, { positionals: [gatewayId] }) => {
      const { registry, families } = context
      if (gatewayId !== undefined && !registry.device(gatewayId))
        throw new WrongUse(unknownGateway(gatewayId))
      const dialect = gatewayId === undefined ? undefined : registry.device(gatewayId)!.dialect
      const claimed = registry
        .things()
        .filter(
          (thing) => gatewayId === undefined || (thing.dialect === dialect && isBehind(thing, gatewayId))
        )
      const heard = families?.heard(gatewayId) ?? []
      const json = {
        claimed: claimed.map(({ claimedAt, ...thing }) => ({ ...thing, claimedAt: toIso(claimedAt) })),
        heard: heard.map(({ firstAt, lastAt, scope: _scope, ...thing }) => ({
          ...thing,
          firstAt: toIso(firstAt),
          lastAt: toIso(lastAt)
        }))
      }
      const notRunning = families ? [] : ['The list of boxes that were heard needs a running hub.']
      const text = [...claimed.map(claimedLine), ...heard.map(heardLine), ...notRunning].join('\n')
      return { json, text: text || 'No box has been heard yet.' }
    })
  },
  {
    words: 'gateway claim',
    usage: `gateway claim THING --street S ${whereUsage} [--name N] [--map FIELDS.json] [--interval SECONDS]`,
    says: 'Make a box behind a gateway a sensor of a street; its messages are stored from now on',
    options: { street: { type: 'string' }, name: { type: 'string' }, ...mapOption, ...whereOptions },
    positionals: [1, 1],
    prepare: (input) => withPlacement(withMap(input)),
    run: plain(async (context, input) => {
      const { registry, clock, families, directoryTold } = context
      const streetId = requiredOption(input, 'street', 'the street where the box is, by name or id.')
      const thing = wantedThing(context, input.positionals[0]!)
      const { dialect, address } = thing
      const { deviceId, siteId } = claimThing(
        registry,
        thing,
        {
          streetId,
          ...given('name', option(input, 'name')),
          ...mapIn(input),
          ...whereWanted(registry, input)
        },
        clock.now()
      )
      const { name } = registry.site(siteId)!
      families?.claimed(thing)
      await directoryTold()
      return {
        json: { deviceId, siteId, dialect, address, name },
        text: `${deviceId} at ${siteId}: ${shownThing(thing)} is now a sensor. Its messages are stored from now on.`
      }
    })
  }
]

const gatewayDialects = [...dialects.values()].filter(({ split }) => split).map(({ name }) => name)

function gatewayDialect(text: string): string {
  if (gatewayDialects.includes(text)) return text
  throw new WrongUse(
    `--dialect is "${text}". Gateways use one of: ${gatewayDialects.join(', ')}. To add a single box: npx lamppost device add`
  )
}

/** By the id that `gateway things` shows, or by the address where only one box has it. */
function wantedThing({ families }: CommandContext, wanted: string): HeardThing {
  if (!families) throw new WrongUse('Start the hub first: only a running hub knows which boxes it hears.')
  const heard = families
    .heard()
    .filter(({ thingId, address, name }) => [thingId, address, name].includes(wanted))
  if (heard.length === 1) return heard[0]!
  throw new WrongUse(
    heard.length === 0
      ? `No box "${wanted}" was heard. For those that were, see: npx lamppost gateway things`
      : `Several boxes are called "${wanted}". Name one by its id: ${heard.map(({ thingId }) => thingId).join(', ')}`
  )
}

/** An address that is one everywhere may come by any gateway of its family. */
function isBehind({ scope }: Thing, gatewayId: string): boolean {
  return scope === '' || scope === gatewayId
}

function claimedLine({ dialect, address, name, deviceId, claimedAt }: Thing): string {
  return `${deviceId}  ${shownName(name, address)} (${dialect})  claimed ${toIso(claimedAt)}`
}

function heardLine({ thingId, dialect, quantities, lastAt, ...thing }: HeardThing): string {
  return `${thingId}  ${shownThing(thing)} (${dialect})  ${quantities.join(', ')}, heard ${toIso(lastAt as UnixMs)}`
}

function shownThing({ name, address }: Pick<Thing, 'name' | 'address'>): string {
  return shownName(name, address)
}

function shownName(name: string, address: string): string {
  return name === '' || name === address ? JSON.stringify(address) : `${JSON.stringify(name)} ${address}`
}

function unknownGateway(gatewayId: string): string {
  return `There is no gateway "${gatewayId}". See: npx lamppost gateway list`
}
