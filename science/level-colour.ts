/** Which of the five colours of the scale a level has, whatever the number of its steps: the last is always the deepest. */
export const levelColours = 5

export function levelColour({ step, steps }: { step: number; steps: number }): number {
  if (steps <= 1) return 0
  return Math.max(0, Math.min(levelColours - 1, Math.round((step * (levelColours - 1)) / (steps - 1))))
}
