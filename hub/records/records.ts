/** Damp records for commands and pages alike: as data, as a PDF, and as an archive that can be checked without the hub. */
import type { DampRecord } from '../../contract/damp-record.ts'
import type { LetterSentBody, OwnRecordRoom, ReportNoted } from '../../contract/own-record.ts'
import { recordArchive, type RecordArchiveSummary } from '../../documents/damp-record/archive.ts'
import { readExportQuestion } from '../../documents/export/read-request.ts'
import { ownStreet } from '../../figures/own/own-places.ts'
import type { TimeRange } from '../../model/columns.ts'
import { isMeasured, quantityNames } from '../../model/quantity.ts'
import { toIso, type Clock } from '../../model/time.ts'
import { languageDefault, loadWords } from '../../words/languages.ts'
import type { Rooms } from '../rooms.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { programVersion } from '../version.ts'
import { noteLetter } from './letters.ts'
import { gatherRecord, type RecordQuestion } from './gather.ts'
import { pdfThread } from './pdf-thread.ts'
import { placesOf, placesEverOf } from './places.ts'

export interface RecordsRooms extends Pick<Rooms, 'registry' | 'photos' | 'timezone' | 'makeExport'> {
  readings: ReadingReader
  clock: Clock
  hubName: string
}

/** What a person asks for: some of their rooms, or all. */
export interface RecordAsk extends Pick<RecordQuestion, 'personId' | 'range' | 'rules'> {
  /** All that were theirs in the period unless given. */
  siteIds?: readonly string[]
}

export type Records = ReturnType<typeof openRecords>

export function openRecords(rooms: RecordsRooms) {
  const { registry, photos, clock } = rooms
  const thread = pdfThread()
  const sources = { ...rooms, version: programVersion() }
  const question = ({ siteIds, ...ask }: RecordAsk): RecordQuestion => ({
    ...ask,
    places: placesOf(registry, ask.personId, ask.range).filter(
      ({ site }) => siteIds === undefined || siteIds.includes(site.siteId)
    )
  })
  const gather = (asked: RecordQuestion): Promise<DampRecord> => gatherRecord(sources, asked)

  async function* archive(asked: RecordQuestion): AsyncGenerator<Uint8Array, RecordArchiveSummary> {
    const record = await gather(asked)
    const { record: say } = await loadWords(languageDefault)
    return yield* recordArchive(
      {
        record,
        pdf: await thread.make(record),
        readme: say.readme(record.hub, record.madeAt, say.checkCommand, say.checkMore),
        table: (siteId, range) => tableOf(rooms, siteId, range),
        count: (siteId, range) => countOf(rooms, siteId, range),
        photo: async (name) => photos.find(asked.personId, name)
      },
      clock.now()
    )
  }

  return {
    /** Rooms that are or were theirs, with their time there. */
    rooms: (personId: string): OwnRecordRoom[] => roomsOf(rooms, personId),
    question,
    record: gather,
    pdf: async (asked: RecordQuestion): Promise<Uint8Array> => thread.make(await gather(asked)),
    archive,
    noteLetter: (personId: string, homeId: string, letter: LetterSentBody): ReportNoted =>
      noteLetter(rooms, personId, homeId, letter),
    close: () => thread.close()
  }
}

/** The same for a person on the web, who asks for rooms by their ids. */
export function ownRecords(records: Records) {
  return {
    rooms: (personId: string): OwnRecordRoom[] => records.rooms(personId),
    record: (ask: RecordAsk): Promise<DampRecord> => records.record(records.question(ask)),
    pdf: (ask: RecordAsk): Promise<Uint8Array> => records.pdf(records.question(ask)),
    archive: (ask: RecordAsk): AsyncGenerator<Uint8Array> => records.archive(records.question(ask)),
    noteLetter: records.noteLetter
  }
}

function roomsOf({ registry }: RecordsRooms, personId: string): OwnRecordRoom[] {
  return placesEverOf(registry, personId).map(({ site, from, until }) => ({
    siteId: site.siteId,
    name: site.name,
    homeId: site.homeId,
    street: ownStreet(registry, site.streetId),
    from: from === null ? null : toIso(from),
    until: until === null ? null : toIso(until)
  }))
}

async function* tableOf(
  { registry, clock, timezone, makeExport }: RecordsRooms,
  siteId: string,
  range: TimeRange
): AsyncGenerator<Uint8Array> {
  const setting = { places: registry, clock, timezone, audience: 'operator' as const }
  const asked = readExportQuestion(setting, { site: siteId, window: 'raw' })
  for await (const piece of makeExport({ ...asked, ...range, corrections: [], metadata: {} }))
    if (piece instanceof Uint8Array) yield piece
}

async function countOf({ readings }: RecordsRooms, siteId: string, range: TimeRange): Promise<number> {
  let count = 0
  for (const quantity of quantityNames.filter(isMeasured))
    count += await readings.count({ siteId, quantity, ...range }, Number.MAX_SAFE_INTEGER)
  return count
}
