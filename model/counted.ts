/** How many of something, as people write it. */

/** "1 street", "2 streets", "0 streets". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
