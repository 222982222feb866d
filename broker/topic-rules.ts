/** Who may publish and subscribe what. Pure. */
import { observationsRoot, parseDeviceTopic, type TopicUse } from '../model/message.ts'

/**
 * A client as the rules see it: a device that showed one of its passwords, one whose firmware can show none and that is known by
 * its client id, or somebody without a name.
 */
export type Identity =
  | { kind: 'device'; deviceId: string; passwordId: string }
  | { kind: 'device'; deviceId: string; passwordId: ''; clientId: string }
  | { kind: 'anonymous' }

/** Anybody who knows its client id can speak for it. */
export function isOpen(identity: Identity): identity is Extract<Identity, { clientId: string }> {
  return 'clientId' in identity
}

export type Retained = 'always' | 'never' | 'asAsked'

/** What the front door asks about names and topics. The hub's own answers are `deviceRules`. */
export interface Rules {
  /** Who connects with this name and password (undefined: without a name); undefined when they may not. */
  identify(username: string | undefined, password: string, clientId: string): Identity | undefined
  /** The id inside the hub of a client that chose `clientId`; `unnamed` numbers those that chose none. */
  sessionId(identity: Identity, clientId: string, unnamed: number): string
  /** May a client without a user name leave a session behind? */
  lastingWithoutName: boolean
  /** May this topic be published, and is it kept for those who subscribe later? */
  mayPublish(identity: Identity, topic: string): { retained: Retained; use?: TopicUse } | undefined
  maySubscribe(identity: Identity, filter: string): boolean
  /**
   * A filter that is granted and never brings anything: firmware that subscribes to commands of its own would take a refusal for a
   * failure, and connect again and again.
   */
  isIdle?(identity: Identity, filter: string): boolean
  /** May this topic be delivered? */
  mayReceive(identity: Identity, topic: string): boolean
  /**
   * Names the circle of clients among whom messages of this one stay: what it publishes can only be heard by clients
   * of the same circle. Where nobody in a circle ever subscribed, its messages need no delivering.
   */
  circle(identity: Identity): string
}

export interface DeviceRulesDeps {
  /**
   * Names the password, when it is one of a device that may connect. Synchronous and cheap: ten thousand may ask at once.
   */
  verify(deviceId: string, password: string): string | undefined
  /** May a client without a user name subscribe to `streets/#`, and to `v1.1/#`? */
  publicRead: boolean
  /** Which other topics a device's firmware uses; undefined for none of its own. Asked when a client changes its topic. */
  topicUse?(deviceId: string, topic: string): TopicUse | undefined
  /** The device whose firmware can show no secret and is known by its client id, where the hub takes such boxes. */
  openDevice?(clientId: string): string | undefined
  /** The device whose firmware shows its token as the user name, and no password. */
  tokenDevice?(token: string): string | undefined
}

/** The hub's rules: a device speaks and listens under its own id; without a name one may only read the streets. */
export function deviceRules({
  verify,
  publicRead,
  topicUse = () => undefined,
  openDevice = () => undefined,
  tokenDevice = () => undefined
}: DeviceRulesDeps): Rules {
  return {
    identify(username, password, clientId) {
      if (username === undefined) {
        const deviceId = openDevice(clientId)
        if (deviceId !== undefined) return { kind: 'device', deviceId, passwordId: '', clientId }
        return publicRead ? { kind: 'anonymous' } : undefined
      }
      const passwordId = isDeviceId(username) ? verify(username, password) : undefined
      if (passwordId !== undefined) return { kind: 'device', deviceId: username, passwordId }
      const deviceId = password === '' ? tokenDevice(username) : undefined
      // It is closed with the passwords that end: a token ends with the password that it was given with.
      return deviceId === undefined ? undefined : { kind: 'device', deviceId, passwordId: 'token' }
    },
    // It begins with the device, so that a client id of somebody else's choosing can neither take over another
    // device's session nor be a name that JavaScript objects already have.
    sessionId: (identity, clientId, unnamed) =>
      identity.kind === 'device' ? `${identity.deviceId}/${clientId || `*${unnamed}`}` : `/${unnamed}`,
    lastingWithoutName: false,
    mayPublish(identity, topic) {
      const kind = isOpen(identity) ? undefined : mayPublish(identity, topic)
      if (kind) return { retained: kind === 'status' ? 'always' : 'never' }
      if (identity.kind !== 'device') return undefined
      if (bridgeState.test(topic)) return { retained: 'never', use: 'ignored' }
      // What is known by its client id has that in its topics, so that it can be checked.
      if (isOpen(identity) && !topic.split('/').includes(identity.clientId)) return undefined
      const use = topicUse(identity.deviceId, topic)
      return use && { retained: 'never', use }
    },
    isIdle: (identity, filter) =>
      identity.kind === 'device' &&
      !/^(?:sensors|streets|v1\.1|\$)/.test(filter) &&
      topicUse(identity.deviceId, filter.replaceAll(/[+#]/g, 'x')) !== undefined,
    maySubscribe: (identity, filter) => maySubscribe(identity, filter, publicRead),
    mayReceive: (identity, topic) => mayReceive(identity, topic, publicRead),
    circle: (identity) => (identity.kind === 'device' ? identity.deviceId : '')
  }
}

/** Where a bridge of Mosquitto says that it is there, and its will that it is not (mosquitto.conf, notification_topic). */
const bridgeState = /^\$SYS\/broker\/connection\/[^/+#]+\/state$/

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
  return readableFilters(identity, publicRead).some((allowed) => contains(allowed, filter))
}

/** May this topic be delivered? A topic without wildcards is a filter that matches itself. */
export function mayReceive(identity: Identity, topic: string, publicRead: boolean): boolean {
  return maySubscribe(identity, topic, publicRead)
}

/** What everybody may read: street values, and Observations under the topics of SensorThings 1.1. */
const publicFilters = ['streets/#', `${observationsRoot}/#`] as const

function readableFilters(identity: Identity, publicRead: boolean): readonly string[] {
  if (identity.kind === 'device') return [`sensors/${identity.deviceId}/#`]
  return publicRead ? publicFilters : []
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
