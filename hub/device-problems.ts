/** What devices did wrong at the front door, for their problem lists: collected, so that a box gone mad costs one note a second. */
import { ProblemList } from '../model/problem-list.ts'
import type { Fault, Problem } from '../model/fault.ts'
import type { UnixMs } from '../model/time.ts'

const tellEveryMs = 1_000

export interface DeviceProblems {
  note(deviceId: string, fault: Fault, at: UnixMs): void
  /** Tells what was noted last. Safe to call twice. */
  stop(): void
}

export function collectDeviceProblems(tell: (problems: readonly Problem[]) => void): DeviceProblems {
  let noted = new ProblemList()
  const flush = (): void => {
    const { problems } = noted
    noted = new ProblemList()
    if (problems.length > 0) tell(problems)
  }
  const timer = setInterval(flush, tellEveryMs)
  return {
    note: (deviceId, fault, receivedAt) => noted.add({ deviceId, receivedAt }, fault),
    stop() {
      clearInterval(timer)
      flush()
    }
  }
}
