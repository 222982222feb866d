/** What the registry promises about streets, and the sites on them. */
import { mergeStreets, splitStreet } from '../street-changes.ts'
import type { Books } from '../books.ts'
import type { Places } from '../promise/places.ts'

export function offerPlaces(books: Books): Places {
  return {
    streets: () => books.streets.all(),
    street: (streetId) => books.streets.get(streetId),
    findStreet: (nameOrId) => books.streets.find(nameOrId),
    addStreet: (street) => books.changed(books.streets.add(street)),
    renameStreet: (nameOrId, name, was) => books.changed(books.streets.rename(nameOrId, name, was)),
    drawStreet: (nameOrId, line) => books.changed(books.streets.draw(nameOrId, line)),
    importStreets: (wanted, namesakes) => books.changed(books.streets.import(wanted, namesakes)),
    mergeStreets: (from, into) => books.changed(mergeStreets(books, from, into)),
    splitStreet: (street, newName, siteIds) =>
      books.changed(splitStreet(books, { street, newName, siteIds })),
    sites: () => books.sites.all(),
    site: (siteId) => books.sites.get(siteId),
    makePrivate(siteId, homeId, now) {
      books.sitePlaces.hide(siteId)
      books.changed(books.sites.setPlacement(siteId, 'indoor', homeId, now))
    },
    makePublic(siteId, from, now) {
      books.moments.note(now, from ?? now)
      return books.changed(books.relocations.publish(siteId, from, now))
    },
    renameSite(siteId, name) {
      const site = books.sites.rename(siteId, name)
      for (const { deviceId, until } of books.devices.deployments())
        if (until === null && books.devices.deployments(deviceId).at(-1)?.siteId === siteId)
          books.devices.rename(deviceId, site.name)
      books.changed(undefined)
    },
    sitePlace: (siteId) => books.sitePlaces.of(siteId),
    setSitePlace: (siteId, place) =>
      books.changed(books.sitePlaces.set(siteId, books.sites.need(siteId).placement, place))
  }
}
