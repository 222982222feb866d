/** Reads everything that a store keeps into a new DuckDB file: how a store without files of ours is backed up. */
import { stat } from 'node:fs/promises'
import type { ReadingDumper, StoreCopy, StoreCopyOptions } from './promise/copy.ts'

/** While it is written; the finished file takes less. For progress, and for whether there is room. */
export const bytesPerReading = 8

/** Half of what a store of the hub takes: it runs beside that one. */
const memoryMb = 256

/**
 * Writes into the source go on meanwhile: what they add is in the file as well or comes again from the journal, whose copy
 * was taken before. Whoever moves or removes readings has to wait (see `upkeep` in hub/pipeline/service.ts).
 */
export async function readOut(
  source: ReadingDumper,
  file: string,
  timezone: string,
  { whileHeld, onProgress, signal }: StoreCopyOptions
): Promise<StoreCopy> {
  await whileHeld?.()
  const bytesTotal = (await source.dumpSize(null)) * bytesPerReading
  // Loaded only here: back-ups of a running hub ask for nothing but the constant.
  const { openDuckDbStore } = await import('./duckdb/open.ts')
  const target = await openDuckDbStore({ file, timezone, memoryMb })
  let readings: number
  try {
    let done = 0
    for await (const piece of source.dump(null)) {
      signal?.throwIfAborted()
      await target.write(piece.readings)
      done += piece.readings.length * bytesPerReading
      onProgress?.(Math.min(done, bytesTotal), bytesTotal)
    }
    for (const { deviceId, said } of await source.saidIntervals()) await target.setInterval(deviceId, said)
    readings = (await target.stats()).readings
  } finally {
    await target.close()
  }
  return { readings, bytes: (await stat(file)).size }
}
