/** Questions on the terminal of the process that was called. Without a terminal nothing is asked, and the command says what to add. */
import { createInterface } from 'node:readline/promises'
import { WrongUse } from './command.ts'

export interface Terminal {
  input: NodeJS.ReadableStream
  /** Not standard output: that may be a file. */
  output: NodeJS.WritableStream
}

/** undefined in a script or a pipe, where nobody would answer. */
export function terminal(): Terminal | undefined {
  return process.stdin.isTTY && process.stderr.isTTY
    ? { input: process.stdin, output: process.stderr }
    : undefined
}

/** The answer without surrounding white space; '' when the input ended. */
export async function ask(question: string, { input, output }: Terminal): Promise<string> {
  const lines = createInterface({ input, output, terminal: false })
  try {
    output.write(question)
    for await (const line of lines) return line.trim()
    return ''
  } finally {
    lines.close()
  }
}

/** Returns when each question was answered with yes. @throws WrongUse otherwise; nothing was changed then. */
export async function confirmed(
  says: string,
  questions: readonly string[],
  at: Terminal | undefined
): Promise<void> {
  if (!at) throw new WrongUse(`${says}\nNothing was changed. To go ahead, add --yes.`)
  at.output.write(`${says}\n`)
  for (const question of questions) {
    const answer = await ask(`${question} Type yes to continue: `, at)
    if (answer.toLowerCase() !== 'yes') throw new WrongUse('Nothing was changed.')
  }
}
