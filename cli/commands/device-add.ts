/** `lamppost device add`: a sensor, its credential, and the settings to type into it. */
import { dialects } from '../../ingest/decode.ts'
import type { Placement } from '../../model/place.ts'
import { isSensorFamily, sensorFamilyNames, type SensorFamily } from '../../model/sensor.ts'
import { RegistryRefusal, type Credentials } from '../../registry/registry.ts'
import { addSensor } from '../../hub/hosting/add-sensor.ts'
import { shownCredentials } from '../../hub/hosting/box-facts.ts'
import type { BoxSettings } from '../../hub/hosting/box-settings.ts'
import {
  option,
  optionList,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandContext
} from '../command.ts'
import { settingsText } from '../settings-text.ts'
import { timeOption } from '../time-option.ts'
import { mapIn, mapOption, withMap } from './map.ts'
import { given } from './named-device.ts'
import { placementOf, whereOptions, whereUsage, whereWanted, withPlacement } from './where.ts'

export const deviceAddCommand: Command = {
  words: 'device add',
  usage: `device add --street S ${whereUsage} [--name N] [--dialect D] [--address A] [--map FIELDS.json] [--sensor KIND]… [--reference] [--interval SECONDS] [--from T]`,
  says: 'Add a sensor; its password and settings are printed only this once',
  options: {
    street: { type: 'string' },
    name: { type: 'string' },
    dialect: { type: 'string' },
    address: { type: 'string' },
    reference: { type: 'boolean' },
    sensor: { type: 'string', multiple: true },
    from: { type: 'string' },
    ...mapOption,
    ...whereOptions
  },
  positionals: [0, 0],
  prepare: (input) => withPlacement(withMap(input)),
  run: plain(async (context, input) => {
    const { registry, clock, directoryTold } = context
    const streetId = requiredOption(input, 'street', 'the street where the sensor is, by name or id.')
    const placement = placementOf(input)
    const isReference = input.values['reference'] === true
    if (isReference && placement === 'indoor')
      throw new WrongUse(
        '--reference is for outdoor stations: what is measured in a home is nobody’s reference.'
      )
    const dialect = wantedDialect(
      option(input, 'dialect') ?? (option(input, 'map') === undefined ? undefined : 'other')
    )
    const credentials = asWrongUse(() =>
      addSensor(
        registry,
        {
          streetId,
          dialect,
          ...given('name', option(input, 'name')),
          ...given('address', option(input, 'address')),
          ...mapIn(input),
          isReference,
          sensors: familiesOf(optionList(input, 'sensor')),
          ...whereWanted(registry, input),
          ...given('from', timeOption(input, 'from', context.timezone))
        },
        clock.now()
      )
    )
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
  const { pushUrl, settings, ...shown } = shownCredentials(context, dialect, credentials)
  return {
    json: { ...shown, ...given('pushUrl', pushUrl), ...(settings.length > 0 ? { settings } : {}) },
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

/** What the box is known by belongs to the words of the command. */
function asWrongUse<T>(add: () => T): T {
  try {
    return add()
  } catch (cause) {
    const isAddress =
      cause instanceof RegistryRefusal &&
      ['addressMissing', 'thingClaimed', 'mapMissing', 'mapBad'].includes(cause.code)
    throw isAddress ? new WrongUse(cause.message) : cause
  }
}

function wantedDialect(text: string | undefined): string {
  if (text === undefined) return 'lamppost'
  if (dialects.has(text)) return text
  throw new WrongUse(`--dialect is "${text}". Give one of: ${[...dialects.keys()].join(', ')}.`)
}

export function familiesOf(kinds: readonly string[]): SensorFamily[] {
  return kinds.map((kind) => {
    if (isSensorFamily(kind)) return kind
    throw new WrongUse(`There is no kind of sensor "${kind}". Known kinds: ${sensorFamilyNames.join(', ')}.`)
  })
}
