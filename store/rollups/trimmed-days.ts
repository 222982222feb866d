/**
 * Days whose single readings were removed for their age. What is known of them is their hours and days, so a reading that comes
 * late for one must not have its hours made of that reading alone: the marks of such days are taken away instead.
 */
import { sourceOf } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Channel } from '../memory/catalogue.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { StoreMemory } from '../memory/memory.ts'
import type { ReadingReader } from '../promise/read.ts'

export interface FinalMarks {
  dirty: MarkedHour[]
  recorrecting: MarkedHour[]
}

/** Marks of days that were made from more readings than remain. A day that an import fills again has as many, and is recalculated. */
export async function finalMarks(
  memory: StoreMemory,
  read: Pick<ReadingReader, 'rollup' | 'count'>
): Promise<FinalMarks> {
  if (memory.trimmed.size === 0) return { dirty: [], recorrecting: [] }
  const trimmedUntil = (channelId: number): number | undefined =>
    memory.trimmed.get(memory.catalogue.channelById(channelId)?.siteId ?? '')
  const dirty = memory.dirty.before(trimmedUntil)
  const recorrecting = memory.recorrecting.before(trimmedUntil)
  const days = new Map<number, Set<number>>()
  for (const { channelId, hour } of [...dirty, ...recorrecting]) {
    const of = days.get(channelId) ?? new Set()
    days.set(channelId, of.add(memory.clock.dayStart(hour)))
  }
  const final = new Map<number, Set<number>>()
  for (const [channelId, starts] of days) {
    const channel = memory.catalogue.channelById(channelId)
    if (channel) final.set(channelId, await finalDays(memory, read, channel, starts))
  }
  const isFinal = ({ channelId, hour }: MarkedHour): boolean =>
    final.get(channelId)?.has(memory.clock.dayStart(hour)) ?? false
  return { dirty: dirty.filter(isFinal), recorrecting: recorrecting.filter(isFinal) }
}

async function finalDays(
  { clock }: StoreMemory,
  read: Pick<ReadingReader, 'rollup' | 'count'>,
  { siteId, quantity }: Channel,
  starts: ReadonlySet<number>
): Promise<Set<number>> {
  const from = Math.min(...starts) as UnixMs
  const until = (Math.max(...starts) + 1) as UnixMs
  const rows = await read.rollup({ siteId, quantity, window: 'day', from, until })
  const final = new Set<number>()
  for (const [i, time] of rows.time.entries()) {
    if (!starts.has(time)) continue
    const made = (rows.count[i] ?? 0) + (rows.failed[i] ?? 0)
    const { start, until: end } = clock.day(time)
    // Of corrected values there are as many as of what they are made of.
    const day = {
      siteId,
      quantity: sourceOf(quantity) ?? quantity,
      from: start as UnixMs,
      until: end as UnixMs
    }
    if ((await read.count(day, made)) < made) final.add(time)
  }
  return final
}
