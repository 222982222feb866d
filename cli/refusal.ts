/** What the figures refuse, in the words of the command line: a wrong use. */
import { FiguresRefusal, type FiguresRefusalCode } from '../figures/refusal.ts'
import { WrongUse } from './command.ts'

export async function refusedAsWrongUse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof FiguresRefusal ? wrongUse(cause) : cause
  }
}

function wrongUse({ code, says, parameter }: FiguresRefusal): WrongUse {
  const hint = hints[code]
  const option = parameter?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const sentence = option === undefined ? says : `--${option} ${says}`
  return new WrongUse(hint === undefined ? sentence : `${sentence} ${hint}`)
}

const hints: Partial<Record<FiguresRefusalCode, string>> = {
  streetUnknown: 'See: npx lamppost street list',
  siteUnknown: 'See: npx lamppost device list',
  tooManyPoints: 'For individual readings see: npx lamppost help export'
}
