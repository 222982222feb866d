/** A steward's map of fields, as `device add`, `gateway claim`, `device map` and `decode` take it. */
import { readFileSync } from 'node:fs'
import { refuseMap } from '../../hub/hosting/add-sensor.ts'
import { readFieldMap } from '../../ingest/field-map.ts'
import { RegistryRefusal } from '../../registry/registry.ts'
import { option, plain, WrongUse, type Command, type CommandInput } from '../command.ts'
import { unknownDevice } from './named-device.ts'

export const mapOption = { map: { type: 'string' } } as const

/** The file is read where the command was typed; a running hub gets its text. */
export function withMap(input: CommandInput): CommandInput {
  const file = option(input, 'map')
  return file === undefined ? input : { ...input, files: [{ name: file, text: readMap(file) }] }
}

export function mapIn(input: CommandInput): { map?: string } {
  const text = option(input, 'map') === undefined ? undefined : input.files?.[0]?.text
  return text === undefined ? {} : { map: text }
}

/** Only a map that can be read. */
export function readMap(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new WrongUse(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    })
  }
  const read = readFieldMap(text)
  if (!read.ok) throw new WrongUse(`${file}: ${read.refusal}`)
  return text
}

export const deviceMapCommand: Command = {
  words: 'device map',
  usage: 'device map ID FIELDS.json | --none',
  says: 'Say what the fields of a box mean that no family fits; replay reads older messages by it',
  options: { none: { type: 'boolean' } },
  positionals: [1, 2],
  prepare: (input) =>
    input.positionals[1] === undefined
      ? input
      : { ...input, files: [{ name: input.positionals[1], text: readMap(input.positionals[1]) }] },
  run: plain(async ({ registry, directoryTold }, input) => {
    const deviceId = input.positionals[0]!
    const device = registry.device(deviceId)
    if (!device) throw new WrongUse(unknownDevice(deviceId))
    const isTakenAway = input.values['none'] === true
    const map = isTakenAway ? null : input.files?.[0]?.text
    if (map === undefined) throw new WrongUse('Name the file with the map, or --none to take it away.')
    if (map !== null) refuse(map, device.dialect)
    registry.setMap(deviceId, map)
    await directoryTold()
    return {
      json: { deviceId, map: map === null ? null : (JSON.parse(map) as unknown) },
      text: isTakenAway
        ? `${deviceId} has no map any more.`
        : `Messages of ${deviceId} are read by this map from now on. For those of the last days: npx lamppost replay --device ${deviceId}`
    }
  })
}

function refuse(map: string, dialect: string): void {
  try {
    refuseMap(map, dialect)
  } catch (cause) {
    throw cause instanceof RegistryRefusal ? new WrongUse(cause.message) : cause
  }
}
