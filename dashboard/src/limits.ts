/** The limits of the pages, each with its arithmetic. */
import { minuteMs, secondMs } from '../../model/time.ts'

/** Lines of single sensors that a chart can bear before they are a tangle. */
export const linesMax = 6

/** A new street figure redraws the chart at most this often: an hour's median moves slowly. */
export const redrawMsMin = minuteMs

/** A first reading makes a page ask the hub again at most this often; figures themselves arrive as events. */
export const reloadMsMin = 3 * secondMs

/** How often the hub is asked for its own facts: a backlog is told within this time. */
export const hubInfoEveryMs = minuteMs

/** Ages are written anew this often; they say minutes. */
export const clockTickMs = 10 * secondMs

/** A browser that gave up on live events is made to try again this often. */
export const liveRetryMs = 5 * secondMs

/** Whoever waits for the first reading of a sensor looks this often: people stay for minutes, and the answer is a kilobyte. */
export const firstReadingEveryMs = 3_000
