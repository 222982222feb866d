/** `lamppost device forward`: readings of an outdoor box go on to sensor.community as well, because its host wants it. */
import { toIso } from '../../model/time.ts'
import { option, plain, requiredOption, WrongUse, type Command } from '../command.ts'
import { currentSiteOf } from './named-device.ts'

/** As the network names a box by its chip. */
const nodePattern = /^(?:esp8266|esp32|raspi|smogomierz|TTN)-[0-9A-Za-z]{1,32}$/

export const forwardCommand: Command = {
  words: 'device forward',
  usage: 'device forward ID on|off [--to sensor.community] --by NAME [--node esp8266-12345678]',
  says: 'Send the readings of an outdoor sensor on to sensor.community from now on, at its host’s wish, or no more',
  options: { to: { type: 'string' }, by: { type: 'string' }, node: { type: 'string' } },
  positionals: [2, 2],
  run: plain(async ({ registry, clock }, input) => {
    const [deviceId = '', answer = ''] = input.positionals
    if (answer !== 'on' && answer !== 'off') throw new WrongUse(`"${answer}" is neither on nor off.`)
    const site = registry.site(currentSiteOf(registry, deviceId))!
    const to = option(input, 'to') ?? 'sensor.community'
    if (to !== 'sensor.community')
      throw new WrongUse(`--to is "${to}". Readings can be sent on to sensor.community.`)
    if (answer === 'off') {
      const wasOn = registry.endForwarding(deviceId)
      return {
        json: { deviceId, forwarded: false },
        text: wasOn ? `${deviceId} is sent on to ${to} no more.` : `${deviceId} was not sent on anywhere.`
      }
    }
    if (registry.isDemo) throw new WrongUse('This is a demo: invented readings go nowhere else.')
    if (site.placement !== 'outdoor')
      throw new WrongUse(`${deviceId} is indoors. What is measured in homes is never sent on.`)
    if (registry.device(deviceId)?.removedAt !== null) throw new WrongUse(`${deviceId} was removed.`)
    const by = requiredOption(input, 'by', 'who says so, for example --by "Anna Smith".')
    const node =
      option(input, 'node') ?? chipOf(registry.things().find((one) => one.deviceId === deviceId)?.address)
    if (node === undefined || !nodePattern.test(node))
      throw new WrongUse(
        '--node is missing: the id of the box at devices.sensor.community, such as esp8266-12345678.'
      )
    const since = clock.now()
    registry.forward({ deviceId, node, by, since })
    return {
      json: { deviceId, forwarded: true, to, node, by, since: toIso(since) },
      text: [
        `What ${deviceId} measures goes on to ${to} as ${node} from now on, after it is stored here.`,
        `Everybody sees it there, at the place that is registered there. To end it: npx lamppost device forward ${deviceId} off`
      ].join('\n')
    }
  })
}

function chipOf(address: string | undefined): string | undefined {
  return address !== undefined && /^\d{4,12}$/.test(address) ? `esp8266-${address}` : undefined
}
