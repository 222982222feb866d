/** The limits of the command, each with its arithmetic. */

/** A mapping is a page of text; anything larger is another file. */
export const mappingBytesMax = 1024 * 1024

/** History messages of about 60 kB that may wait for the disk: 32 are 2 MB. */
export const historyWaitingMax = 32

/** As long as a SIGTERM may take. */
export const endInOrderMsMax = 5_000

/** Files of one import: thirty years of daily ones. More are a mistake, or several imports. */
export const importFilesMax = 10_000

/** After a start: by then the first questions are answered, and writing what was compiled takes some tenths of a second once. */
export const compiledAfterMs = 15_000
