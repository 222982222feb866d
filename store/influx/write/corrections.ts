/** The corrections that the store was told, in the state file: so that a change is known for one, and marked with it. */
import type { CorrectionRow } from '../../../model/correction.ts'
import { correctedOf } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { seriesOfRow } from '../../memory/corrections.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Core } from '../core.ts'
import { readRollups } from '../rollups/read.ts'

export async function setCorrections(core: Core, rows: readonly CorrectionRow[]): Promise<void> {
  // Every start of the hub says all of them again: nothing then, and no server needed.
  if (core.corrections.changed(rows).length === 0) return
  await core.alone('taking corrections', async () => {
    const made: Channel[] = []
    try {
      const marks: MarkedHour[] = []
      for (const row of core.corrections.changed(rows)) marks.push(...(await hoursOf(core, row, made)))
      core.state.transaction(() => {
        core.state.setCorrections(rows)
        for (const channel of made) core.state.putChannel(channel)
        core.state.mark('dirty', marks)
      })
      for (const mark of marks) core.recorrecting.mark(mark)
    } catch (failure) {
      for (const channel of made) core.catalogue.forgetChannel(channel)
      throw failure
    }
    core.corrections.take([...rows])
    core.recomputed.begin()
    core.recomputing()
  })
}

/** The corrected hours of the row's period: those in which its device's sites measured the source. */
async function hoursOf(core: Core, row: CorrectionRow, made: Channel[]): Promise<MarkedHour[]> {
  const marks: MarkedHour[] = []
  for (const series of seriesOfRow(core.catalogue, row)) {
    if (series.low > series.high) continue
    const { siteId } = series.channel
    const quantity = correctedOf(row.quantity)
    const known = core.catalogue.channel(siteId, quantity)
    const channel = known ?? core.catalogue.addChannel(siteId, quantity)
    if (!known) made.push(channel)
    const from = core.clock.hourStart(series.low)
    const range = {
      from: Math.max(from, row.from === null ? from : core.clock.hourStart(row.from)) as UnixMs,
      until: Math.min(series.high + 1, row.until ?? Infinity) as UnixMs
    }
    // Hours that the source still waits for need no mark: the corrected ones follow when they are made.
    const found = await readRollups(core, 'hour', [series.channel], range, [])
    for (const hour of found.get(series.channel)?.time ?? []) marks.push({ channelId: channel.id, hour })
  }
  return marks
}
