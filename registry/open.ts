/** The registry, opened: everything in memory for reading, every change a transaction on disk before it is answered. */
import { systemClock, type Clock } from '../model/time.ts'
import { openDatabase, type RegistryLog } from './database.ts'
import { Devices } from './devices.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { Corrections } from './corrections.ts'
import { Imports } from './imports.ts'
import { Notes } from './notes.ts'
import { Problems } from './problems.ts'
import type { Registry } from './registry.ts'
import { Settings } from './settings.ts'
import { Sites } from './sites.ts'
import { Streets } from './streets.ts'

export { RegistryVersionError, type RegistryLog } from './database.ts'
export type { RandomBytes } from './ids.ts'

export interface RegistryOptions {
  /** Path of the SQLite file; made when it is not there. Its folder must be. */
  file: string
  /** For the name of the copy that an upgrade puts aside. */
  clock?: Clock
  /** For ids and passwords. */
  randomBytes?: RandomBytes
  log?: RegistryLog
}

/** @throws RegistryVersionError for a file of a newer version, RegistryUnavailable where it cannot be read or written. */
export function openRegistry({
  file,
  clock = systemClock,
  randomBytes = cryptoRandom,
  log
}: RegistryOptions): Registry {
  const db = openDatabase({ file, clock, ...(log ? { log } : {}) })
  const streets = new Streets(db)
  const sites = new Sites(db, randomBytes)
  const devices = new Devices(db, streets, sites, randomBytes)
  const problems = new Problems(db, (deviceId) => devices.get(deviceId) !== undefined)
  const corrections = new Corrections(db, randomBytes)
  const imports = new Imports(db)
  const settings = new Settings(db)

  const listeners = new Set<() => void>()
  const changed = <T>(result: T): T => {
    for (const listener of listeners) listener()
    return result
  }

  const notes = new Notes(log)

  return {
    streets: () => streets.all(),
    street: (streetId) => streets.get(streetId),
    findStreet: (nameOrId) => streets.find(nameOrId),
    addStreet: (street) => changed(streets.add(street)),
    importStreets: (wanted, namesakes) => changed(streets.import(wanted, namesakes)),

    sites: () => sites.all(),
    site: (siteId) => sites.get(siteId),
    setPlacement: (siteId, placement) => changed(sites.setPlacement(siteId, placement)),
    setSensors: (deviceId, sensors) => changed(devices.setSensors(deviceId, sensors)),
    setConsent: (siteId, streetConsent) => changed(sites.setConsent(siteId, streetConsent)),

    devices: () => devices.all(),
    device: (deviceId) => devices.get(deviceId),
    deployments: (deviceId) => devices.deployments(deviceId),
    directory: () => devices.directory(),
    addDevice: (device, now) => changed(devices.add(device, now)),
    verify: (deviceId, password) => devices.passwords.verify(deviceId, password, clock.now()),
    isValid: (deviceId, passwordId) => devices.passwords.isValid(deviceId, passwordId, clock.now()),
    rotate: (deviceId, overlapMs, now) => devices.rotate(deviceId, overlapMs, now),
    oldPasswordUntil: (deviceId) => devices.passwords.oldUntil(deviceId, clock.now()),
    forgetEndedPasswords(now) {
      const ended = devices.passwords.forgetEnded(now)
      if (ended.length > 0) notes.take('passwords', () => devices.passwords.deleteEnded(now))
      return ended
    },
    move: (deviceId, streetId, at, now) => changed(devices.move(deviceId, streetId, at, now)),
    remove: (deviceId, now) => changed(devices.remove(deviceId, now)),
    setInterval(deviceId, intervalS, source) {
      if (source === 'given') changed(devices.giveInterval(deviceId, intervalS))
      else {
        notes.take(`interval of ${deviceId}`, () => {
          if (devices.learnInterval(deviceId, intervalS)) changed(undefined)
        })
      }
    },

    recordProblems(list) {
      problems.await(list)
      notes.take('problems', () => problems.record())
    },
    noteAgain: () => notes.again(),
    failing: () => notes.failing,
    problems: (deviceId) => problems.list(deviceId),
    problemsForgotten: (deviceId) => problems.forgotten(deviceId),

    corrections: () => corrections.standing(),
    correctionHistory: () => corrections.all(),
    addCorrection: (correction, now) => changed(corrections.add(correction, now)),
    endCorrection: (correctionId, until, now) => changed(corrections.end(correctionId, until, now)),
    removeCorrection: (correctionId, now) => changed(corrections.remove(correctionId, now)),

    imports: () => imports.all(),
    saveImport: (record) => imports.save(record),

    setting: (name) => settings.get(name),
    setSetting: (name, value) => settings.set(name, value),

    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      listeners.clear()
      if (db.isOpen) db.close()
    }
  }
}
