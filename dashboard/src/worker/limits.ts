/** The limits of the service worker, each with its arithmetic. It shares no file with the pages: a worker is one file. */

/** Longer than a hub on a slow line takes for a page, shorter than a person waits. */
export const pageWaitMs = 6_000

/** A build is about sixty files; two of them, for those who come back after an upgrade, and a few pages. */
export const copiesMax = 150
