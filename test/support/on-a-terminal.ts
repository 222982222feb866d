/** Runs the real command on a real terminal, and answers what it asks, as somebody at the keyboard does. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { outside } from './outside.ts'

const script = outside('script')

const lamppost = join(import.meta.dirname, '..', '..', 'cli', 'lamppost.mjs')

export interface Spoken {
  status: number | null
  /** What was to be read on the screen, with what was typed. */
  screen: string
}

/** Of each pair the answer is typed once the screen shows the question; `end` is Ctrl+D, `break` Ctrl+C. */
export async function onATerminal(
  args: readonly string[],
  answers: readonly (readonly [question: RegExp, answer: string])[]
): Promise<Spoken> {
  const words = [process.execPath, lamppost, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const child = spawn(script.path, ['-qec', words.join(' '), '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LAMPPOST_LOG_LEVEL: 'warn' }
  })
  let screen = ''
  let read = 0
  const left = [...answers]
  child.stdout.on('data', (text: Buffer) => {
    screen += text.toString()
    const found = left[0] && left[0][0].exec(screen.slice(read))
    if (!found) return
    read += found.index + found[0].length
    child.stdin.write(left.shift()![1])
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, screen: screen.replaceAll('\r\n', '\n') }
}

export const [end, interrupt] = ['\u0004', '\u0003']
