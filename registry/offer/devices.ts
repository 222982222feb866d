/** What the registry promises about devices, gateways, and their secrets. */
import type { Books } from '../books.ts'
import type { Boxes, Gateways } from '../promise/devices.ts'

export function offerDevices(books: Books): Boxes & Gateways {
  return {
    devices: () => books.devices.all(),
    device: (deviceId) => books.devices.get(deviceId),
    deployments: (deviceId) => books.devices.deployments(deviceId),
    directory: () => books.devices.directory(books.erasures).map((entry) => books.maps.withMap(entry)),
    gateways: () => books.devices.gateways(),
    addGateway: (gateway, now) => books.changed(books.devices.addGateway(gateway, now)),
    deviceOfToken: (token) => books.devices.secrets.tokens.deviceOf(token, books.clock.now()),
    things: () => books.devices.things.all(),
    deviceOfThing: (key) => books.devices.things.deviceOf(key),
    claimThing: (thing, now) => books.changed(books.devices.things.claim({ ...thing, claimedAt: now })),
    markUnauthenticated(deviceId) {
      if (books.devices.markUnauthenticated(deviceId)) books.changed(undefined)
    },
    addDevice(device, now) {
      books.moments.note(now, device.from)
      return books.changed(books.devices.add(device, now))
    },
    verify: (deviceId, password) =>
      books.devices.secrets.passwords.verify(deviceId, password, books.clock.now()),
    isValid: (deviceId, passwordId) =>
      books.devices.secrets.passwords.isValid(deviceId, passwordId, books.clock.now()),
    rotate: (deviceId, overlapMs, now) => books.devices.rotate(deviceId, overlapMs, now),
    oldPasswordUntil: (deviceId) => books.devices.secrets.passwords.oldUntil(deviceId, books.clock.now()),
    forgetEndedPasswords(now) {
      const ended = books.devices.secrets.passwords.forgetEnded(now)
      if (ended.length > 0)
        books.notes.take('passwords', () => books.devices.secrets.passwords.deleteEnded(now))
      return ended
    },
    move(deviceId, streetId, at, now) {
      books.moments.note(now, at)
      return books.changed(books.relocations.move(deviceId, streetId, at, now))
    },
    unplace(deviceId, now) {
      books.moments.note(now)
      books.changed(books.relocations.unplace(deviceId, now))
    },
    remove(deviceId, now) {
      books.moments.note(now)
      books.changed(books.devices.remove(deviceId, now))
    },
    mapOf: (deviceId) => books.maps.of(deviceId),
    setMap(deviceId, map) {
      books.devices.needActive(deviceId)
      books.changed(books.maps.set(deviceId, map))
    },
    setInterval(deviceId, intervalS, source) {
      if (source === 'given') books.changed(books.devices.giveInterval(deviceId, intervalS))
      else {
        books.notes.take(`interval of ${deviceId}`, () => {
          if (books.devices.learnInterval(deviceId, intervalS, source)) books.changed(undefined)
        })
      }
    },
    setSensors: (deviceId, sensors) => books.changed(books.devices.setSensors(deviceId, sensors)),
    recordProblems(list) {
      books.problems.await(list)
      books.notes.take('problems', () => books.problems.record())
    },
    noteAgain: () => books.notes.again(),
    failing: () => books.notes.failing,
    problems: (deviceId) => books.problems.list(deviceId),
    problemsForgotten: (deviceId) => books.problems.forgotten(deviceId)
  }
}
