/** What a signed-in person does with sensors of theirs; swapping and handing on are in next-host.ts. */
import type {
  NewSensorBody,
  ClaimBody,
  HeardBox,
  SensorAdded,
  SensorClaimed,
  SensorKind,
  SensorMoved,
  SensorRotated
} from '../../contract/own.ts'
import type { PlaceBody } from '../../contract/place.ts'
import { devicesOf } from '../../figures/own/own-devices.ts'
import { dialects } from '../../ingest/decode.ts'
import type { GatewayEars } from '../../model/gateway.ts'
import { lastSiteOf, type Placement } from '../../model/place.ts'
import { placeUnsaid, type SitePlace } from '../../model/site-place.ts'
import { passwordOverlapMs } from '../../model/limits.ts'
import { toIso } from '../../model/time.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'
import { moveDevice, type MovingRooms } from '../moving.ts'
import { addSensor, claimThing, heardBoxes, isAddedAlone, needKind } from './add-sensor.ts'
import type { NextHostDoors, NextHostRooms } from './next-host.ts'

export interface OwnSensorsRooms extends MovingRooms, NextHostRooms {
  /** What gateways brought since the hub started. */
  families: GatewayEars
}

export function ownSensors(rooms: OwnSensorsRooms, doors: NextHostDoors) {
  const { registry, clock, accounts, families } = rooms
  const note = (personId: string, action: string, about: string): void =>
    accounts.note({ by: { kind: 'person', personId }, action, personId, about })

  /** Their place for a sensor; a home that is not theirs is as unknown to them as one that there is not. */
  const placeOf = (personId: string, { street, placement, name, home }: ClaimBody) => {
    const { streetId } = needStreet(street)
    if (home !== undefined && registry.home(home)?.personId !== personId)
      throw new RegistryRefusal('homeUnknown', 'You have no such home. Choose one of yours, or a new one.')
    return {
      streetId,
      placement,
      personId,
      ...(name === undefined ? {} : { name }),
      ...(home === undefined || placement === 'outdoor' ? {} : { homeId: home })
    }
  }

  const needStreet = (nameOrId: string) => {
    const street = registry.findStreet(nameOrId)
    if (street) return street
    throw new RegistryRefusal(
      'streetUnknown',
      `There is no street "${nameOrId.slice(0, 100)}" here yet. Choose one of the list, or ask the steward to add it.`
    )
  }

  return {
    kinds(): SensorKind[] {
      // A map of fields is the steward's work.
      const own = [...dialects.values()].filter(({ name }) => !needMaps.has(name))
      return own.toSorted(lamppostLast).map(({ name, label, push, split }) => ({
        dialect: name,
        label,
        push: push !== undefined,
        needsAddress: name === 'smartcitizen',
        behindGateway: split !== undefined && !isAddedAlone(name)
      }))
    },

    /** Whether the sensor is at a place of theirs. */
    isTheirs(personId: string, deviceId: string): boolean {
      return devicesOf(registry, personId).some(({ device }) => device.deviceId === deviceId)
    },

    async add(personId: string, { dialect, address, place, ...where }: NewSensorBody): Promise<SensorAdded> {
      needKind(dialect)
      if (place) needPosition(place, where.placement)
      const wanted = { ...placeOf(personId, where), dialect, ...(address === undefined ? {} : { address }) }
      const credentials = addSensor(registry, wanted, clock.now())
      if (place) setPlace(registry, credentials.siteId, place)
      note(personId, 'deviceAdd', credentials.deviceId)
      await rooms.directoryTold()
      return doors.shown(dialect, credentials)
    },

    heard: (): HeardBox[] => heardBoxes(families),

    /** The first who claims it has it; for the second there is no such box any more. */
    async claim(
      personId: string,
      thingId: string,
      { place, ...where }: ClaimBody
    ): Promise<SensorClaimed | undefined> {
      const thing = families.heard().find((one) => one.thingId === thingId)
      if (!thing) return undefined
      if (place) needPosition(place, where.placement)
      const { deviceId, siteId } = claimThing(registry, thing, placeOf(personId, where), clock.now())
      if (place) setPlace(registry, siteId, place)
      families.claimed(thing)
      note(personId, 'deviceAdd', deviceId)
      await rooms.directoryTold()
      return { deviceId, siteId }
    },

    rotate(personId: string, deviceId: string, atOnce: boolean): SensorRotated {
      const rotation = registry.rotate(deviceId, atOnce ? 0 : passwordOverlapMs, clock.now())
      doors.disconnect(deviceId)
      note(personId, 'deviceRotate', deviceId)
      const { oldPasswordUntil } = rotation
      return {
        ...doors.shown(registry.device(deviceId)!.dialect, rotation),
        oldPasswordUntil: oldPasswordUntil === null ? null : toIso(oldPasswordUntil)
      }
    },

    async move(personId: string, deviceId: string, street: string): Promise<SensorMoved> {
      const { streetId } = needStreet(street)
      const now = clock.now()
      const { siteId, readingsMoved } = await moveDevice(rooms, { deviceId, street: streetId, at: now, now })
      note(personId, 'deviceMove', deviceId)
      return { siteId, readingsMoved }
    },

    rename(personId: string, deviceId: string, name: string): void {
      registry.renameSite(lastSiteOf(registry, deviceId)!, name)
      note(personId, 'deviceRename', deviceId)
    },

    /** What is not given stays as it was. */
    place(personId: string, deviceId: string, place: PlaceBody): void {
      setPlace(registry, lastSiteOf(registry, deviceId)!, place)
      note(personId, 'devicePlace', deviceId)
    },

    /** The box is gone; what it measured stays theirs. */
    async remove(personId: string, deviceId: string): Promise<void> {
      registry.remove(deviceId, clock.now())
      doors.disconnect(deviceId)
      note(personId, 'deviceRemove', deviceId)
      await rooms.directoryTold()
    }
  }
}

/** Boxes that are added with a file: the command takes it. */
const needMaps: ReadonlySet<string> = new Set(['other', 'opensensemap'])

function setPlace(registry: Registry, siteId: string, given: PlaceBody): void {
  const known = registry.sitePlace(siteId)
  const { precision = known.precision, longitude, latitude, ...how } = given
  needPosition(given, registry.site(siteId)!.placement, known)
  const position: SitePlace['position'] =
    longitude === undefined || latitude === undefined ? known.position : [longitude, latitude]
  registry.setSitePlace(siteId, { ...known, ...how, precision, position })
}

/** The middle of a cell that was told before is no exact place. */
function needPosition(
  { precision = 'street', longitude, latitude }: PlaceBody,
  placement: Placement,
  known: SitePlace = placeUnsaid
): void {
  const isKnown = precision === 'exact' ? known.precision === 'exact' : known.position !== null
  const isGiven = longitude !== undefined && latitude !== undefined
  if (precision === 'street' || placement === 'indoor' || isKnown || isGiven) return
  throw new RegistryRefusal(
    'placeMissing',
    'Show on the map where the sensor is, or choose to tell only its street.'
  )
}

/** Whoever does not find their box takes the last. */
function lamppostLast(a: { name: string }, b: { name: string }): number {
  return Number(a.name === 'lamppost') - Number(b.name === 'lamppost')
}
