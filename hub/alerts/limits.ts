/** The limits of alerts, each with its arithmetic. */
import { dayMs, hourMs, minuteMs, secondMs } from '../../model/time.ts'

/** A sensor that is silent for six hours lost a night at most: nobody has to know within minutes. */
export const lookEveryMs = 10 * minuteMs
export const sendEveryMs = 30 * secondMs

/** A pause for a router or a power cut is over by then. */
export const silentMsMin = 6 * hourMs

/** Repeated values of an hour are chance, or a calm night. */
export const stuckReadingsMin = 10

/** More than half of a week at 80 % and more: weeks like this are what the mould model needs to reach index 1. */
export const dampShareMin = 0.5

/** A reminder of a date that somebody was away for is still of use after two weeks. */
export const deadlineReminderMsMax = 14 * dayMs

/** A mail server that does not answer in this time is tried later; others wait so long once. */
export const tryMsMax = 20 * secondMs

/** A mail takes a greeting, a login, two addresses and a text: three times as long for all of it. */
export const mailMsMax = 3 * tryMsMax

/** 1, 2, 4 … minutes between tries, an hour at the most: a server that is away for a day gets 30 of them. */
export const retryMsMin = minuteMs
export const retryMsMax = hourMs
/** What could not be sent for three days is old news. */
export const giveUpMs = 3 * dayMs

/** A push service keeps a message as long as we would go on trying. */
export const pushKeptMs = giveUpMs

/** Signatures hold so long; RFC 8292 allows a day, and a clock may be some hours off. */
export const signatureMs = 12 * hourMs

/** Browsers of one person: a phone, a tablet and a computer, each twice, and those of a partner. */
export const pushBrowsersMax = 10

/** Each message is as long as this, so that its length tells nothing: of 4,096 bytes a message may have, 103 are around it. */
export const pushTextBytes = 3_000

/** A title with its room; at four bytes a letter a sixth of the text. */
export const pushTitleLengthMax = 120

/** Of one round: at two a second on a slow server a round is 25 seconds. */
export const alertsPerRoundMax = 50

/** Links to stop work so long; what was sent is forgotten then. */
export const alertsKeptMs = 90 * dayMs

/** A test is an e-mail to whatever address somebody typed, perhaps a stranger's, who has no link to stop it. */
export const testEveryMs = 5 * minuteMs
/** On all channels, a browser being one: each tried some times until it works. */
export const testsPerDayMax = 20
