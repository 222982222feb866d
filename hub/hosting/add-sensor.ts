/** Adding a sensor: what its family needs besides a place, and the refusals that say what is missing. For command and page alike. */
import { dialectOf, dialects } from '../../ingest/decode.ts'
import type { HeardThing, ThingKey } from '../../model/gateway.ts'
import type { UnixMs } from '../../model/time.ts'
import { RegistryRefusal, type Credentials, type NewDevice, type Registry } from '../../registry/registry.ts'

export interface NewSensor extends Omit<NewDevice, 'hasToken' | 'unauthenticated' | 'dialect'> {
  dialect: string
  /** How the box is known besides its secret: serial, chip id, kit token. */
  address?: string
}

type AddingRooms = Pick<Registry, 'addDevice' | 'claimThing' | 'deviceOfThing'>

export function addSensor(
  registry: AddingRooms,
  { address: given, ...wanted }: NewSensor,
  now: UnixMs
): Credentials {
  const { dialect, placement } = wanted
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
  if (address !== undefined) {
    const { deviceId } = credentials
    registry.claimThing({ ...key(isLocal ? deviceId : ''), name: '', deviceId }, now)
  }
  return credentials
}

/** Makes a box that was heard behind a gateway a sensor; what it says from now on is stored. */
export function claimThing(
  registry: AddingRooms,
  thing: HeardThing,
  wanted: Omit<NewSensor, 'dialect' | 'address'>,
  now: UnixMs
): Credentials {
  const { dialect, scope, address } = thing
  refuseClaimed(registry, thing)
  const name = wanted.name ?? (thing.name || address)
  const credentials = registry.addDevice(
    { ...intervalOf(dialect), ...wanted, dialect, name: name.slice(0, 100) },
    now
  )
  registry.claimThing({ dialect, scope, address, name: thing.name, deviceId: credentials.deviceId }, now)
  return credentials
}

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
