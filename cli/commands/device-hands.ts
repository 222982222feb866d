/** `lamppost device swap` and `device offer`: another board in a sensor's place, and a code for its next host. */
import { swapBox } from '../../hub/hosting/next-host.ts'
import { toIso } from '../../model/time.ts'
import { option, plain, type Command } from '../command.ts'
import { credentialsFor } from './device-add.ts'
import { currentSiteOf, given } from './named-device.ts'

export const deviceHandsCommands: Command[] = [
  {
    words: 'device swap',
    usage: 'device swap ID [--dialect D] [--address A]',
    says: 'Put another board in a sensor’s place: the place keeps its history, the old board’s password ends',
    options: { dialect: { type: 'string' }, address: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async (context, input) => {
      const { registry, clock, disconnect, directoryTold } = context
      const deviceId = input.positionals[0]!
      currentSiteOf(registry, deviceId)
      const dialect = option(input, 'dialect') ?? registry.device(deviceId)!.dialect
      const credentials = swapBox(
        registry,
        { deviceId, dialect, ...given('address', option(input, 'address')) },
        clock.now()
      )
      disconnect(deviceId)
      await directoryTold()
      const { json, lines } = credentialsFor(context, dialect, credentials)
      return {
        json,
        text: [`${deviceId} was removed; its place keeps what it measured.`, ...lines].join('\n')
      }
    })
  },
  {
    words: 'device offer',
    usage: 'device offer ID',
    says: 'Print a code by which its next host takes a sensor on the page “Add a sensor”, once, within a week',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, accounts }, { positionals: [deviceId = ''] }) => {
      const site = registry.site(currentSiteOf(registry, deviceId))!
      const { code, expiresAt } = accounts.offerSensor(deviceId, site.personId)
      const comes = registry.person(site.personId)?.name
        ? 'It comes without its history, which stays its present host’s.'
        : 'Nobody hosts it by name yet, so it comes with everything that it measured.'
      return {
        json: { deviceId, code, until: toIso(expiresAt) },
        text: `${code}   (shown only this once; until ${toIso(expiresAt)})\nIts next host types it in at /home/add. ${comes}`
      }
    })
  }
]
