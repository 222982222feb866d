/** Calibrations: boxes beside a reference, from the start to the corrections that come of it. */
import { actorText, type Accounts, type Actor } from '../../accounts/accounts.ts'
import type {
  Calibration,
  CalibrationBody,
  CalibrationChoices,
  CalibrationDetail,
  DeskCorrection,
  SignOffBody
} from '../../contract/desk/calibrations.ts'
import {
  calibrationFits,
  type CalibrationDeps,
  type CalibrationFits
} from '../../figures/desk/calibration-fits.ts'
import { readMoment } from '../../figures/parameters.ts'
import { correctableNames, definitionOf, isCorrectable } from '../../model/quantity.ts'
import { sensorFamilies } from '../../model/sensor.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { lastSiteOf } from '../../model/place.ts'
import type { CalibrationRecord } from '../../registry/promise/calibrations.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'
import { correctedSensorOf, formulas } from '../../science/correction.ts'
import { familyOf } from '../../science/family-limits.ts'
import { correctionMsMax, correctionMsUsual } from '../limits.ts'
import { civilDay } from '../../science/guidelines.ts'

export interface DeskCalibrationRooms extends CalibrationDeps {
  registry: Registry
  accounts: Pick<Accounts, 'note'>
  directoryTold(): Promise<void>
}

export type DeskCalibrationActs = ReturnType<typeof deskCalibrations>

export function deskCalibrations(rooms: DeskCalibrationRooms) {
  const { registry, readings, accounts, clock, timezone, directoryTold } = rooms
  const note = (by: Actor, action: string, about: string): void => accounts.note({ by, action, about })
  const need = (calibrationId: string): CalibrationRecord => {
    const found = registry.calibrations().find((one) => one.calibrationId === calibrationId)
    if (found) return found
    throw new RegistryRefusal('calibrationUnknown', 'There is no such calibration. Look at the list again.')
  }
  const detailOf = async (record: CalibrationRecord): Promise<CalibrationDetail> => {
    const found = await calibrationFits(rooms, record)
    return {
      calibration: shown(registry, record, found),
      fits: found.fits,
      suggestedEnd: record.state === 'finished' ? suggestedEnd(clock.now(), timezone) : null
    }
  }

  return {
    list(): Calibration[] {
      return registry.calibrations().map((record) => shown(registry, record))
    },

    detail: (calibrationId: string): Promise<CalibrationDetail> => detailOf(need(calibrationId)),

    async choices(): Promise<CalibrationChoices> {
      const newest = Map.groupBy(await readings.latest(), ({ deviceId }) => deviceId)
      return {
        quantities: correctableNames.map((quantity) => ({ quantity, label: definitionOf(quantity).label })),
        boxes: registry.devices().flatMap(({ deviceId, removedAt, sensors, dialect }) => {
          const site = registry.site(lastSiteOf(registry, deviceId) ?? '')
          if (removedAt !== null || site?.placement !== 'outdoor') return []
          const measured = (newest.get(deviceId) ?? []).map(({ quantity }) => quantity)
          return [
            {
              deviceId,
              siteId: site.siteId,
              name: site.name,
              street: registry.street(site.streetId)?.name ?? '',
              kind: sensors.map((family) => sensorFamilies[family]).join(', ') || dialect,
              quantities: [...new Set(measured.filter((quantity) => isCorrectable(quantity)))]
            }
          ]
        })
      }
    },

    start(by: Actor, { referenceSiteId, deviceIds, quantity, from }: CalibrationBody): Calibration {
      const start = from === undefined ? clock.now() : readMoment('from', from, timezone)
      refuseWrongStart(registry, { referenceSiteId, deviceIds, quantity, start, now: clock.now() })
      if (!isCorrectable(quantity)) throw noCorrection(quantity)
      const record = registry.startCalibration({ quantity, referenceSiteId, deviceIds, from: start })
      note(by, 'calibrationStart', record.calibrationId)
      return shown(registry, record)
    },

    async finish(by: Actor, calibrationId: string): Promise<CalibrationDetail> {
      const record = registry.finishCalibration(calibrationId, clock.now())
      note(by, 'calibrationFinish', calibrationId)
      return detailOf(record)
    },

    cancel(by: Actor, calibrationId: string): Calibration {
      const record = registry.cancelCalibration(calibrationId, clock.now())
      note(by, 'calibrationCancel', calibrationId)
      return shown(registry, record)
    },

    /** The corrections hold from the end of the calibration until they expire; one that a box had before ends there. */
    async signOff(
      by: Actor,
      calibrationId: string,
      { deviceIds, expiresAt: expiry }: SignOffBody
    ): Promise<CalibrationDetail> {
      const record = need(calibrationId)
      const now = clock.now()
      const expiresAt = readMoment('expiresAt', expiry, timezone)
      if (record.state !== 'finished' || record.until === null)
        throw new RegistryRefusal('calibrationState', 'Finish the calibration first, then sign it off once.')
      refuseExpiry(expiresAt, now)
      const { fits } = await calibrationFits(rooms, record)
      const chosen = deviceIds.map((deviceId) => {
        const fit = fits.find((one) => one.deviceId === deviceId)
        if (fit?.verdict === 'fit' && fit.slope !== null && fit.intercept !== null) return fit
        throw new RegistryRefusal(
          'calibrationState',
          `${fit?.name ?? deviceId} has no line that could be used, so it cannot be signed off. Leave it out.`
        )
      })
      const corrections = new Map<string, string>()
      for (const { deviceId, slope, intercept, n, r2, rmse } of chosen) {
        endStanding(registry, { deviceId, quantity: record.quantity, at: record.until, now })
        const family = familyOf(registry.device(deviceId)?.sensors ?? [], record.quantity)
        const row = registry.addCorrection(
          {
            row: {
              deviceId,
              siteId: null,
              quantity: record.quantity,
              formula: 'linear',
              formulaVersion: formulas.linear.version,
              coefficients: { slope: slope!, intercept: intercept! },
              sensor: family === undefined ? 'other' : correctedSensorOf(family),
              signal: 'only',
              from: record.until,
              until: expiresAt
            },
            origin: `Calibration ${calibrationId}: ${n} moments beside ${record.referenceSiteId}, ${toIso(record.from)} to ${toIso(record.until)}: R² ${r2}, RMSE ${rmse}`
          },
          now
        )
        corrections.set(deviceId, row.correctionId)
      }
      const signedOff = { by: actorText(by), expiresAt, corrections }
      const signed = registry.signOffCalibration(calibrationId, signedOff)
      note(by, 'calibrationSignOff', calibrationId)
      await directoryTold()
      return detailOf(signed)
    },

    corrections(): DeskCorrection[] {
      return registry
        .correctionHistory()
        .filter(({ state }) => state === 'holds')
        .map(({ row, origin }) => ({
          correctionId: row.correctionId,
          deviceId: row.deviceId,
          name: registry.device(row.deviceId)?.name ?? row.deviceId,
          quantity: row.quantity,
          formula: row.formula,
          coefficients: { ...row.coefficients },
          origin,
          from: row.from === null ? null : toIso(row.from),
          until: row.until === null ? null : toIso(row.until)
        }))
    },

    async endCorrection(by: Actor, correctionId: string): Promise<void> {
      const now = clock.now()
      registry.endCorrection(correctionId, now, now)
      note(by, 'correctionEnd', correctionId)
      await directoryTold()
    }
  }
}

function shown(registry: Registry, record: CalibrationRecord, found?: CalibrationFits): Calibration {
  const { calibrationId, quantity, referenceSiteId, from, until, state, signedOffBy, expiresAt } = record
  return {
    calibrationId,
    reference: { siteId: referenceSiteId, name: registry.site(referenceSiteId)?.name ?? referenceSiteId },
    quantity,
    unit: definitionOf(quantity).unit,
    deviceIds: record.boxes.map(({ deviceId }) => deviceId),
    from: toIso(from),
    until: until === null ? null : toIso(until),
    state,
    signedOffBy: signedOffBy === '' ? null : (registry.person(signedOffBy)?.name ?? signedOffBy),
    expiresAt: expiresAt === null ? null : toIso(expiresAt),
    referenceEndedAt:
      found === undefined || found.referenceEndedAt === null ? null : toIso(found.referenceEndedAt)
  }
}

function refuseWrongStart(
  registry: Registry,
  wanted: {
    referenceSiteId: string
    deviceIds: readonly string[]
    quantity: string
    start: UnixMs
    now: UnixMs
  }
): void {
  const { referenceSiteId, deviceIds, quantity, start, now } = wanted
  if (!isCorrectable(quantity)) throw noCorrection(quantity)
  if (start > now)
    throw new RegistryRefusal(
      'badTime',
      'A calibration cannot begin in the future. Start it when the boxes are beside the reference.'
    )
  // An indoor place is nobody's reference: what it measures is private.
  if (registry.site(referenceSiteId)?.placement !== 'outdoor')
    throw new RegistryRefusal('siteUnknown', 'There is no outdoor place of this id to take as the reference.')
  for (const deviceId of deviceIds) {
    const device = registry.device(deviceId)
    const site = registry.site(lastSiteOf(registry, deviceId) ?? '')
    if (!device || device.removedAt !== null || site?.placement !== 'outdoor')
      throw new RegistryRefusal('deviceUnknown', `There is no outdoor box ${deviceId}. Choose from the list.`)
    if (site.siteId === referenceSiteId)
      throw new RegistryRefusal('deviceUnknown', `${device.name} is the reference itself. Leave it out.`)
  }
}

function noCorrection(quantity: string): RegistryRefusal {
  return new RegistryRefusal(
    'calibrationState',
    `There are no corrections of ${quantity.slice(0, 50)}. Choose one of: ${correctableNames.join(', ')}.`
  )
}

function refuseExpiry(expiresAt: UnixMs, now: UnixMs): void {
  if (expiresAt > now && expiresAt - now <= correctionMsMax) return
  throw new RegistryRefusal(
    'badTime',
    'Corrections end between now and two years from now, since sensors drift. Choose a date in between.'
  )
}

/** From today and not from the end of the calibration, so that a late signature has an end that can be chosen. */
function suggestedEnd(now: UnixMs, timezone: string): string {
  return civilDay((now + correctionMsUsual) as UnixMs, timezone)
}

function endStanding(
  registry: Registry,
  { deviceId, quantity, at, now }: { deviceId: string; quantity: string; at: UnixMs; now: UnixMs }
): void {
  for (const row of registry.corrections()) {
    if (row.deviceId !== deviceId || row.quantity !== quantity) continue
    if (row.until !== null && row.until <= at) continue
    if (row.from !== null && row.from >= at) registry.removeCorrection(row.correctionId, now)
    else registry.endCorrection(row.correctionId, at, now)
  }
}
