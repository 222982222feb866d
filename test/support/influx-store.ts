/** Opens the InfluxDB store on a test's server. */
import { systemClock } from '../../model/time.ts'
import { openInfluxStore, type InfluxStore, type InfluxStoreOptions } from '../../store/influx/open.ts'
import { bucketNames } from '../../store/influx/wire/buckets.ts'
import type { InfluxServer } from './influxd.ts'

/** The three buckets that a store needs, empty. */
export async function makeInfluxBucket(server: InfluxServer, retentionS = 0): Promise<string> {
  const bucket = await server.makeBucket({ retentionS })
  const { hours, days } = bucketNames(bucket)
  for (const name of [hours, days]) await server.makeBucket({ name })
  return bucket
}

export function openInflux(
  { url, token, org }: Pick<InfluxServer, 'url' | 'token' | 'org'>,
  options: Partial<InfluxStoreOptions> & Pick<InfluxStoreOptions, 'bucket' | 'stateFile'>
): Promise<InfluxStore> {
  return openInfluxStore({
    url,
    token,
    org,
    timezone: 'Europe/London',
    random: Math.random,
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined },
    ...options
  })
}
