/** The flag of each measurement: what science says of its value, joined with what its decoder already knew. Pure. */
import { reasonBits, worstFlag, type Flag, type Reasons } from '../model/flag.ts'
import type { Measurement } from '../model/reading.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { grossRange, type Judgement } from '../science/quality.ts'

const failing = reasonBits('sentinel', 'outOfRange', 'saturated')
const suspicious = reasonBits('stuck', 'inconsistent', 'channelsDisagree')
const outOfRange = reasonBits('outOfRange')
const unusual = reasonBits('unusual')

/**
 * A time that was not believed stays a reason beside whatever flag the value has: the value is as good as ever. `family`
 * is the sensor's where the sender names it (an archive file does); the native payload does not.
 */
export function check(
  measurement: Pick<Measurement, 'quantity' | 'value' | 'reasons'>,
  family?: SensorFamily
): Judgement {
  const judged = grossRange(measurement.quantity, measurement.value, family)
  if (measurement.reasons === 0) return judged
  return {
    flag: worstFlag(judged.flag, flagOfKnown(measurement.reasons)),
    reasons: withoutContradiction(judged.reasons | measurement.reasons)
  }
}

/** What one sensor cannot say may be merely unusual by the widest limits: of the two the harder reason stands. */
function withoutContradiction(reasons: Reasons): Reasons {
  return (reasons & outOfRange) === 0 ? reasons : reasons & ~unusual
}

function flagOfKnown(reasons: Reasons): Flag {
  if ((reasons & failing) !== 0) return 4
  return (reasons & suspicious) !== 0 ? 3 : 2
}
