/** How many of something, as people write it. */

/** "1 street", "2 streets", "0 streets". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** What may be sent: rounded down, so that a file of the size that was told is taken. */
export function megabytesAtMost(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`
}

/** "3.4 MB", "120 MB": decimal megabytes, as disks are sold. */
export function megabytes(bytes: number): string {
  return bytes < 10e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`
}
