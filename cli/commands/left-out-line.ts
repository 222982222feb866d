/** Below a figure in the terminal: how many readings it leaves out, and how to see them. */
import type { FigureNotes } from '../../figures/left-out.ts'
import { street } from '../../words/en/street.ts'
import { leftOutText } from '../../words/left-out.ts'

/** '' where none were left out. */
export function leftOutLine({ leftOut }: FigureNotes): string {
  const text = leftOut ? leftOutText({ street }, leftOut) : ''
  return text === '' ? '' : `${text} See them with: npx lamppost export --flags 4`
}
