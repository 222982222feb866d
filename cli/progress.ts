/** One line that says how far long work is; on a terminal it replaces itself, in a log it comes every few seconds. */
import type { WriteStream } from 'node:tty'
import { printable } from './printable.ts'

export interface Progress {
  progress: string
  done?: number
  total?: number
}

export interface ProgressLine {
  show(progress: Progress): void
  clear(): void
}

const barWidth = 24
const logEveryMs = 5_000

export function progressLine(out: WriteStream | NodeJS.WriteStream): ProgressLine {
  let shown = false
  let lastLogged = -Infinity
  return {
    show({ progress, done, total }) {
      const text = printable(progress)
      const line = done === undefined || !total ? text : `${bar(done / total)}  ${text}`
      if (out.isTTY) {
        out.write(`\r\x1b[2K${line}`)
        shown = true
      } else if (performance.now() - lastLogged > logEveryMs) {
        lastLogged = performance.now()
        out.write(line + '\n')
      }
    },
    clear() {
      if (shown) out.write('\r\x1b[2K')
      shown = false
    }
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barWidth)
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${String(Math.floor(share * 100)).padStart(3)} %`
}
