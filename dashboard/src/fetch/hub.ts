/** What the pages ask of the hub about streets, sensors and the hub itself. */
import type { CorrectionsInUse } from '../../../contract/correction.ts'
import type { ExportEstimate, ExportReceipt } from '../../../contract/export.ts'
import type { HubInfo } from '../../../contract/hub.ts'
import type { SiteSeries, StreetSeries } from '../../../contract/series.ts'
import type { SiteDetail, StreetDetail, StreetSummary } from '../../../contract/street.ts'
import type { StreetNumbers } from '../../../contract/summary.ts'
import type { BeforeAfter, Profile } from '../../../contract/trend.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { words } from '../words.ts'
import { takeFirst } from './first.ts'
import { getAnswer, getJson, hasFields, HubProblem, sendJson } from './http.ts'

export interface SeriesRequest {
  quantity: Quantity
  from: number
  until: number
}

/** The hub's facts, and how many seconds the readings it can show are behind those that it accepted. */
export async function fetchHub(signal: AbortSignal): Promise<{ info: HubInfo; behindS: number }> {
  const first = takeFirst('hub', isHubInfo)
  if (first) return { info: first, behindS: 0 }
  const { body, headers } = await getAnswer('/api/v1/hub', signal, isHubInfo)
  return { info: body, behindS: Number(headers.get('lamppost-behind-seconds') ?? 0) }
}

export const isHubInfo = (body: unknown): body is HubInfo => hasFields(body, 'name', 'timezone', 'now')

export const isStreets = (body: unknown): body is StreetSummary[] => Array.isArray(body)

export const isStreet = (body: unknown): body is StreetDetail =>
  hasFields(body, 'id', 'name', 'latest', 'sites')

export async function fetchStreets(signal: AbortSignal): Promise<StreetSummary[]> {
  return takeFirst('streets', isStreets) ?? getJson('/api/v1/streets', signal, isStreets)
}

export async function fetchCorrections(signal: AbortSignal): Promise<CorrectionsInUse> {
  return getJson('/api/v1/corrections', signal, (body): body is CorrectionsInUse =>
    hasFields(body, 'corrections', 'recomputing')
  )
}

export async function fetchStreet(streetId: string, signal: AbortSignal): Promise<StreetDetail> {
  const path = `/api/v1/streets/${encodeURIComponent(streetId)}`
  return takeFirst(`streets/${streetId}`, isStreet) ?? getJson(path, signal, isStreet)
}

export async function fetchSite(siteId: string, signal: AbortSignal): Promise<SiteDetail> {
  const path = `/api/v1/sites/${encodeURIComponent(siteId)}`
  return getJson(path, signal, (body): body is SiteDetail => hasFields(body, 'id', 'streetName', 'hardware'))
}

export async function fetchProfile(
  streetId: string,
  request: SeriesRequest,
  signal: AbortSignal
): Promise<Profile> {
  const path = `/api/v1/streets/${encodeURIComponent(streetId)}/profile?${new URLSearchParams({
    quantity: request.quantity,
    from: `${request.from}`,
    until: `${request.until}`,
    by: 'weekday-hour'
  })}`
  return getJson(path, signal, (body): body is Profile => hasFields(body, 'points', 'by'))
}

export async function fetchStreetSummary(
  streetId: string,
  request: SeriesRequest,
  signal: AbortSignal
): Promise<StreetNumbers> {
  const path = `/api/v1/streets/${encodeURIComponent(streetId)}/summary?${new URLSearchParams({
    quantity: request.quantity,
    from: `${request.from}`,
    until: `${request.until}`
  })}`
  return getJson(path, signal, (body): body is StreetNumbers => hasFields(body, 'periods', 'unit'))
}

export async function fetchBeforeAfter(
  { street, ...asked }: { street: string; control: string; quantity: Quantity; at: string },
  signal: AbortSignal
): Promise<BeforeAfter> {
  const path = `/api/v1/streets/${encodeURIComponent(street)}/before-after?${new URLSearchParams(asked)}`
  return getJson(path, signal, (body): body is BeforeAfter => hasFields(body, 'verdict', 'sentence'))
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

/** `path` is that of the download. */
export async function orderExport(path: string): Promise<ExportReceipt> {
  const receipt = await sendJson('POST', path.replace('/readings', '/readings/exports'))
  if (!isReceipt(receipt)) throw new HubProblem(words.common.failed.strange, { status: 202 })
  return receipt
}

export async function fetchReceipt(id: string, signal: AbortSignal): Promise<ExportReceipt> {
  return getJson(`/api/v1/readings/exports/${encodeURIComponent(id)}`, signal, isReceipt)
}

const isReceipt = (body: unknown): body is ExportReceipt => hasFields(body, 'id', 'state', 'file')

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
