/** The limits of the hub's joints, each with its arithmetic. */
import { dayMs, minuteMs, secondMs } from '../model/time.ts'

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
/** …but holds up those that come for less: what a page asks for is answered within a second. */
export const moveHoldsMsMax = 3 * secondMs

/**
 * …and until hours and days have followed the readings, unless there are years of them, or so much else to be made that readers
 * would be refused first (`moveWaitMsMax` of the API is 45 s).
 */
export const moveRollupsMsMax = 20 * secondMs

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

/** The doctor reads every file once: a minute for a few gigabytes on a small computer, and the same again. */
export const doctorMsMax = 2 * minuteMs

/** About 20 findings of 300 bytes; each InfluxDB bucket and port adds one. */
export const doctorAnswerBytesMax = 1_000_000

/** What the doctor found is this long new enough for whoever opens the desk; asking again is a button. */
export const findingsAgeMsMax = 10 * minuteMs

/** The desk's first page shows the worst boxes, 50 of 400 bytes; all are on the page of boxes. */
export const illShownMax = 50

/** Newest invitations that the desk lists, 200 bytes each; older ones are in the audit log. */
export const invitationsShownMax = 100

/** What an upgrade changed, as the desk tells it: a version has about 15 entries of 300 bytes, and three may have been left out. */
export const changesShownMax = 50

/** Sensors of this price drift: a line that is two years old says little. */
export const correctionMsMax = 731 * dayMs

/** What is suggested as the end of a correction: sensors are calibrated in winter and in summer. */
export const correctionMsUsual = 183 * dayMs

/** How long the pipeline's thread may still live once all that it held is closed; it ends by itself in some milliseconds. */
export const lastRequestMsMax = 1_000

/** Entries of the audit log in which a start looks for accounts that were removed right before a kill: a month of a busy hub, 10 ms. */
export const auditLooked = 5_000
