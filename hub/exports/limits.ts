/** The limits of exports, each with its arithmetic. */
/** About 1 KB each. The oldest go first, and a week of one download a minute is kept. */
export const receiptsMax = 10_000
