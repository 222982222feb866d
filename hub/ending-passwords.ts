/** Passwords whose overlap is over: refused from that moment, and clients that still use one are disconnected. */
import type { Broker } from '../broker/broker.ts'
import type { Clock } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'

/** A connection outlives its password by less than a second. */
const lookEveryMs = 500

export function endPasswords(
  registry: Pick<Registry, 'forgetEndedPasswords' | 'isValid'>,
  broker: Pick<Broker, 'disconnect'>,
  clock: Clock
): { stop(): void } {
  const look = (): void => {
    for (const deviceId of registry.forgetEndedPasswords(clock.now()))
      broker.disconnect(deviceId, (passwordId) => registry.isValid(deviceId, passwordId))
  }
  const timer = setInterval(look, lookEveryMs)
  return { stop: () => clearInterval(timer) }
}
