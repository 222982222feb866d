/** The corrections that the store was told, in the file: so that a change is known for one, and marked with it. */
import type { CorrectionRow } from '../../../model/correction.ts'
import { correctedOf } from '../../../model/quantity.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { seriesOfRow } from '../../memory/corrections.ts'
import { appendChannels } from '../file/append.ts'
import type { Core } from '../core.ts'
import { bigint } from '../file/database.ts'

export async function setCorrections(core: Core, rows: readonly CorrectionRow[]): Promise<void> {
  await core.alone('taking corrections', async () => {
    const changed = core.corrections.changed(rows)
    if (changed.length === 0) return
    const { writer } = core.database
    const made: Channel[] = []
    try {
      await core.transaction(async () => {
        await writer.run('DELETE FROM corrections')
        for (const row of rows) {
          const { correctionId } = row
          const text = JSON.stringify(row)
          await writer.run('INSERT INTO corrections VALUES ($correctionId, $text)', { correctionId, text })
        }
        for (const row of changed) await markPeriod(core, row, made)
      })
    } catch (failure) {
      for (const channel of made) core.catalogue.forgetChannel(channel)
      throw failure
    }
    core.corrections.take([...rows])
    await core.loadMarks()
    core.recomputed.begin()
    core.recomputing()
  })
}

/** The corrected hours of the row's period: those in which its device's sites measured the source. */
async function markPeriod(core: Core, row: CorrectionRow, made: Channel[]): Promise<void> {
  const { writer } = core.database
  const within = [
    row.from === null ? 'true' : `time >= ${bigint(core.clock.hourStart(row.from))}`,
    row.until === null ? 'true' : `time < ${bigint(row.until)}`
  ].join(' AND ')
  for (const series of seriesOfRow(core.catalogue, row)) {
    const { siteId } = series.channel
    const quantity = correctedOf(row.quantity)
    const known = core.catalogue.channel(siteId, quantity)
    const channel = known ?? core.catalogue.addChannel(siteId, quantity)
    if (!known) {
      made.push(channel)
      await appendChannels(writer, [channel])
    }
    // Hours that the source still waits for need no mark: the corrected ones follow when they are made.
    await writer.run(
      `INSERT INTO dirty SELECT ${channel.id}, time FROM hours WHERE channel = ${series.channel.id} AND ${within}`
    )
  }
}
