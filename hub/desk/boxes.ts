/** Boxes as stewards look after them: added for others, given new secrets, moved, handed over, removed. By the code of the commands. */
import type { Accounts, Actor } from '../../accounts/accounts.ts'
import type { HeardBox, SensorAdded, SensorClaimed, SensorRotated } from '../../contract/own.ts'
import type { DeskBox, DeskBoxBody, DeskClaimBody } from '../../contract/desk/boxes.ts'
import { deskBoxes, type DeskBoxDeps } from '../../figures/desk/boxes.ts'
import { dialects } from '../../ingest/decode.ts'
import type { GatewayEars } from '../../model/gateway.ts'
import { passwordOverlapMs } from '../../model/limits.ts'
import { toIso } from '../../model/time.ts'
import { lastSiteOf } from '../../model/place.ts'
import { RegistryRefusal, type Credentials, type Registry } from '../../registry/registry.ts'
import { addSensor, claimThing, heardBoxes } from '../hosting/add-sensor.ts'
import { shownCredentials, type BoxDoors } from '../hosting/box-facts.ts'
import { moveDevice, relocate, type MovingRooms } from '../moving.ts'

export interface DeskBoxRooms extends MovingRooms, DeskBoxDeps {
  registry: Registry
  accounts: Pick<Accounts, 'note'>
  families: GatewayEars
  /** There once the hub listens. */
  doors(): BoxDoors & { disconnect(deviceId: string): void }
}

export type DeskBoxActs = ReturnType<typeof deskBoxActs>

export function deskBoxActs(rooms: DeskBoxRooms) {
  const { registry, accounts, clock, families } = rooms
  /** The host reads in their audit log what a steward did with their box. */
  const note = (by: Actor, action: string, deviceId: string): void => {
    const site = registry.site(lastSiteOf(registry, deviceId) ?? '')
    accounts.note({
      by,
      action,
      about: deviceId,
      ...(site ? { personId: site.personId } : {})
    })
  }
  const shown = (dialect: string, credentials: Credentials): SensorAdded => {
    const doors = rooms.doors()
    const { pushUrl, deviceId, siteId, username, password, topic, settings } = shownCredentials(
      doors,
      dialect,
      credentials
    )
    const { deviceHost: host, mqttPort } = doors
    return { deviceId, siteId, username, password, topic, pushUrl: pushUrl ?? null, host, mqttPort, settings }
  }
  /** Without a person an outdoor box gets one of its own, and an indoor one a new home of a new person. */
  const placeOf = ({ street: named, placement, name, home, person }: DeskClaimBody) => {
    const street = registry.findStreet(named)
    if (!street)
      throw new RegistryRefusal(
        'streetUnknown',
        'There is no street of this name. Add it first, under Streets.'
      )
    const personId = person === undefined ? undefined : registry.needPerson(person).personId
    if (home !== undefined && registry.home(home) && registry.home(home)?.personId !== personId)
      throw new RegistryRefusal('homeUnknown', 'This home is not theirs. Choose one of theirs, or a new one.')
    return {
      streetId: street.streetId,
      placement,
      ...(personId === undefined ? {} : { personId }),
      ...(name === undefined ? {} : { name }),
      ...(home === undefined || placement === 'outdoor' ? {} : { homeId: home })
    }
  }
  const need = (deviceId: string) => {
    const device = registry.device(deviceId)
    if (device && device.removedAt === null) return device
    throw new RegistryRefusal('deviceUnknown', 'There is no such box any more. Look at the list again.')
  }

  return {
    boxes: (): Promise<DeskBox[]> => deskBoxes(rooms),

    heard: (): HeardBox[] => heardBoxes(families),

    async add(by: Actor, { dialect, address, ...where }: DeskBoxBody): Promise<SensorAdded> {
      if (!dialects.has(dialect))
        throw new RegistryRefusal('badName', 'There is no such kind of sensor. Choose one of the list.')
      const wanted = { ...placeOf(where), dialect, ...(address === undefined ? {} : { address }) }
      const credentials = addSensor(registry, wanted, clock.now())
      note(by, 'deviceAdd', credentials.deviceId)
      await rooms.directoryTold()
      return shown(dialect, credentials)
    },

    async claim(by: Actor, thingId: string, where: DeskClaimBody): Promise<SensorClaimed> {
      const thing = families.heard().find((one) => one.thingId === thingId)
      if (!thing)
        throw new RegistryRefusal(
          'thingClaimed',
          'No such box is to choose from: somebody may have claimed it, or it was silent for a day. Look at the list again.'
        )
      const { deviceId, siteId } = claimThing(registry, thing, placeOf(where), clock.now())
      families.claimed(thing)
      note(by, 'deviceAdd', deviceId)
      await rooms.directoryTold()
      return { deviceId, siteId }
    },

    rotate(by: Actor, deviceId: string, atOnce: boolean): SensorRotated {
      const { dialect } = need(deviceId)
      const rotation = registry.rotate(deviceId, atOnce ? 0 : passwordOverlapMs, clock.now())
      rooms.doors().disconnect(deviceId)
      note(by, 'deviceRotate', deviceId)
      const { oldPasswordUntil } = rotation
      return {
        ...shown(dialect, rotation),
        oldPasswordUntil: oldPasswordUntil === null ? null : toIso(oldPasswordUntil)
      }
    },

    async move(by: Actor, deviceId: string, street: string): Promise<void> {
      need(deviceId)
      const now = clock.now()
      await moveDevice(rooms, { deviceId, street, at: now, now })
      note(by, 'deviceMove', deviceId)
    },

    /** Without what it measured before, which stays its former host's. */
    async handOver(by: Actor, deviceId: string, to: string): Promise<void> {
      need(deviceId)
      const { personId } = registry.needPerson(to)
      // Both read of it.
      note(by, 'deviceHandOver', deviceId)
      const now = clock.now()
      await relocate(rooms, deviceId, () => registry.handOver(deviceId, personId, { at: now, now }))
      note(by, 'deviceHandOver', deviceId)
    },

    async remove(by: Actor, deviceId: string): Promise<void> {
      need(deviceId)
      note(by, 'deviceRemove', deviceId)
      registry.remove(deviceId, clock.now())
      rooms.doors().disconnect(deviceId)
      await rooms.directoryTold()
    }
  }
}
