/** The limits of an embedded frame. It shares no file with the pages: its script is one small file. */

/** A mean of 24 hours moves slowly; two questions a minute from each open frame are little. */
export const askEveryMs = 15_000

/** As on the pages: three answers that are missing. */
export const silentMsMax = 45_000
