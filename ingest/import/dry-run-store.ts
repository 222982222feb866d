/** What a dry run writes to: it keeps the first readings, and remembers times and values to say which come twice. */
import { dryRunReadingsMax } from '../limits.ts'
import type { Reading } from '../../model/reading.ts'
import type { ReadingWriter, WriteResult } from '../../store/promise/write.ts'

export class DryRunStore implements ReadingWriter {
  readonly #shownMax: number
  readonly #series = new Map<string, SeriesTimes>()
  #remembered = 0
  /** The first readings that came. */
  readonly first: Reading[] = []

  constructor(shownMax: number) {
    this.#shownMax = shownMax
  }

  /** Readings came that were not compared with those before. */
  get isFull(): boolean {
    return this.#remembered >= dryRunReadingsMax
  }

  write(batch: readonly Reading[]): Promise<WriteResult> {
    this.first.push(...batch.slice(0, this.#shownMax - this.first.length))
    const result: WriteResult = { inserted: 0, replaced: 0, repeated: 0, superseded: 0 }
    for (const reading of batch) this.#take(reading, result)
    return Promise.resolve(result)
  }

  #take({ siteId, deviceId, quantity, measuredAt, value }: Reading, result: WriteResult): void {
    const key = `${siteId} ${deviceId} ${quantity}`
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = new SeriesTimes()))
    const before = series.valueAt(measuredAt)
    if (before === undefined) {
      result.inserted++
      if (this.isFull) return
      this.#remembered++
    } else if (before === value) {
      result.repeated++
      return
    } else {
      result.replaced++
      result.replacedFirst ??= { siteId, deviceId, quantity, measuredAt, before, after: value }
    }
    series.put(measuredAt, value)
  }
}

/** Times of one series in order, as nearly all files have them; those that came late stand beside. */
class SeriesTimes {
  readonly #time: number[] = []
  readonly #value: number[] = []
  readonly #late = new Map<number, number>()

  valueAt(time: number): number | undefined {
    const index = this.#indexOf(time)
    return index === -1 ? this.#late.get(time) : this.#value[index]
  }

  put(time: number, value: number): void {
    if (time > (this.#time.at(-1) ?? -Infinity)) {
      this.#time.push(time)
      this.#value.push(value)
      return
    }
    const index = this.#indexOf(time)
    if (index === -1) this.#late.set(time, value)
    else this.#value[index] = value
  }

  #indexOf(time: number): number {
    let [low, high] = [0, this.#time.length]
    if (time > (this.#time[high - 1] ?? -Infinity)) return -1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#time[middle]! < time) low = middle + 1
      else high = middle
    }
    return this.#time[low] === time ? low : -1
  }
}
