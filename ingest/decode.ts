/** From a message to what it measured and what was wrong with it, through the dialect of its device. Pure. */
import { airgradient } from './dialect/airgradient.ts'
import { airrohr } from './dialect/airrohr.ts'
import { ecowitt } from './dialect/ecowitt.ts'
import { esphome } from './dialect/esphome.ts'
import { homeassistant } from './dialect/homeassistant.ts'
import { lamppost } from './dialect/lamppost.ts'
import { shelly } from './dialect/shelly.ts'
import { smartcitizen } from './dialect/smartcitizen.ts'
import { tasmota } from './dialect/tasmota.ts'
import { ttn } from './dialect/ttn.ts'
import { zigbee2mqtt } from './dialect/zigbee2mqtt.ts'
import type { Decoded, Dialect, DialectMessage, Source } from './ingest.ts'

/** Every device family the hub understands, by the name that `--dialect` takes. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(
  [
    lamppost,
    airrohr,
    smartcitizen,
    airgradient,
    esphome,
    tasmota,
    zigbee2mqtt,
    ttn,
    homeassistant,
    shelly,
    ecowitt
  ].map((dialect): [string, Dialect] => [dialect.name, dialect])
)

/** A device whose dialect this version does not know is read as native. */
export function dialectOf(name: string): Dialect {
  return dialects.get(name) ?? lamppost
}

/** Never throws, whatever the bytes. */
export function decode(dialect: string, message: DialectMessage, source: Source = {}): Decoded {
  return dialectOf(dialect).decode(message, source)
}
