/** The limits of what can be asked, each with its arithmetic. */
import { dayMs, hourMs, minuteMs, secondMs } from '../model/time.ts'

/** A lifetime of street measuring, as for series. */
export const yearsMax = 50

/** Percentiles of one question: every fifth of a hundred. */
export const percentilesMax = 20

/**
 * Sites whose last 12 months are read at once: nights need hours, so 20 sites are 176,000 hours, some 4 MB, and the store
 * answers other questions in between.
 */
export const lastYearSitesAtOnceMax = 20

/** The last 12 months are read again at most this often while an import or a correction makes old hours again. */
export const lastYearAgainMsMin = 10 * minuteMs

/** Outdoor sensors of other streets whose air stands for a street without: the middle of five is steady, and quickly read. */
export const outdoorElsewhereMax = 5

/** Older than this a reading says nothing of how damp it is now: two of the slowest boxes' intervals of an hour. */
export const dampNowMsMax = 2 * hourMs

/** With fewer readings expected, one that is on its way would look like a fault of the box. */
export const coverageReadingsMin = 20

/** A thermometer is right to half a degree: at 10 °C of difference that is 0.05 of a factor, so three are better than one. */
export const cornerMeasurementsMax = 3

/**
 * How long a box may say nothing before it counts as silent: five of its intervals, since Wi-Fi loses a message now and then; at
 * least a minute, since below that the batches on the way would look like silence; an hour where nothing is known of it.
 */
export function silentMsOf(intervalS: number | null | undefined): number {
  return intervalS ? Math.max(minuteMs, 5 * intervalS * secondMs) : hourMs
}

/** What was wrong longer ago than a week has been seen to, or does not matter. */
export const deskProblemsMs = 7 * dayMs

/** A sensor is failing when this many of its readings failed within this time: 20 are a third of an hour of a minute's box. */
export const deskFailuresMs = dayMs
export const failingReadingsMin = 20

/** Beside a reference that measures every ten minutes or faster, means of five minutes are compared; else those of hours. */
export const calibrationFineIntervalS = 600
export const calibrationBinMs = 5 * minuteMs

/** Three days of a minute's readings are 4,320 of each box, which are read at once; longer calibrations are compared by hours. */
export const calibrationFineMsMax = 3 * dayMs

/** 20 pairs are a day of hours but four, or 100 minutes: below, a line is chance. Science's own calibration asks for two weeks. */
export const calibrationPairsMin = 20

/** Below this a box does not follow the reference, and no line mends it (as in science/correction.ts). */
export const calibrationR2Min = 0.5

/** Points of one box's picture. */
export const calibrationShownMax = 300

/** Acts of a diary whose effect is shown: ten of them are read by 20 questions of five hours each, some 50 ms. */
export const changesShownMax = 10
/** Gaps that a record lists, longest first: a third of a page. The others are counted. */
export const recordGapsMax = 12
/** A missing hour is a reading or two too few, not a gap that somebody should explain. */
export const recordGapHoursMin = 2
