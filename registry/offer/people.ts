/** What the registry promises about persons, their homes, what they agreed to, and their diaries. */
import type { Books } from '../books.ts'
import type { People } from '../promise/people.ts'
import type { Diaries } from '../promise/diary.ts'

export function offerPeople(books: Books): People & Diaries {
  return {
    persons: () => books.people.persons(),
    person: (personId) => books.people.person(personId),
    needPerson: (nameOrId) => books.people.needPerson(nameOrId),
    addPerson: ({ name, homeId }, now) => books.changed(books.people.add(name, homeId, now)),
    renamePerson: (personId, name) => books.changed(books.people.rename(personId, name)),
    setKeep(personId, keepMonths, now) {
      books.moments.note(now)
      return books.changed(books.people.setKeep(personId, keepMonths, now))
    },
    homes: () => books.people.homes(),
    home: (homeId) => books.people.home(homeId),
    hostings: (siteId) => books.people.hostings(siteId),
    consents: () => books.consents.all(),
    recordConsent(consent, now) {
      books.moments.note(now)
      return books.changed(books.consents.record(consent, now))
    },
    endConsents(end, now) {
      books.moments.note(now)
      return books.changed(books.consents.end(end, now))
    },
    handOver(deviceId, to, options) {
      books.moments.note(options.now, options.at)
      const handedOver = books.relocations.handOver(deviceId, to, options)
      // Whoever hosts it now did not ask for that.
      books.forwardings.end(deviceId)
      books.sitePlaces.hide(handedOver.siteId)
      return books.changed(handedOver)
    },
    takeOver: (deviceId, to) => books.changed(books.relocations.takeOver(deviceId, to)),
    diary: (personId) => books.diaries.entries(personId),
    addDiaryEntry: (entry, now) => books.diaries.add(entry, now),
    removeDiaryEntry: (personId, entryId) => books.diaries.remove(personId, entryId),
    setDiaryPhoto: (personId, entryId, photo) => books.diaries.setPhoto(personId, entryId, photo),
    diaryPhotos: () => books.diaries.photos(),
    corners: (personId) => books.diaries.corners(personId),
    addCorner: (measurement) => books.diaries.addCorner(measurement),
    removeCorner: (personId, measurementId) => books.diaries.removeCorner(personId, measurementId)
  }
}
