/** A person's diary, and what the corners that they measured say of their rooms. */
import type { CornerFactor, DiaryEntry, MeasuredCorner } from '../../contract/diary.ts'
import type { CornerMeasurement, DiaryEntry as KeptEntry, MeasuredTemperatures } from '../../model/diary.ts'
import type { Site } from '../../model/place.ts'
import { toIso } from '../../model/time.ts'
import { factorConditions } from '../../science/damp-record.ts'
import { median } from '../../science/street.ts'
import { temperatureFactor } from '../../science/surface.ts'
import { cornerMeasurementsMax } from '../limits.ts'
import { factorAssumed } from '../period/damp.ts'
import { rounded } from '../unit.ts'

export function shownEntry({ entryId, homeId, siteId, ...entry }: KeptEntry): DiaryEntry {
  const { at, writtenAt, kind, note, photo, reportedTo } = entry
  return {
    id: entryId,
    home: homeId,
    room: siteId,
    at: toIso(at),
    writtenAt: toIso(writtenAt),
    kind,
    note,
    photo: photo === null ? null : `/api/v1/me/photos/${photo}`,
    reportedTo: kind === 'reported' ? reportedTo : null
  }
}

export function shownCorner(measurement: CornerMeasurement): MeasuredCorner {
  const { measurementId, homeId, siteId, at, surfaceC, insideC, outsideC } = measurement
  return {
    id: measurementId,
    home: homeId,
    room: siteId,
    at: toIso(at),
    surfaceC,
    insideC,
    outsideC,
    factor: rounded(factorOf(measurement)) ?? 0
  }
}

/** Of the room itself, else of the home, else what is assumed of a dwelling: the median of the newest three. */
export function cornerFactor(corners: readonly CornerMeasurement[], { siteId, homeId }: Site): CornerFactor {
  const ofRoom = corners.filter((one) => one.siteId === siteId)
  const known = ofRoom.length > 0 ? ofRoom : corners.filter((one) => one.homeId === homeId)
  const newest = known.toSorted((a, b) => a.at - b.at).slice(-cornerMeasurementsMax)
  const value = median(newest.map(factorOf))
  if (value === null)
    return { value: factorAssumed, basis: 'assumed', measuredAt: null, measurements: 0, ofThisRoom: false }
  return {
    value: rounded(value) ?? value,
    basis: 'measured',
    measuredAt: toIso(newest.at(-1)!.at),
    measurements: newest.length,
    ofThisRoom: ofRoom.length > 0
  }
}

export type CornerFault = 'tooLittleDifference' | 'warmerThanRoom' | 'colderThanOutside'

/** Why three temperatures say nothing of a corner; undefined where they do. */
export function cornerFault({ surfaceC, insideC, outsideC }: MeasuredTemperatures): CornerFault | undefined {
  if (!(insideC - outsideC >= factorConditions.differenceKMin)) return 'tooLittleDifference'
  if (surfaceC > insideC) return 'warmerThanRoom'
  return surfaceC > outsideC ? undefined : 'colderThanOutside'
}

function factorOf({ surfaceC, insideC, outsideC }: CornerMeasurement): number {
  // What is kept passed `cornerFault`.
  return temperatureFactor(surfaceC, insideC, outsideC, factorConditions.differenceKMin)!
}
