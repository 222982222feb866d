/** The unit of time, and how many of it the usual spans have. */

/** Milliseconds since the Unix epoch, UTC. */
export type UnixMs = number & { readonly __unit: 'unixMs' }

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
