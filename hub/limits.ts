/** The limits of the hub's joints, each with its arithmetic. */
import { minuteMs, secondMs } from '../model/time.ts'

/** A rate over less than this says nothing of the hours to come. */
export const backlogRateMsMin = 10 * minuteMs

/** Below this the disk has room for about a day of a large neighbourhood; above it nobody need hurry. */
export const diskFreeBytesMin = 512 * 1024 * 1024
/** Messages that the journal holds and the store does not have yet; at 5,000 a second this is 20 s. */
export const behindMessagesMax = 100_000
export const behindMsMax = minuteMs
/** A message that is just on its way into the store at the moment of a look does not make it late. */
export const lateMsMin = secondMs

/** With fewer on the street, those of the whole hub are asked; of these no more than so many. */
export const streetNeighboursMin = 3
export const hubNeighboursMax = 50

/** Between two tries of an erasure that could not be finished: a store that is away is looked at about as often. */
export const eraseAgainMs = 30_000

/** How long an erasure waits for readers of the registry's log: 100 looks of 50 ms are five seconds, many times a backup's look. */
export const foldTriesMax = 100
export const foldAgainMs = 50

/** What a sensor says the time is goes to the main thread this often: three of them in ten seconds show that its clock runs. */
export const sensorTimesEveryMs = 5 * secondMs

/** A move waits for those that read, a large download among them, and then cuts them: it is asked for at a terminal. */
export const moveWaitsMsMax = 30 * secondMs

/** …and until hours and days have followed the readings, unless there are years of them. */
export const moveRollupsMsMax = minuteMs

/** A move that could not be finished is tried again after this. */
export const moveAgainMs = 5 * secondMs

/** One minute in two is as often as boxes of sensor.community send (145 s), with room for those that are a little early. */
export const forwardEveryMsMin = 120 * secondMs
/** What belongs together comes within this time: ESPHome says each value in a message of its own. */
export const forwardSettleMs = 3 * secondMs
/** That network takes the time of arrival for the time measured. */
export const forwardAgeMsMax = 5 * minuteMs
/** Boxes that are being sent on at once: 1,000 of them in two minutes are 8 a second, at half a second each. */
export const forwardAtOnceMax = 16
export const forwardMsMax = 15 * secondMs
