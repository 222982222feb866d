/** What is one's own: sensors, homes, damp; and what is changed of it. */
import type {
  ErasurePreview,
  ErasureReport,
  HeardBox,
  NewSensorBody,
  OwnConsent,
  OwnDamp,
  OwnDevice,
  OwnHome,
  SensorAdded,
  SensorClaimed,
  SensorKind,
  SensorOffered,
  SensorTaken,
  ClaimBody
} from '../../../contract/own.ts'
import type { PlaceBody } from '../../../contract/place.ts'
import type { ExplainedMessage } from '../../../contract/explained.ts'
import { longWorkMsMax } from '../limits.ts'
import { words } from '../words.ts'
import { takeFirst } from './first.ts'
import { getJson, hasFields, HubProblem, isListOf, sendJson, whole } from './http.ts'

export const archivePath = '/api/v1/me/archive'

export function fetchOwnDevices(signal: AbortSignal): Promise<OwnDevice[]> {
  return getJson('/api/v1/me/devices', signal, isListOf<OwnDevice>('deviceId', 'state', 'latest'))
}

export function fetchOwnHomes(signal: AbortSignal): Promise<OwnHome[]> {
  return getJson('/api/v1/me/homes', signal, isListOf<OwnHome>('homeId', 'consents'))
}

export async function fetchOwnDamp(
  signal: AbortSignal,
  range?: { from: number; until: number }
): Promise<OwnDamp[]> {
  const query = range ? `?from=${range.from}&until=${range.until}` : ''
  const isDamp = isListOf<OwnDamp>('siteId', 'period', 'columns')
  // The page that its host opens comes with the month that it shows first.
  return takeFirst('me/damp', isDamp) ?? getJson(`/api/v1/me/damp${query}`, signal, isDamp)
}

export function fetchKinds(signal: AbortSignal): Promise<SensorKind[]> {
  return getJson('/api/v1/me/kinds', signal, isListOf<SensorKind>('dialect', 'label'))
}

export function fetchHeard(signal: AbortSignal): Promise<HeardBox[]> {
  return getJson('/api/v1/me/things', signal, isListOf<HeardBox>('thingId', 'dialect'))
}

export async function addSensor(sensor: NewSensorBody): Promise<SensorAdded> {
  return whole<SensorAdded>(await sendJson('POST', '/api/v1/me/devices', sensor), 'deviceId', 'settings')
}

export async function claimThing(thingId: string, where: ClaimBody): Promise<SensorClaimed> {
  const path = `/api/v1/me/things/${encodeURIComponent(thingId)}/claim`
  return whole<SensorClaimed>(await sendJson('POST', path, where), 'deviceId')
}

export async function rotateSensor(deviceId: string, now: boolean): Promise<SensorAdded> {
  return whole<SensorAdded>(
    await sendJson('POST', `${devicePath(deviceId)}/rotate`, { now }),
    'deviceId',
    'settings'
  )
}

export async function moveSensor(deviceId: string, street: string): Promise<void> {
  await sendJson('POST', `${devicePath(deviceId)}/move`, { street }, longWorkMsMax)
}

/** Another box in its place: its settings are shown once. */
export async function swapSensor(deviceId: string, dialect: string, address?: string): Promise<SensorAdded> {
  const body = { dialect, ...(address ? { address } : {}) }
  return whole<SensorAdded>(
    await sendJson('POST', `${devicePath(deviceId)}/swap`, body),
    'deviceId',
    'settings'
  )
}

/** A code for its next host. */
export async function offerSensor(deviceId: string): Promise<SensorOffered> {
  return whole<SensorOffered>(await sendJson('POST', `${devicePath(deviceId)}/offer`), 'code', 'until')
}

export async function takeSensor(code: string): Promise<SensorTaken> {
  return whole<SensorTaken>(
    await sendJson('POST', '/api/v1/me/sensors/take', { code }, longWorkMsMax),
    'deviceId',
    'withHistory'
  )
}

export async function placeSensor(deviceId: string, place: PlaceBody): Promise<void> {
  await sendJson('PUT', `${devicePath(deviceId)}/place`, place)
}

export async function renameSensor(deviceId: string, name: string): Promise<void> {
  await sendJson('PUT', `${devicePath(deviceId)}/name`, { name })
}

export async function removeSensor(deviceId: string): Promise<void> {
  await sendJson('DELETE', devicePath(deviceId))
}

export async function setConsent(homeId: string, purpose: OwnConsent['purpose'], on: boolean): Promise<void> {
  await sendJson('PUT', `/api/v1/me/homes/${encodeURIComponent(homeId)}/consents/${purpose}`, { on })
}

export function fetchErasure(signal: AbortSignal): Promise<ErasurePreview> {
  const isPreview = (body: unknown): body is ErasurePreview => hasFields(body, 'readings', 'places')
  return getJson('/api/v1/me/erasure', signal, isPreview)
}

export async function eraseMe(confirm: string): Promise<ErasureReport> {
  return whole<ErasureReport>(
    await sendJson('POST', '/api/v1/me/erasure', { confirm }, longWorkMsMax),
    'readings',
    'devices'
  )
}

/** What the hub makes of a message; nothing of it is stored. */
export async function tryOut(message: string, dialect: string): Promise<ExplainedMessage> {
  const response = await fetch(`/api/v1/decode?dialect=${encodeURIComponent(dialect)}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: message
  })
  const body: unknown = await response.json()
  if (!response.ok) {
    const detail = hasFields(body, 'detail') ? String(body.detail) : ''
    throw new HubProblem(words.common.failed.answer(detail), { status: response.status })
  }
  return whole<ExplainedMessage>(body, 'readings', 'looksLike')
}

function devicePath(deviceId: string): string {
  return `/api/v1/me/devices/${encodeURIComponent(deviceId)}`
}
