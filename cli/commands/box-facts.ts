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
