/** A box takes the place of another, or goes to its next host: by the code that its present one gives. */
import type { SensorAdded, SensorOffered, SensorTaken, SwapBody } from '../../contract/own.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { lastSiteOf } from '../../model/place.ts'
import type { Accounts, Visit } from '../../accounts/accounts.ts'
import { RegistryRefusal, type Credentials, type Registry } from '../../registry/registry.ts'
import { relocate, type MovingRooms } from '../moving.ts'
import { addSensor, needKind } from './add-sensor.ts'

export interface NextHostRooms extends MovingRooms {
  registry: Registry
  accounts: Pick<Accounts, 'offerSensor' | 'takeSensorOffer' | 'note'>
  clock: Clock
}

export interface NextHostDoors {
  disconnect(deviceId: string): void
  shown(dialect: string, credentials: Credentials): SensorAdded
}

/** The new box is where the old one was, from now on; the place keeps its history. The old one ends. */
export function swapBox(
  registry: Registry,
  { deviceId, dialect, address }: SwapBody & { deviceId: string },
  now: UnixMs
): Credentials {
  needKind(dialect)
  const { siteId, streetId, placement, personId } = registry.site(lastSiteOf(registry, deviceId)!)!
  const place = { siteId, streetId, placement, personId }
  // First the old one: its address may be the new one's too.
  registry.remove(deviceId, now)
  return addSensor(registry, { ...place, dialect, ...(address === undefined ? {} : { address }) }, now)
}

export function nextHost(rooms: NextHostRooms, doors: NextHostDoors) {
  const { registry, accounts, clock } = rooms
  const note = (by: string, action: string, deviceId: string, concerns = by): void =>
    accounts.note({ by: { kind: 'person', personId: by }, action, personId: concerns, about: deviceId })

  return {
    async swap(personId: string, deviceId: string, { dialect, address }: SwapBody): Promise<SensorAdded> {
      const box = { deviceId, dialect, ...(address === undefined ? {} : { address }) }
      const credentials = swapBox(registry, box, clock.now())
      doors.disconnect(deviceId)
      note(personId, 'deviceSwap', `${deviceId} ${credentials.deviceId}`)
      await rooms.directoryTold()
      return doors.shown(dialect, credentials)
    },

    offer(personId: string, deviceId: string): SensorOffered {
      const { code, expiresAt } = accounts.offerSensor(deviceId, personId)
      note(personId, 'deviceOffer', deviceId)
      return { code, until: toIso(expiresAt) }
    },

    /**
     * Without what it measured before, which stays its former host's. One that nobody hosted yet comes with all of it. undefined
     * where there is no such offer any more.
     */
    async take(personId: string, code: string, visit: Visit): Promise<SensorTaken | undefined> {
      const offer = accounts.takeSensorOffer(code, visit)
      if (!offer) return undefined
      const { deviceId } = offer
      const siteId = lastSiteOf(registry, deviceId)
      const host = siteId === undefined ? undefined : registry.site(siteId)?.personId
      // Since it was offered it may have gone, or have got another host.
      if (host === undefined || registry.device(deviceId)?.removedAt !== null) return undefined
      if (host === personId)
        throw new RegistryRefusal('samePerson', 'This sensor is yours already. Nothing was changed.')
      const withHistory = registry.person(host)?.name === ''
      if (!withHistory && host !== offer.personId) return undefined
      const now = clock.now()
      const taken = withHistory
        ? registry.takeOver(deviceId, personId)
        : await relocate(rooms, deviceId, () => registry.handOver(deviceId, personId, { at: now, now }))
      if (!withHistory) note(personId, 'deviceHandOver', deviceId, host)
      note(personId, 'deviceHandOver', deviceId)
      await rooms.directoryTold()
      return { deviceId, siteId: taken.siteId, withHistory }
    }
  }
}
