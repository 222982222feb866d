/** `lamppost device placement`: whether a place is outdoors, where everybody sees it, or indoors, where nobody does. */
import { relocate } from '../../hub/moving.ts'
import { counted } from '../../model/counted.ts'
import type { Deployment, Placement, Site } from '../../model/place.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'
import {
  option,
  plain,
  WrongUse,
  type Command,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { timeOption } from '../time-option.ts'
import { unknownDevice } from './named-device.ts'
import { readingsWithin } from '../../hub/hosting/readings-within.ts'

export const placementCommand: Command = {
  words: 'device placement',
  usage: 'device placement ID outdoor|indoor [--place P | --all] [--home H] [--from T] [--yes]',
  says: 'Correct whether a place is indoor or outdoor: indoor makes all its readings private at once; outdoor makes them public from now on, or from T on',
  options: {
    place: { type: 'string' },
    all: { type: 'boolean' },
    home: { type: 'string' },
    from: { type: 'string' },
    yes: { type: 'boolean' }
  },
  positionals: [2, 2],
  run: plain(async (rooms, input) => {
    const [deviceId = '', placement = ''] = input.positionals
    if (placement !== 'indoor' && placement !== 'outdoor')
      throw new WrongUse(`The placement is "${placement}". Give indoor or outdoor.`)
    if (!rooms.registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))
    const places = placesOf(rooms.registry, deviceId)
    const chosen = chosenPlaces(places, deviceId, input)
    const others = places.filter((place) => !chosen.includes(place))
    return placement === 'indoor'
      ? makePrivate(rooms, { deviceId, chosen, others }, input)
      : makePublic(rooms, { deviceId, chosen, others }, input)
  })
}

const endOfTime = Number.MAX_SAFE_INTEGER as UnixMs

/** A place that a device has or had, with when. */
interface Place {
  site: Site
  from: UnixMs | null
  until: UnixMs | null
}

interface Chosen {
  deviceId: string
  chosen: readonly Place[]
  others: readonly Place[]
}

function placesOf(registry: Registry, deviceId: string): Place[] {
  const places = new Map<string, Deployment[]>()
  for (const one of registry.deployments(deviceId))
    places.set(one.siteId, [...(places.get(one.siteId) ?? []), one])
  return [...places].map(([siteId, stays]) => ({
    site: registry.site(siteId)!,
    from: stays[0]!.from,
    until: stays.at(-1)!.until
  }))
}

function chosenPlaces(places: readonly Place[], deviceId: string, input: CommandInput): Place[] {
  const wanted = option(input, 'place')
  if (input.values['all'] === true) {
    if (wanted !== undefined) throw new WrongUse('--place and --all contradict each other; give one.')
    return [...places]
  }
  if (wanted === undefined) return places.slice(-1)
  const found = places.filter(({ site }) => site.siteId === wanted || site.name === wanted)
  if (found.length === 1) return found
  const which = places.map(({ site }) => `${site.siteId} (${site.name})`).join(', ')
  throw new WrongUse(
    found.length === 0
      ? `${deviceId} was never at "${wanted}". Its places: ${which}.`
      : `${deviceId} has ${found.length} places called "${wanted}". Give the id of one: ${which}.`
  )
}

async function makePrivate(
  { registry, clock, directoryTold }: CommandContext,
  { deviceId, chosen, others }: Chosen,
  input: CommandInput
): Promise<CommandResult> {
  if (option(input, 'from'))
    throw new WrongUse(
      '--from goes with outdoor only: indoor makes all readings of the place private. Leave --from out.'
    )
  const home = option(input, 'home')
  for (const { site } of chosen) registry.makePrivate(site.siteId, home, clock.now())
  await directoryTold()
  const now = chosen.map((place) => ({ ...place, site: registry.site(place.site.siteId)! }))
  const lines = now.map(
    (place) =>
      `${placeText(registry, place)} is private: only its host and you see what ${deviceId} measured there.`
  )
  return {
    json: { deviceId, placement: 'indoor', places: now.map(placeJson), others: others.map(placeJson) },
    text: [...lines, ...othersText(registry, deviceId, 'indoor', others)].join('\n')
  }
}

async function makePublic(
  rooms: CommandContext,
  { deviceId, chosen, others }: Chosen,
  input: CommandInput
): Promise<CommandResult> {
  const { registry, clock } = rooms
  if (option(input, 'home')) throw new WrongUse('--home is for indoor places; leave it out.')
  const told = timeOption(input, 'from', rooms.timezone)
  const from = told ?? clock.now()
  // Where nothing is measured any more, nothing can become public from now on.
  const open = chosen.filter(
    ({ site, until }) => site.placement === 'indoor' && (until === null || until > from)
  )
  if (open.length === 0) return nothingToPublish(registry, { deviceId, chosen, others })
  let readings = 0
  for (const { site } of open)
    readings += await readingsWithin(rooms.pipeline, site.siteId, { from, until: endOfTime })
  if (input.values['yes'] !== true) {
    const where = open.map((place) => placeText(registry, place)).join('\n  ')
    return {
      json: { deviceId, placement: 'outdoor', readingsPublic: readings, places: open.map(placeJson) },
      text:
        `Everybody will see what ${deviceId} measures from ${toIso(from)} on, and the name of the place, at\n  ${where}\n` +
        `${counted(readings, 'reading')} that ${readings === 1 ? 'is' : 'are'} private now would become public at once.`,
      confirm: ['Is the sensor really outdoors there?', 'Everybody will see these readings. Are you sure?']
    }
  }
  const outdoors: Place[] = []
  for (const { site, until } of open) {
    const { siteId } = await relocate(rooms, deviceId, () =>
      registry.makePublic(site.siteId, from, clock.now())
    )
    outdoors.push({ site: registry.site(siteId)!, from, until })
  }
  const closed = [...others, ...chosen.filter((place) => !open.includes(place))]
  return {
    json: {
      deviceId,
      placement: 'outdoor',
      readingsPublic: readings,
      places: outdoors.map(placeJson),
      others: closed.map(placeJson)
    },
    text: [
      ...outdoors.map(
        (place) =>
          `${placeText(registry, place)} is public from ${toIso(from)} on. ${counted(readings, 'reading')} became public.`
      ),
      ...(told === undefined ? ['Earlier readings stay private.'] : []),
      ...othersText(registry, deviceId, 'outdoor', closed)
    ].join('\n')
  }
}

function nothingToPublish(registry: Registry, { deviceId, chosen, others }: Chosen): CommandResult {
  const isPublic = chosen.every(({ site }) => site.placement === 'outdoor')
  if (!isPublic)
    throw new WrongUse(
      `${deviceId} no longer measures there, so nothing would become public from now on. To publish what it measured there, give a start: --from T`
    )
  return {
    json: {
      deviceId,
      placement: 'outdoor',
      readingsPublic: 0,
      places: chosen.map(placeJson),
      others: others.map(placeJson)
    },
    text: [
      ...chosen.map((place) => `${placeText(registry, place)} is public already.`),
      ...othersText(registry, deviceId, 'outdoor', others)
    ].join('\n')
  }
}

function othersText(
  registry: Registry,
  deviceId: string,
  wanted: Placement,
  others: readonly Place[]
): string[] {
  const unlike = others.filter(({ site }) => site.placement !== wanted)
  if (unlike.length === 0) return []
  const state = wanted === 'indoor' ? 'public' : 'private'
  return [
    `Other places of ${deviceId} stay ${state}:`,
    ...unlike.map(
      (place) =>
        `  ${placeText(registry, place)}: npx lamppost device placement ${deviceId} ${wanted} --place ${place.site.siteId}`
    )
  ]
}

function placeText(registry: Registry, { site, from, until }: Place): string {
  const street = registry.street(site.streetId)?.name ?? site.streetId
  const since = from === null ? 'from the beginning' : `from ${toIso(from)}`
  return `${site.name}, ${street} (${site.siteId}; ${since}${until === null ? ' on' : ` until ${toIso(until)}`})`
}

function placeJson({ site, from, until }: Place) {
  return {
    siteId: site.siteId,
    name: site.name,
    streetId: site.streetId,
    placement: site.placement,
    from: from === null ? null : toIso(from),
    until: until === null ? null : toIso(until)
  }
}
