/** The limits of the HTTP interface, each with its arithmetic. */

/** Heartbeats that a viewer may leave unread before it counts as gone: 8 × 15 s are two minutes. */
export const unreadBeatsMax = 8
