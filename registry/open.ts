/** The registry, opened: everything in memory for reading, every change a transaction on disk before it is answered. */
import { systemClock, type Clock } from '../model/time.ts'
import { Consents } from './consents.ts'
import { isDemoFolder, openDatabase, type RegistryLog } from './database.ts'
import { Devices } from './devices.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { Corrections } from './corrections.ts'
import { Erasures, erasurePlan, erasurePlanOf } from './erasures.ts'
import { ForwardingBook } from './forwardings.ts'
import { Imports } from './imports.ts'
import { Notes } from './notes.ts'
import { People } from './people.ts'
import { Problems } from './problems.ts'
import { PublishedDaysLedger } from './published-days.ts'
import type { Registry } from './registry.ts'
import { Relocations } from './relocations.ts'
import { Settings } from './settings.ts'
import { Sites } from './sites.ts'
import { mergeStreets, splitStreet } from './street-changes.ts'
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
  /** Marks a file that is made now as a demo's, for good. */
  makeDemo?: boolean
}

/** @throws RegistryVersionError for a file of a newer version, RegistryUnavailable where it cannot be read or written. */
export function openRegistry({
  file,
  clock = systemClock,
  randomBytes = cryptoRandom,
  log,
  makeDemo = false
}: RegistryOptions): Registry {
  const db = openDatabase({ file, clock, randomBytes, makeDemo, ...(log ? { log } : {}) })
  const isDemo = isDemoFolder(db)
  const streets = new Streets(db)
  const ledger = new PublishedDaysLedger(db, isDemo)
  const imports = new Imports(db)
  const erasures = new Erasures(db)
  // Erasing changes so much at once that memory is then filled again from the file.
  let { settings, people, sites, devices, consents, corrections, problems, relocations, forwardings } = fill()

  function fill() {
    const people = new People(db, randomBytes)
    const sites = new Sites(db, people, randomBytes)
    const devices = new Devices(db, streets, sites, randomBytes)
    const hasSites = (homeId: string): boolean => sites.all().some((site) => site.homeId === homeId)
    const consents = new Consents(db, people, { hasSites, isDemo })
    return {
      settings: new Settings(db),
      people,
      sites,
      devices,
      consents,
      corrections: new Corrections(db, randomBytes),
      forwardings: new ForwardingBook(db),
      problems: new Problems(db, (deviceId) => devices.get(deviceId) !== undefined),
      relocations: new Relocations(db, { streets, sites, devices, people, consents })
    }
  }

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
    mergeStreets: (from, into) => changed(mergeStreets({ db, streets, sites }, from, into)),
    splitStreet: (street, newName, siteIds) =>
      changed(splitStreet({ db, streets, sites }, { street, newName, siteIds })),

    sites: () => sites.all(),
    site: (siteId) => sites.get(siteId),
    makePrivate: (siteId, homeId, now) => void changed(sites.setPlacement(siteId, 'indoor', homeId, now)),
    makePublic: (siteId, from, now) => changed(relocations.publish(siteId, from, now)),
    renameSite(siteId, name) {
      const site = sites.rename(siteId, name)
      for (const { deviceId, until } of devices.deployments())
        if (until === null && devices.deployments(deviceId).at(-1)?.siteId === siteId)
          devices.rename(deviceId, site.name)
      changed(undefined)
    },
    setSensors: (deviceId, sensors) => changed(devices.setSensors(deviceId, sensors)),

    persons: () => people.persons(),
    person: (personId) => people.person(personId),
    needPerson: (nameOrId) => people.needPerson(nameOrId),
    addPerson: ({ name, homeId }, now) => changed(people.add(name, homeId, now)),
    renamePerson: (personId, name) => changed(people.rename(personId, name)),
    setKeep: (personId, keepMonths, now) => changed(people.setKeep(personId, keepMonths, now)),
    homes: () => people.homes(),
    home: (homeId) => people.home(homeId),
    hostings: (siteId) => people.hostings(siteId),
    consents: () => consents.all(),
    recordConsent: (consent, now) => changed(consents.record(consent, now)),
    endConsents: (end, now) => changed(consents.end(end, now)),
    handOver(deviceId, to, options) {
      const handedOver = relocations.handOver(deviceId, to, options)
      // Whoever hosts it now did not ask for that.
      forwardings.end(deviceId)
      return changed(handedOver)
    },
    takeOver: (deviceId, to) => changed(relocations.takeOver(deviceId, to)),

    devices: () => devices.all(),
    device: (deviceId) => devices.get(deviceId),
    deployments: (deviceId) => devices.deployments(deviceId),
    directory: () => devices.directory(erasures),
    gateways: () => devices.gateways(),
    addGateway: (gateway, now) => changed(devices.addGateway(gateway, now)),
    deviceOfToken: (token) => devices.tokens.deviceOf(token, clock.now()),
    things: () => devices.things.all(),
    deviceOfThing: (key) => devices.things.deviceOf(key),
    claimThing: (thing, now) => changed(devices.things.claim({ ...thing, claimedAt: now })),
    markUnauthenticated(deviceId) {
      if (devices.markUnauthenticated(deviceId)) changed(undefined)
    },
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
    move: (deviceId, streetId, at, now) => changed(relocations.move(deviceId, streetId, at, now)),
    remove: (deviceId, now) => changed(devices.remove(deviceId, now)),
    setInterval(deviceId, intervalS, source) {
      if (source === 'given') changed(devices.giveInterval(deviceId, intervalS))
      else {
        notes.take(`interval of ${deviceId}`, () => {
          if (devices.learnInterval(deviceId, intervalS, source)) changed(undefined)
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

    forwardings: () => forwardings.all(),
    forward: (forwarding) => forwardings.set(forwarding),
    endForwarding: (deviceId) => forwardings.end(deviceId),

    imports: () => imports.all(),
    saveImport: (record) => imports.save(record),
    forgetImport: (importId) => imports.forget(importId),

    publishing: () => ledger.publishing(),
    publishedChanges: () => ledger.changes,
    publishedDays: (query) => ledger.days(query),
    publishedQuantities: (streetId) => ledger.quantities(streetId),
    decideDay: (day, figures, now) => changed(ledger.decide(day, figures, now)),
    passDays: (last, now) => ledger.pass(last, now),
    takeOverDays: (figures, last, now) => changed(ledger.takeOver(figures, last, now)),
    noteRestored: (now) => ledger.noteRestored(now),
    // By the id of a merged street that one's own days, which nobody else has.
    withdrawDay: (streetId, date, now) =>
      changed(ledger.withdraw((streets.get(streetId) ?? streets.need(streetId)).streetId, date, now)),
    withdrawals: () => ledger.withdrawals(),

    erasurePlan: (personId) => erasurePlan({ people, sites, devices, consents }, personId),
    erasurePlanOf: (isErased) => erasurePlanOf({ people, sites, devices, consents }, isErased),
    beginErasure(ids, now) {
      const erasure = erasures.begin(ids, devices, now)
      ;({ settings, people, sites, devices, consents, corrections, problems, relocations, forwardings } =
        fill())
      return changed(erasure)
    },
    openErasures: () => erasures.open(),
    finishErasure: (erasureId) => changed(erasures.finish(erasureId)),

    isDemo,
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
