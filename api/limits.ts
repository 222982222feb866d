/** The limits of the HTTP interface, each with its arithmetic. */

/** Heartbeats that a viewer may leave unread before it counts as gone: 8 × 15 s are two minutes. */
export const unreadBeatsMax = 8

/** Lines of the audit log in one answer: a few years of one person's, at about 150 bytes 30 kB. */
export const auditLinesMax = 200
