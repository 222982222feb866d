/** Adding a sensor: what its family needs besides a place, and the refusals that say what is missing. For command and page alike. */
import type { HeardBox } from '../../contract/own.ts'
import { dialectOf, dialects } from '../../ingest/decode.ts'
import { readFieldMap } from '../../ingest/field-map.ts'
import type { GatewayEars, HeardThing, ThingKey } from '../../model/gateway.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { RegistryRefusal, type Credentials, type NewDevice, type Registry } from '../../registry/registry.ts'

export interface NewSensor extends Omit<NewDevice, 'hasToken' | 'unauthenticated' | 'dialect'> {
  dialect: string
  /** How the box is known besides its secret: serial, chip id, kit token. */
  address?: string
  /** What its fields mean, as JSON: see ingest/field-map.ts. */
  map?: string
}

/** What was heard behind gateways and nobody has claimed, for whoever may claim it. */
export function heardBoxes(families: Pick<GatewayEars, 'heard'>): HeardBox[] {
  return families.heard().map(({ thingId, name, address, dialect, quantities, lastAt }) => ({
    thingId,
    name,
    address,
    dialect,
    quantities,
    lastAt: toIso(lastAt)
  }))
}

type AddingRooms = Pick<Registry, 'addDevice' | 'claimThing' | 'deviceOfThing' | 'setMap'>

export function addSensor(
  registry: AddingRooms,
  { address: given, map, ...wanted }: NewSensor,
  now: UnixMs
): Credentials {
  const { dialect, placement } = wanted
  if (map !== undefined) refuseMap(map, dialect)
  else if (dialect === 'opensensemap')
    throw new RegistryRefusal(
      'mapMissing',
      "The box's description is missing, which says what each of its sensors measures: keep https://api.opensensemap.org/boxes/<box> in a file, and give it as --map box.json"
    )
  else if (dialect === 'other')
    throw new RegistryRefusal(
      'mapMissing',
      'A box that no family fits needs a map of its fields: --map FIELDS.json'
    )
  const address = addressNeeded(dialect, given?.trim() ?? '', placement)
  const { push, isLocalAddress } = dialectOf(dialect)
  const key = (scope: string): ThingKey => ({ dialect, scope, address: address ?? '' })
  const isLocal = address !== undefined && (isLocalAddress?.(address) ?? false)
  if (address !== undefined && !isLocal) refuseClaimed(registry, key(''))
  const credentials = registry.addDevice(
    {
      ...intervalOf(dialect),
      ...wanted,
      hasToken: push !== undefined,
      unauthenticated: dialect === 'smartcitizen'
    },
    now
  )
  const { deviceId } = credentials
  if (map !== undefined) registry.setMap(deviceId, map)
  if (address !== undefined) {
    registry.claimThing({ ...key(isLocal ? deviceId : ''), name: '', deviceId }, now)
  }
  return credentials
}

/** Makes a box that was heard behind a gateway a sensor; what it says from now on is stored. */
export function claimThing(
  registry: AddingRooms,
  thing: HeardThing,
  { map, ...wanted }: Omit<NewSensor, 'dialect' | 'address'>,
  now: UnixMs
): Credentials {
  const { dialect, scope, address } = thing
  if (map !== undefined) refuseMap(map, dialect)
  refuseClaimed(registry, thing)
  const name = wanted.name ?? (thing.name || address)
  const credentials = registry.addDevice(
    { ...intervalOf(dialect), ...wanted, dialect, name: name.slice(0, 100) },
    now
  )
  const { deviceId } = credentials
  if (map !== undefined) registry.setMap(deviceId, map)
  registry.claimThing({ dialect, scope, address, name: thing.name, deviceId }, now)
  return credentials
}

/** Families whose fields are named by whoever wrote a decoder, or by nobody. */
const mappable: ReadonlySet<string> = new Set(
  [...dialects.values()].filter(({ takesMap }) => takesMap).map(({ name }) => name)
)

/** Before anything is made: a map that cannot be read would make no reading. */
export function refuseMap(map: string, dialect: string): void {
  if (!mappable.has(dialect))
    throw new RegistryRefusal(
      'mapBad',
      `Boxes of ${dialect} need no map: the hub knows their fields. Maps are for: ${[...mappable].join(', ')}.`
    )
  const read = readFieldMap(map)
  if (!read.ok) throw new RegistryRefusal('mapBad', read.refusal)
}

/** Boxes behind a gateway are claimed, and not added. */
export function needKind(dialect: string): void {
  const kind = dialects.get(dialect)
  if (kind && (!kind.split || isAddedAlone(dialect))) return
  throw new RegistryRefusal('badName', 'There is no such kind of sensor. Choose one of the list.')
}

/**
 * A weather station has several parts, each with a place of its own, and an AirGradient may have satellites, and neither is a
 * gateway; of the others most are single boxes.
 */
export const isAddedAlone = (dialect: string): boolean =>
  ['airgradient', 'ecowitt', 'senml', 'thingsboard'].includes(dialect)

/** What the family's firmware does unless it is set otherwise. */
export function intervalOf(dialect: string): Pick<NewDevice, 'intervalS' | 'intervalSource'> {
  const { intervalSDefault, silenceSMax } = dialects.get(dialect)!
  const intervalS = intervalSDefault ?? silenceSMax
  return intervalS === null ? {} : { intervalS, intervalSource: 'dialect' }
}

/** Of a kit that can hold no secret its address is all there is to know it by. */
function addressNeeded(
  dialect: string,
  address: string,
  placement: NewDevice['placement']
): string | undefined {
  if (address !== '') return address
  if (dialect === 'smartcitizen')
    throw new RegistryRefusal(
      'addressMissing',
      "The kit's token is missing: six letters and digits; on its shell: config. A command takes it as --address."
    )
  // A weather station measures in several places; one secret stands for one of them.
  return dialect === 'ecowitt' ? placement : undefined
}

function refuseClaimed(registry: Pick<Registry, 'deviceOfThing'>, key: ThingKey): void {
  if (registry.deviceOfThing(key) === undefined) return
  throw new RegistryRefusal(
    'thingClaimed',
    `${key.address} is already the address of a sensor here. If that box is gone, it has to be removed first.`
  )
}
