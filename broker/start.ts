/** Starts the MQTT front door: listens, lets connections through the guards, and joins the handlers to Aedes. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Aedes, type Client } from 'aedes'
import { plainAddress, shareOf } from '../model/address.ts'
import { deviceTopic } from '../model/message.ts'
import { Acknowledgements } from './acknowledgements.ts'
import {
  deliverFrom,
  deliverOnlyHeard,
  deliveriesWaiting,
  inspectPackets,
  persistenceOf,
  seenAlive,
  type Packet
} from './aedes-inside.ts'
import { Audience } from './audience.ts'
import { Hearers } from './hearers.ts'
import { authenticating } from './authenticate.ts'
import { PublishDoor } from './authorize-publish.ts'
import { subscribing } from './authorize-subscribe.ts'
import type { Broker, BrokerDeps, BrokerStats, WebSocketDoorOptions } from './broker.ts'
import { Clients } from './clients.ts'
import { Connections, type ConnectionLimits } from './connections.ts'
import {
  connectTimeoutMs,
  deliveriesMax,
  drainTimeoutMs,
  inboundQos2Max,
  seenAliveEveryMs,
  sessionsLookMs,
  topicLevelsMax,
  unansweredBytesMax
} from './limits.ts'
import { directPublish, type DirectPublishDeps } from './direct-publish.ts'
import { listen, type Listeners, type ListenerOptions, type TlsFiles } from './listeners.ts'
import { paceDefaults, type PaceLimits } from './pace.ts'
import { packetFault } from './packet-check.ts'
import { guardPackets, type PacketFault } from './packet-guard.ts'
import { PacketOrder } from './packet-order.ts'
import { Refusal, Refusals } from './refusals.ts'
import { Sessions } from './sessions.ts'
import { deviceRules, type Identity, type Rules } from './topic-rules.ts'
import { openWebSocketDoor, type WebSocketDoor } from './web-socket.ts'

export interface BrokerOptions extends ListenerOptions {
  limits?: Partial<ConnectionLimits & PaceLimits & { connectTimeoutMs: number }>
}

/** Rejects when the port cannot be had. */
export async function startBroker(deps: BrokerDeps, options: BrokerOptions): Promise<Broker> {
  const refusals = new Refusals(deps)
  const clients = new Clients(deps.onPresence, deps.clock, (client) => {
    refusals.count('connectionsOfDevice', clients.who(client))
  })
  const connections = new Connections(options.limits)
  const sessions = new Sessions(deps.clock, (deviceId) => void refusals.count('sessionFull', { deviceId }))
  const rules = deps.rules ?? deviceRules(deps)
  const heard = new Set<string>()
  const everybody = rules.circle({ kind: 'anonymous' })
  const hearers = new Hearers()
  const audience = new Audience({
    came(circle, filter) {
      if (circle === everybody) hearers.came(filter)
    },
    went(circle, filter) {
      if (circle === everybody) hearers.went(filter)
    }
  })
  const publishing = new PublishDoor({
    accept: deps.accept,
    rules,
    pace: { ...paceDefaults, ...options.limits },
    clients,
    refusals,
    waiting: () => deliveriesWaiting(aedes),
    audience: (identity, topic) => audience.of(rules.circle(identity), topic)
  })
  const aedes = await Aedes.createBroker({
    concurrency: deliveriesMax,
    connectTimeout: options.limits?.connectTimeoutMs ?? connectTimeoutMs,
    drainTimeout: drainTimeoutMs,
    maxInflightInbound: inboundQos2Max,
    maxTopicLevels: topicLevelsMax,
    ...authenticating(rules, clients, refusals, deps.onMistake),
    ...subscribing({
      rules,
      clients,
      refusals,
      heard,
      audience,
      onRefused: (subscription) => sessions.refused(subscription),
      isMark: (subscription) => sessions.isMark(subscription)
    }),
    authorizePublish: publishing.authorize
  })
  sessions.bound(persistenceOf(aedes))
  const isHeard = (identity: Identity | undefined): boolean =>
    identity !== undefined && heard.has(rules.circle(identity))
  deliverOnlyHeard(
    aedes,
    (client) => isHeard(clients.identity(client)),
    (client) => clients.state(client).order?.published()
  )
  const direct: DirectPublishDeps = {
    door: publishing,
    acknowledgements: new Acknowledgements(),
    isHeard,
    deliver: (packet, client, done) => deliverFrom(aedes, packet, client, done)
  }
  const onStray = (isTlsPort: boolean, bytes: Uint8Array): void =>
    deps.onMistake?.({ kind: 'stray', isTlsPort, bytes })
  const room: Room = {
    aedes,
    clients,
    connections,
    sessions,
    refusals,
    direct,
    rules,
    audience,
    hearers,
    onStray
  }
  watch(room)
  const letIn: LetIn = (conn, address, request) => admit(room, conn, address, request)

  let listeners: Listeners
  try {
    listeners = await listen(options, letIn, {
      early: new Connections(options.limits),
      onTooMany: (address) => void refusals.count('connections', { address }),
      onBadProxy: (address) => void refusals.count('proxyHeader', { address }),
      onPlainAtTls(bytes, address) {
        refusals.count('packetMalformed', { address }, { why: 'MQTT without TLS at the port for TLS' })
        onStray(true, bytes)
      }
    })
  } catch (cause) {
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
    throw cause
  }
  const looking = setInterval(() => sessions.endOld(), sessionsLookMs)
  looking.unref()
  const waiting = setInterval(() => {
    for (const client of clients.unanswered()) seenAlive(client)
  }, seenAliveEveryMs)
  waiting.unref()
  return new RunningBroker({ ...room, publishing, listeners, letIn, timers: [looking, waiting] })
}

interface Room {
  aedes: Aedes
  clients: Clients
  connections: Connections
  sessions: Sessions
  refusals: Refusals
  direct: DirectPublishDeps
  rules: Rules
  audience: Audience
  hearers: Hearers
  onStray(isTlsPort: boolean, bytes: Uint8Array): void
}

/** `address` is undefined for a trusted proxy that does not say whose a connection is. */
type LetIn = (conn: Duplex, address: string | undefined, request?: IncomingMessage) => void

/** One connection, on whichever wire it came. */
function admit(room: Room, conn: Duplex, address: string | undefined, request?: IncomingMessage): void {
  const { aedes, clients, connections, refusals } = room
  // Whatever goes wrong on a wire ends that wire; before Aedes listens, nobody else would.
  conn.on('error', () => conn.destroy())
  if (!connections.admit(conn, address === undefined ? undefined : shareOf(address))) {
    refusals.count('connections', { address: address ?? '' })
    conn.destroy()
    return
  }
  const refuse = ({ reason, answer, beginning, ...more }: PacketFault): void => {
    if (beginning) room.onStray(false, beginning)
    refusals.count(reason, clients.who(client), more)
    if (answer) conn.end(answer, () => conn.destroy())
    else conn.destroy()
  }
  const mayRead = (): boolean => !client.connecting && state.unansweredBytes < unansweredBytesMax
  guardPackets(conn, refuse, mayRead)
  const client = aedes.handle(conn, request)
  clients.came(client, address ?? '')
  const state = clients.state(client)
  const takeDirectly = directPublish(room.direct, client, state)
  inspectPackets(client, (pass) => {
    const malformed = (why: string): void => refuse({ reason: 'packetMalformed', why })
    const handOn = (packet: Packet): void => {
      if (!takeDirectly(packet)) pass(packet)
    }
    const order = (state.order = new PacketOrder(handOn, malformed, () => client.connecting))
    return (packet) => {
      const why = packetFault(packet, state)
      if (why !== undefined) return malformed(why)
      if (packet.cmd === 'disconnect') state.saidGoodbye = true
      order.take(packet)
    }
  })
  client.once('connected', () => state.order?.connected())
  conn.once('close', () => clients.gone(client))
}

function watch({ aedes, clients, connections, sessions, refusals, rules, audience }: Room): void {
  aedes.on('client', (client) => {
    connections.known(client.conn)
    clients.ready(client)
    const identity = clients.identity(client)
    if (identity?.kind === 'device') sessions.connected(client.id, identity.deviceId, !client.clean)
  })
  aedes.on('clientDisconnect', (client) => {
    sessions.disconnected(client.id)
    const identity = clients.identity(client)
    if (identity) audience.gone(rules.circle(identity), client)
  })
  aedes.on('subscribe', (_filters, client) => clients.state(client).order?.subscribed())
  aedes.on('unsubscribe', (filters, client) => {
    const { filters: known, order, identity } = clients.state(client)
    for (const filter of filters) known.delete(filter)
    if (identity) audience.set(rules.circle(identity), client, known)
    order?.subscribed()
  })
  const failed = (client: Client, error: Error): void => {
    // Refusals were counted where they were made; a wire that broke is everyday.
    if (error instanceof Refusal || 'code' in error || everyday.has(error.message)) return
    const reason = error.message === 'connect did not arrive in time' ? 'connectTimeout' : 'packetMalformed'
    refusals.count(reason, clients.who(client), { why: error.message.slice(0, 200) })
  }
  aedes.on('clientError', failed)
  aedes.on('connectionError', failed)
}

/** What Aedes says when a wire ended while it was writing, or a device fell silent. */
const everyday = new Set([
  'connection closed',
  'keep alive timeout',
  'drain timeout',
  'unacceptable protocol version'
])

interface Running extends Room {
  publishing: PublishDoor
  listeners: Listeners
  timers: NodeJS.Timeout[]
  letIn: LetIn
}

function peerOf(request: IncomingMessage): string {
  return plainAddress(request.socket.remoteAddress ?? '')
}

class RunningBroker implements Broker {
  readonly port: number
  readonly tlsPort: number | undefined
  readonly #room: Running
  readonly #doors: WebSocketDoor[] = []
  #stopping: Promise<void> | undefined

  constructor(room: Running) {
    this.#room = room
    this.port = room.listeners.port
    this.tlsPort = room.listeners.tlsPort
  }

  attachWebSocket(
    server: Server,
    { path, mayCome = () => true, addressOf = peerOf }: WebSocketDoorOptions
  ): void {
    const refused = (request: IncomingMessage): void =>
      void this.#room.refusals.count('origin', { address: peerOf(request) })
    const letIn = (conn: Duplex, request: IncomingMessage): void =>
      this.#room.letIn(conn, addressOf(request), request)
    this.#doors.push(openWebSocketDoor(server, path, mayCome, letIn, refused))
  }

  publish(topic: string, payload: string, options: { retain?: boolean } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const { aedes } = this.#room
      if (aedes.closed) return reject(new Error('The broker is stopped.'))
      const packet = {
        cmd: 'publish' as const,
        topic,
        payload: Buffer.from(payload),
        qos: 1 as const,
        dup: false
      }
      aedes.publish({ ...packet, retain: options.retain ?? false }, (error) =>
        error ? reject(error) : resolve()
      )
    })
  }

  hears(topic: string): boolean {
    return this.#room.hearers.hears(topic)
  }

  watchHearers(root: string, tell: (isHeard: boolean) => void): void {
    this.#room.hearers.watch(root, tell)
  }

  disconnect(deviceId: string, stays: (passwordId: string) => boolean = () => false): void {
    const { clients } = this.#room
    for (const client of clients.of(deviceId)) {
      const identity = clients.identity(client)
      if (identity?.kind === 'device' && stays(identity.passwordId)) continue
      clients.state(client).isExpelled = true
      client.close()
    }
  }

  forget(deviceId: string): Promise<void> {
    this.disconnect(deviceId)
    this.#room.sessions.endOf(deviceId)
    // [MQTT-3.3.1-10] An empty retained message takes the old one away.
    return this.publish(deviceTopic(deviceId, 'status'), '', { retain: true })
  }

  renewCertificate(files: TlsFiles): void {
    this.#room.listeners.renewCertificate(files)
  }

  stats(): BrokerStats {
    const { aedes, clients, connections, publishing, refusals, sessions } = this.#room
    return {
      connected: connections.size,
      subscriptions: clients.subscriptions(),
      received: publishing.received,
      receivedBytes: publishing.receivedBytes,
      acknowledgeTook: publishing.took.counts(),
      deliveriesWaiting: deliveriesWaiting(aedes),
      sessions: sessions.size,
      sessionsBytes: sessions.bytes,
      acknowledged: publishing.acknowledged,
      refused: { ...refusals.counts }
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop())
  }

  async #stop(): Promise<void> {
    const { aedes, connections, timers, listeners, publishing } = this.#room
    for (const timer of timers) clearInterval(timer)
    for (const door of this.#doors) door.close()
    const closed = listeners.close()
    await publishing.stop()
    // Acknowledgements are written in the turn after their callback.
    await new Promise(setImmediate)
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
    connections.destroyAll()
    await closed
  }
}
