/** How much data each claim needs, and what bounds a computation. */

/** Whole weeks on each side: weekdays differ, and fewer weeks have no spread to speak of. */
export const weeksMin = 4
export const daysOfWeekMin = 5

/** Fewer pairs give numbers that look sure and are not: EPA asks for 30 daily means, this is where a line begins. */
export const pairsMin = 5

/** A sensor that shows a hundredth of what there is, or a hundred times as much, measures something else. */
export const slopeMin = 0.01
/** Pure ammonium sulfate has about 0.6, sea salt 1.2 (Petters and Kreidenweis 2007, ACP 7:1961): nothing outdoors is beyond. */
export const kappaMax = 1.3
/** Two weeks side by side: 14 daily means, or their hours with the usual 75 % coverage. A convention of this project. */
export const calibrationPairsMin = { day: 14, hour: 252 } as const

/** Longest averaging of each level for which an exceeded level is told; 1 s or less is what the measure means. */
export const exceededStepSMax = 60
/** A level less than this above the self-noise is mostly the microphone. */
export const aboveSelfNoiseDbMin = 3

/** Fewer days than this have a mean, and no interval that would mean anything. */
export const profileDaysMin = 5

export const neighboursMin = 3

/** Seasons can be told apart after two years; a trend is claimed after three (openair's authors say 3 to 5). */
export const trendMonthsMin = 24
export const trendClaimMonthsMin = 36

/** A resultant shorter than this, where directions of the same weight would give 1, is noise of the arithmetic. */
export const resultantMin = 1e-9
