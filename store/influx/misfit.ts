/** What is said when the settings and the server do not fit: one line each, with the command that mends it. */
import { dayMs, secondMs } from '../../model/time.ts'
import type { InfluxConnection } from './wire/ask.ts'

/** The settings do not fit the server. No waiting cures it; the message says what does. */
export class InfluxMisfit extends Error {
  readonly code = 'badSetting'
}

export function noInflux({ url }: InfluxConnection, status: number): InfluxMisfit {
  return new InfluxMisfit(
    `${url} (INFLUX_URL) is not an InfluxDB 2 server: it answers /ping with ${status} and no version. ` +
      'Give the address of an InfluxDB 2, such as http://localhost:8086.'
  )
}

export function otherInflux({ url }: InfluxConnection, version: string): InfluxMisfit {
  return new InfluxMisfit(
    `${url} (INFLUX_URL) is an InfluxDB ${version.replace(/^v/, '')}, but Lamppost works only with InfluxDB 2. ` +
      'Start an InfluxDB 2 and give its address, or remove LAMPPOST_STORE to keep readings in the data folder.'
  )
}

export function tokenUnknown({ url }: InfluxConnection): InfluxMisfit {
  return new InfluxMisfit(
    `InfluxDB at ${url} does not accept the token in INFLUX_TOKEN. ` +
      `List its tokens (influx auth list --host ${url}), or create one.`
  )
}

export function orgUnknown({ url, org }: InfluxConnection): InfluxMisfit {
  return new InfluxMisfit(
    `InfluxDB at ${url} has no organisation "${org}" (INFLUX_ORG). List its organisations: influx org list --host ${url}`
  )
}

/** `ids` are the three buckets where they are known. */
export function mayNot(
  right: 'read' | 'write',
  place: InfluxConnection,
  bucket: string,
  ids: readonly string[]
): InfluxMisfit {
  const each = ids.map((id) => `--read-bucket ${id} --write-bucket ${id}`).join(' ')
  const rights = ids.length === 3 ? each : '--read-buckets --write-buckets'
  return new InfluxMisfit(
    `The token in INFLUX_TOKEN may not ${right} the bucket ${bucket}. Create one that may read and write it: ` +
      command(place, `auth create --org ${quoted(place.org)} ${rights}`)
  )
}

export function mayNotMake(
  place: InfluxConnection,
  missing: readonly { name: string; retentionS: number; shardS?: number }[]
): InfluxMisfit {
  const org = quoted(place.org)
  const commands = missing.map(({ name, retentionS, shardS }) => {
    const shards = shardS === undefined ? '' : ` --shard-group-duration ${shardS}s`
    return command(
      place,
      `bucket create --org ${org} --name ${quoted(name)} --retention ${retentionS}s${shards}`
    )
  })
  return new InfluxMisfit(
    `InfluxDB has no bucket ${missing.map(({ name }) => name).join(', ')}, and the token in INFLUX_TOKEN may not create it. ` +
      `Run with a token that may: ${commands.join(' && ')}`
  )
}

export function othersData(bucket: string, measurements: readonly string[]): InfluxMisfit {
  const shown = measurements.slice(0, 3).join(', ') + (measurements.length > 3 ? ', …' : '')
  return new InfluxMisfit(
    `The bucket ${bucket} contains data of another program (${shown}); it was not changed. ` +
      'Set INFLUX_BUCKET to a bucket used only by Lamppost.'
  )
}

export interface Kept {
  id: string
  name: string
  /** 0: for ever. */
  keepsS: number
  wantedS: number
  /** The bucket of single readings, whose retention is a setting. */
  isReadings: boolean
}

export function keptTooShort(
  place: InfluxConnection,
  { id, name, keepsS, wantedS, isReadings }: Kept
): string {
  return (
    `InfluxDB keeps data in the bucket ${name} only ${long(keepsS)}, and refuses older readings. ` +
    `To keep it ${long(wantedS)}: ${command(place, `bucket update --id ${id} --retention ${wantedS}s`)}` +
    (isReadings && Number.isInteger(inDays(keepsS))
      ? ` (or confirm that this is intended: INFLUX_RETENTION_DAYS=${inDays(keepsS)})`
      : '')
  )
}

export function keptTooLong(place: InfluxConnection, { id, name, keepsS, wantedS }: Kept): string {
  return (
    `INFLUX_RETENTION_DAYS asks to keep readings ${long(wantedS)}, but the bucket ${name} keeps them ${long(keepsS)}. ` +
    `To have InfluxDB remove older ones: ${command(place, `bucket update --id ${id} --retention ${wantedS}s`)}`
  )
}

function long(seconds: number): string {
  return seconds === 0 ? 'for ever' : `for ${inDays(seconds)} days`
}

function inDays(seconds: number): number {
  return Math.round((seconds * secondMs * 100) / dayMs) / 100
}

/** The program `influx` takes its token from its own configuration, or from INFLUX_TOKEN. */
function command({ url }: InfluxConnection, words: string): string {
  return `influx ${words} --host ${url}`
}

/** As one word of a shell. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
