/** What one wants to be told, and the link in a message that stops its kind. */
import type { AlertSettingsBody, AlertsStopped, OwnAlerts } from '../../../contract/alerts.ts'
import { getJson, hasFields, sendJson, whole } from './http.ts'

export function fetchAlerts(signal: AbortSignal): Promise<OwnAlerts> {
  const isWhole = (body: unknown): body is OwnAlerts =>
    hasFields(body, 'settings', 'mail', 'ntfyUrl', 'pushKey', 'browsers')
  return getJson('/api/v1/me/alerts', signal, isWhole)
}

export async function chooseAlerts(settings: AlertSettingsBody): Promise<void> {
  await sendJson('PUT', '/api/v1/me/alerts', settings)
}

export async function testAlerts(): Promise<void> {
  await sendJson('POST', '/api/v1/me/alerts/test')
}

export async function stopAlerts(token: string): Promise<AlertsStopped> {
  return whole<AlertsStopped>(
    await sendJson('POST', `/api/v1/alerts/stop/${encodeURIComponent(token)}`),
    'choice'
  )
}
