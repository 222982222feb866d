/** Answers CONNECT: who is it, may it connect, and what is its id inside the hub. */
import type { AedesOptions, AuthenticateError } from 'aedes'
import type { BrokerDeps } from './broker.ts'
import type { Clients } from './clients.ts'
import type { RefusalReason, Refusals, Refused } from './refusals.ts'
import { isDeviceId, type Rules } from './topic-rules.ts'

/** Return codes of CONNACK (MQTT 3.1.1, table 3.1). */
const identifierRejected = 2
const badUserNameOrPassword = 4
const notAuthorized = 5

type Handlers = Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>>
type ReturnCode = AuthenticateError['returnCode']

export function authenticating(
  rules: Rules,
  clients: Clients,
  refusals: Refusals,
  onMistake: BrokerDeps['onMistake']
): Handlers {
  let unnamed = 0
  return {
    preConnect(client, packet, callback) {
      const state = clients.state(client)
      state.clientId = packet.clientId
      // Nobody without a name leaves a session behind.
      if (packet.username === undefined && !rules.lastingWithoutName) packet.clean = true
      // [MQTT-3.1.3-8]; MQTT 3.1, section 3.1: 1 to 23 characters.
      state.needsClientId = packet.clean === false || packet.protocolVersion === 3
      state.willTopic = packet.will?.topic
      // Aedes answers with CONNACK 1; this says it to the steward.
      if (packet.protocolVersion === 5) {
        refusals.count('protocolVersion', clients.who(client))
        const { username, clientId } = packet
        onMistake?.({ kind: 'protocol', username, clientId, willTopic: state.willTopic })
      }
      callback(null, true)
    },

    authenticate(client, username, password, callback) {
      const state = clients.state(client)
      const refuse = (
        code: ReturnCode,
        reason: RefusalReason,
        more?: Refused,
        who: { deviceId?: string } = {}
      ): void => {
        const refusal = refusals.count(reason, { ...clients.who(client), ...who }, more)
        callback(Object.assign(refusal, { returnCode: code }), null)
      }
      if (state.clientId === '' && state.needsClientId) return refuse(identifierRejected, 'clientId')
      const identity = rules.identify(username, password?.toString('utf8') ?? '', state.clientId)
      if (!identity) {
        if (username !== undefined)
          onMistake?.({ kind: 'password', username, password: password?.toString('utf8') ?? '' })
        return username === undefined
          ? refuse(notAuthorized, 'anonymous')
          : refuse(badUserNameOrPassword, 'wrongPassword', { username: printable(username) })
      }
      if (state.willTopic !== undefined && !rules.mayPublish(identity, state.willTopic)) {
        return identity.kind === 'anonymous'
          ? refuse(notAuthorized, 'anonymous')
          : refuse(
              notAuthorized,
              'will',
              { username, topic: state.willTopic.slice(0, 100) },
              { deviceId: identity.deviceId }
            )
      }
      state.identity = identity
      client.id = rules.sessionId(identity, state.clientId, ++unnamed)
      callback(null, true)
    }
  }
}

/** A user name may be a secret: only what looks like an id of ours is said. */
function printable(username: string): string {
  if (/^[a-z2-7]{26}$/.test(username)) return '(a token)'
  return isDeviceId(username) ? username.slice(0, 32) : '(not a device id)'
}
