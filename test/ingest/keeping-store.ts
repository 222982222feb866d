/** A store that keeps one reading per identity in memory and can be taken away, as a full disk takes one away. */
import type { Reading } from '../../model/reading.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import type { ReadingWriter, WriteResult } from '../../store/promise/write.ts'

export class KeepingStore implements ReadingWriter {
  readonly kept = new Map<string, Reading>()
  readonly batches: number[] = []
  /** Set: every write fails with it. */
  failure: Error | undefined
  /** Waited for before a write is done. */
  onWrite: (() => Promise<void>) | undefined

  async write(batch: readonly Reading[]): Promise<WriteResult> {
    if (this.failure) throw this.failure
    await this.onWrite?.()
    this.batches.push(batch.length)
    const result: WriteResult = { inserted: 0, repeated: 0, replaced: 0, superseded: 0 }
    for (const reading of batch) this.#keep(reading, result)
    return result
  }

  takeAway(): void {
    this.failure = new StoreUnavailable('writing', new Error('the disk is full'))
  }

  giveBack(): void {
    this.failure = undefined
  }

  /** "pm2_5 8.1 at s-1 2026-…", in the order of time. */
  lines(): string[] {
    return [...this.kept.values()]
      .toSorted((a, b) => a.measuredAt - b.measuredAt || a.quantity.localeCompare(b.quantity))
      .map((r) => `${r.quantity} ${r.value} at ${r.siteId} ${new Date(r.measuredAt).toISOString()}`)
  }

  #keep(reading: Reading, result: WriteResult): void {
    const key = `${reading.siteId} ${reading.deviceId} ${reading.quantity} ${reading.measuredAt}`
    const known = this.kept.get(key)
    if (known && known.value !== reading.value && known.sequence > reading.sequence) {
      result.superseded++
      return
    }
    this.kept.set(key, reading)
    if (!known) result.inserted++
    else if (known.value === reading.value) result.repeated++
    else {
      result.replaced++
      const { siteId, deviceId, quantity, measuredAt, value: after } = reading
      result.replacedFirst ??= { siteId, deviceId, quantity, measuredAt, before: known.value, after }
    }
  }
}
