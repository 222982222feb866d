/** The damp record as one ZIP file: the document, what it was made from, and a list of SHA-256 sums that needs no hub to be checked. */
import { createHash, type Hash } from 'node:crypto'
import type { DampRecord, RoomRecord } from '../../contract/damp-record.ts'
import type { TimeRange } from '../../model/columns.ts'
import { civilTime, parseIsoZoned, type UnixMs } from '../../model/time.ts'
import { placeFileName, tablePieces } from '../person/archive.ts'
import { zip, type ZipMember } from '../zip.ts'

export const manifestName = 'MANIFEST.sha256'
export const pdfName = 'damp-record.pdf'

export interface RecordArchiveSources {
  record: DampRecord
  pdf: Uint8Array
  readme: string
  /** Single readings of a place as CSV. */
  table(siteId: string, range: TimeRange): AsyncIterable<Uint8Array>
  count(siteId: string, range: TimeRange): Promise<number>
  /** Bytes of a photo of the diary; undefined where the file is gone. */
  photo(name: string): Promise<Uint8Array | undefined>
}

export interface RecordArchiveSummary {
  bytes: number
  files: string[]
}

export async function* recordArchive(
  sources: RecordArchiveSources,
  now: UnixMs
): AsyncGenerator<Uint8Array, RecordArchiveSummary> {
  const sums: { name: string; hash: Hash }[] = []
  const { bytes } = yield* zip(membersOf(sources, sums), civilTime(now, sources.record.timezone))
  return { bytes, files: [...sums.map(({ name }) => name), manifestName] }
}

async function* membersOf(
  sources: RecordArchiveSources,
  sums: { name: string; hash: Hash }[]
): AsyncGenerator<ZipMember> {
  for await (const { name, content } of contentOf(sources)) {
    const hash = createHash('sha256')
    sums.push({ name, hash })
    yield { name, content: hashed(content, hash) }
  }
  // The form that sha256sum and shasum check. Each member was read to its end before the next was asked for.
  const lines = sums.map(({ name, hash }) => `${hash.digest('hex')}  ${name}\n`)
  yield { name: manifestName, content: [Buffer.from(lines.join(''))] }
}

async function* hashed(content: ZipMember['content'], hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    hash.update(piece)
    yield piece
  }
}

async function* contentOf(sources: RecordArchiveSources): AsyncGenerator<ZipMember> {
  const { record, pdf, readme, table, count } = sources
  yield { name: pdfName, content: [pdf] }
  yield { name: 'record.json', content: [text(JSON.stringify(record, null, 2) + '\n')] }
  for (const room of record.rooms) {
    const name = placeFileName(room)
    const range = rangeOf(room)
    if (!range) continue
    yield { name: `days/${name}.csv`, content: [text(daysCsv(room))] }
    for (const piece of await tablePieces(range, record.timezone, (part) => count(room.siteId, part)))
      yield { name: `readings/${name}-${piece.label}.csv`, content: table(room.siteId, piece.range) }
  }
  yield { name: 'diary.csv', content: [text(diaryCsv(record))] }
  for (const name of record.diary.flatMap(({ photo }) => photo ?? [])) {
    const photo = await sources.photo(name)
    if (photo) yield { name: `photos/${name}`, content: [photo] }
  }
  yield { name: 'README.txt', content: [text(readme)] }
}

function rangeOf({ figures: { from, until } }: RoomRecord): TimeRange | undefined {
  const [first, last] = [
    from === null ? undefined : parseIsoZoned(from),
    until === null ? undefined : parseIsoZoned(until)
  ]
  return first === undefined || last === undefined ? undefined : { from: first, until: last }
}

function daysCsv({ days }: RoomRecord): string {
  const head =
    'date,hours,expected,temperatureMean,temperatureMin,temperatureMax,humidityMean,humidityMin,humidityMax,hoursAbove70,cornerHours,hoursAtRisk,hoursBelow18'
  const lines = days.map(({ date, hours, expected, temperatureC: t, humidity: h, ...day }) =>
    [
      date,
      hours,
      expected,
      t.mean,
      t.min,
      t.max,
      h.mean,
      h.min,
      h.max,
      day.hoursHumid,
      day.cornerHours,
      day.hoursAtRisk,
      day.hoursCold
    ]
      .map((value) => value ?? '')
      .join(',')
  )
  return [head, ...lines].join('\n') + '\n'
}

function diaryCsv({ diary }: DampRecord): string {
  const lines = diary.map(({ at, writtenAt, kind, room, note, reportedTo, photo }) =>
    [at, writtenAt, kind, room ?? '', note, reportedTo, photo ?? ''].map(cell).join(',')
  )
  return ['at,writtenAt,kind,room,note,reportedTo,photo', ...lines].join('\n') + '\n'
}

/** RFC 4180; a spreadsheet must not run what somebody wrote as a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function text(content: string): Uint8Array {
  return Buffer.from(content)
}
