/** Removes every trace of sites, and of devices that are gone for good, from the server and from the state file. */
import { StoreUnavailable } from '../../promise/unavailable.ts'
import type { Erasure } from '../../promise/keep.ts'
import type { Core } from '../core.ts'
import { countAll } from '../read/counts.ts'
import { keepTrimmed } from './trim.ts'
import { allTime, filter, isMeasurement, isSite, pipe, source, step } from '../wire/flux.ts'
import { encodeTag, readingsMeasurement } from '../wire/line-protocol.ts'
import { measurementOf } from '../wire/rollup-lines.ts'

const doing = 'erasing a site'

/** May be done twice. The server's files lose deleted points with their next compaction; its answers lose them at once. */
export async function eraseNow(core: Core, { siteIds, deviceIds }: Erasure): Promise<number> {
  let count = 0
  for (const siteId of siteIds) count += await eraseSite(core, siteId)
  const { state } = core
  const gone = core.corrections.rows.filter((row) => deviceIds.includes(row.deviceId))
  state.transaction(() => {
    for (const deviceId of deviceIds) {
      state.run('DELETE FROM said_intervals WHERE device = ?', deviceId)
      state.run('DELETE FROM refused WHERE device = ?', deviceId)
    }
    for (const { correctionId } of gone)
      state.run('DELETE FROM corrections WHERE correction = ?', correctionId)
  })
  core.forgetDevices(deviceIds)
  keepTrimmed(core, new Map([...core.trimmed].filter(([siteId]) => !siteIds.includes(siteId))))
  return count
}

async function eraseSite(core: Core, siteId: string): Promise<number> {
  const { server, buckets, catalogue, state } = core
  const channels = catalogue.channelsOf([siteId])
  const count = await countAll(core, doing, catalogue.seriesOf(channels))
  const places = [
    [buckets.readings, readingsMeasurement],
    [buckets.hours, measurementOf.hour],
    [buckets.days, measurementOf.day]
  ] as const
  for (const [bucket, measurement] of places) {
    await server.delete(bucket, measurement, { site: encodeTag(siteId) }, allTime)
    await verifyGone(core, bucket, measurement, siteId)
  }
  state.transaction(() => {
    for (const { id } of channels) {
      for (const table of ['aside', 'learnt_intervals']) {
        state.run(`DELETE FROM ${table} WHERE series IN (SELECT series FROM series WHERE channel = ?)`, id)
      }
      for (const table of ['series', 'channels', 'dirty', 'unexamined']) {
        state.run(`DELETE FROM ${table} WHERE channel = ?`, id)
      }
    }
    state.run('DELETE FROM refused WHERE site = ?', siteId)
    // A count of before is wrong now; it is written again when the store is closed.
    state.removeMeta('readings')
  })
  for (const channel of channels) core.forgetChannel(channel)
  core.mounts.forgetSite(siteId)
  core.cache.forget(new Set(channels.map(({ id }) => id)))
  if (core.readings !== undefined) core.readings -= count
  return count
}

async function verifyGone(core: Core, bucket: string, measurement: string, siteId: string): Promise<void> {
  const question = pipe(
    source(bucket, allTime),
    filter([isMeasurement(measurement), isSite(siteId)]),
    step`|> first() |> group() |> limit(n: 1)`
  )
  const left = await core.server.query(doing, question)
  if (left.length === 0) return
  throw new StoreUnavailable(
    doing,
    new Error(`bucket ${bucket} still holds points of the site after they were deleted`)
  )
}
