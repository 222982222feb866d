/** What sensors say the time is, thinned out: by some of it the hub judges its clock, and most messages say it again. */
import type { SensorTime } from '../../model/message.ts'
import { sensorTimesEveryMs } from '../limits.ts'

type Tell = (times: SensorTime[]) => void

/** Of each sensor one in five seconds, by when its messages were received. */
export function sampledTimes(tell: Tell): Tell {
  const told = new Map<string, number>()
  return (times) => {
    const due = times.filter(({ deviceId, receivedAt }) => {
      const before = told.get(deviceId)
      return before === undefined || Math.abs(receivedAt - before) >= sensorTimesEveryMs
    })
    for (const { deviceId, receivedAt } of due) told.set(deviceId, receivedAt)
    if (due.length > 0) tell(due)
  }
}
