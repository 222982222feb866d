/** The stewards' desk: what needs hands, boxes, people, streets, calibrations, the hub; and what is changed of them. */
import type { SensorAdded } from '../../../contract/own.ts'
import type { DeskBox, DeskBoxBody, DeskClaimBody } from '../../../contract/desk/boxes.ts'
import type {
  Calibration,
  CalibrationBody,
  CalibrationChoices,
  CalibrationDetail,
  DeskCorrection,
  SignOffBody
} from '../../../contract/desk/calibrations.ts'
import type { DeskHub, DeskOverview } from '../../../contract/desk/hub.ts'
import type { AnnotationBody, DeskAnnotation, DeskRequest } from '../../../contract/desk/notes.ts'
import type { DeskPeople, InvitationShown, InviteBody, RolesBody } from '../../../contract/desk/people.ts'
import type { DeskStreet, MapBody, MapImported } from '../../../contract/desk/streets.ts'
import { longWorkMsMax } from '../limits.ts'
import { getJson, hasFields, isListOf, sendJson, whole } from './http.ts'

const base = '/api/v1/steward'

function get<T>(path: string, signal: AbortSignal, ...fields: string[]): Promise<T> {
  return getJson(`${base}${path}`, signal, (body): body is T => hasFields(body, ...fields))
}

function getList<T>(path: string, signal: AbortSignal, ...fields: string[]): Promise<T[]> {
  return getJson(`${base}${path}`, signal, isListOf<T>(...fields))
}

/** Makes something; `fields` are what the pages read of the answer. */
async function make<T>(path: string, body: object, ...fields: string[]): Promise<T> {
  return whole<T>(await sendJson('POST', `${base}${path}`, body), ...fields)
}

/** Changes something; the pages then ask anew for what they show. */
async function change(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  withinMs?: number
): Promise<void> {
  await sendJson(method, `${base}${path}`, body, withinMs)
}

const part = encodeURIComponent

export const fetchOverview = (signal: AbortSignal): Promise<DeskOverview> =>
  get('/overview', signal, 'ill', 'heard', 'findings')

export const upgradeIsRead = (): Promise<void> => change('DELETE', '/upgrade')

export const fetchBoxes = (signal: AbortSignal): Promise<DeskBox[]> =>
  getList('/boxes', signal, 'deviceId', 'ill')
export const addBox = (box: DeskBoxBody): Promise<SensorAdded> => make('/boxes', box, 'deviceId', 'settings')
export const claimBox = (thingId: string, where: DeskClaimBody): Promise<void> =>
  change('POST', `/things/${part(thingId)}/claim`, where)
export const rotateBox = (deviceId: string, now: boolean): Promise<SensorAdded> =>
  make(`/boxes/${part(deviceId)}/rotate`, { now }, 'deviceId', 'settings')
export const moveBox = (deviceId: string, street: string): Promise<void> =>
  change('POST', `/boxes/${part(deviceId)}/move`, { street }, longWorkMsMax)
export const handBoxOver = (deviceId: string, to: string): Promise<void> =>
  change('POST', `/boxes/${part(deviceId)}/hand-over`, { to }, longWorkMsMax)
export const removeBox = (deviceId: string): Promise<void> => change('DELETE', `/boxes/${part(deviceId)}`)

export const fetchPeople = (signal: AbortSignal): Promise<DeskPeople> =>
  get('/people', signal, 'persons', 'invitations')
export const addPerson = (name: string): Promise<void> => change('POST', '/people', { name })
export const renamePerson = (personId: string, name: string): Promise<void> =>
  change('PUT', `/people/${part(personId)}/name`, { name })
export const invite = (personId: string, invitation: InviteBody): Promise<InvitationShown> =>
  make(`/people/${part(personId)}/invitations`, invitation, 'path', 'code')
export const revokeInvitation = (invitationId: string): Promise<void> =>
  change('DELETE', `/invitations/${part(invitationId)}`)
export const setRoles = (personId: string, roles: RolesBody): Promise<void> =>
  change('PUT', `/people/${part(personId)}/roles`, roles)
export const removeAccount = (personId: string): Promise<void> =>
  change('DELETE', `/people/${part(personId)}/account`)
/** Gives whether it worked. */
export async function handDeskOver(personId: string, confirm: string): Promise<boolean> {
  await change('POST', '/hand-over', { personId, confirm })
  return true
}

export const fetchDeskStreets = (signal: AbortSignal): Promise<DeskStreet[]> =>
  getList('/streets', signal, 'id', 'outdoorSites')
export const addStreet = (name: string): Promise<void> => change('POST', '/streets', { name })
export const importMap = (map: MapBody): Promise<MapImported> =>
  make('/streets/map', map, 'added', 'redrawn', 'leftOut')
export const renameStreet = (id: string, name: string, was: string): Promise<void> =>
  change('PUT', `/streets/${part(id)}/name`, { name, was })
export const drawStreet = (id: string, line: [number, number][], was: string | null): Promise<void> =>
  change('PUT', `/streets/${part(id)}/line`, { line, was })
export const mergeStreet = (id: string, into: string): Promise<void> =>
  change('POST', `/streets/${part(id)}/merge`, { into })
export const splitStreet = (id: string, name: string, siteIds: string[]): Promise<void> =>
  change('POST', `/streets/${part(id)}/split`, { name, siteIds })

export const fetchCalibrations = (signal: AbortSignal): Promise<Calibration[]> =>
  getList('/calibrations', signal, 'calibrationId', 'state')
export const fetchCalibrationChoices = (signal: AbortSignal): Promise<CalibrationChoices> =>
  get('/calibrations/choices', signal, 'boxes', 'quantities')
export const fetchCalibration = (id: string, signal: AbortSignal): Promise<CalibrationDetail> =>
  get(`/calibrations/${part(id)}`, signal, 'calibration', 'fits')
export const startCalibration = (body: CalibrationBody): Promise<Calibration> =>
  make('/calibrations', body, 'calibrationId', 'state')
export const finishCalibration = (id: string): Promise<void> =>
  change('POST', `/calibrations/${part(id)}/finish`)
export const cancelCalibration = (id: string): Promise<void> =>
  change('POST', `/calibrations/${part(id)}/cancel`)
export const signOff = (id: string, body: SignOffBody): Promise<void> =>
  change('POST', `/calibrations/${part(id)}/sign-off`, body)
export const fetchDeskCorrections = (signal: AbortSignal): Promise<DeskCorrection[]> =>
  getList('/corrections', signal, 'correctionId')
export const endCorrection = (id: string): Promise<void> => change('POST', `/corrections/${part(id)}/end`)

export const fetchDeskHub = (signal: AbortSignal): Promise<DeskHub> =>
  get('/hub', signal, 'findings', 'backups')
export const lookAgain = (): Promise<void> => change('POST', '/doctor')
export const backUpNow = (): Promise<void> => change('POST', '/backups')

export const fetchRequests = (signal: AbortSignal): Promise<DeskRequest[]> =>
  getList('/requests', signal, 'requestId')
export const removeRequest = (requestId: string): Promise<void> =>
  change('DELETE', `/requests/${part(requestId)}`)
export const fetchAnnotations = (signal: AbortSignal): Promise<DeskAnnotation[]> =>
  getList('/annotations', signal, 'annotationId')
export const annotate = (body: AnnotationBody): Promise<void> => change('POST', '/annotations', body)
export const removeAnnotation = (annotationId: string): Promise<void> =>
  change('DELETE', `/annotations/${part(annotationId)}`)
