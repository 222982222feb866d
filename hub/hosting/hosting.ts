/** What a signed-in person changes of what is theirs. Each is what the command of the same name does, by the same code. */
import assert from 'node:assert/strict'
import type {
  NewSensorBody,
  ClaimBody,
  ErasurePreview,
  ErasureReport,
  HeardBox,
  SensorAdded,
  SensorClaimed,
  SensorKind,
  SensorMoved,
  SensorRotated
} from '../../contract/own.ts'
import { devicesOf } from '../../figures/own/own-devices.ts'
import { dialects } from '../../ingest/decode.ts'
import type { ConsentPurpose } from '../../model/consent.ts'
import type { GatewayEars } from '../../model/gateway.ts'
import { passwordOverlapMs } from '../../model/limits.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { knownBackups } from '../../operate/backup/known-backups.ts'
import { RegistryRefusal, type Credentials } from '../../registry/registry.ts'
import { moveDevice, type MovingRooms } from '../moving.ts'
import type { Rooms } from '../rooms.ts'
import { addSensor, claimThing } from './add-sensor.ts'
import { shownCredentials, type BoxDoors } from './box-facts.ts'
import { everythingOf, type ArchiveRooms } from './person-archive.ts'
import { readingsWithin } from './readings-within.ts'

export interface HostingRooms extends ArchiveRooms, Pick<Rooms, 'eraser'>, MovingRooms {
  /** What gateways brought since the hub started. */
  families: GatewayEars
  backups: { dir: string; keep: number } | null
}

/** What there is once the hub listens. */
export interface HostingDoors extends BoxDoors {
  /** Ends connections whose password has ended. */
  disconnect(deviceId: string): void
}

export type Hosting = ReturnType<typeof openHosting>

export function openHosting(rooms: HostingRooms) {
  const { registry, clock, accounts } = rooms
  let listening: HostingDoors | undefined
  const doorsNow = (): HostingDoors => {
    assert(listening, 'a page is answered once the hub listens')
    return listening
  }
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

  const shown = (dialect: string, credentials: Credentials): SensorAdded => {
    const doors = doorsNow()
    const { pushUrl, deviceId, siteId, username, password, topic, settings } = shownCredentials(
      doors,
      dialect,
      credentials
    )
    const { deviceHost: host, mqttPort } = doors
    return { deviceId, siteId, username, password, topic, pushUrl: pushUrl ?? null, host, mqttPort, settings }
  }

  return {
    listensOn(doors: HostingDoors): void {
      listening = doors
    },

    kinds(): SensorKind[] {
      return [...dialects.values()].toSorted(lamppostLast).map(({ name, label, push, split }) => ({
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

    async add(personId: string, { dialect, address, ...where }: NewSensorBody): Promise<SensorAdded> {
      if (!dialects.has(dialect) || (dialects.get(dialect)!.split && !isAddedAlone(dialect)))
        throw new RegistryRefusal('badName', 'There is no such kind of sensor. Choose one of the list.')
      const wanted = { ...placeOf(personId, where), dialect, ...(address === undefined ? {} : { address }) }
      const credentials = addSensor(registry, wanted, clock.now())
      note(personId, 'deviceAdd', credentials.deviceId)
      await rooms.directoryTold()
      return shown(dialect, credentials)
    },

    heard(): HeardBox[] {
      return rooms.families.heard().map(({ thingId, name, address, dialect, quantities, lastAt }) => ({
        thingId,
        name,
        address,
        dialect,
        quantities,
        lastAt: toIso(lastAt)
      }))
    },

    /** The first who claims it has it; for the second there is no such box any more. */
    async claim(personId: string, thingId: string, where: ClaimBody): Promise<SensorClaimed | undefined> {
      const thing = rooms.families.heard().find((one) => one.thingId === thingId)
      if (!thing) return undefined
      const { deviceId, siteId } = claimThing(registry, thing, placeOf(personId, where), clock.now())
      rooms.families.claimed(thing)
      note(personId, 'deviceAdd', deviceId)
      await rooms.directoryTold()
      return { deviceId, siteId }
    },

    rotate(personId: string, deviceId: string, atOnce: boolean): SensorRotated {
      const rotation = registry.rotate(deviceId, atOnce ? 0 : passwordOverlapMs, clock.now())
      doorsNow().disconnect(deviceId)
      note(personId, 'deviceRotate', deviceId)
      const { oldPasswordUntil } = rotation
      return {
        ...shown(registry.device(deviceId)!.dialect, rotation),
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
      registry.renameSite(registry.deployments(deviceId).at(-1)!.siteId, name)
      note(personId, 'deviceRename', deviceId)
    },

    /** The box is gone; what it measured stays theirs. */
    async remove(personId: string, deviceId: string): Promise<void> {
      registry.remove(deviceId, clock.now())
      doorsNow().disconnect(deviceId)
      note(personId, 'deviceRemove', deviceId)
      await rooms.directoryTold()
    },

    consent(personId: string, homeId: string, purpose: ConsentPurpose, on: boolean): void {
      const by = registry.person(personId)?.name || personId
      if (on) registry.recordConsent({ homeId, purpose, by }, clock.now())
      else registry.endConsents({ homeId, purpose, by }, clock.now())
      note(personId, on ? 'consentGiven' : 'consentEnded', purpose)
    },

    archive(personId: string): AsyncGenerator<Uint8Array> {
      note(personId, 'personExport', '')
      return everythingOf(rooms, registry.needPerson(personId))
    },

    async erasurePreview(personId: string): Promise<ErasurePreview> {
      const { sites, homes, deviceIds, consents } = registry.erasurePlan(personId)
      let readings = 0
      for (const { siteId } of sites) readings += await readingsWithin(rooms.pipeline, siteId, always)
      return {
        readings,
        homes: homes.length,
        places: sites.map(({ name, streetId }) => ({ name, street: registry.street(streetId)?.name ?? '' })),
        devices: deviceIds.length,
        consents,
        backups: backupsOf(rooms),
        isLastSteward: isLastSteward(rooms, personId)
      }
    },

    async erase(personId: string): Promise<ErasureReport> {
      if (isLastSteward(rooms, personId))
        throw new RegistryRefusal(
          'lastSteward',
          'You are the only steward of this hub. Make somebody else a steward first, so that it stays looked after.'
        )
      const plan = registry.erasurePlan(personId)
      const { readings, messages } = await rooms.eraser.erase(plan, () => undefined)
      return {
        readings,
        messages,
        places: plan.siteIds.length,
        devices: plan.deviceIds.length,
        backups: backupsOf(rooms)
      }
    }
  }
}

/** A weather station has several parts, each with a place of its own, and is no gateway of other boxes. */
const isAddedAlone = (dialect: string): boolean => dialect === 'ecowitt'

/** Whoever does not find their box takes the last. */
function lamppostLast(a: { name: string }, b: { name: string }): number {
  return Number(a.name === 'lamppost') - Number(b.name === 'lamppost')
}

const always = { from: Number.MIN_SAFE_INTEGER as UnixMs, until: Number.MAX_SAFE_INTEGER as UnixMs }

/** Where they lie is the operator's business. */
function backupsOf({ registry, backups }: HostingRooms): ErasureReport['backups'] {
  return knownBackups(registry, backups).map(({ created, until }) => ({ created, until }))
}

function isLastSteward({ accounts }: HostingRooms, personId: string): boolean {
  const stewards = accounts.accounts().filter(({ roles }) => roles.includes('steward'))
  return stewards.length === 1 && stewards[0]!.personId === personId
}
