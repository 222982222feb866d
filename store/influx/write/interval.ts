/** Takes what somebody says of a device's interval, and marks the hours whose numbers that changes. */
import type { UnixMs } from '../../../model/time.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { isSaid, saidInterval, takeSaid, type IntervalPeriod } from '../../memory/said-interval.ts'
import type { Series } from '../../memory/catalogue.ts'
import type { SaidInterval } from '../../promise/keep.ts'
import type { Core } from '../core.ts'
import { readRollups } from '../rollups/read.ts'

export async function setInterval(
  core: Core,
  deviceId: string,
  interval: number | SaidInterval
): Promise<void> {
  const said = saidInterval(deviceId, interval)
  // Every start of the hub says every interval again: nothing then, and no server needed.
  if (isSaid(core.intervals, deviceId, said)) return
  await core.alone('setting an interval', async () => {
    if (isSaid(core.intervals, deviceId, said)) return
    const marks = await computedHours(core, core.catalogue.seriesOfDevice(deviceId), said)
    takeSaid(core.intervals, deviceId, said)
    const always = core.intervals.said(deviceId)
    const rows = [
      ...(always ? [{ ...always, from: -Infinity, until: Infinity }] : []),
      ...core.intervals.saidStretches(deviceId)
    ]
    const { state } = core
    state.transaction(() => {
      state.setSaidIntervals(deviceId, rows)
      state.mark('dirty', marks)
    })
    for (const mark of marks) core.dirty.mark(mark)
  })
}

/** Hours that are not computed yet are marked already. */
export async function computedHours(
  core: Core,
  of: readonly Series[],
  { from, until }: IntervalPeriod
): Promise<MarkedHour[]> {
  const marks: MarkedHour[] = []
  for (const { channel, low, high } of of) {
    if (low > high) continue
    const range = {
      from: core.clock.hourStart(Math.max(low, from)),
      until: Math.min(high + 1, until) as UnixMs
    }
    if (range.from >= range.until) continue
    const found = await readRollups(core, 'hour', [channel], range, [])
    for (const hour of found.get(channel)?.time ?? []) {
      // Those of another clock stay as they are: their readings are gone.
      if (core.clock.hourStart(hour) === hour) marks.push({ channelId: channel.id, hour })
    }
  }
  return marks
}
