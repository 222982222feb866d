/** The limits of backup, restore and the doctor, each with its arithmetic. */
import { dayMs } from '../model/time.ts'

/** The list of an archive's files: about 200 bytes a file, and a few files. */
export const manifestBytesMax = 1024 * 1024

/** The first and last year that a clock can honestly show to this version. */
export const clockYearMin = 2025
export const clockYearMax = 2099
/** One missed night is a warning's worth; the hub tries again every hour. */
export const backupAgeMsMax = 2 * dayMs

/** The list of erasures in an archive: 200,000 ids of about 160 bytes. */
export const erasuresBytesMax = 32 * 1024 * 1024

/** Backups made by hand whose files are remembered: one a week for four years. */
export const backupsNotedMax = 200

/** While an archive is written its copies are still there; a tenth for what comes in meanwhile. */
export const roomTimes = 2.1

/** A handshake on this machine takes some milliseconds. */
export const handshakeMsMax = 5_000
/** The largest RSA key that tasmota32 takes (tasmota.github.io/docs/TLS). */
export const tasmotaKeyBitsMax = 2_048
/** Two weeks: who renews by hand needs them, and who does not renewed it before. */
export const certificateEndsSoonMs = 14 * dayMs
