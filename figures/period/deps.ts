/**
 * What every figure of a period is made from. The public's path and the operator's command call the same functions and
 * differ only in what model/visibility.ts lets their audience see.
 */
import type { Clock } from '../../model/time.ts'
import type { Audience } from '../../model/visibility.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { Places } from '../places.ts'

export interface PeriodDeps {
  readings: Pick<
    ReadingReader,
    'means' | 'summary' | 'failures' | 'reach' | 'count' | 'acrossSites' | 'corrections' | 'recomputing'
  >
  places: Pick<Places, 'site' | 'sites' | 'street' | 'devices' | 'deployments'>
  clock: Clock
  /** Of the hub's civil days; a query may name another. */
  timezone: string
  audience: Audience
}
