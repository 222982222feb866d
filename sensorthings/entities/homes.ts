/** The published days of a street's homes, and the hours that came out with them: from the ledger alone, as everywhere. */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { hourMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'

export interface PublishedRow {
  at: number
  until: number
  value: number
}

/** Before and after everything that a date can be (ECMA-262, 21.4.1.1). */
const ever = { from: -8.64e15 as UnixMs, until: 8.64e15 as UnixMs }

export function publishedStreams(
  places: Pick<Registry, 'publishedDays'>,
  streetId: string,
  quantity: Quantity
): { each: 'day' | 'hour'; rows: PublishedRow[] }[] {
  const days = places.publishedDays({ streetId, quantity, ...ever })
  return [
    { each: 'day', rows: days.map(({ from, until, value }) => ({ at: from, until, value })) },
    {
      each: 'hour',
      rows: days.flatMap(({ hours, until }) =>
        (hours?.time ?? []).map((at, i) => ({
          at,
          until: Math.min(hours!.time[i + 1] ?? until, at + hourMs),
          value: hours!.value[i]!
        }))
      )
    }
  ]
}
