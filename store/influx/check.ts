/** Whether a server is an InfluxDB 2 in which this hub can keep its readings; makes the buckets where the token may. */
import { dayMs, minuteMs, secondMs, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import { askInflux, type InfluxAnswer, type InfluxConnection } from './wire/ask.ts'
import { bucketById, keep, pipe, step } from './wire/flux.ts'
import { readingsMeasurement } from './wire/line-protocol.ts'
import { markerMeasurement } from './connect/marker.ts'
import * as say from './misfit.ts'
import { bucketNames, type Buckets } from './wire/buckets.ts'
import { measurementOf } from './wire/rollup-lines.ts'
import { clockApartMsMax, shardSeconds } from '../limits.ts'

export interface InfluxSettings extends InfluxConnection {
  bucket: string
  /** How long single readings are to be kept; null: for ever. Hours and days are always kept. */
  retentionDays: number | null
}

export interface InfluxFound {
  /** As the server says it; a build of one's own may say "dev". */
  version: string
  orgId: string
  /** Names of the buckets that were not there, and are now unless nothing was to be made. */
  missing: string[]
  /** What is not as it should be and still lets the hub work: one line each, with what to do. */
  warnings: string[]
}

/**
 * Throws `InfluxMisfit` for what somebody has to change, and `StoreUnavailable` while the server does not answer.
 */
export async function checkInflux(
  settings: InfluxSettings,
  clock: Clock,
  { make }: { make: boolean } = { make: true }
): Promise<InfluxFound> {
  const { version, warnings: clockWarnings } = await examineServer(settings, clock)
  const { present, missing, orgId } = await examineBuckets(settings)
  for (const bucket of present) {
    await examineRights(settings, bucket, present)
    await refuseOthersData(settings, bucket)
  }
  if (make) await makeMissing(settings, missing, orgId)
  return {
    version,
    orgId,
    missing,
    warnings: [...clockWarnings, ...present.flatMap((bucket) => examineRetention(settings, bucket))]
  }
}

async function examineServer(
  settings: InfluxSettings,
  clock: Clock
): Promise<{ version: string; warnings: string[] }> {
  const asked = clock.now()
  const answer = await askInflux(settings, 'GET', '/ping')
  const answered = clock.now()
  const version = answer.headers.get('x-influxdb-version')
  if (version === null) throw say.noInflux(settings, answer.status)
  const major = /^v?(\d+)\./.exec(version)?.[1]
  if (major !== undefined && major !== '2') throw say.otherInflux(settings, version)
  return { version, warnings: examineClock(answer, asked, answered) }
}

/** The header has whole seconds, and the answer was on its way for a while. */
function examineClock({ headers }: InfluxAnswer, asked: UnixMs, answered: UnixMs): string[] {
  const theirs = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return []
  const apartMs = Math.max(asked - (theirs + secondMs), theirs - answered)
  if (apartMs <= clockApartMsMax) return []
  return [
    `The clocks of InfluxDB (${toIso(theirs as UnixMs)}) and of this machine (${toIso(answered)}) are ` +
      `${Math.round(apartMs / minuteMs)} minutes apart. Correct both: timedatectl set-ntp true`
  ]
}

interface Bucket {
  id: string
  orgID: string
  name: string
  retentionRules: { everySeconds: number }[]
}

async function examineBuckets(
  settings: InfluxSettings
): Promise<{ present: Bucket[]; missing: string[]; orgId: string }> {
  const present: Bucket[] = []
  const missing: string[] = []
  for (const name of Object.values(bucketNames(settings.bucket))) {
    const query = new URLSearchParams({ org: settings.org, name })
    const answer = await askInflux(settings, 'GET', `/api/v2/buckets?${query}`)
    if (answer.status === 404 && answer.says.startsWith('organization')) throw say.orgUnknown(settings)
    if (answer.status === 404) {
      missing.push(name)
      continue
    }
    const { buckets = [] } = answerOf<{ buckets?: Bucket[] }>(settings, answer, 'listing buckets')
    const found = buckets.find((bucket) => bucket.name === name)
    // The server says "none" of a bucket that is there and that the token may not read.
    if (!found) throw say.mayNot('read', settings, name, [])
    present.push(found)
  }
  return { present, missing, orgId: present[0]?.orgID ?? (await orgIdOf(settings)) }
}

/** A token for buckets alone may not look at its organisation, but every bucket that it sees names it. */
async function orgIdOf(settings: InfluxSettings): Promise<string> {
  const query = new URLSearchParams({ org: settings.org })
  const orgs = await askInflux(settings, 'GET', `/api/v2/orgs?${query}`)
  const [org] = answerOf<{ orgs?: { id: string }[] }>(settings, orgs, 'listing organisations').orgs ?? []
  if (org) return org.id
  const any = await askInflux(settings, 'GET', `/api/v2/buckets?${query}`)
  return answerOf<{ buckets?: Bucket[] }>(settings, any, 'listing buckets').buckets?.[0]?.orgID ?? ''
}

/** A line that is only a comment asks for the right to write, and writes nothing. */
async function examineRights(
  settings: InfluxSettings,
  bucket: Bucket,
  all: readonly Bucket[]
): Promise<void> {
  const query = new URLSearchParams({ org: settings.org, bucket: bucket.name, precision: 'ms' })
  const answer = await askInflux(settings, 'POST', `/api/v2/write?${query}`, '# may I?')
  const ids = all.map(({ id }) => id)
  if (answer.status === 403) throw say.mayNot('write', settings, bucket.name, ids)
  answerOf(settings, answer, `writing into ${bucket.name}`)
}

/** What this store writes; a bucket that holds something else is somebody else's. */
const ours = new Set([readingsMeasurement, markerMeasurement, ...Object.values(measurementOf)])

async function refuseOthersData(settings: InfluxSettings, { id, name }: Bucket): Promise<void> {
  const query = new URLSearchParams({ org: settings.org })
  // In this form it reads the index, not the data.
  const distinct = step`|> group() |> distinct(column: "_measurement")`
  const question = pipe(bucketById(id), keep('_measurement'), distinct)
  const body = { query: question.toString() }
  const answer = await askInflux(settings, 'POST', `/api/v2/query?${query}`, body)
  if (!answer.ok) answerOf(settings, answer, `reading ${name}`)
  const others = valuesIn(answer.text).filter((measurement) => !ours.has(measurement))
  if (others.length > 0) throw say.othersData(name, others)
}

/** The `_value` column of plain CSV, which stands last in its lines. */
function valuesIn(csv: string): string[] {
  const [head = '', ...lines] = csv.split('\r\n')
  const column = head.split(',').indexOf('_value')
  return lines.filter(Boolean).map((line) => line.split(',').slice(column).join(','))
}

async function makeMissing(
  settings: InfluxSettings,
  missing: readonly string[],
  orgID: string
): Promise<void> {
  for (const name of missing) {
    const { retentionS: everySeconds, shardS: shardGroupDurationSeconds } = wantedOf(settings, name)
    const retentionRules = [{ type: 'expire', everySeconds, shardGroupDurationSeconds }]
    const answer = await askInflux(settings, 'POST', '/api/v2/buckets', { orgID, name, retentionRules })
    if (orgID === '' || answer.status === 401 || answer.status === 403) {
      const wanted = missing.map((one) => ({ name: one, ...wantedOf(settings, one) }))
      throw say.mayNotMake(settings, wanted)
    }
    // Somebody else may have made it since.
    if (answer.status !== 422) answerOf(settings, answer, `making the bucket ${name}`)
  }
}

function kindOf({ bucket }: InfluxSettings, name: string): keyof Buckets {
  const { hours, days } = bucketNames(bucket)
  return name === hours ? 'hours' : name === days ? 'days' : 'readings'
}

/** Which shards fit a retention the server knows best. */
function wantedOf(settings: InfluxSettings, name: string): { retentionS: number; shardS?: number } {
  const retentionS = wantedRetentionS(settings, name)
  return retentionS === 0 ? { retentionS, shardS: shardSeconds[kindOf(settings, name)] } : { retentionS }
}

/** What the server removes is said, whoever told it to. */
function examineRetention(settings: InfluxSettings, { id, name, retentionRules }: Bucket): string[] {
  const keepsS = retentionRules[0]?.everySeconds ?? 0
  const wantedS = wantedRetentionS(settings, name)
  if (keepsS === wantedS) return []
  const isShorter = keepsS !== 0 && (wantedS === 0 || keepsS < wantedS)
  const about = { id, name, keepsS, wantedS, isReadings: name === settings.bucket }
  return [isShorter ? say.keptTooShort(settings, about) : say.keptTooLong(settings, about)]
}

/** 0: for ever. */
function wantedRetentionS({ bucket, retentionDays }: InfluxSettings, name: string): number {
  return name === bucket && retentionDays !== null ? (retentionDays * dayMs) / secondMs : 0
}

/** The answer's JSON. What is no success and was not expected is the server's trouble, and may pass. */
function answerOf<T>(settings: InfluxSettings, answer: InfluxAnswer, doing: string): T {
  if (answer.status === 401) throw say.tokenUnknown(settings)
  if (!answer.ok) throw new StoreUnavailable(doing, `InfluxDB answered ${answer.status}: ${answer.says}`)
  return (answer.text ? JSON.parse(answer.text) : undefined) as T
}
