/** The stewards' desk: what stewards see and do on the web. Each act is what the command of the same name does, and is audited. */
import type { DeskBox } from '../../contract/desk/boxes.ts'
import type { DeskOverview } from '../../contract/desk/hub.ts'
import type { BoxDoors } from '../hosting/box-facts.ts'
import { illShownMax } from '../limits.ts'
import { deskBoxActs, type DeskBoxRooms } from './boxes.ts'
import { deskCalibrations, type DeskCalibrationRooms } from './calibrations.ts'
import { careOf, type CareRooms } from './care.ts'
import { deskNotes, type DeskNoteRooms } from './notes.ts'
import { deskPeople, type DeskPeopleRooms } from './people.ts'
import { deskStreets, type DeskStreetRooms } from './streets.ts'

export type DeskRooms = Omit<DeskBoxRooms, 'doors'> &
  DeskPeopleRooms &
  DeskStreetRooms &
  DeskNoteRooms &
  DeskCalibrationRooms &
  CareRooms

export interface DeskDoors extends BoxDoors {
  disconnect(deviceId: string): void
}

export type Desk = ReturnType<typeof openDesk>

export function openDesk(rooms: DeskRooms) {
  let listening: DeskDoors | undefined
  const doors = (): DeskDoors => {
    if (!listening) throw new Error('A page is answered once the hub listens.')
    return listening
  }
  const boxes = deskBoxActs({ ...rooms, doors })
  const calibrations = deskCalibrations(rooms)
  const care = careOf(rooms)
  const notes = deskNotes(rooms)

  return {
    listensOn(open: DeskDoors): void {
      listening = open
    },
    boxes,
    people: deskPeople(rooms),
    streets: deskStreets(rooms),
    calibrations,
    care,
    notes,

    async overview(): Promise<DeskOverview> {
      const all = await boxes.boxes()
      const { status, reasons } = care.health()
      return {
        boxes: all.length,
        ill: all.filter(needsHands).slice(0, illShownMax),
        heard: boxes.heard(),
        requests: notes.requests().length,
        health: { status, reasons },
        ...care.toDo(),
        lastBackupAt: care.lastBackupAt(),
        calibrations: calibrations.list().filter(({ state }) => state === 'running' || state === 'finished')
          .length,
        version: rooms.release.version,
        upgrade: care.upgrade()
      }
    }
  }
}

/** A weak signal alone costs readings now and then; the page of the box says it, and nobody is sent there for it. */
function needsHands({ ill }: DeskBox): boolean {
  return ill.some((illness) => illness !== 'signalWeak')
}
