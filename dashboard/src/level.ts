/** Which of the five colours of the scale a level has, whatever the number of its steps: the last is always purple. */
import type { Level } from '../../contract/street.ts'

const colours = 5

export function levelClass(level: Pick<Level, 'step' | 'steps'> | null): string {
  return level ? `level-${levelColour(level)}` : 'level-none'
}

export function levelColour({ step, steps }: Pick<Level, 'step' | 'steps'>): number {
  if (steps <= 1) return 0
  return Math.max(0, Math.min(colours - 1, Math.round((step * (colours - 1)) / (steps - 1))))
}

/** Width of a street on the map, px: a second way to tell the levels apart. */
export function levelWidth(colour: number): number {
  return 5 + colour * 1.5
}
