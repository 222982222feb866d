/** Says how often a device measures, and marks the hours whose coverage that changes. */
import { hourMs, type UnixMs } from '../../../model/time.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Core } from '../core.ts'
import { readRollups } from '../rollups/read.ts'

export async function setInterval(core: Core, deviceId: string, intervalS: number): Promise<void> {
  if (!Number.isFinite(intervalS) || intervalS <= 0) {
    throw new RangeError(
      `The interval of ${deviceId} must be a positive number of seconds, not ${intervalS}.`
    )
  }
  // Every start of the hub says every interval again: nothing then, and no server needed.
  if (core.intervals.get(deviceId) === intervalS) return
  await core.alone('setting an interval', async () => {
    if (core.intervals.get(deviceId) === intervalS) return
    const marks = await computedHours(core, deviceId)
    const { state } = core
    state.transaction(() => {
      state.run(
        'INSERT INTO intervals VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET interval_s = excluded.interval_s',
        deviceId,
        intervalS
      )
      state.mark('dirty', marks)
    })
    core.intervals.set(deviceId, intervalS)
    for (const mark of marks) core.dirty.mark(mark)
  })
}

/** Hours that are not computed yet are marked already. */
async function computedHours(core: Core, deviceId: string): Promise<MarkedHour[]> {
  const marks: MarkedHour[] = []
  for (const { channel, low, high } of core.catalogue.seriesOfDevice(deviceId)) {
    if (low > high) continue
    const range = { from: (Math.floor(low / hourMs) * hourMs) as UnixMs, until: (high + 1) as UnixMs }
    const found = await readRollups(core, 'hour', [channel], range, [])
    for (const hour of found.get(channel)?.time ?? []) marks.push({ channelId: channel.id, hour })
  }
  return marks
}
