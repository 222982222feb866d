/** The flag of an imported value: what the file says and what the value says. Pure. */
import { reasonBits, worstFlag } from '../../model/flag.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import type { Judgement } from '../../science/quality.ts'
import { check } from '../check.ts'
import type { ImportedMeasurement } from './row-reader.ts'

const ratified = reasonBits('ratified')

/** The worse of both; what somebody else has assured stays as they left it, and no test of ours is made. */
export function judge(measurement: ImportedMeasurement, family: SensorFamily | undefined): Judgement {
  const { flag, reasons } = measurement
  if (flag !== undefined && (reasons & ratified) !== 0) return { flag, reasons }
  const judged = check(measurement, family)
  return flag === undefined ? judged : { flag: worstFlag(flag, judged.flag), reasons: judged.reasons }
}
