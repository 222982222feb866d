/** `lamppost device …`: the boxes, their secrets, and where they hang. */
import { moveDevice } from '../../hub/moving.ts'
import { dialects } from '../../ingest/decode.ts'
import type { Unplaced } from '../../journal/unplaced-count.ts'
import type { Presence } from '../../broker/presence.ts'
import { passwordOverlapMs } from '../../model/limits.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Credentials, Rotation } from '../../registry/registry.ts'
import { isSensorFamily, sensorFamilies, sensorFamilyNames, type SensorFamily } from '../../model/sensor.ts'
import {
  option,
  optionList,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandContext
} from '../command.ts'
import { durationOption, timeOption } from '../time-option.ts'
import { counted } from '../../model/counted.ts'

export const deviceCommands: Command[] = [
  {
    words: 'device add',
    usage:
      'device add --street S [--name N] [--indoor [--home H] [--consent]] [--dialect D] [--sensor KIND]… [--interval SECONDS] [--from T]',
    says: 'Add a sensor; prints its password, only this once',
    options: {
      street: { type: 'string' },
      name: { type: 'string' },
      indoor: { type: 'boolean' },
      home: { type: 'string' },
      consent: { type: 'boolean' },
      dialect: { type: 'string' },
      sensor: { type: 'string', multiple: true },
      interval: { type: 'string' },
      from: { type: 'string' }
    },
    positionals: [0, 0],
    run: plain(async ({ registry, clock, directoryTold }, input) => {
      const streetId = requiredOption(input, 'street', 'the street where the sensor hangs, by name or id.')
      const indoor = input.values['indoor'] === true
      if (!indoor && (option(input, 'home') || input.values['consent'])) {
        throw new WrongUse('--home and --consent are for indoor sensors; add --indoor.')
      }
      const credentials = registry.addDevice(
        {
          streetId,
          placement: indoor ? 'indoor' : 'outdoor',
          streetConsent: input.values['consent'] === true,
          ...given('name', option(input, 'name')),
          ...given('homeId', option(input, 'home')),
          ...given('dialect', dialectOf(option(input, 'dialect'))),
          sensors: familiesOf(optionList(input, 'sensor')),
          ...given('intervalS', seconds(option(input, 'interval'))),
          ...given('from', timeOption(input, 'from'))
        },
        clock.now()
      )
      await directoryTold()
      return { json: credentials, text: credentialsText(credentials) }
    })
  },
  {
    words: 'device list',
    usage: 'device list',
    says: 'Every sensor: where it hangs, when it last spoke, what is wrong',
    options: {},
    positionals: [0, 0],
    run: plain(async (rooms) => {
      const devices = await listDevices(rooms)
      const text = devices.length
        ? devices.map(deviceLine).join('\n')
        : 'No sensors yet. Next: npx lamppost device add --street "Ashley Road"'
      return { json: devices, text }
    })
  },
  {
    words: 'device problems',
    usage: 'device problems ID',
    says: 'What was wrong with the messages of a sensor, and what to do',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry }, { positionals: [deviceId = ''] }) => {
      if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
      const problems = registry
        .problems(deviceId)
        .map((p) => ({ ...p, firstAt: toIso(p.firstAt), lastAt: toIso(p.lastAt) }))
      const text = problems.length
        ? [...problems.map(problemLine), 'What each code means, and what to do: docs/faults.md'].join('\n')
        : 'Nothing was wrong.'
      return { json: problems, text }
    })
  },
  {
    words: 'device move',
    usage: 'device move ID --street S [--at T]',
    says: 'The sensor hangs elsewhere from a time on, or hung there before it had a place',
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
        text: `${deviceId} ${until === null ? 'hangs' : 'hung'} at ${siteId} in ${streetId} from ${toIso(at)} ${until === null ? 'on' : `until ${toIso(until)}`}. ${counted(readingsMoved, 'reading')} went with it.`
      }
    })
  },
  {
    words: 'device placement',
    usage: 'device placement ID indoor|outdoor',
    says: 'Correct where a sensor hangs: indoors everything it ever measured there is private at once',
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [deviceId = '', placement = ''] }) => {
      if (placement !== 'indoor' && placement !== 'outdoor') {
        throw new WrongUse(`"${placement}" is neither indoor nor outdoor.`)
      }
      if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
      const siteId = registry.deployments(deviceId).at(-1)?.siteId ?? ''
      registry.setPlacement(siteId, placement)
      const who = placement === 'indoor' ? 'private: only you can export it' : 'public'
      return { json: { deviceId, siteId, placement }, text: `What ${deviceId} measures there is ${who}.` }
    })
  },
  {
    words: 'device consent',
    usage: 'device consent ID on|off',
    says: "May this home count, unseen, into its street's indoor figures?",
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [deviceId = '', answer = ''] }) => {
      if (answer !== 'on' && answer !== 'off') throw new WrongUse(`"${answer}" is neither on nor off.`)
      if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
      const site = registry.site(registry.deployments(deviceId).at(-1)?.siteId ?? '')
      if (site?.placement !== 'indoor') {
        throw new WrongUse(`${deviceId} hangs outdoors, where no consent is needed.`)
      }
      registry.setConsent(site.siteId, answer === 'on')
      const counts = answer === 'on' ? 'counts' : 'no longer counts'
      return {
        json: { deviceId, siteId: site.siteId, consent: answer === 'on' },
        text: `${deviceId} ${counts} into the street's indoor figures.`
      }
    })
  },
  {
    words: 'device sensors',
    usage: 'device sensors ID KIND…',
    says: 'What a box holds (sds011, bme280 …): its values are checked by what such a sensor can say',
    options: {},
    positionals: [2, 20],
    run: plain(async ({ registry, directoryTold }, { positionals: [deviceId = '', ...kinds] }) => {
      if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
      const sensors = familiesOf(kinds)
      registry.setSensors(deviceId, sensors)
      await directoryTold()
      const names = sensors.map((family) => sensorFamilies[family]).join(', ')
      return {
        json: { deviceId, sensors },
        text: `${deviceId} holds ${names}; readings from now on are checked by it.`
      }
    })
  },
  {
    words: 'device rotate',
    usage: 'device rotate ID [--overlap 24h | --now]',
    says: 'Give a sensor a new password; the old one works for another day, or ends --now if it leaked',
    options: { overlap: { type: 'string' }, now: { type: 'boolean' } },
    positionals: [1, 1],
    run: plain(async ({ registry, clock, disconnect }, input) => {
      const deviceId = input.positionals[0]!
      const overlapMs = durationOption(input, 'overlap')
      const atOnce = input.values['now'] === true
      if (atOnce && overlapMs) throw new WrongUse('--now and --overlap contradict each other; give one.')
      const rotation = registry.rotate(deviceId, atOnce ? 0 : (overlapMs ?? passwordOverlapMs), clock.now())
      disconnect(deviceId)
      const json = { ...rotation, oldPasswordUntil: isoOrNull(rotation.oldPasswordUntil) }
      return { json, text: `${credentialsText(rotation)}\n${oldPasswordText(rotation)}` }
    })
  },
  {
    words: 'device remove',
    usage: 'device remove ID',
    says: 'A sensor is gone: its password ends, its readings stay',
    options: {},
    positionals: [1, 1],
    run: plain(async (rooms, { positionals: [deviceId = ''] }) => {
      const { registry, pipeline, clock, disconnect, directoryTold } = rooms
      registry.remove(deviceId, clock.now())
      disconnect(deviceId)
      await directoryTold()
      const held = (await pipeline.service.held()).find((one) => one.deviceId === deviceId)
      const stillWaiting = held
        ? `\n${counted(held.messages, 'message')} without a place stay as well. To give them one: ${claiming(deviceId)}`
        : ''
      return {
        json: { deviceId, removed: true, waiting: waitingOf(held) },
        text: `${deviceId} is removed. What it measured stays.${stillWaiting}`
      }
    })
  }
]

/** An optional field that is absent rather than undefined. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}

function dialectOf(text: string | undefined): string | undefined {
  if (text === undefined || dialects.has(text)) return text
  throw new WrongUse(`--dialect is "${text}". Give one of: ${[...dialects.keys()].join(', ')}.`)
}

function familiesOf(kinds: readonly string[]): SensorFamily[] {
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

function problemLine(p: {
  firstAt: string
  lastAt: string
  count: number
  code: string
  message: string
}): string {
  const since = p.count > 1 ? `  (since ${p.firstAt})` : ''
  return `${p.lastAt}  ${p.count}×  ${p.code}  ${p.message}${since}`
}

export function unknownDevice(deviceId: string): string {
  return `There is no sensor "${deviceId}". See: npx lamppost device list`
}

function credentialsText(c: Credentials): string {
  return [
    `Sensor ${c.deviceId} at site ${c.siteId}`,
    `  user name  ${c.username}`,
    `  password   ${c.password}   (shown only this once)`,
    `  topic      ${c.topic}`,
    'Try it:',
    `  mosquitto_pub -h localhost -q 1 -u ${c.username} -P ${c.password} -t ${c.topic} -m '{"pm2_5":8.1}'`
  ].join('\n')
}

function oldPasswordText({ deviceId, oldPasswordUntil }: Rotation): string {
  if (oldPasswordUntil === null) return 'The old password has ended, and who was connected with it is let go.'
  return (
    `The old password works until ${toIso(oldPasswordUntil)}, so that the sensor loses nothing meanwhile.\n` +
    `If it leaked, end it at once: npx lamppost device rotate ${deviceId} --now`
  )
}

interface ListedDevice {
  deviceId: string
  name: string
  street: string | null
  siteId: string | null
  placement: string | null
  dialect: string
  sensors: readonly SensorFamily[]
  intervalS: number | null
  intervalSource: string | null
  lastReadingAt: string | null
  /** online, asleep, silent, vanished, or unknown since the hub started. */
  presence: Presence
  problems: number
  /** Messages without a place for their time; null when there are none. */
  waiting: Pick<Unplaced, 'messages' | 'bytes' | 'isBack'> | null
  /** While a rotated password is on its way to the sensor. */
  oldPasswordUntil: string | null
  removed: boolean
}

async function listDevices({ registry, pipeline, presence, clock }: CommandContext): Promise<ListedDevice[]> {
  const newest = new Map<string, number>()
  for (const { deviceId, measuredAt } of await pipeline.service.latest()) {
    newest.set(deviceId, Math.max(measuredAt, newest.get(deviceId) ?? 0))
  }
  const held = new Map((await pipeline.service.held()).map((one) => [one.deviceId, one]))
  return registry.devices().map((device) => {
    const siteId = registry.deployments(device.deviceId).at(-1)?.siteId
    const site = siteId ? registry.site(siteId) : undefined
    const last = newest.get(device.deviceId)
    return {
      deviceId: device.deviceId,
      name: site?.name ?? device.name,
      street: site ? (registry.street(site.streetId)?.name ?? null) : null,
      siteId: siteId ?? null,
      placement: site?.placement ?? null,
      dialect: device.dialect,
      sensors: device.sensors,
      intervalS: device.intervalS,
      intervalSource: device.intervalSource,
      lastReadingAt: last === undefined ? null : toIso(last as UnixMs),
      presence: presence.of(device.deviceId, device.intervalS, clock.now()),
      problems: registry.problems(device.deviceId).length,
      waiting: waitingOf(held.get(device.deviceId)),
      oldPasswordUntil: isoOrNull(registry.oldPasswordUntil(device.deviceId)),
      removed: device.removedAt !== null
    }
  })
}

function waitingOf(held: Unplaced | undefined): ListedDevice['waiting'] {
  return held ? { messages: held.messages, bytes: held.bytes, isBack: held.isBack } : null
}

/** What waits, and how it goes on. */
function waitingText({ deviceId, waiting }: ListedDevice): string {
  if (!waiting) return ''
  const more = waiting.isBack ? ', and no more is taken until it has one' : ''
  return `, ${counted(waiting.messages, 'message')} without a place${more}: ${claiming(deviceId)}`
}

function claiming(deviceId: string): string {
  return `npx lamppost device move ${deviceId} --street S --at T`
}

function isoOrNull(at: UnixMs | null): string | null {
  return at === null ? null : toIso(at)
}

function deviceLine(d: ListedDevice): string {
  const spoke = d.lastReadingAt ? `last reading ${d.lastReadingAt}` : 'no reading yet'
  const interval =
    d.intervalS === null ? 'interval not known yet' : `every ${d.intervalS} s (${d.intervalSource})`
  const state = d.presence === 'unknown' ? '' : `${d.presence}, `
  const trouble = d.problems
    ? `, ${counted(d.problems, 'problem')}: npx lamppost device problems ${d.deviceId}`
    : ''
  const password = d.oldPasswordUntil ? `, old password works until ${d.oldPasswordUntil}` : ''
  return `${d.deviceId}  ${d.name}, ${d.street ?? 'nowhere'} (${d.placement ?? '–'})  ${state}${spoke}, ${interval}${trouble}${waitingText(d)}${password}${d.removed ? '  [removed]' : ''}`
}
