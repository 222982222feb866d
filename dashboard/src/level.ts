/** How a level looks: its colour's class, and its width on a map. */
import type { Level } from '../../contract/street.ts'
import { levelColour } from '../../science/level-colour.ts'

export function levelClass(level: Pick<Level, 'step' | 'steps'> | null): string {
  return level ? `level-${levelColour(level)}` : 'level-none'
}

/** Width of a street on the map, px: a second way to tell the levels apart. */
export function levelWidth(colour: number): number {
  return 5 + colour * 1.5
}

/** What lies along a street in the colour of the paper: a third way, which a copy in black and white still has. */
const patterns = ['0 1', '1 12', '5 8', '10 5', '1 0'] as const

export function levelPattern(colour: number): string {
  return patterns[colour] ?? patterns[0]
}
