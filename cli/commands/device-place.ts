/** `lamppost device move|placement|hand-over|rename`: whose a sensor is, and where it is installed. */
import { moveDevice, relocate } from '../../hub/moving.ts'
import { counted } from '../../model/counted.ts'
import { toIso } from '../../model/time.ts'
import { option, plain, requiredOption, WrongUse, type Command } from '../command.ts'
import { timeOption } from '../time-option.ts'
import { deviceAddCommand } from './device-add.ts'
import { currentSiteOf, given } from './named-device.ts'
import { placementCommand } from './placement.ts'
import { personText } from './person-text.ts'

export const devicePlaceCommands: Command[] = [
  deviceAddCommand,
  {
    words: 'device move',
    usage: 'device move ID --street S [--at T]',
    says: 'Record a move, or an earlier location',
    options: { street: { type: 'string' }, at: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async (rooms, input) => {
      const { clock } = rooms
      const deviceId = input.positionals[0]!
      const street = requiredOption(input, 'street', 'the street it moves to.')
      const at = timeOption(input, 'at', rooms.timezone) ?? clock.now()
      const { siteId, streetId, until, readingsMoved } = await moveDevice(rooms, {
        deviceId,
        street,
        at,
        now: clock.now()
      })
      return {
        json: { deviceId, siteId, streetId, at: toIso(at), readingsMoved },
        text: `${deviceId} ${until === null ? 'is' : 'was'} at ${siteId} in ${streetId} from ${toIso(at)} ${until === null ? 'on' : `until ${toIso(until)}`}. ${counted(readingsMoved, 'reading')} went with it.`
      }
    })
  },
  placementCommand,
  {
    words: 'device rename',
    usage: 'device rename ID NAME',
    says: 'Rename the place of a sensor; the name of an outdoor place is public',
    options: {},
    positionals: [2, 2],
    run: plain(async ({ registry }, { positionals: [deviceId = '', name = ''] }) => {
      const siteId = currentSiteOf(registry, deviceId)
      registry.renameSite(siteId, name)
      const site = registry.site(siteId)!
      const seenBy =
        site.placement === 'outdoor' ? 'Everybody sees this name.' : 'Only its host and you see this name.'
      return {
        json: { deviceId, siteId, name: site.name },
        text: `The place of ${deviceId} is now called "${site.name}". ${seenBy}`
      }
    })
  },
  {
    words: 'device hand-over',
    usage: 'device hand-over ID --to PERSON [--home H] [--at T] | --with-history',
    says: 'Give a sensor to another host from now on; what it measured before stays with its former host',
    options: {
      to: { type: 'string' },
      home: { type: 'string' },
      at: { type: 'string' },
      'with-history': { type: 'boolean' }
    },
    positionals: [1, 1],
    run: plain(async (rooms, input) => {
      const { registry, clock } = rooms
      const deviceId = input.positionals[0]!
      currentSiteOf(registry, deviceId)
      const to = requiredOption(
        input,
        'to',
        'the person who hosts it now, by id or name. See: npx lamppost person list'
      )
      const person = registry.needPerson(to)
      if (input.values['with-history'] === true) {
        if (option(input, 'home') ?? option(input, 'at'))
          throw new WrongUse('--with-history hands over everything as it is: leave out --home and --at.')
        const { siteId } = registry.takeOver(deviceId, person.personId)
        return {
          json: { deviceId, siteId, personId: person.personId, withHistory: true },
          text: `${deviceId} and everything else of its unnamed host now belong to ${personText(person)}.`
        }
      }
      const at = timeOption(input, 'at', rooms.timezone) ?? clock.now()
      const home = option(input, 'home')
      const { siteId, readingsMoved } = await relocate(rooms, deviceId, () =>
        registry.handOver(deviceId, person.personId, { at, now: clock.now(), ...given('homeId', home) })
      )
      const { homeId } = registry.site(siteId)!
      const where = homeId === '' ? '' : ` It is in their home ${homeId}.`
      return {
        json: {
          deviceId,
          siteId,
          personId: person.personId,
          homeId: homeId || null,
          at: toIso(at),
          readingsMoved
        },
        text:
          `${personText(person)} hosts ${deviceId} from ${toIso(at)} on.${where} What it measured before stays with its former host.\n` +
          `Its password still works. To replace it, so that the former host no longer knows it: npx lamppost device rotate ${deviceId} --now`
      }
    })
  }
]
