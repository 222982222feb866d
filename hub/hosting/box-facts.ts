/** What settings for a box are filled with, and the settings with it: shown when a sensor is added, and when its secrets change. */
import type { Credentials } from '../../registry/registry.ts'
import { boxSettings, pushUrlOf, type BoxFacts, type BoxSettings } from './box-settings.ts'

/** Where boxes reach the hub. */
export interface BoxDoors {
  deviceHost: string
  mqttPort: number
  httpPort: number
}

export function factsOf(
  { deviceHost, mqttPort, httpPort }: BoxDoors,
  id: string,
  { password, token }: { password: string; token?: string }
): BoxFacts {
  return { host: deviceHost, mqttPort, httpPort, id, password, token }
}

/** The credentials as they are shown: the token of a box that pushes stands in its address and nowhere else. */
export function withoutToken<C extends { token?: string }>(credentials: C): Omit<C, 'token'> {
  const shown = { ...credentials }
  delete shown.token
  return shown
}

export interface ShownCredentials extends Omit<Credentials, 'token'> {
  pushUrl: string | undefined
  settings: BoxSettings[]
}

export function shownCredentials(
  doors: BoxDoors,
  dialect: string,
  credentials: Credentials
): ShownCredentials {
  const facts = factsOf(doors, credentials.deviceId, credentials)
  return {
    ...withoutToken(credentials),
    pushUrl: pushUrlOf(dialect, facts),
    settings: boxSettings(dialect, facts)
  }
}
