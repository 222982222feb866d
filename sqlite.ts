/** What SQLite's result codes mean to the rooms that keep files with it (sqlite.org/rescode.html). */

const busy = 5
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26
/** SQLITE_IOERR_NOMEM, SQLITE_IOERR_BLOCKED, SQLITE_IOERR_SHMSIZE: a failed allocation, or no room for the log's index. */
const passingIoErrors = new Set([3_082, 2_826, 4_874])

/** The disk or another process is in the way, and may not be later. Whatever else fails, but for damage, is our bug. */
export function isSqliteOutage(cause: unknown): cause is Error {
  const primary = primaryOf(cause)
  return primary === busy || primary === ioError || primary === full || primary === cannotOpen
}

/** The file does not hold what was written to it. */
export function isSqliteDamage(cause: unknown): cause is Error {
  const primary = primaryOf(cause)
  return primary === corrupt || primary === notADatabase
}

/** The disk did not do what it said, and trying again would only hide it. */
export function isSqliteDiskFault(cause: unknown): boolean {
  return primaryOf(cause) === ioError && !passingIoErrors.has(codeOf(cause)!)
}

function codeOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause)) return undefined
  return typeof cause.errcode === 'number' ? cause.errcode : undefined
}

/** The extended codes have theirs in the lowest byte. */
function primaryOf(cause: unknown): number | undefined {
  const code = codeOf(cause)
  return code === undefined ? undefined : code & 0xff
}
