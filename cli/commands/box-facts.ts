/** What settings for a box are filled with. */
import type { BoxFacts } from '../box-settings.ts'
import type { CommandContext } from '../command.ts'

export function factsOf(
  { deviceHost, mqttPort, httpPort }: Pick<CommandContext, 'deviceHost' | 'mqttPort' | 'httpPort'>,
  id: string,
  { password, token }: { password: string; token?: string }
): BoxFacts {
  return { host: deviceHost, mqttPort, httpPort, id, password, token }
}

/** The credentials as they are printed: the token of a box that pushes stands in its address and nowhere else. */
export function withoutToken<C extends { token?: string }>(credentials: C): Omit<C, 'token'> {
  const shown = { ...credentials }
  delete shown.token
  return shown
}
