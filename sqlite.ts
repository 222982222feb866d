/** What SQLite's result codes mean to the rooms that keep files with it (sqlite.org/rescode.html). */

const busy = 5
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26
/** SQLITE_IOERR_SHMSIZE: no room for the log's index, which readers need too. */
const noRoomForLogIndex = 4_874
/** With SQLITE_IOERR_NOMEM and SQLITE_IOERR_BLOCKED. */
const passingIoErrors = new Set([3_082, 2_826, noRoomForLogIndex])

/** The disk or another process is in the way, and may not be later. Whatever else fails, but for damage, is our bug. */
export function isSqliteOutage(cause: unknown): cause is Error {
  const primary = primaryOf(cause)
  return primary === busy || primary === ioError || primary === full || primary === cannotOpen
}

/** An outage for want of room. */
export function isSqliteFull(cause: unknown): boolean {
  return primaryOf(cause) === full || codeOf(cause) === noRoomForLogIndex
}

/** An outage in a sentence, and one that says what to do. */
export function outageWords(cause: unknown): { why: string; whatToDo: string } {
  const primary = primaryOf(cause)
  if (isSqliteFull(cause)) return { why: 'The disk is full.', whatToDo: 'Free some space' }
  if (primary === busy)
    return { why: 'Another program is using the file.', whatToDo: 'Stop that program, or wait for it' }
  if (primary === cannotOpen)
    return { why: 'The file cannot be opened.', whatToDo: 'Check who may read and write the data folder' }
  const says = cause instanceof Error ? cause.message : String(cause)
  return { why: `SQLite reports: ${says}.`, whatToDo: 'To find out more: npx lamppost doctor' }
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
