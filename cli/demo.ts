/** `lamppost demo`: the hub with an invented neighbourhood, ninety days of history and a fleet that publishes over real MQTT. */
import { historyWaitingMax } from './limits.ts'
import { existsSync, readdirSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { createFleet, type Fleet } from '../firmware-sim/fleet.ts'
import { familyNames, familyOfBox, firmwareOf } from '../firmware-sim/family/families.ts'
import { history } from '../firmware-sim/history.ts'
import { inventNeighbourhood, sitesOrdinary, type Neighbourhood } from '../firmware-sim/neighbourhood.ts'
import { runFleet } from '../firmware-sim/publish.ts'
import { storyOf } from '../firmware-sim/scenario.ts'
import type { Rooms } from '../hub/rooms.ts'
import { dialectOf } from '../ingest/decode.ts'
import type { Hub } from '../main.ts'
import { dayMs, systemClock, type UnixMs } from '../model/time.ts'
import type { Credentials, Registry } from '../registry/registry.ts'
import { boxSettings } from '../hub/hosting/box-settings.ts'
import { WrongUse } from './command.ts'
import { progressLine } from './progress.ts'
import { addresses, offerStewardLink, startListening } from './start.ts'
import { counted } from '../model/counted.ts'

/** What the data folder of a demo holds, so that the next start goes on with the same neighbourhood and the same story. */
interface DemoState {
  seed: number
  sensors: number
  days: number
  /** The moment at which the story was told: bonfire and broken box keep their dates. */
  toldAt: UnixMs
  deviceIds: string[]
}

const stateName = 'demo'

/** The history's step, which the sensors are registered with. Live they speak more often, so that there is something to see. */
const historyStepS = 600
const liveStepS = 20

export async function demo(
  config: Config,
  flags: Record<string, string | undefined>,
  version: string
): Promise<void> {
  refuseForeignFolder(config.dataDir)
  const asked = {
    seed: wholeNumber('seed', flags['seed'] ?? '1', 0, 2 ** 31),
    sensors: wholeNumber('sensors', flags['sensors'] ?? String(sitesOrdinary), 1, 2_000),
    days: wholeNumber('days', flags['days'] ?? '90', 1, 365)
  }
  const neighbourhood = inventNeighbourhood(asked.sensors)
  const zone = neighbourhood.zone
  const demoConfig: Config = {
    ...config,
    name: `${neighbourhood.name} (invented)`,
    timezone: zone,
    logLevel: quieter(config)
  }
  const hub = await startListening(demoConfig, { version, demo: true })
  const { registry } = hub.rooms

  const now = systemClock.now()
  const known = readState(registry)
  if (!known && registry.streets().length > 0) {
    await hub.stop()
    throw new WrongUse(
      `The demo in ${config.dataDir} was cut short while it was made. Remove the folder, and run the demo again.`
    )
  }
  if (known && (known.seed !== asked.seed || known.sensors !== asked.sensors)) {
    await hub.stop()
    throw new WrongUse(
      `${config.dataDir} has a demo made with --seed ${known.seed} --sensors ${known.sensors}. Remove the folder, or choose another with --data.`
    )
  }
  const state = known ?? { ...asked, toldAt: now, deviceIds: [] }
  const storyFrom = (now - asked.days * dayMs) as UnixMs
  const fleet = createFleet({ neighbourhood, seed: state.seed, story: storyOf('demo', state.toldAt, zone) })
  const credentials = known
    ? freshPasswords(registry, known)
    : furnish(registry, { neighbourhood, fleet, now, storyFrom })
  registry.setSetting(stateName, JSON.stringify({ ...state, deviceIds: credentials.map((c) => c.deviceId) }))
  // Else the first messages would be set aside as those of unplaced sensors.
  await hub.rooms.directoryTold()
  const from = await historyStart(hub.rooms, storyFrom)
  await writeHistory(hub.rooms, fleet, credentials, from, now)
  await hub.beginComingOut()
  print(
    `${neighbourhood.name}: ${counted(neighbourhood.streets.length, 'street')}, ${counted(credentials.length, 'sensor')}, live from now on.\n`
  )
  print(addresses(demoConfig, hub).join('\n') + '\n')
  const steward = offerStewardLink(demoConfig, hub)
  if (steward !== undefined) giveHome(registry, steward)
  print('Press Ctrl+C to stop.\n')

  const live = runFleet({
    url: `mqtt://127.0.0.1:${hub.mqttPort}`,
    boxes: fleet.boxes.map((box, index) => ({
      box,
      credentials: credentials[index]!,
      family: setUp(hub, credentials[index]!, index)
    })),
    intervalS: liveStepS,
    catchUpFrom: now,
    speed: 1,
    seed: state.seed,
    clock: systemClock
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void live.stop())
}

/** Whoever follows the link lives in the neighbourhood too, so that they see the page of a home with its history. */
function giveHome(registry: Registry, personId: string): void {
  const homes = new Map(registry.homes().map((home) => [home.homeId, home.personId]))
  const isFree = (hostId: string): boolean => registry.person(hostId)?.name === ''
  const room = registry
    .sites()
    .find(({ placement, homeId }) => placement === 'indoor' && isFree(homes.get(homeId) ?? ''))
  const device = room && registry.deployments().find(({ siteId }) => siteId === room.siteId)
  if (device) registry.takeOver(device.deviceId, personId)
}

/** The demo never writes into somebody's real data. */
function refuseForeignFolder(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return
  if (readdirSync(dataDir).includes('registry.sqlite')) return
  throw new WrongUse(`${dataDir} is not a demo's data folder. Choose an empty folder with --data.`)
}

function readState(registry: Registry): DemoState | undefined {
  const text = registry.setting(stateName)
  return text === undefined ? undefined : (JSON.parse(text) as DemoState)
}

/** Streets with their lines, a device with its credential for each site, and homes that agreed before the story begins. */
function furnish(
  registry: Registry,
  {
    neighbourhood,
    fleet,
    now,
    storyFrom
  }: { neighbourhood: Neighbourhood; fleet: Fleet; now: UnixMs; storyFrom: UnixMs }
): Credentials[] {
  registry.importStreets(neighbourhood.streets.map(({ name, lines }) => ({ name, lines })))
  return neighbourhood.sites.map((site, index) => {
    const dialect = familyOfBox(index, fleet.boxes[index]!.sensor.quantities) ?? 'lamppost'
    const homeId = slug(`${site.streetName} ${site.homeName}`)
    const credentials = registry.addDevice(
      {
        streetId: registry.findStreet(site.streetName)!.streetId,
        name: site.name,
        placement: site.placement,
        dialect,
        hasToken: dialectOf(dialect).push !== undefined,
        intervalS: historyStepS,
        ...(site.placement === 'indoor' ? { homeId } : {})
      },
      now
    )
    if (site.placement === 'indoor' && site.streetConsent)
      registry.recordConsent({ homeId, purpose: 'street', by: site.homeName, from: storyFrom }, now)
    return credentials
  })
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
}

/** As its host would: the box gets the settings that the command prints for it. */
function setUp({ rooms, mqttPort, httpPort }: Hub, credentials: Credentials, index: number) {
  const { deviceId: id, password, token } = credentials
  const { dialect = 'lamppost' } = rooms.registry.device(id) ?? {}
  if (!familyNames.includes(dialect)) return undefined
  const facts = { host: '127.0.0.1', mqttPort, httpPort, id, password, token }
  return firmwareOf(dialect, index).set(boxSettings(dialect, facts))
}

/** Passwords are kept as hashes only, so a later start gives the boxes new ones. */
function freshPasswords(registry: Registry, { deviceIds }: DemoState): Credentials[] {
  return deviceIds.map((deviceId) => registry.rotate(deviceId, 0, systemClock.now()))
}

/** After a pause only the gap is written; the environment is a function of time, so that nobody sees the seam. */
async function historyStart({ pipeline }: Rooms, earliest: UnixMs): Promise<UnixMs> {
  const newest = (await pipeline.service.latest()).reduce(
    (max, { measuredAt }) => Math.max(max, measuredAt),
    0
  )
  return Math.max(earliest, newest) as UnixMs
}

/** Through the front door's own `accept`, as the backlog of boxes that were long without Wi-Fi. */
async function writeHistory(
  rooms: Rooms,
  fleet: Fleet,
  credentials: readonly Credentials[],
  from: UnixMs,
  until: UnixMs
): Promise<void> {
  const progress = progressLine(process.stderr)
  let waiting = 0
  let wake = (): void => undefined
  let failure: Error | undefined
  for (const { deviceIndex, payload, lastAt } of history({ fleet, from, until, stepS: historyStepS })) {
    const { deviceId, topic } = credentials[deviceIndex]!
    waiting++
    rooms.accept(deviceId, topic, payload, (cause) => {
      waiting--
      failure ??= cause
      wake()
    })
    while (waiting >= historyWaitingMax && !failure) await new Promise<void>((resolve) => (wake = resolve))
    if (failure) throw failure
    progress.show({ progress: 'writing the history', done: lastAt - from, total: until - from })
    await nextTurn()
  }
  progress.show({ progress: 'working out hours and days' })
  await rooms.pipeline.service.drain()
  // Homes' days wait for hours that nobody will judge again.
  await rooms.pipeline.service.lookBack()
  await rooms.pipeline.service.drain()
  progress.clear()
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new WrongUse(`--${name} is "${text}". Give a whole number from ${min} to ${max}.`)
  }
  return value
}

/** In a demo the terminal belongs to the reader; warnings still come. */
function quieter(config: Config): Config['logLevel'] {
  return config.logLevel === 'info' ? 'warn' : config.logLevel
}

function print(text: string): void {
  process.stdout.write(text)
}
