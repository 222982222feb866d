/** The limits of what runs before the program, each with its arithmetic. */

/** A browser that tells nothing of its first paint is not waited for: by then a page of 10 KB and its typeface are there. */
export const firstSightMsMax = 3_000
