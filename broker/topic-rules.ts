/** Who may publish and subscribe what. Pure. */
import { parseDeviceTopic } from '../model/message.ts'

/** A client as the rules see it: a device, or somebody without a name. */
export type Identity = { kind: 'device'; deviceId: string } | { kind: 'anonymous' }

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
