/** The three buckets of a store: its readings, their hours, their days. */
import type { Window } from '../../../model/columns.ts'

export interface Buckets {
  readings: string
  hours: string
  days: string
}

export function bucketNames(bucket: string): Buckets {
  return { readings: bucket, hours: `${bucket}-hours`, days: `${bucket}-days` }
}

export function bucketOf(buckets: Buckets, window: Window): string {
  return window === 'hour' ? buckets.hours : buckets.days
}
