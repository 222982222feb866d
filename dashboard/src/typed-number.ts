/** A number as people type it into a field of text. */

/** "12,5" is a number where people write so, and "−3" has a minus sign of its own. undefined where it is none. */
export function readNumber(typed: string): number | undefined {
  const number = Number(typed.trim().replace(',', '.').replace('−', '-'))
  return typed.trim() === '' || !Number.isFinite(number) ? undefined : number
}
