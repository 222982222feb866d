/** The registry, opened: everything in memory for reading, every change a transaction on disk before it is answered. */
import { AlertBook } from './alerts.ts'
import { PushBrowsers } from './push-browsers.ts'
import { systemClock, type Clock } from '../model/time.ts'
import { AnnotationBook, HostRequestBook } from './desk.ts'
import { CalibrationBook } from './calibrations.ts'
import { ClockMoments } from './clock-moments.ts'
import { Consents } from './consents.ts'
import { DiaryBook } from './diary.ts'
import { isDemoFolder, openDatabase, type RegistryLog } from './database.ts'
import { Devices } from './devices.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { Corrections } from './corrections.ts'
import { Erasures, erasurePlan, erasurePlanOf } from './erasures.ts'
import { FieldMaps } from './field-maps.ts'
import { ForwardingBook } from './forwardings.ts'
import { Imports } from './imports.ts'
import { Notes } from './notes.ts'
import { People } from './people.ts'
import { Problems } from './problems.ts'
import { PublishedDaysLedger } from './published-days.ts'
import type { Registry } from './registry.ts'
import { Relocations } from './relocations.ts'
import { Settings } from './settings.ts'
import { SitePlaces } from './site-places.ts'
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
  const diaries = new DiaryBook(db, randomBytes)
  const alerts = new AlertBook(db, randomBytes)
  const browsers = new PushBrowsers(db, randomBytes)
  const erasures = new Erasures(db)
  const calibrations = new CalibrationBook(db, randomBytes)
  const annotations = new AnnotationBook(db, randomBytes, streets)
  const requests = new HostRequestBook(db, randomBytes)
  // Erasing changes so much at once that memory is then filled again from the file.
  let {
    settings,
    people,
    sites,
    sitePlaces,
    devices,
    consents,
    corrections,
    problems,
    relocations,
    forwardings,
    maps
  } = fill()

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
      maps: new FieldMaps(db),
      sitePlaces: new SitePlaces(db),
      problems: new Problems(db, (deviceId) => devices.get(deviceId) !== undefined),
      relocations: new Relocations(db, { streets, sites, devices, people, consents, diaries })
    }
  }

  const listeners = new Set<() => void>()
  const changed = <T>(result: T): T => {
    for (const listener of listeners) listener()
    return result
  }

  const moments = new ClockMoments(db)
  const notes = new Notes(log)
  const fillAgain = (): void => {
    ;({
      settings,
      people,
      sites,
      sitePlaces,
      devices,
      consents,
      corrections,
      problems,
      relocations,
      forwardings,
      maps
    } = fill())
  }

  return {
    streets: () => streets.all(),
    street: (streetId) => streets.get(streetId),
    findStreet: (nameOrId) => streets.find(nameOrId),
    addStreet: (street) => changed(streets.add(street)),
    renameStreet: (nameOrId, name, was) => changed(streets.rename(nameOrId, name, was)),
    drawStreet: (nameOrId, line) => changed(streets.draw(nameOrId, line)),
    importStreets: (wanted, namesakes) => changed(streets.import(wanted, namesakes)),
    mergeStreets: (from, into) => changed(mergeStreets({ db, streets, sites }, from, into)),
    splitStreet: (street, newName, siteIds) =>
      changed(splitStreet({ db, streets, sites }, { street, newName, siteIds })),

    sites: () => sites.all(),
    site: (siteId) => sites.get(siteId),
    makePrivate(siteId, homeId, now) {
      sitePlaces.hide(siteId)
      changed(sites.setPlacement(siteId, 'indoor', homeId, now))
    },
    makePublic(siteId, from, now) {
      moments.note(now, from ?? now)
      return changed(relocations.publish(siteId, from, now))
    },
    renameSite(siteId, name) {
      const site = sites.rename(siteId, name)
      for (const { deviceId, until } of devices.deployments())
        if (until === null && devices.deployments(deviceId).at(-1)?.siteId === siteId)
          devices.rename(deviceId, site.name)
      changed(undefined)
    },
    sitePlace: (siteId) => sitePlaces.of(siteId),
    setSitePlace: (siteId, place) => changed(sitePlaces.set(siteId, sites.need(siteId).placement, place)),
    setSensors: (deviceId, sensors) => changed(devices.setSensors(deviceId, sensors)),

    persons: () => people.persons(),
    person: (personId) => people.person(personId),
    needPerson: (nameOrId) => people.needPerson(nameOrId),
    addPerson: ({ name, homeId }, now) => changed(people.add(name, homeId, now)),
    renamePerson: (personId, name) => changed(people.rename(personId, name)),
    setKeep(personId, keepMonths, now) {
      moments.note(now)
      return changed(people.setKeep(personId, keepMonths, now))
    },
    homes: () => people.homes(),
    home: (homeId) => people.home(homeId),
    hostings: (siteId) => people.hostings(siteId),
    consents: () => consents.all(),
    recordConsent(consent, now) {
      moments.note(now)
      return changed(consents.record(consent, now))
    },
    endConsents(end, now) {
      moments.note(now)
      return changed(consents.end(end, now))
    },
    handOver(deviceId, to, options) {
      moments.note(options.now, options.at)
      const handedOver = relocations.handOver(deviceId, to, options)
      // Whoever hosts it now did not ask for that.
      forwardings.end(deviceId)
      sitePlaces.hide(handedOver.siteId)
      return changed(handedOver)
    },
    takeOver: (deviceId, to) => changed(relocations.takeOver(deviceId, to)),

    diary: (personId) => diaries.entries(personId),
    addDiaryEntry: (entry, now) => diaries.add(entry, now),
    removeDiaryEntry: (personId, entryId) => diaries.remove(personId, entryId),
    setDiaryPhoto: (personId, entryId, photo) => diaries.setPhoto(personId, entryId, photo),
    diaryPhotos: () => diaries.photos(),
    corners: (personId) => diaries.corners(personId),
    addCorner: (measurement) => diaries.addCorner(measurement),
    removeCorner: (personId, measurementId) => diaries.removeCorner(personId, measurementId),

    alertSettings: (personId) => alerts.alertSettings(personId),
    setAlertSettings: (personId, wanted) => alerts.setAlertSettings(personId, wanted),
    alertedPersons: () => alerts.alertedPersons(),
    queueAlert: (alert, now) => alerts.queueAlert(alert, now),
    dueAlerts: (now, most) => alerts.dueAlerts(now, most),
    endAlert: (alertId, fault, now) => alerts.endAlert(alertId, fault, now),
    delayAlert: (alertId, nextAt) => alerts.delayAlert(alertId, nextAt),
    stopAlerts: (token) => alerts.stopAlerts(token),
    lastAlertDay: (personId, cause) => alerts.lastAlertDay(personId, cause),
    alertsSince: (personId, cause, since) => alerts.alertsSince(personId, cause, since),
    forgetAlerts: (before) => alerts.forgetAlerts(before),
    setReportRules: (personId, entryId, rules) => alerts.setReportRules(personId, entryId, rules),
    reportRules: (personId) => alerts.reportRules(personId),
    pushBrowsers: (personId) => browsers.of(personId),
    pushBrowser: (browserId) => browsers.get(browserId),
    keepPushBrowser: (browser, now) => browsers.keep(browser, now),
    removePushBrowser: (personId, browserId) => browsers.remove(personId, browserId),
    endPushSession: (sessionId) => browsers.endSession(sessionId),
    endPushSessions: (accountId, except) => browsers.endSessions(accountId, except),
    pushKey: (made) => browsers.key(made),

    devices: () => devices.all(),
    device: (deviceId) => devices.get(deviceId),
    deployments: (deviceId) => devices.deployments(deviceId),
    directory: () => devices.directory(erasures).map((entry) => maps.withMap(entry)),
    gateways: () => devices.gateways(),
    addGateway: (gateway, now) => changed(devices.addGateway(gateway, now)),
    deviceOfToken: (token) => devices.secrets.tokens.deviceOf(token, clock.now()),
    things: () => devices.things.all(),
    deviceOfThing: (key) => devices.things.deviceOf(key),
    claimThing: (thing, now) => changed(devices.things.claim({ ...thing, claimedAt: now })),
    markUnauthenticated(deviceId) {
      if (devices.markUnauthenticated(deviceId)) changed(undefined)
    },
    addDevice(device, now) {
      moments.note(now, device.from)
      return changed(devices.add(device, now))
    },
    verify: (deviceId, password) => devices.secrets.passwords.verify(deviceId, password, clock.now()),
    isValid: (deviceId, passwordId) => devices.secrets.passwords.isValid(deviceId, passwordId, clock.now()),
    rotate: (deviceId, overlapMs, now) => devices.rotate(deviceId, overlapMs, now),
    oldPasswordUntil: (deviceId) => devices.secrets.passwords.oldUntil(deviceId, clock.now()),
    forgetEndedPasswords(now) {
      const ended = devices.secrets.passwords.forgetEnded(now)
      if (ended.length > 0) notes.take('passwords', () => devices.secrets.passwords.deleteEnded(now))
      return ended
    },
    move(deviceId, streetId, at, now) {
      moments.note(now, at)
      return changed(relocations.move(deviceId, streetId, at, now))
    },
    unplace(deviceId, now) {
      moments.note(now)
      changed(relocations.unplace(deviceId, now))
    },
    remove(deviceId, now) {
      moments.note(now)
      changed(devices.remove(deviceId, now))
    },
    mapOf: (deviceId) => maps.of(deviceId),
    setMap(deviceId, map) {
      devices.needActive(deviceId)
      changed(maps.set(deviceId, map))
    },
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

    annotations: (streetId) => annotations.all(streetId),
    annotate: (annotation) => changed(annotations.add(annotation)),
    removeAnnotation: (annotationId) => changed(annotations.remove(annotationId)),
    hostRequests: () => requests.all(),
    addHostRequest: (request, now) => requests.add(request, now),
    removeHostRequest: (requestId) => requests.remove(requestId),
    forgetHostRequests: (before) => requests.forget(before),

    calibrations: () => calibrations.all(),
    startCalibration: (calibration) => calibrations.start(calibration),
    finishCalibration: (calibrationId, until) => calibrations.finish(calibrationId, until),
    cancelCalibration: (calibrationId, now) => calibrations.cancel(calibrationId, now),
    signOffCalibration: (calibrationId, signOff) => calibrations.signOff(calibrationId, signOff),

    forwardings: () => forwardings.all(),
    forward: (forwarding) => changed(forwardings.set(forwarding)),
    endForwarding: (deviceId) => changed(forwardings.end(deviceId)),

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
    publishedDates: () => ledger.dates(),

    erasurePlan: (personId) => erasurePlan({ people, sites, devices, consents, diaries }, personId),
    erasurePlanOf: (isErased) => erasurePlanOf({ people, sites, devices, consents, diaries }, isErased),
    beginErasure(ids, now) {
      const erasure = erasures.begin(ids, devices, now)
      fillAgain()
      return changed(erasure)
    },
    openErasures: () => erasures.open(),
    finishErasure: (erasureId) => changed(erasures.finish(erasureId)),

    movedByClock: (stretch) => moments.devicesOf(stretch),
    mendMoments(stretch, now) {
      if (!moments.mend(stretch, now)) return
      fillAgain()
      changed(undefined)
    },

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
