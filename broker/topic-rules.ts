/** Who may publish and subscribe what. Pure. */
import { parseDeviceTopic } from '../model/message.ts'

/** A client as the rules see it: a device that showed one of its passwords, or somebody without a name. */
export type Identity = { kind: 'device'; deviceId: string; passwordId: string } | { kind: 'anonymous' }

export type Retained = 'always' | 'never' | 'asAsked'

/** What the front door asks about names and topics. The hub's own answers are `deviceRules`. */
export interface Rules {
  /** Who connects with this name and password (undefined: without a name); undefined when they may not. */
  identify(username: string | undefined, password: string): Identity | undefined
  /** The id inside the hub of a client that chose `clientId`; `unnamed` numbers those that chose none. */
  sessionId(identity: Identity, clientId: string, unnamed: number): string
  /** May a client without a user name leave a session behind? */
  lastingWithoutName: boolean
  /** May this topic be published, and is it kept for those who subscribe later? */
  mayPublish(identity: Identity, topic: string): { retained: Retained } | undefined
  maySubscribe(identity: Identity, filter: string): boolean
  /** May this topic be delivered? */
  mayReceive(identity: Identity, topic: string): boolean
  /**
   * Names the circle of clients among whom messages of this one stay: what it publishes can only be heard by clients
   * of the same circle. Where nobody in a circle ever subscribed, its messages need no delivering.
   */
  circle(identity: Identity): string
}

/** The hub's rules: a device speaks and listens under its own id; without a name one may only read the streets. */
export function deviceRules(
  verify: (deviceId: string, password: string) => string | undefined,
  publicRead: boolean
): Rules {
  return {
    identify(username, password) {
      if (username === undefined) return publicRead ? { kind: 'anonymous' } : undefined
      const passwordId = isDeviceId(username) ? verify(username, password) : undefined
      return passwordId === undefined ? undefined : { kind: 'device', deviceId: username, passwordId }
    },
    // It begins with the device, so that a client id of somebody else's choosing can neither take over another
    // device's session nor be a name that JavaScript objects already have.
    sessionId: (identity, clientId, unnamed) =>
      identity.kind === 'device' ? `${identity.deviceId}/${clientId || `*${unnamed}`}` : `/${unnamed}`,
    lastingWithoutName: false,
    mayPublish(identity, topic) {
      const kind = mayPublish(identity, topic)
      return kind && { retained: kind === 'status' ? 'always' : 'never' }
    },
    maySubscribe: (identity, filter) => maySubscribe(identity, filter, publicRead),
    mayReceive: (identity, topic) => mayReceive(identity, topic, publicRead),
    circle: (identity) => (identity.kind === 'device' ? identity.deviceId : '')
  }
}

/** What a device may publish: its own readings and its own status. Anonymous clients publish nothing. */
export function mayPublish(identity: Identity, topic: string): 'readings' | 'status' | undefined {
  if (identity.kind !== 'device') return undefined
  const parsed = parseDeviceTopic(topic)
  if (!parsed || parsed.deviceId !== identity.deviceId || parsed.kind === 'problems') return undefined
  return parsed.kind
}

/**
 * May this filter be subscribed? Decided by containment (every topic the filter matches is one that may be read), never
 * by a common beginning: `sensors/+/readings` and `sensors/d1x` begin like what is allowed.
 */
export function maySubscribe(identity: Identity, filter: string, publicRead: boolean): boolean {
  const allowed = readableFilter(identity, publicRead)
  return allowed !== undefined && contains(allowed, filter)
}

/** May this topic be delivered? A topic without wildcards is a filter that matches itself. */
export function mayReceive(identity: Identity, topic: string, publicRead: boolean): boolean {
  return maySubscribe(identity, topic, publicRead)
}

function readableFilter(identity: Identity, publicRead: boolean): string | undefined {
  if (identity.kind === 'device') return `sensors/${identity.deviceId}/#`
  return publicRead ? 'streets/#' : undefined
}

/** Does `outer` match every topic that `inner` matches? Both are filters; `outer` has no `+`. */
function contains(outer: string, inner: string): boolean {
  const outerLevels = outer.split('/')
  const innerLevels = inner.split('/')
  for (const [i, level] of outerLevels.entries()) {
    // [MQTT-4.7.1-2] "a/#" also matches "a" itself.
    if (level === '#') return true
    if (innerLevels[i] !== level) return false
  }
  return innerLevels.length === outerLevels.length
}

/**
 * An id that can stand as one level of a topic and before a slash. Ours are always such; anything else in a user name
 * is refused before it can be mistaken for a level or a wildcard.
 */
export function isDeviceId(text: string): boolean {
  return /^[A-Za-z0-9_.~-]{1,64}$/.test(text)
}
