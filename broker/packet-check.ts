/** What MQTT 3.1.1 forbids and Aedes lets through, packet by packet. Pure. */
import type { ConnectPacket } from 'aedes'
import type { Packet } from './aedes-inside.ts'
import { filtersPerSubscribeMax } from './limits.ts'

/** Why a packet must close its connection, in words; undefined when it may go on to Aedes. */
export function packetFault(packet: Packet, known: { lastTopic: string | undefined }): string | undefined {
  switch (packet.cmd) {
    case 'connect':
      return connectFault(packet)
    case 'publish':
      if (packet.topic !== known.lastTopic && !isWireText(packet.topic))
        return 'the topic has characters that MQTT forbids'
      if (packet.qos > 0) return messageIdFault(packet)
      // [MQTT-3.3.1-2]
      return packet.dup ? 'a repetition with QoS 0' : undefined
    case 'subscribe':
      if (packet.subscriptions.length > filtersPerSubscribeMax)
        return `more than ${filtersPerSubscribeMax} filters in one SUBSCRIBE`
      return messageIdFault(packet) ?? filtersFault(packet.subscriptions.map(({ topic }) => topic))
    case 'unsubscribe':
      return messageIdFault(packet) ?? filtersFault(packet.unsubscriptions)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return messageIdFault(packet)
    default:
      return undefined
  }
}

function connectFault(packet: Extract<Packet, { cmd: 'connect' }>): string | undefined {
  if (!isWireText(packet.clientId)) return 'the client id has characters that MQTT forbids'
  if (packet.username !== undefined && !isWireText(packet.username))
    return 'the user name has characters that MQTT forbids'
  // [MQTT-3.1.2-22]
  if (packet.username === undefined && packet.password !== undefined) return 'a password without a user name'
  // [MQTT-3.1.2-18], [MQTT-3.1.2-20] MQTT 5 has more in it, and is refused with its own code.
  if (packet.protocolVersion !== 5 && packet.length !== connectBytes(packet))
    return 'CONNECT has bytes after its last field'
  if (!packet.will) return undefined
  if (!isWireText(packet.will.topic)) return 'the topic of the will has characters that MQTT forbids'
  // [MQTT-3.1.2-14]
  if ((packet.will.qos ?? 0) > 2) return 'the will has QoS 3'
  return undefined
}

/** Name, level, flags and keepalive, then what the flags announce; each text with its length in two bytes. */
function connectBytes({ protocolId, clientId, will, username, password }: ConnectPacket): number {
  const texts = [protocolId ?? 'MQTT', clientId]
  let bytes = 4
  if (will) bytes += 4 + Buffer.byteLength(will.topic) + Buffer.byteLength(will.payload)
  if (username !== undefined) texts.push(username)
  if (password !== undefined) bytes += 2 + password.byteLength
  for (const text of texts) bytes += 2 + Buffer.byteLength(text)
  return bytes
}

/** [MQTT-3.8.3-3], [MQTT-3.10.3-2] No filters, no packet. */
function filtersFault(filters: readonly string[]): string | undefined {
  if (filters.length === 0) return 'no filter'
  if (!filters.every(isWireText)) return 'a filter has characters that MQTT forbids'
  return filters.every(isFilter)
    ? undefined
    : 'a wildcard is not a level of its own, or # is not the last one'
}

/** [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-1] */
function isFilter(filter: string): boolean {
  return filter !== '' && /^([^/+#]*|\+)(\/([^/+#]*|\+))*(\/#)?$|^#$/.test(filter)
}

/** [MQTT-2.3.1-1] */
function messageIdFault(packet: { messageId?: number }): string | undefined {
  return packet.messageId ? undefined : 'message id 0'
}

/**
 * [MQTT-1.5.3-1], [MQTT-1.5.3-2] No U+0000, no surrogates; control characters and non-characters may be refused. Bytes
 * that are not UTF-8 have become U+FFFD by the time we see them. The `u` flag keeps characters beyond U+FFFF whole.
 */
const forbidden = /[\p{Cc}\p{Cs}\uFFFD-\uFFFF]/u

export function isWireText(text: string): boolean {
  return !forbidden.test(text)
}
