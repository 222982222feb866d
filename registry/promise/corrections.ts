/** What others may ask of corrections. */
import type { CorrectionRow } from '../../model/correction.ts'
import type { UnixMs } from '../../model/time.ts'

/** A correction as it was at some time; `holds` is how it stands now. */
export interface CorrectionRecord {
  row: CorrectionRow
  state: 'holds' | 'superseded' | 'removed'
  /** When somebody made it so. */
  at: UnixMs
  /** Where it comes from, in words; '' where nobody said. */
  origin: string
}

export interface NewCorrection {
  row: Omit<CorrectionRow, 'correctionId' | 'version'>
  origin: string
}

export interface CorrectionBook {
  /** Those that hold. Of one device and quantity no two ever hold at one time and place. */
  corrections(): CorrectionRow[]
  /** With all that ever were, oldest version first. */
  correctionHistory(): CorrectionRecord[]
  /** The caller has checked that the formula suits the sensor (science/correction.ts). */
  addCorrection(correction: NewCorrection, now: UnixMs): CorrectionRow
  /** It holds until then: its next version. */
  endCorrection(correctionId: string, until: UnixMs, now: UnixMs): CorrectionRow
  /** It never held; what it was stays in the history. */
  removeCorrection(correctionId: string, now: UnixMs): CorrectionRow
}
