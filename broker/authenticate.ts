/** Answers CONNECT: who is it, may it connect, and what is its id inside the hub. */
import type { AedesOptions, AuthenticateError, Client } from 'aedes'
import type { BrokerDeps } from './broker.ts'
import type { Clients, ClientState } from './clients.ts'
import type { RefusalReason, Refusals } from './refusals.ts'
import { isDeviceId, mayPublish, type Identity } from './topic-rules.ts'

/** Return codes of CONNACK (MQTT 3.1.1, table 3.1). */
const identifierRejected = 2
const badUserNameOrPassword = 4
const notAuthorized = 5

type Handlers = Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>>
type ReturnCode = AuthenticateError['returnCode']

export function authenticating(
  deps: Pick<BrokerDeps, 'verify' | 'publicRead'>,
  clients: Clients,
  refusals: Refusals
): Handlers {
  let unnamed = 0
  return {
    preConnect(client, packet, callback) {
      const state = clients.state(client)
      state.clientId = packet.clientId
      // Nobody without a name leaves a session behind.
      if (packet.username === undefined) packet.clean = true
      state.clean = packet.clean ?? true
      state.willTopic = packet.will?.topic
      // Aedes answers with CONNACK 1; this says it to the steward.
      if (packet.protocolVersion === 5) refusals.count('protocolVersion', clients.who(client))
      callback(null, true)
    },

    authenticate(client, username, password, callback) {
      const state = clients.state(client)
      const refuse = (code: ReturnCode, reason: RefusalReason, more?: object): void => {
        const refusal = refusals.count(reason, { ...clients.who(client) }, more)
        callback(Object.assign(refusal, { returnCode: code }), null)
      }
      // [MQTT-3.1.3-8]
      if (state.clientId === '' && !state.clean) return refuse(identifierRejected, 'clientId')
      if (username === undefined) {
        if (!deps.publicRead || state.willTopic !== undefined) return refuse(notAuthorized, 'anonymous')
        admit(client, state, { kind: 'anonymous' }, `/${++unnamed}`)
        return callback(null, true)
      }
      if (!isDeviceId(username) || !deps.verify(username, password?.toString('utf8') ?? '')) {
        return refuse(badUserNameOrPassword, 'wrongPassword', { username: printable(username) })
      }
      const identity: Identity = { kind: 'device', deviceId: username }
      if (state.willTopic !== undefined && !mayPublish(identity, state.willTopic))
        return refuse(notAuthorized, 'will', { username, topic: state.willTopic })
      admit(client, state, identity, `${username}/${state.clientId || `*${++unnamed}`}`)
      callback(null, true)
    }
  }
}

/**
 * The id inside the hub begins with the device, so that a client id of somebody else's choosing can neither take over
 * another device's session nor be a name that JavaScript objects already have.
 */
function admit(client: Client, state: ClientState, identity: Identity, id: string): void {
  state.identity = identity
  client.id = id
}

/** A user name may be a password typed into the wrong field: only what looks like an id of ours is said. */
function printable(username: string): string {
  return isDeviceId(username) ? username.slice(0, 32) : '(not a device id)'
}
