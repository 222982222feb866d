/** `lamppost device …`: the boxes, their secrets, and what is wrong with them. Where they are installed: device-place.ts. */
import type { Unplaced } from '../../journal/unplaced-count.ts'
import type { Presence } from '../../broker/presence.ts'
import { passwordOverlapMs } from '../../model/limits.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { failingReason } from '../../figures/left-out.ts'
import { reasons, type Reason } from '../../model/flag.ts'
import type { ProblemSummary, Rotation } from '../../registry/registry.ts'
import type { Failures, ReadingReader } from '../../store/promise/read.ts'
import { sensorFamilies, type SensorFamily } from '../../model/sensor.ts'
import { plain, WrongUse, type Command, type CommandContext } from '../command.ts'
import { durationOption } from '../time-option.ts'
import { counted } from '../../model/counted.ts'
import { consentCommand } from './consent.ts'
import { credentialsFor, familiesOf } from './device-add.ts'
import { forwardCommand } from './device-forward.ts'
import { devicePlaceCommands } from './device-place.ts'
import { deviceMapCommand } from './map.ts'
import { unknownDevice } from './named-device.ts'

export const deviceCommands: Command[] = [
  ...devicePlaceCommands,
  consentCommand,
  forwardCommand,
  deviceMapCommand,
  {
    words: 'device list',
    usage: 'device list',
    says: 'List all sensors: where each is installed, when it was last heard, what is wrong',
    options: {},
    positionals: [0, 0],
    run: plain(async (rooms) => {
      const devices = await listDevices(rooms)
      const text = devices.length
        ? devices.map(deviceLine).join('\n')
        : 'No sensors yet. Next: npx lamppost device add --street "Ashley Road" --outdoor'
      return { json: devices, text }
    })
  },
  {
    words: 'device problems',
    usage: 'device problems ID',
    says: 'List what was wrong with the messages of a sensor, and what to do',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, pipeline }, { positionals: [deviceId = ''] }) => {
      if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
      const told = registry.problems(deviceId)
      const problems = [...told, ...laterFailures(told, await failuresOf(pipeline.service, deviceId))]
        .toSorted((a, b) => b.lastAt - a.lastAt)
        .map(({ aboutFrom, ...p }) => ({
          ...p,
          firstAt: toIso(p.firstAt),
          lastAt: toIso(p.lastAt),
          aboutFrom: aboutFrom === null ? null : toIso(aboutFrom)
        }))
      const text = problems.length
        ? [...problems.map(problemLine), 'What each code means, and what to do: docs/faults.md'].join('\n')
        : 'No problems were found.'
      return { json: problems, text }
    })
  },
  {
    words: 'device sensors',
    usage: 'device sensors ID KIND…',
    says: 'Set which sensors a box contains (sds011, bme280 …); its values are checked against their ranges',
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
        text: `${deviceId} contains ${names}; new readings are checked against their ranges.`
      }
    })
  },
  {
    words: 'device rotate',
    usage: 'device rotate ID [--overlap 24h | --now]',
    says: 'Give a sensor a new password; the old one works for another day, or ends at once with --now (if it leaked)',
    options: { overlap: { type: 'string' }, now: { type: 'boolean' } },
    positionals: [1, 1],
    run: plain(async (context, input) => {
      const { registry, clock, disconnect } = context
      const deviceId = input.positionals[0]!
      const overlapMs = durationOption(input, 'overlap')
      const atOnce = input.values['now'] === true
      if (atOnce && overlapMs) throw new WrongUse('--now and --overlap contradict each other; give one.')
      const rotation = registry.rotate(deviceId, atOnce ? 0 : (overlapMs ?? passwordOverlapMs), clock.now())
      disconnect(deviceId)
      const { dialect } = registry.device(deviceId)!
      const { json, lines } = credentialsFor(context, dialect, rotation)
      return {
        json: { ...json, oldPasswordUntil: isoOrNull(rotation.oldPasswordUntil) },
        text: [...lines, oldPasswordText(rotation)].join('\n')
      }
    })
  },
  {
    words: 'device remove',
    usage: 'device remove ID',
    says: 'Remove a sensor that is gone: its password stops working, its readings stay',
    options: {},
    positionals: [1, 1],
    run: plain(async (rooms, { positionals: [deviceId = ''] }) => {
      const { registry, pipeline, clock, disconnect, directoryTold } = rooms
      registry.remove(deviceId, clock.now())
      disconnect(deviceId)
      await directoryTold()
      const held = (await pipeline.service.held()).find((one) => one.deviceId === deviceId)
      const stillWaiting = held
        ? `\n${counted(held.messages, 'message')} without a place stay, too. To give them a place: ${claiming(deviceId)}`
        : ''
      return {
        json: { deviceId, removed: true, waiting: waitingOf(held) },
        text: `${deviceId} was removed. Its readings stay.${stillWaiting}`
      }
    })
  }
]

function failuresOf(service: Pick<ReadingReader, 'failures'>, deviceId: string): Promise<Failures[]> {
  return service.failures({ deviceId, from: -Infinity as UnixMs, until: Infinity as UnixMs })
}

/** What failed only when it was compared with what is around it: the message itself had nothing wrong. */
function laterFailures(told: readonly ProblemSummary[], failures: readonly Failures[]): LaterFailure[] {
  const groups = Map.groupBy(failures, ({ quantity, reasons: bits }) => `${quantity} ${failingReason(bits)}`)
  return [...groups.values()].flatMap((same) => {
    const [{ deviceId, quantity, reasons: bits }] = same as [Failures, ...Failures[]]
    const code = failingReason(bits)
    if (!code || told.some((one) => one.code === code && one.field === quantity)) return []
    const count = same.reduce((sum, one) => sum + one.count, 0)
    return [
      {
        deviceId,
        code,
        field: quantity,
        message: `${quantity}: ${reasons[code]} Left out of every figure.`,
        count,
        firstAt: Math.min(...same.map(({ first }) => first)) as UnixMs,
        lastAt: Math.max(...same.map(({ last }) => last)) as UnixMs,
        aboutFrom: Math.min(...same.map(({ first }) => first)) as UnixMs
      }
    ]
  })
}

/** Its times are those of the readings. */
interface LaterFailure extends Pick<
  ProblemSummary,
  'deviceId' | 'count' | 'firstAt' | 'lastAt' | 'aboutFrom'
> {
  code: Reason
  field: string
  message: string
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

function oldPasswordText({ deviceId, oldPasswordUntil }: Rotation): string {
  if (oldPasswordUntil === null)
    return 'The old password no longer works, and clients that were using it are disconnected.'
  return (
    `The old password works until ${toIso(oldPasswordUntil)}, so the sensor loses nothing in the meantime.\n` +
    `If it leaked, disable it now: npx lamppost device rotate ${deviceId} --now`
  )
}

interface ListedDevice {
  deviceId: string
  name: string
  street: string | null
  siteId: string | null
  placement: string | null
  homeId: string | null
  /** Its host. */
  personId: string | null
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
      homeId: site?.homeId || null,
      personId: site?.personId ?? null,
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
  const more = waiting.isBack ? ', and it is paused until it has one' : ''
  return `, ${counted(waiting.messages, 'message')} without a place${more}: ${claiming(deviceId)}`
}

function claiming(deviceId: string): string {
  return `npx lamppost device move ${deviceId} --street S --at T`
}

function isoOrNull(at: UnixMs | null): string | null {
  return at === null ? null : toIso(at)
}

function sourceText(source: string | null): string {
  return source === 'learnt' ? ' (assumed)' : source === 'dialect' ? ' (the usual interval of this kind)' : ''
}

function deviceLine(d: ListedDevice): string {
  const spoke = d.lastReadingAt ? `last reading ${d.lastReadingAt}` : 'no reading yet'
  const interval =
    d.intervalS === null ? 'interval not known yet' : `every ${d.intervalS} s${sourceText(d.intervalSource)}`
  const state = d.presence === 'unknown' ? '' : `${d.presence}, `
  const trouble = d.problems
    ? `, ${counted(d.problems, 'problem')}: npx lamppost device problems ${d.deviceId}`
    : ''
  const password = d.oldPasswordUntil ? `, old password works until ${d.oldPasswordUntil}` : ''
  return `${d.deviceId}  ${d.name}, ${d.street ?? 'nowhere'} (${d.placement ?? '–'})  ${state}${spoke}, ${interval}${trouble}${waitingText(d)}${password}${d.removed ? '  [removed]' : ''}`
}
