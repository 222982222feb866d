/** An export's rows as CSV. Millions of rows repeat the same few places, units and seconds, so these are written once. */
import type { ExportChunk } from '../../model/columns.ts'
import { reasonList } from '../../model/flag.ts'
import { quantities } from '../../model/quantity.ts'
import { secondMs, toIso, type UnixMs } from '../../model/time.ts'
import { exportColumnNames } from './rows.ts'

export const csvHeader = exportColumnNames.join(',') + '\r\n'

/** Files that were asked for corrected values name the correction of each in one more column. */
export const csvHeaderCorrected = [...exportColumnNames, 'correction'].join(',') + '\r\n'

/** Rows `from` (inclusive) to `until` (exclusive) of a chunk, columns as `exportColumnNames` (and the correction where corrected values were asked for); `streetOf` names the street of a site. */
export function csvLines(
  chunk: ExportChunk,
  streetOf: (siteId: string) => string,
  from = 0,
  until = chunk.time.length
): string {
  const places = chunk.sites.map((site) => lazily(() => `,${csvText(streetOf(site))},${csvText(site)},`))
  const devices = chunk.devices.map((device) => lazily(() => `${csvText(device)},`))
  const units = chunk.quantities.map((quantity) => `,${csvText(quantities[quantity].unit)},`)
  const timeText = isoWriter()
  const receivedText = isoWriter()
  let text = ''
  for (let i = from; i < until; i++) {
    const quantity = chunk.quantity[i]!
    const reasons = chunk.reasons[i]!
    text +=
      timeText(chunk.time[i]!) +
      places[chunk.site[i]!]!() +
      devices[chunk.device[i]!]!() +
      `${chunk.quantities[quantity]!},${chunk.value[i]!}` +
      units[quantity]! +
      `${chunk.flag[i]!},${reasons === 0 ? '' : reasonList(reasons).join(' ')},` +
      receivedText(chunk.received[i]!) +
      (chunk.correction ? `,${chunk.corrections?.[chunk.correction[i]! - 1] ?? ''}\r\n` : '\r\n')
  }
  return text
}

/** A dictionary may be longer than the stretch that is written. */
function lazily(make: () => string): () => string {
  let made: string | undefined
  return () => (made ??= make())
}

/** As `toIso`, for times that mostly share their second with the one before. */
function isoWriter(): (at: number) => string {
  let second = NaN
  let beginning = ''
  return (at) => {
    const now = Math.floor(at / secondMs)
    if (now !== second) {
      second = now
      // "2026-11-22T10:00:00." of "2026-11-22T10:00:00.000Z"
      beginning = toIso((now * secondMs) as UnixMs).slice(0, -'000Z'.length)
    }
    return beginning + endings[at - now * secondMs]!
  }
}

const endings = Array.from({ length: secondMs }, (_no, ms) => `${String(ms).padStart(3, '0')}Z`)

/** A spreadsheet runs a cell that begins with one of these (OWASP ASVS 5.0, 1.2.10), so such text gets an apostrophe. */
const formulaStart = /^\s*[=+\-@\t\r\0]/

export function csvText(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
