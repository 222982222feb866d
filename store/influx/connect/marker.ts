/**
 * Whose bucket it is: a point with the store's own number, which the state file holds too. It tells our own data from
 * somebody else's, and a bucket that was emptied from one that never held anything.
 */
import { toIso, type UnixMs } from '../../../model/time.ts'
import { journalKeepMsMax } from '../../../model/limits.ts'
import { StoreUnavailable } from '../../promise/unavailable.ts'
import type { Core } from '../core.ts'
import { allTime, filter, isField, isMeasurement, keep, pipe, source, step } from '../wire/flux.ts'
import { markerRenewMs } from '../../limits.ts'

export const markerMeasurement = 'lamppost'
const anything = step`|> first() |> group() |> limit(n: 1)`
const doing = 'asking whose the bucket is'

export async function checkMarker(core: Core): Promise<void> {
  const { state } = core
  const ours = state.meta('store')
  const there = await readMarker(core)
  if (there === undefined) {
    if (ours === undefined) await claim(core)
    else if (state.meta('marked') !== undefined) await forgetReadings(core)
    return
  }
  if (ours === undefined) {
    // The state file was lost, and the bucket says whose it is.
    state.setMeta('store', there)
    state.setMeta('marked', '0')
  } else if (ours !== there) {
    throw new StoreUnavailable(
      doing,
      new Error(
        `bucket ${core.buckets.readings} holds the readings of another Lamppost (${there}; this one is ${ours}). ` +
          'Set INFLUX_BUCKET to a bucket of its own; nothing was written.'
      )
    )
  }
}

async function readMarker(core: Core): Promise<string | undefined> {
  const question = pipe(
    source(core.buckets.readings, allTime),
    filter([isMeasurement(markerMeasurement), isField('store')]),
    step`|> last()`,
    keep('_time', '_value')
  )
  const tables = await core.server.query(doing, question, true)
  return tables.at(-1)?.text.at(-1)
}

/** A bucket that holds readings of nobody known is not taken: what we would read there is not ours. */
async function claim(core: Core): Promise<void> {
  const question = pipe(source(core.buckets.readings, allTime), anything, keep('_time', '_measurement'))
  const [foreign] = await core.server.query(doing, question, true)
  if (foreign) {
    throw new StoreUnavailable(
      doing,
      new Error(
        `bucket ${core.buckets.readings} holds other data (measurement ${foreign.key._measurement}). ` +
          'Set INFLUX_BUCKET to a new, empty bucket; nothing was written.'
      )
    )
  }
  core.state.setMeta('store', newStoreId(core.settings.random))
  core.state.setMeta('rebuilt', '0')
}

/** 64 bits: nobody has so many hubs that two of them get the same. */
function newStoreId(random: () => number): string {
  const byte = (): string =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, '0')
  return Array.from({ length: 8 }, byte).join('')
}

export async function renewMarker(core: Core): Promise<void> {
  const { state, settings } = core
  const now = Math.floor(settings.clock.now() / markerRenewMs) * markerRenewMs
  if (state.meta('marked') === String(now)) return
  const line = `${markerMeasurement} store="${state.meta('store')}" ${now}`
  const refusal = await core.server.write(core.buckets.readings, [line])
  // A bucket whose server believes it is another hour refuses the mark as it will refuse readings, which is shown.
  if (refusal) return state.removeMeta('marked')
  state.setMeta('marked', String(now))
}

/** The bucket was emptied, or is another one of the same name: what was believed of it is forgotten, and that is said. */
async function forgetReadings(core: Core): Promise<void> {
  const { state, settings, buckets } = core
  const now = settings.clock.now()
  // Where hours are left the readings grew old while the hub was away, and a series reaches as far as its hours do.
  const [hours] = await core.server.query(doing, pipe(source(buckets.hours, allTime), anything))
  state.transaction(() => {
    if (!hours) state.run('UPDATE series SET low = NULL, high = NULL')
    for (const table of ['aside', 'dirty', 'unexamined', 'work', 'learnt_intervals'])
      state.run(`DELETE FROM ${table}`)
    state.setMeta('emptied', String(now))
    state.setMeta('readings', '0')
    state.removeMeta('marked')
  })
  core.load()
  core.cache.clear()
  core.recent.clear()
  core.runningDayAt.clear()
  settings.log.warn({ bucket: buckets.readings }, emptiedWords(now))
}

function emptiedWords(at: UnixMs): string {
  return (
    `InfluxDB no longer has the readings that were stored before ${toIso(at)}: its bucket was emptied or created again. ` +
    '"npx lamppost replay" writes again what the journal still holds; the rest is in your backups of InfluxDB.'
  )
}

/** For as long as the journal may still help. */
export function emptiedNote(core: Core): string | null {
  const at = core.state.meta('emptied')
  if (at === undefined || core.settings.clock.now() - Number(at) > journalKeepMsMax) return null
  return emptiedWords(Number(at) as UnixMs)
}
