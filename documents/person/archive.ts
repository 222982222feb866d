/** Everything of one person as one ZIP file: what was measured as documented tables, and what is kept besides as JSON. */
import { definitionOf, measuredNames } from '../../model/quantity.ts'
import { civilTime, clockHours, fromCivil, toIso, type UnixMs } from '../../model/time.ts'
import type { TimeRange } from '../../model/columns.ts'
import { columns } from '../export/columns.ts'
import { tableMembersRowsMax } from '../limits.ts'
import { zip, type ZipMember } from '../zip.ts'
import type { HostedPlace, PersonRecord } from './record.ts'

export interface ArchiveSources {
  record: PersonRecord
  places: readonly HostedPlace[]
  /** Of the diary, by their names there. */
  photo(name: string): Uint8Array | undefined
  hub: { name: string; timezone: string }
  /** Columns of a CSV file of one place, and how many rows of it there are. */
  table(siteId: string, window: 'raw' | 'hour' | 'day', range: TimeRange): AsyncIterable<Uint8Array>
  /** Readings of a place, of all quantities. */
  count(siteId: string, range: TimeRange): Promise<number>
  /** From the first reading, hour or day of a place to after the last; undefined where there is none. */
  reach(siteId: string): Promise<TimeRange | undefined>
}

export interface PersonArchiveSummary {
  bytes: number
  files: string[]
  readings: number
}

export async function* personArchive(
  sources: ArchiveSources,
  now: UnixMs
): AsyncGenerator<Uint8Array, PersonArchiveSummary> {
  const summary = { files: [] as string[], readings: 0 }
  const { bytes } = yield* zip(membersOf(sources, summary), civilTime(now, sources.hub.timezone))
  return { bytes, ...summary }
}

async function* membersOf(
  sources: ArchiveSources,
  summary: { files: string[]; readings: number }
): AsyncGenerator<ZipMember> {
  const { record, places, table, count } = sources
  const give = (name: string, content: ZipMember['content']): ZipMember => {
    summary.files.push(name)
    return { name, content }
  }
  yield give('person.json', [Buffer.from(JSON.stringify(record, null, 2) + '\n')])
  for (const { photo } of record.diary) {
    const bytes = photo === null ? undefined : sources.photo(photo)
    if (bytes) yield give(`photos/${photo}`, [bytes])
  }
  for (const place of places) {
    const reach = await sources.reach(place.siteId)
    const range = reach && within(reach, place)
    if (!range) continue
    const named = `${placeFileName(place)}${place.from === null ? '' : `-from-${toIso(place.from).slice(0, 10)}`}`
    for (const piece of await tablePieces(range, sources.hub.timezone, (part) => count(place.siteId, part))) {
      summary.readings += piece.rows
      yield give(`readings/${named}-${piece.label}.csv`, table(place.siteId, 'raw', piece.range))
    }
    for (const window of ['hour', 'day'] as const) {
      const whole = wholeWindows(window, reach, place, sources.hub.timezone)
      yield give(`${window}s/${named}.csv`, table(place.siteId, window, whole))
    }
  }
  yield give('README.txt', [Buffer.from(readme(sources, summary))])
}

function within({ from, until }: TimeRange, place: HostedPlace): TimeRange | undefined {
  const cut = {
    from: Math.max(from, place.from ?? -Infinity) as UnixMs,
    until: Math.min(until, place.until ?? Infinity) as UnixMs
  }
  return cut.from < cut.until ? cut : undefined
}

/** Hours or days that lie wholly in the person's time: one that another host shares holds readings of both. */
function wholeWindows(
  window: 'hour' | 'day',
  reach: TimeRange,
  { from, until }: HostedPlace,
  timezone: string
): TimeRange {
  const clock = clockHours(timezone)
  const startOf = (at: UnixMs): UnixMs =>
    (window === 'hour' ? clock.hourStart(at) : clock.dayStart(at)) as UnixMs
  const first = startOf(reach.from)
  return {
    from: (from === null ? first : Math.max(from, first)) as UnixMs,
    until: until === null ? reach.until : (Math.min(startOf(until), reach.until) as UnixMs)
  }
}

/** "bathroom-s-k3v7m2qa": what people recognise, and what `person.json` names. */
export function placeFileName({ siteId, name }: Pick<HostedPlace, 'siteId' | 'name'>): string {
  const word = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  return word ? `${word}-${siteId}` : siteId
}

interface TablePiece {
  label: string
  range: TimeRange
  rows: number
}

/** Years that have readings; a year with too many for a spreadsheet, or for a file, is given by months. */
export async function tablePieces(
  range: TimeRange,
  timezone: string,
  count: (range: TimeRange) => Promise<number>
): Promise<TablePiece[]> {
  const found: TablePiece[] = []
  const [first, last] = [civilTime(range.from, timezone).year, civilTime(range.until, timezone).year]
  const beginOf = (year: number, month: number): UnixMs =>
    fromCivil({ year, month, day: 1, hour: 0, minute: 0, second: 0 }, timezone)
  const add = async (label: string, from: UnixMs, until: UnixMs): Promise<number> => {
    const part = {
      from: Math.max(from, range.from) as UnixMs,
      until: Math.min(until, range.until) as UnixMs
    }
    const rows = part.from < part.until ? await count(part) : 0
    if (rows > 0) found.push({ label, range: part, rows })
    return rows
  }
  for (let year = first; year <= last; year++) {
    const rows = await add(String(year), beginOf(year, 1), beginOf(year + 1, 1))
    if (rows <= tableMembersRowsMax) continue
    found.pop()
    for (let month = 1; month <= 12; month++) {
      const label = `${year}-${String(month).padStart(2, '0')}`
      const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1]
      await add(label, beginOf(year, month), beginOf(nextYear, nextMonth))
    }
  }
  return found
}

function readme(
  { record, hub }: ArchiveSources,
  { files, readings }: { files: string[]; readings: number }
): string {
  const { person, account } = record
  const line = (names: readonly (keyof typeof columns)[]): string =>
    names.map((name) => `  ${name.padEnd(13)}${columns[name].description}`).join('\n')
  return `Everything that ${hub.name} keeps of ${person.name || `the person ${person.personId}`}

Made ${record.madeAt}. Times in these files are UTC (the Z at their end) unless a line says otherwise;
days begin at midnight in ${hub.timezone}.

person.json
  Who you are here (person), your homes, the places where your sensors are or were (places, with from when until
  when they were yours), your boxes (devices, with where they were installed, what was wrong with their messages,
  imported files and corrections), what you agreed to in which words (consents), your
  diary, the corners that you measured (measuredCorners), what you want to be told, where, and of which reports you are
  reminded under which rules (alerts), ${account ? 'your account with where you are signed in' : 'your account (you have none)'},
  invitations, and what was done in your name or about you (auditLog).
  null means "not known", or for a time "without limit".
photos/
  The photos of your diary, as it names them.
readings/
  ${readings} single readings, as your boxes sent them. One file for each place and year, or month where there are many.
  If you limited how long readings are kept, older ones are gone; their hours and days are in the next two folders.
${line(['time', 'street', 'site', 'device', 'quantity', 'value', 'unit', 'flag', 'reason', 'received'])}
hours/, days/
  What the hub made of the readings: a row for each hour or day, place and quantity.
${line(['time', 'until', 'street', 'site', 'quantity', 'unit', 'mean', 'min', 'max', 'p10', 'p50', 'p90', 'count', 'expected', 'coverage', 'passed', 'notEvaluated', 'suspect', 'failed'])}

Quantities that there can be, and their units:
${measuredNames.map((name) => `  ${name.padEnd(21)}${definitionOf(name).label}, ${definitionOf(name).unit || 'a number'}`).join('\n')}

What is not here:
  passwords, of which the hub keeps only a hash that leads nowhere;
  messages exactly as your boxes sent them, which the hub keeps for two weeks and whose readings are in these files;
  indoor figures of your street that are out: they are of at least five homes, and nothing in them says whose;
  copies in backups, which hold the same.

Files: ${[...files].join(', ')}
`
}
