/** Sends lines a few requests at a time, and sets aside what the server refuses for good. */
import type { Core } from '../core.ts'
import { deliver, type Parcel, type Refused } from '../wire/deliver.ts'
import {
  linesPerRequestMax,
  linesPerRequestMin,
  refusalMessageLengthMax,
  requestsAtOnceMax
} from '../../limits.ts'
import type { NamedRow } from '../wire/line-protocol.ts'
import type { Mount } from '../state/mounts.ts'

/** Readings of one mount and moment that travel together. */
export interface Line {
  mount: Mount
  time: number
  rows: readonly NamedRow[]
  /** The server has no line of that moment yet. */
  isNew: boolean
  textOf(tags: string, time: number, rows: readonly NamedRow[]): string
}

/** Resolves when everything is on the server's disk but what it refused, which is in the state file with its reason. */
export async function sendLines(core: Core, lines: readonly Line[]): Promise<Refused<Line>[]> {
  const refused = await sendParcels(core, core.buckets.readings, lines.map(parcelOf))
  if (core.state.refusedCount() > 0) forgive(core, lines, refused)
  if (refused.length > 0) setAside(core, refused)
  return refused
}

/** What is taken now, in a replay after the reason was mended, is no longer among what was refused. */
function forgive(core: Core, lines: readonly Line[], refused: readonly Refused<Line>[]): void {
  const nameOf = ({ mount, time }: Line): string => `${mount.tags} ${time}`
  const still = new Set(refused.map(({ parcel }) => nameOf(parcel.what)))
  core.state.transaction(() => {
    for (const line of lines) {
      if (!still.has(nameOf(line))) core.state.forgive(line.mount.siteId, line.mount.deviceId, line.time)
    }
  })
}

function parcelOf(line: Line): Parcel<Line> {
  const { mount, time, rows, textOf } = line
  return {
    text: textOf(mount.tags, time, rows),
    time,
    what: line,
    parts: () => (rows.length === 1 ? [] : rows.map((row) => parcelOf({ ...line, rows: [row] })))
  }
}

/** Requests run side by side: no two of one call name the same point, so their order does not matter. */
export async function sendParcels<What>(
  core: Pick<Core, 'server' | 'awake'>,
  bucket: string,
  parcels: readonly Parcel<What>[]
): Promise<Refused<What>[]> {
  const even = Math.ceil(parcels.length / requestsAtOnceMax)
  const size = Math.min(linesPerRequestMax, Math.max(linesPerRequestMin, even))
  await wake(core, bucket, parcels)
  const refused: Refused<What>[] = []
  let next = 0
  let failed = false
  const carry = async (): Promise<void> => {
    while (next < parcels.length && !failed) {
      const load = parcels.slice(next, (next += size))
      try {
        refused.push(...(await deliver(load, (lines) => core.server.write(bucket, lines))))
      } catch (failure) {
        failed = true
        throw failure
      }
    }
  }
  // All have ended before a failure is told: nothing is under way when the same lines are sent again.
  const ends = await Promise.allSettled(Array.from({ length: requestsAtOnceMax }, carry))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  core.awake.note(bucket, parcels)
  return refused
}

/** See AwakeDays. One request after the other; what is refused is found when it comes again. */
async function wake<What>(
  core: Pick<Core, 'server' | 'awake'>,
  bucket: string,
  parcels: readonly Parcel<What>[]
): Promise<void> {
  const asleep = core.awake.asleep(bucket, parcels)
  for (let next = 0; next < asleep.length; next += linesPerRequestMax)
    await deliver(asleep.slice(next, next + linesPerRequestMax), (lines) => core.server.write(bucket, lines))
}

function setAside(core: Core, refused: readonly Refused<Line>[]): void {
  const { state, settings } = core
  const at = settings.clock.now()
  state.transaction(() => {
    state.refuse(
      refused.map(({ parcel: { text, time, what }, reason }) => ({
        at,
        siteId: what.mount.siteId,
        deviceId: what.mount.deviceId,
        measuredAt: time,
        line: text,
        reason: reason.slice(0, refusalMessageLengthMax)
      }))
    )
  })
  const [{ parcel, reason }] = refused as [Refused<Line>]
  settings.log.warn(
    {
      lines: refused.length,
      device: parcel.what.mount.deviceId,
      reason: reason.slice(0, refusalMessageLengthMax)
    },
    'InfluxDB refused readings permanently; they were set aside with the reason.'
  )
}
