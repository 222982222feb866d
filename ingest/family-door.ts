/**
 * The door that knows the families: which topics a box may use, whose a gateway's message is, and what of it goes to the journal.
 * What belongs to nobody is acknowledged, counted and forgotten. Everything is on disk before it is acknowledged.
 */
import type { Fault } from '../model/fault.ts'
import { addressCharactersMax } from '../model/limits.ts'
import type { GatewayEars, HeardThing, ThingKey } from '../model/gateway.ts'
import { signedTopic, type Accept, type TopicUse } from '../model/message.ts'
import type { Device } from '../model/place.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import { RegistryUnavailable, type Registry } from '../registry/registry.ts'
import { decode, dialectOf } from './decode.ts'
import { noParts, type Part, type SplitMessage } from './gateway.ts'
import { HeardThings } from './heard-things.ts'
import { zigbeeThingsMax } from './limits.ts'
import { anotherThingFault, longAddressFault, tooManyThingsFault } from './wording.ts'

export interface FamilyDoorDeps {
  registry: Pick<Registry, 'device' | 'deviceOfThing' | 'claimThing' | 'things'>
  /** Into the journal. */
  accept: Accept
  onFault(deviceId: string, fault: Fault, at: UnixMs): void
  clock: Clock
}

export interface FamilyDoorStats {
  /** Parts of messages that belong to boxes which nobody claimed. */
  unclaimed: number
  /** Messages that hold nothing to keep: logs, descriptions, commands. */
  ignored: number
}

export class FamilyDoor implements GatewayEars {
  readonly #deps: FamilyDoorDeps
  readonly #heard = new HeardThings()
  /** What names stand for, by gateway. */
  readonly #names = new Map<string, Map<string, string>>()
  readonly stats: FamilyDoorStats = { unclaimed: 0, ignored: 0 }

  constructor(deps: FamilyDoorDeps) {
    this.#deps = deps
  }

  /**
   * What a device may publish beside its own topics: what its family's firmware uses, whatever the prefix, since the message is
   * the device's by its secret. Other topics are taken as well, so that its host hears what is wrong with them; those that
   * are the hub's own are not.
   */
  topicUse(deviceId: string, topic: string): TopicUse | undefined {
    const device = this.#deps.registry.device(deviceId)
    if (!device || (device.dialect === 'lamppost' && !device.isGateway)) return undefined
    if (/^(?:sensors|streets)(?:\/|$)|^\$/.test(topic)) return undefined
    return dialectOf(device.dialect).topicUse(topic) ?? 'readings'
  }

  /** A message of whoever showed the secret of `sender`. */
  accept(
    sender: string,
    topic: string,
    payload: Uint8Array,
    done: (failure?: Error) => void,
    retained = false
  ): void {
    const device = this.#deps.registry.device(sender)
    const split = device && dialectOf(device.dialect).split
    if (!split || (isNative(topic) && !device.isGateway))
      return this.#deps.accept(sender, topic, payload, done)
    const names = this.#names.get(sender)
    if (!isNative(topic) && dialectOf(device.dialect).topicUse(signedTopic(topic).topic) === undefined)
      this.#tellTopic(device, topic, payload)
    const message = isNative(topic)
      ? noParts
      : split({ topic, payload, retained }, (name) => names?.get(name))
    try {
      this.#deliver(device, message, done)
    } catch (cause) {
      // A box that is heard for the first time cannot be noted now; it keeps its message.
      if (!(cause instanceof RegistryUnavailable)) throw cause
      done(cause)
    }
  }

  /** What the family says of a topic that it does not use, and whose it looks like. */
  #tellTopic({ deviceId, dialect }: Device, topic: string, payload: Uint8Array): void {
    const now = this.#deps.clock.now()
    for (const fault of decode(dialect, { topic, payload, receivedAt: now }).faults)
      this.#deps.onFault(deviceId, fault, now)
  }

  heard(gatewayId?: string): HeardThing[] {
    return this.#heard.list(this.#deps.clock.now(), gatewayId)
  }

  claimed(key: ThingKey): void {
    this.#heard.claimed(key)
  }

  #deliver(device: Device, message: SplitMessage, done: (failure?: Error) => void): void {
    const now = this.#deps.clock.now()
    if (message.fault) this.#deps.onFault(device.deviceId, message.fault, now)
    if (message.names) this.#learnNames(device.deviceId, message.names)
    const own: { deviceId: string; part: Part }[] = []
    for (const sent of message.parts) {
      const part = this.#bounded(device, sent, now)
      if (!part) continue
      const deviceId = this.#ownerOf(device, part, now)
      if (deviceId === undefined) {
        this.stats.unclaimed++
        if (part.unclaimedFault) this.#deps.onFault(device.deviceId, part.unclaimedFault, now)
      } else if (part.fault) this.#deps.onFault(deviceId, part.fault, now)
      else own.push({ deviceId, part })
    }
    if (own.length === 0) {
      if (message.parts.length === 0) this.stats.ignored++
      return done()
    }
    let waiting = own.length
    let failed: Error | undefined
    for (const { deviceId, part } of own) {
      this.#deps.accept(deviceId, part.topic, part.payload, (failure) => {
        failed ??= failure
        waiting--
        if (waiting === 0) done(failed)
      })
    }
  }

  /** A name may be as long as a topic; what could not be claimed is not noted either. */
  #bounded({ deviceId }: Device, part: Part, now: UnixMs): Part | undefined {
    if (part.address.length <= addressCharactersMax)
      return part.name === undefined ? part : { ...part, name: part.name.slice(0, addressCharactersMax) }
    this.stats.unclaimed++
    this.#deps.onFault(deviceId, longAddressFault(part.address), now)
    return undefined
  }

  /** Whose a part is; what is nobody's is noted for those who choose. */
  #ownerOf(device: Device, part: Part, now: UnixMs): string | undefined {
    const { registry } = this.#deps
    if (part.role === 'own' && !device.isGateway) return device.deviceId
    const scope = part.isLocal ? device.deviceId : ''
    const key = { dialect: device.dialect, scope, address: part.address }
    const owner = registry.deviceOfThing(key) ?? this.#ownerByName(device, key, part)
    if (owner !== undefined && (device.isGateway || owner === device.deviceId || scope === device.deviceId))
      return owner
    if (
      !device.isGateway &&
      owner === undefined &&
      part.role === undefined &&
      (part.quantities.length > 0 || part.isBox) &&
      this.#bind(device, key, part)
    ) {
      return device.deviceId
    }
    if (owner !== undefined) this.#deps.onFault(device.deviceId, anotherThingFault(part.address, owner), now)
    else this.#note(device, key, part, now)
    return undefined
  }

  /** Claimed by its name before the gateway told what stands behind it: from now on it may be renamed. */
  #ownerByName(device: Device, key: ThingKey, { name, isLocal }: Part): string | undefined {
    if (isLocal || name === undefined) return undefined
    const { registry, clock } = this.#deps
    const deviceId = registry.deviceOfThing({ ...key, scope: device.deviceId, address: name })
    if (deviceId !== undefined) registry.claimThing({ ...key, name, deviceId }, clock.now())
    return deviceId
  }

  /** The secret of a single box stands for the first box that speaks with it. */
  #bind(device: Device, key: ThingKey, { name = '' }: Part): boolean {
    const { registry, clock } = this.#deps
    if (registry.things().some(({ deviceId }) => deviceId === device.deviceId)) return false
    registry.claimThing({ ...key, name, deviceId: device.deviceId }, clock.now())
    return true
  }

  #note(device: Device, key: ThingKey, part: Part, now: UnixMs): void {
    const { name = '', quantities, isBox = false, role } = part
    if (quantities.length === 0 && !isBox) return
    const isNoted = this.#heard.note(device.deviceId, key, { name, quantities }, now)
    if (!isNoted) this.#deps.onFault(device.deviceId, tooManyThingsFault(), now)
    else if (!device.isGateway && role === undefined)
      this.#deps.onFault(device.deviceId, anotherThingFault(key.address, undefined), now)
  }

  #learnNames(gatewayId: string, names: ReadonlyMap<string, string>): void {
    this.#names.set(gatewayId, new Map([...names].slice(0, zigbeeThingsMax)))
  }
}

function isNative(topic: string): boolean {
  return topic.startsWith('sensors/')
}
