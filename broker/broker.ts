/** The MQTT front door's seams: what it needs from the rest of the hub, and what it offers. */
import type { IncomingMessage, Server } from 'node:http'
import type { Fault } from '../model/fault.ts'
import type { Accept } from '../model/message.ts'
import type { UnixMs, Clock } from '../model/time.ts'
import type { HistogramCounts } from './histogram.ts'
import type { DeviceRulesDeps, Rules } from './topic-rules.ts'

/** A device's first connection came; its last one ended with a goodbye (DISCONNECT), or without. */
export type PresenceChange = 'online' | 'left' | 'lost'

export interface BrokerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface BrokerDeps extends DeviceRulesDeps {
  accept: Accept
  /** A device did what its host should hear of; said each time it is refused. */
  onFault(deviceId: string, fault: Fault, at: UnixMs): void
  onPresence(deviceId: string, change: PresenceChange, at: UnixMs): void
  /** Somebody was refused who never showed a secret: whoever knows the device that they name tells its host. */
  onMistake?(mistake: Mistake): void
  /** What the host of a device is told besides that a topic is not its own. */
  topicHint?(deviceId: string, topic: string): string
  clock: Clock
  log: BrokerLog
  /** Who may do what; the hub's rules for devices unless given. */
  rules?: Rules
}

/** Names are those that were shown, of whomever. */
export type Mistake =
  | { kind: 'password'; username: string; password: string }
  /** MQTT 5, with what tells whose firmware that may be. */
  | { kind: 'protocol'; username: string | undefined; clientId: string; willTopic: string | undefined }
  /** The first bytes of what is no MQTT, or of MQTT at the port for TLS. */
  | { kind: 'stray'; isTlsPort: boolean; bytes: Uint8Array }

export interface BrokerStats {
  connected: number
  /** Topic filters granted to them. */
  subscriptions: number
  received: number
  receivedBytes: number
  acknowledged: number
  /** From a message's arrival to its acknowledgement, the sync included. */
  acknowledgeTook: HistogramCounts
  /** Deliveries to subscribers that wait for their turn. */
  deliveriesWaiting: number
  /** Lasting sessions, and what waits in them. */
  sessions: number
  sessionsBytes: number
  refused: Record<string, number>
}

export interface WebSocketDoorOptions {
  path: string
  /** By a name of the hub's, or refused: every one unless given. That it comes from a page of the same name is looked at anyway. */
  mayCome?: (request: IncomingMessage) => boolean
  /** Where it comes from, behind trusted proxies too; undefined for a proxy itself. The other end of the connection unless given. */
  addressOf?: (request: IncomingMessage) => string | undefined
}

export interface Broker {
  /** The port it listens on (useful when 0 was asked for). */
  readonly port: number
  readonly tlsPort: number | undefined
  /** MQTT over WebSocket at a path of an HTTP server, beside whatever else that server does. */
  attachWebSocket(server: Server, door: WebSocketDoorOptions): void
  /** Publishes from the hub itself, past the rules for devices. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>
  /** Does anybody without a name listen to this topic? Cheap: asked before a message is made. */
  hears(topic: string): boolean
  /** `tell` is called when somebody without a name begins to listen below `root`, and when nobody does any more. */
  watchHearers(root: string, tell: (isHeard: boolean) => void): void
  /** Closes the live connections of a device at once, all but those whose password `stays`. */
  disconnect(deviceId: string, stays?: (passwordId: string) => boolean): void
  /** Nothing of the device is left here: connections, sessions with what waits in them, what it said that was retained. */
  forget(deviceId: string): Promise<void>
  /** New TLS connections get this certificate, without a restart. Throws what is wrong with it, and keeps the old one. */
  renewCertificate(files: { cert: string | Buffer; key: string | Buffer }): void
  stats(): BrokerStats
  /** Stops listening, answers what was accepted, closes every client. Safe to call twice. */
  stop(): Promise<void>
}
