/** Lasting sessions (clean session off) in bounds: of messages, of bytes, of sessions, of time. Kept in memory. */
import type { Clock, UnixMs } from '../model/time.ts'
import type { Persistence, StoredPacket } from './aedes-inside.ts'
import { sessionBytesMax, sessionKeptMs, sessionMessagesMax } from './limits.ts'
import { sessionsBytesMax, sessionsPerDeviceMax } from './limits.ts'

interface Session {
  deviceId: string
  lasting: boolean
  /** undefined while connected. */
  absentSince: UnixMs | undefined
  messages: number
  bytes: number
}

/** Ids of clients are `<deviceId>/<clientId>`, see authenticate.ts. */
export class Sessions {
  readonly #clock: Clock
  readonly #onFull: (deviceId: string) => void
  readonly #sessions = new Map<string, Session>()
  readonly #ofDevice = new Map<string, Set<string>>()
  readonly #refused = new WeakSet<object>()
  #persistence: Persistence | undefined
  #bytes = 0

  constructor(clock: Clock, onFull: (deviceId: string) => void) {
    this.#clock = clock
    this.#onFull = onFull
  }

  /** Puts the bounds round what Aedes calls. */
  bound(persistence: Persistence): void {
    const {
      addSubscriptions,
      outgoingEnqueueCombi,
      outgoingUpdate,
      outgoingClearMessageId,
      incomingStorePacket,
      outgoingStream,
      subscriptionsByClient
    } = persistence
    this.#persistence = persistence
    persistence.addSubscriptions = async (client, subscriptions) => {
      // Aedes hands over the whole packet at its first granted filter; after this turn all have been judged.
      await Promise.resolve()
      const granted = subscriptions.filter((subscription) => !this.#refused.has(subscription))
      await addSubscriptions.call(persistence, client, granted)
    }
    persistence.outgoingEnqueueCombi = (subscriptions, packet) => {
      const withRoom = subscriptions.filter(({ clientId }) => this.#take(clientId, packet))
      return outgoingEnqueueCombi.call(persistence, withRoom, packet)
    }
    persistence.outgoingUpdate = async (client, packet) => {
      // A message for which there was no room is delivered all the same if its client is here.
      await outgoingUpdate.call(persistence, client, packet).catch(ignoreNoSuchPacket)
    }
    persistence.outgoingClearMessageId = async (client, packet) => {
      const cleared = await outgoingClearMessageId.call(persistence, client, packet)
      if (cleared) this.#give(client.id, cleared)
      return cleared
    }
    persistence.outgoingStream = async function* (client) {
      // What has a number was sent before [MQTT-3.3.1-1].
      for await (const packet of outgoingStream.call(persistence, client))
        yield packet.cmd === 'publish' && packet.messageId !== undefined
          ? Object.assign({}, packet, { dup: true })
          : packet
    }
    persistence.subscriptionsByClient = async (client) => {
      const subscriptions = await subscriptionsByClient.call(persistence, client)
      // Aedes takes a session for absent when it has no subscriptions [MQTT-3.2.2-2].
      return subscriptions.length === 0 && this.#sessions.get(client.id)?.lasting
        ? [sessionMark]
        : subscriptions
    }
    persistence.incomingStorePacket = (client, packet) =>
      // Kept only to know the message again until its PUBREL; it was accepted and published already.
      incomingStorePacket.call(persistence, client, Object.assign({}, packet, { payload: nothing }))
  }

  isMark(subscription: object): boolean {
    return subscription === sessionMark
  }

  refused(subscription: object): void {
    this.#refused.add(subscription)
  }

  connected(id: string, deviceId: string, lasting: boolean): void {
    const known = this.#sessions.get(id)
    if (known) {
      known.lasting = lasting
      known.absentSince = undefined
      return
    }
    if (!lasting) return
    this.#sessions.set(id, { deviceId, lasting, absentSince: undefined, messages: 0, bytes: 0 })
    const ids = this.#ofDevice.get(deviceId) ?? new Set()
    this.#ofDevice.set(deviceId, ids.add(id))
    if (ids.size <= sessionsPerDeviceMax) return
    const oldestAbsent = [...ids].find((other) => this.#sessions.get(other)?.absentSince !== undefined)
    if (oldestAbsent !== undefined) this.#end(oldestAbsent)
  }

  disconnected(id: string): void {
    const session = this.#sessions.get(id)
    if (!session) return
    session.absentSince = this.#clock.now()
    // Behind all others of its device, so that the one absent longest comes first.
    const ids = this.#ofDevice.get(session.deviceId)
    ids?.delete(id)
    ids?.add(id)
    if (!session.lasting) this.#end(id)
  }

  /** Ends the sessions of those who stayed away too long. */
  endOld(): void {
    const before = this.#clock.now() - sessionKeptMs
    for (const [id, { absentSince }] of this.#sessions) {
      if (absentSince !== undefined && absentSince < before) this.#end(id)
    }
  }

  /** Ends all of a device's, with what waits in them. */
  endOf(deviceId: string): void {
    for (const id of [...(this.#ofDevice.get(deviceId) ?? [])]) this.#end(id)
  }

  get size(): number {
    return this.#sessions.size
  }

  /** What waits in all of them. */
  get bytes(): number {
    return this.#bytes
  }

  #take(id: string, packet: StoredPacket): boolean {
    const session = this.#sessions.get(id)
    const bytes = packet.payload.length
    const room =
      session !== undefined &&
      session.messages < sessionMessagesMax &&
      session.bytes + bytes <= sessionBytesMax &&
      this.#bytes + bytes <= sessionsBytesMax
    if (!room) {
      if (session) this.#onFull(session.deviceId)
      return false
    }
    session.messages++
    session.bytes += bytes
    this.#bytes += bytes
    return true
  }

  #give(id: string, { payload }: StoredPacket): void {
    const session = this.#sessions.get(id)
    // A PUBREL takes the place of its message and has no payload; the bytes then go with the session.
    const bytes = Math.min(payload?.length ?? 0, session?.bytes ?? 0)
    if (!session) return
    session.messages = Math.max(0, session.messages - 1)
    session.bytes -= bytes
    this.#bytes -= bytes
  }

  #end(id: string): void {
    const session = this.#sessions.get(id)
    if (!session) return
    this.#sessions.delete(id)
    this.#bytes -= session.bytes
    const ids = this.#ofDevice.get(session.deviceId)
    ids?.delete(id)
    if (ids?.size === 0) this.#ofDevice.delete(session.deviceId)
    this.#forget(id).catch((cause: unknown) => {
      // The persistence is a few maps in memory: when they fail, we are wrong.
      setImmediate(() => {
        throw cause
      })
    })
  }

  async #forget(id: string): Promise<void> {
    const persistence = this.#persistence
    if (!persistence) return
    const client = { id }
    await persistence.cleanSubscriptions(client)
    await persistence.cleanIncoming(client)
    for await (const packet of persistence.outgoingStream(client))
      await persistence.outgoingClearMessageId(client, packet)
  }
}

/** Never granted, so that nothing comes of it but the answer that the session is there. */
const sessionMark = { topic: 'session', qos: 0 }

const nothing = Buffer.alloc(0)

function ignoreNoSuchPacket(cause: unknown): void {
  if (!(cause instanceof Error && cause.message === 'no such packet')) throw cause
}
