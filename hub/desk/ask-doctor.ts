/** The doctor, asked from inside a hub: in a process of its own, since it reads every file and main must never wait for a disk. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { DeskFinding } from '../../contract/desk/hub.ts'
import { doctorAnswerBytesMax, doctorMsMax } from '../limits.ts'

const command = join(import.meta.dirname, '..', '..', 'cli', 'lamppost.mjs')

interface DoctorAnswer {
  findings: { what: string; state: DeskFinding['state']; says: string; todo?: string }[]
}

/**
 * With the hub's own settings, which its environment has; without what the hub says of itself, which the desk has in words for
 * stewards, and the doctor in words for the operator. Rejects where the doctor could not be asked.
 */
export function askDoctor(dataDir: string): Promise<DeskFinding[]> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [command, 'doctor', '--json', '--data', dataDir],
      { timeout: doctorMsMax, maxBuffer: doctorAnswerBytesMax },
      (error, stdout) => {
        const answer = answerOf(stdout)
        if (answer) {
          const found = answer.findings.filter(({ what }) => what !== 'hub')
          resolve(found.map(({ todo, ...finding }) => ({ ...finding, todo: todo ?? null })))
        }
        // With findings that are bad it ends with status 1, and has said them.
        else reject(error ?? new Error('The doctor said nothing.'))
      }
    )
  })
}

function answerOf(stdout: string): DoctorAnswer | undefined {
  try {
    const answer = JSON.parse(stdout) as DoctorAnswer
    return Array.isArray(answer.findings) ? answer : undefined
  } catch {
    return undefined
  }
}
