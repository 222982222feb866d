/** How far a clock and its sensors may be apart, and how long the hub waits before it believes one of them. */
import { dayMs, minuteMs, secondMs } from '../../model/time.ts'

/** A step of the clock that is worth a doubt. Time servers slew what is less, and an hour's figures hardly show it. */
export const clockStepMsMin = minuteMs

/** A clock that was set is believed when it has stood for so long: a glitch of two seconds passes unbelieved. */
export const clockSettleMs = 15 * secondMs

/** The steady clock is asked when the other has moved by this much, so that a step is seen within it. */
export const clockLookMs = secondMs

/** How old what is kept for the next process may be: a file of 200 bytes, not synced. */
export const clockKeptMs = minuteMs

/** Sensors agree with each other when their clocks are within this. */
export const sensorsAgreeMs = minuteMs

/** Fewer sensors prove nothing: two may have the same mistake in their set-up. */
export const sensorsAgreeMin = 3

/** …and of those that have a running clock, this share must agree. */
export const sensorsAgreeShare = 2 / 3

/** A sensor's clock runs when three messages over at least ten seconds have moved with ours, give or take five: a backlog does not. */
export const sensorMessagesMin = 3
export const sensorSpanMsMin = 10 * secondMs
export const sensorJitterMs = 5 * secondMs

/** What a sensor said longer ago than this tells nothing of now: three messages of one that speaks every ten minutes. */
export const sensorSaidMsMax = 30 * minuteMs

/** Sensors whose times are kept: enough to agree, and 10,000 of three pairs of numbers are 1 MB. */
export const sensorsWatchedMax = 10_000

/** A clock that was wrong is taken to have been wrong no longer than this before it was set: a Pi without a network for two days. */
export const clockWrongMsMax = 2 * dayMs
