/**
 * What was wrong with the messages of devices, told to their hosts: in their problem lists and on their `problems` topics.
 * What the front door finds is collected first, so that a misbehaving device causes at most one write a second.
 */
import { ProblemList } from '../model/problem-list.ts'
import type { Broker } from '../broker/broker.ts'
import { timelessFaults, type Fault, type Problem } from '../model/fault.ts'
import { deviceTopic } from '../model/message.ts'
import { toIso, type UnixMs } from '../model/time.ts'

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
    // What the door itself sees is of now; of what it read of a message it knows no time.
    note: (deviceId, fault, receivedAt) =>
      noted.add(
        { deviceId, receivedAt },
        fault,
        fault.value === undefined && !timelessFaults.has(fault.code) ? receivedAt : null
      ),
    stop() {
      clearInterval(timer)
      flush()
    }
  }
}

/** Sends each problem to the device that it is about. */
export function problemTopics(
  broker: Pick<Broker, 'publish'>,
  onFailure: (cause: unknown) => void
): (problems: readonly Problem[]) => void {
  return (problems) => {
    for (const { deviceId, at, code, message, field, value } of problems) {
      const payload = JSON.stringify({ at: toIso(at as UnixMs), code, message, field, value })
      broker.publish(deviceTopic(deviceId, 'problems'), payload).catch(onFailure)
    }
  }
}
