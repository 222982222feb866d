/** What the pages ask of the hub about streets, sensors and the hub itself. */
import type { CorrectionsInUse } from '../../../contract/correction.ts'
import type { ExportEstimate } from '../../../contract/export.ts'
import type { HubInfo } from '../../../contract/hub.ts'
import type { SiteSeries, StreetSeries } from '../../../contract/series.ts'
import type { StreetDetail, StreetSummary } from '../../../contract/street.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { getAnswer, getJson, hasFields } from './http.ts'

export interface SeriesRequest {
  quantity: Quantity
  from: number
  until: number
}

/** The hub's facts, and how many seconds the readings it can show are behind those that it accepted. */
export async function fetchHub(signal: AbortSignal): Promise<{ info: HubInfo; behindS: number }> {
  const { body, headers } = await getAnswer('/api/v1/hub', signal, (found): found is HubInfo =>
    hasFields(found, 'name', 'timezone')
  )
  return { info: body, behindS: Number(headers.get('lamppost-behind-seconds') ?? 0) }
}

export async function fetchStreets(signal: AbortSignal): Promise<StreetSummary[]> {
  return getJson('/api/v1/streets', signal, (body): body is StreetSummary[] => Array.isArray(body))
}

export async function fetchCorrections(signal: AbortSignal): Promise<CorrectionsInUse> {
  return getJson('/api/v1/corrections', signal, (body): body is CorrectionsInUse =>
    hasFields(body, 'corrections', 'recomputing')
  )
}

export async function fetchStreet(streetId: string, signal: AbortSignal): Promise<StreetDetail> {
  const path = `/api/v1/streets/${encodeURIComponent(streetId)}`
  return getJson(path, signal, (body): body is StreetDetail =>
    hasFields(body, 'id', 'name', 'latest', 'sites')
  )
}

export async function fetchStreetSeries(
  streetId: string,
  request: SeriesRequest & { window: 'hour' | 'day'; placement: 'outdoor' | 'indoor' },
  signal: AbortSignal
): Promise<StreetSeries> {
  const placement: Record<string, string> = request.placement === 'indoor' ? { placement: 'indoor' } : {}
  const path = `/api/v1/streets/${encodeURIComponent(streetId)}/series?${query(request, placement)}`
  return getJson(path, signal, (body): body is StreetSeries =>
    hasFields(body, 'time', 'median', 'p25', 'p75')
  )
}

export async function fetchSiteSeries(
  siteId: string,
  request: SeriesRequest & { window: 'auto' | 'raw' | 'hour' | 'day' },
  signal: AbortSignal
): Promise<SiteSeries> {
  const path = `/api/v1/sites/${encodeURIComponent(siteId)}/series?${query(request)}`
  return getJson(path, signal, (body): body is SiteSeries => hasFields(body, 'time', 'window'))
}

export async function fetchEstimate(path: string, signal: AbortSignal): Promise<ExportEstimate> {
  return getJson(path, signal, (body): body is ExportEstimate => hasFields(body, 'rows', 'bytes'))
}

/** The readings behind what is shown, as the export gives them: a plain link, so that the browser does the saving. */
export function downloadPath(streetId: string, request: SeriesRequest): string {
  return `/api/v1/readings?${new URLSearchParams({
    street: streetId,
    quantity: request.quantity,
    from: new Date(request.from).toISOString(),
    until: new Date(request.until).toISOString(),
    format: 'csv'
  })}`
}

function query(request: SeriesRequest & { window: string }, more: Record<string, string> = {}): string {
  const { quantity, window, from, until } = request
  return new URLSearchParams({ quantity, from: `${from}`, until: `${until}`, window, ...more }).toString()
}
