/** The limits of exports, each with its arithmetic. */
import { dayMs } from '../../model/time.ts'

/** A receipt is asked for by whoever checks a download; a file is fetched again after a broken line. */
export const exportKeptMs = 7 * dayMs

/** About 1 KB each. The oldest go first, and a week of one download a minute is kept. */
export const receiptsMax = 10_000
