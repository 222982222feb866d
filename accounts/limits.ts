/** Limits of the accounts, each with its arithmetic. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'

/** NIST SP 800-63B asks for 8; ten with a strength check stands against a stolen file for longer. */
export const passwordLengthMin = 10

/** Longer ones are hashed all the same; this bounds the work. */
export const passwordLengthMax = 128

/** A name that people type, in any script. */
export const userNameLengthMin = 2
export const userNameLengthMax = 40

/** Of zxcvbn's 0 to 4: at least 10^8 guesses, which is years at the pace that signing in allows. */
export const passwordScoreMin = 3

/** How much of it must be gone before it is renewed: one write a day for each session. */
export const sessionRenewS = 24 * 60 * 60

/** Twelve characters of 32 are 60 bits: at 20 tries an hour nobody finds one of a hundred in the age of the universe. */
export const codeLength = 12

/** Long enough for a card that was put through a letter box before a holiday. */
export const invitationKeepMs = 14 * dayMs

/** Whoever is given a sensor has it in hand: a week to find a place for it. */
export const sensorOfferKeepMs = 7 * dayMs

/** A steward's link gives everything: it is used the same day or made again. */
export const stewardInvitationKeepMs = 3 * dayMs

/** Recovery is asked for by somebody who waits for it. */
export const recoveryKeepMs = 2 * dayMs

/** Open invitations at once: a neighbourhood of 1,000 homes invited in one go. */
export const openInvitationsMax = 1_000

/** Wrong codes from one address in an hour: a class of thirty types from one, and some mistype. */
export const wrongCodes = { max: 20, windowMs: hourMs }

/** Wrong passwords for one name from one address: a person who tries all of theirs. */
export const wrongPasswordsHere = { max: 8, windowMs: 15 * minuteMs }

/** …for one name from everywhere: beyond it only waiting helps, and the person can still be let in by the steward. */
export const wrongPasswordsOfName = { max: 60, windowMs: 60 * minuteMs }

/** …from one address for any name. */
export const wrongPasswordsFromAddress = { max: 40, windowMs: 15 * minuteMs }

/** Names and addresses that are counted at once, at about 100 bytes 2 MB; the oldest makes room. */
export const attemptKeysMax = 20_000

/** OWASP asks for 19 MiB and two passes at least (Password Storage Cheat Sheet, Argon2id): 26 ms of one core. */
export const hashMemoryKiB = 19_456
export const hashPasses = 2

/** Passwords that are hashed at once: each takes 19 MB and 26 ms of one core. */
export const hashesAtOnceMax = 2

/** …and that wait: 100 take about two seconds on two cores. One more is asked to come back. */
export const hashesWaitingMax = 100

/** How long the thread of signing in is kept after its last work: it holds 60 MB. */
export const signInIdleMsMax = 10 * minuteMs

/** From showing a passkey's question to its answer; the browser gives up before. */
export const challengeKeepMs = 5 * minuteMs

/** Questions that wait for an answer, at about 200 bytes. */
export const challengesMax = 1_000

/** Passkeys of one account: a few devices of a family. */
export const passkeysPerAccountMax = 10

/** How long the file may be held by the other thread before we give up. */
export const busyMsMax = 2_000

/** How long forgetting somebody waits for readers of the log: 100 looks of 50 ms are five seconds. */
export const foldTriesMax = 100
export const foldAgainMs = 50
