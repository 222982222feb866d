/** What others may ask of calibrations: boxes that stood beside a reference, from when until when, and who signed them off. */
import type { CorrectableQuantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

export type CalibrationState = 'running' | 'finished' | 'signedOff' | 'cancelled'

export interface CalibrationRecord {
  calibrationId: string
  quantity: CorrectableQuantity
  referenceSiteId: string
  from: UnixMs
  /** null while it runs. */
  until: UnixMs | null
  state: CalibrationState
  /** Who, as the audit log names them; '' until it is signed off, and when they were erased. */
  signedOffBy: string
  /** When its corrections end; null until it is signed off. */
  expiresAt: UnixMs | null
  boxes: readonly { deviceId: string; correctionId: string | null }[]
}

export interface NewCalibration {
  quantity: CorrectableQuantity
  referenceSiteId: string
  deviceIds: readonly string[]
  from: UnixMs
}

export interface SignOff {
  by: string
  expiresAt: UnixMs
  /** By device: the correction that was made for it. */
  corrections: ReadonlyMap<string, string>
}

export interface Calibrations {
  /** Newest first. */
  calibrations(): readonly CalibrationRecord[]
  /** A box that is in one that runs is refused. */
  startCalibration(calibration: NewCalibration): CalibrationRecord
  /** Refused unless it runs. */
  finishCalibration(calibrationId: string, until: UnixMs): CalibrationRecord
  /** Refused once it is signed off: its corrections stand, and are ended one by one. */
  cancelCalibration(calibrationId: string, now: UnixMs): CalibrationRecord
  /** Refused unless it is finished. */
  signOffCalibration(calibrationId: string, signOff: SignOff): CalibrationRecord
}
