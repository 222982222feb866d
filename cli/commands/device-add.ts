/** `lamppost device add`: a sensor, its credential, and the settings to type into it. */
import { dialectOf, dialects } from '../../ingest/decode.ts'
import type { ThingKey } from '../../model/gateway.ts'
import type { Placement } from '../../model/place.ts'
import { isSensorFamily, sensorFamilyNames, type SensorFamily } from '../../model/sensor.ts'
import type { Credentials } from '../../registry/registry.ts'
import { boxSettings, pushUrlOf, type BoxSettings } from '../box-settings.ts'
import {
  option,
  optionList,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandContext,
  type CommandInput
} from '../command.ts'
import { settingsText } from '../settings-text.ts'
import { timeOption } from '../time-option.ts'
import { factsOf, withoutToken } from './box-facts.ts'
import { given } from './named-device.ts'
import { placementOf, whereOptions, whereUsage, whereWanted, withPlacement } from './where.ts'

export const deviceAddCommand: Command = {
  words: 'device add',
  usage: `device add --street S ${whereUsage} [--name N] [--dialect D] [--address A] [--sensor KIND]… [--interval SECONDS] [--from T]`,
  says: 'Add a sensor; its password and settings are printed only this once',
  options: {
    street: { type: 'string' },
    name: { type: 'string' },
    dialect: { type: 'string' },
    address: { type: 'string' },
    sensor: { type: 'string', multiple: true },
    from: { type: 'string' },
    ...whereOptions
  },
  positionals: [0, 0],
  prepare: withPlacement,
  run: plain(async (context, input) => {
    const { registry, clock, directoryTold } = context
    const streetId = requiredOption(input, 'street', 'the street where the sensor is, by name or id.')
    const placement = placementOf(input)
    const dialect = wantedDialect(option(input, 'dialect'))
    const address = wantedAddress(input, dialect, placement)
    const { push, isLocalAddress } = dialectOf(dialect)
    const key = (scope: string): ThingKey => ({ dialect, scope, address: address ?? '' })
    const isLocal = address !== undefined && (isLocalAddress?.(address) ?? false)
    if (address !== undefined && !isLocal) refuseClaimed(registry, key(''))
    const credentials = registry.addDevice(
      {
        streetId,
        dialect,
        hasToken: push !== undefined,
        unauthenticated: dialect === 'smartcitizen',
        ...given('name', option(input, 'name')),
        sensors: familiesOf(optionList(input, 'sensor')),
        ...whereWanted(registry, input, dialect),
        ...given('from', timeOption(input, 'from', context.timezone))
      },
      clock.now()
    )
    const { deviceId } = credentials
    if (address !== undefined)
      registry.claimThing({ ...key(isLocal ? deviceId : ''), name: '', deviceId }, clock.now())
    await directoryTold()
    return added(context, { credentials, dialect, placement })
  })
}

function added(
  context: CommandContext,
  { credentials, dialect, placement }: { credentials: Credentials; dialect: string; placement: Placement }
) {
  const { json, lines } = credentialsFor(context, dialect, credentials)
  const next =
    placement === 'indoor'
      ? [
          `It is private. If its home agrees to count towards the street's figures: npx lamppost device consent ${credentials.deviceId} on --for street --by NAME`
        ]
      : []
  return { json, text: [...lines, ...next].join('\n') }
}

/** What is shown only this once: when a sensor is added, and when its secrets are changed. */
export function credentialsFor(
  context: Pick<CommandContext, 'deviceHost' | 'mqttPort' | 'httpPort'>,
  dialect: string,
  credentials: Credentials
): { json: object; lines: string[] } {
  const facts = factsOf(context, credentials.deviceId, credentials)
  const pushUrl = pushUrlOf(dialect, facts)
  const settings = boxSettings(dialect, facts)
  return {
    json: {
      ...withoutToken(credentials),
      ...given('pushUrl', pushUrl),
      ...(settings.length > 0 ? { settings } : {})
    },
    lines: [
      `Sensor ${credentials.deviceId} at site ${credentials.siteId}`,
      `  user name  ${credentials.username}`,
      `  password   ${credentials.password}   (shown only this once)`,
      ...(pushUrl ? [`  push to    ${pushUrl}   (shown only this once)`] : []),
      ...howToGoOn(dialect, credentials, context.mqttPort, settings)
    ]
  }
}

/** mosquitto_pub goes to 1883 unless it is told otherwise. */
function howToGoOn(dialect: string, c: Credentials, mqttPort: number, settings: BoxSettings[]): string[] {
  if (dialect !== 'lamppost') return [settingsText(dialect, settings)]
  const port = mqttPort === 1_883 || mqttPort === 0 ? '' : ` -p ${mqttPort}`
  return [
    `  topic      ${c.topic}`,
    'Try it:',
    `  mosquitto_pub -h localhost${port} -q 1 -u ${c.username} -P ${c.password} -t ${c.topic} -m '{"pm2_5":8.1}'`
  ]
}

function wantedDialect(text: string | undefined): string {
  if (text === undefined) return 'lamppost'
  if (dialects.has(text)) return text
  throw new WrongUse(`--dialect is "${text}". Give one of: ${[...dialects.keys()].join(', ')}.`)
}

/** How the box is known besides its secret; of a kit that can hold none it is all there is. */
function wantedAddress(input: CommandInput, dialect: string, placement: Placement): string | undefined {
  const address = option(input, 'address')?.trim()
  if (address !== undefined && address !== '') return address
  if (dialect === 'smartcitizen')
    throw new WrongUse("--address is missing: the kit's token, six letters and digits; on its shell: config")
  // A weather station measures in several places; one secret stands for one of them.
  return dialect === 'ecowitt' ? placement : undefined
}

function refuseClaimed(registry: CommandContext['registry'], key: ThingKey): void {
  const deviceId = registry.deviceOfThing(key)
  if (deviceId === undefined) return
  throw new WrongUse(
    `${key.address} is already the address of ${deviceId}. If that box is gone: npx lamppost device remove ${deviceId}`
  )
}

export function familiesOf(kinds: readonly string[]): SensorFamily[] {
  return kinds.map((kind) => {
    if (isSensorFamily(kind)) return kind
    throw new WrongUse(`There is no kind of sensor "${kind}". Known kinds: ${sensorFamilyNames.join(', ')}.`)
  })
}
