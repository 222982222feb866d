/** What the stewards' desk needs from the rest of the hub. */
import type { Actor, Role } from '../accounts/accounts.ts'
import type { SensorAdded, SensorClaimed, SensorRotated } from '../contract/own.ts'
import type { DeskBox, DeskBoxBody, DeskClaimBody } from '../contract/desk/boxes.ts'
import type {
  Calibration,
  CalibrationBody,
  CalibrationChoices,
  CalibrationDetail,
  DeskCorrection,
  SignOffBody
} from '../contract/desk/calibrations.ts'
import type { DeskFinding, DeskHub, DeskOverview } from '../contract/desk/hub.ts'
import type { AnnotationBody, DeskAnnotation, DeskRequest, HostRequestBody } from '../contract/desk/notes.ts'
import type { DeskPeople, InvitationShown, InviteBody, RolesBody } from '../contract/desk/people.ts'
import type { DeskStreet, MapBody, MapImported, StreetChanged } from '../contract/desk/streets.ts'
import type { Position } from '../model/place.ts'

/** What stewards see and do; the caller has checked that it is one. */
export interface Desk {
  overview(): Promise<DeskOverview>
  boxes: {
    boxes(): Promise<DeskBox[]>
    add(by: Actor, box: DeskBoxBody): Promise<SensorAdded>
    claim(by: Actor, thingId: string, where: DeskClaimBody): Promise<SensorClaimed>
    rotate(by: Actor, deviceId: string, atOnce: boolean): SensorRotated
    move(by: Actor, deviceId: string, street: string): Promise<void>
    handOver(by: Actor, deviceId: string, to: string): Promise<void>
    remove(by: Actor, deviceId: string): Promise<void>
  }
  people: {
    people(): DeskPeople
    add(by: Actor, name: string): { personId: string }
    rename(by: Actor, personId: string, name: string): void
    invite(by: Actor, personId: string, invitation: InviteBody): InvitationShown
    revoke(by: Actor, invitationId: string): void
    setRoles(by: Actor, personId: string, roles: RolesBody): Role[]
    removeAccount(by: Actor, personId: string): Promise<void>
    handOver(personId: string, to: string): void
  }
  streets: {
    streets(): DeskStreet[]
    add(by: Actor, name: string): StreetChanged
    rename(by: Actor, streetId: string, name: string, was: string): StreetChanged
    draw(by: Actor, streetId: string, line: readonly Position[], was: string | null): StreetChanged
    importMap(by: Actor, map: MapBody): MapImported
    merge(by: Actor, from: string, into: string): Promise<StreetChanged>
    split(
      by: Actor,
      streetId: string,
      part: { name: string; siteIds: readonly string[] }
    ): Promise<StreetChanged>
  }
  calibrations: {
    list(): Calibration[]
    choices(): Promise<CalibrationChoices>
    detail(calibrationId: string): Promise<CalibrationDetail>
    start(by: Actor, wanted: CalibrationBody): Calibration
    finish(by: Actor, calibrationId: string): Promise<CalibrationDetail>
    cancel(by: Actor, calibrationId: string): Calibration
    signOff(by: Actor, calibrationId: string, wanted: SignOffBody): Promise<CalibrationDetail>
    corrections(): DeskCorrection[]
    endCorrection(by: Actor, correctionId: string): Promise<void>
  }
  notes: {
    annotations(): DeskAnnotation[]
    annotate(by: Actor, note: AnnotationBody): DeskAnnotation
    removeAnnotation(by: Actor, annotationId: string): void
    requests(): DeskRequest[]
    ask(request: HostRequestBody): void
    removeRequest(by: Actor, requestId: string): void
  }
  care: {
    hub(): Promise<DeskHub>
    examineAgain(): Promise<DeskFinding[]>
    upgradeIsRead(by: Actor): void
    startBackup(by: Actor): 'started' | 'runs' | 'noFolder'
  }
}
