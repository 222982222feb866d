/** What a signed-in person changes of what is theirs. Each is what the command of the same name does, by the same code. */
import assert from 'node:assert/strict'
import type { SensorAdded } from '../../contract/own.ts'
import type { ConsentPurpose } from '../../model/consent.ts'
import type { Credentials } from '../../registry/registry.ts'
import { shownCredentials, type BoxDoors } from './box-facts.ts'
import { openDiary } from './diary.ts'
import { leaving, type LeavingRooms } from './leaving.ts'
import { nextHost } from './next-host.ts'
import { ownSensors, type OwnSensorsRooms } from './own-sensors.ts'

export type HostingRooms = LeavingRooms & OwnSensorsRooms

/** What there is once the hub listens. */
export interface HostingDoors extends BoxDoors {
  /** Ends connections whose password has ended. */
  disconnect(deviceId: string): void
}

export type Hosting = ReturnType<typeof openHosting>

export function openHosting(rooms: HostingRooms) {
  let listening: HostingDoors | undefined
  const doorsNow = (): HostingDoors => {
    assert(listening, 'a page is answered once the hub listens')
    return listening
  }
  const doors = {
    disconnect: (deviceId: string) => doorsNow().disconnect(deviceId),
    shown: (dialect: string, credentials: Credentials) => shown(doorsNow(), dialect, credentials)
  }
  return {
    ...openDiary(rooms),
    ...ownSensors(rooms, doors),
    ...nextHost(rooms, doors),
    ...consents(rooms),
    ...leaving(rooms),

    listensOn(doors: HostingDoors): void {
      listening = doors
    }
  }
}

function consents({ registry, clock, accounts }: HostingRooms) {
  return {
    consent(personId: string, homeId: string, purpose: ConsentPurpose, on: boolean): void {
      const by = registry.person(personId)?.name || personId
      if (on) registry.recordConsent({ homeId, purpose, by }, clock.now())
      else registry.endConsents({ homeId, purpose, by }, clock.now())
      const action = on ? 'consentGiven' : 'consentEnded'
      accounts.note({ by: { kind: 'person', personId }, action, personId, about: purpose })
    }
  }
}

/** What its host types into the box, this once. */
function shown(doors: HostingDoors, dialect: string, credentials: Credentials): SensorAdded {
  const { pushUrl, deviceId, siteId, username, password, topic, settings } = shownCredentials(
    doors,
    dialect,
    credentials
  )
  const { deviceHost: host, mqttPort } = doors
  return { deviceId, siteId, username, password, topic, pushUrl: pushUrl ?? null, host, mqttPort, settings }
}
