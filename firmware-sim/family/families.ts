/** The families that the simulator plays, by the name that `--dialect` takes, and which boxes of a neighbourhood are of one. */
import type { Quantity } from '../../model/quantity.ts'
import { airgradient } from './airgradient.ts'
import { airrohr } from './airrohr.ts'
import { chirpstack } from './chirpstack.ts'
import { ecowitt } from './ecowitt.ts'
import { enviro } from './enviro.ts'
import { esphome } from './esphome.ts'
import type { Firmware } from './firmware.ts'
import { homeassistant } from './homeassistant.ts'
import { meshtastic } from './meshtastic.ts'
import { opensensemap } from './opensensemap.ts'
import { other } from './other.ts'
import { senml } from './senml.ts'
import { shelly } from './shelly.ts'
import { smartcitizen } from './smartcitizen.ts'
import { tasmota } from './tasmota.ts'
import { theengs } from './theengs.ts'
import { thingsboard } from './thingsboard.ts'
import { ttn } from './ttn.ts'
import { zigbee2mqtt } from './zigbee2mqtt.ts'

/** `index` of the box: an end device of a network has an address that no other has. */
export function firmwareOf(family: string, index = 0): Firmware {
  const firmware = byIndex.get(family)?.(index) ?? families.get(family)
  if (!firmware) throw new Error(`The simulator has no firmware of ${family}.`)
  return firmware
}

/** Behind a gateway a box has an address that no other has anywhere. */
const byIndex: ReadonlyMap<string, (index: number) => Firmware> = new Map([
  ['ttn', ttn],
  ['chirpstack', chirpstack],
  ['theengs', theengs],
  ['meshtastic', meshtastic]
])

const families: ReadonlyMap<string, Firmware> = new Map([
  ['airrohr', airrohr],
  ['airgradient', airgradient],
  ['esphome', esphome()],
  ['tasmota', tasmota],
  ['zigbee2mqtt', zigbee2mqtt()],
  ['ttn', ttn()],
  ['homeassistant', homeassistant()],
  ['shelly', shelly],
  ['ecowitt', ecowitt()],
  ['smartcitizen', smartcitizen],
  ['other', other()],
  ['chirpstack', chirpstack()],
  ['theengs', theengs()],
  ['enviro', enviro],
  ['meshtastic', meshtastic()],
  ['senml', senml],
  ['thingsboard', thingsboard()],
  ['opensensemap', opensensemap]
])

export const familyNames: readonly string[] = [...families.keys()]

/** Of three boxes one is something that its host had already. */
const oneIn = 3
/** A steward has to allow the one, which shows no secret, and to map the others. */
const needStewards: ReadonlySet<string> = new Set(['smartcitizen', 'other', 'opensensemap'])

/** undefined: a box of the hub's own kind, as are those that measure what no family can say. */
export function familyOfBox(index: number, quantities: readonly Quantity[]): string | undefined {
  if (index % oneIn !== oneIn - 1) return undefined
  const fitting = [...families].filter(
    ([name, firmware]) =>
      !needStewards.has(name) &&
      quantities.every((one) => one === 'battery' || firmware.quantities.includes(one))
  )
  return fitting[Math.floor(index / oneIn) % fitting.length]?.[0]
}
