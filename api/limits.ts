/** The limits of the HTTP interface, each with its arithmetic. */

/** Heartbeats that a viewer may leave unread before it counts as gone: 8 × 15 s are two minutes. */
export const unreadBeatsMax = 8

/** Lines of the audit log in one answer: a few years of one person's, at about 150 bytes 30 kB. */
export const auditLinesMax = 200
/** Pushes of one device that are being kept at once: a gateway may have several connections, a box has one. */
export const pushesAtOncePerDeviceMax = 16
/** …and of all: 512 of the largest are 64 MB, 512 of 500 bytes a quarter of a megabyte. */
export const pushesAtOnceMax = 512
/** How long a push waits for its turn, and for the disk; airRohr gives up after 20 s, and others after 10. */
export const pushWaitMsMax = 8_000
