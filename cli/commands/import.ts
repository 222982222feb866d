/** `lamppost import …`: files of other networks, loggers and spreadsheets through the same checking and storing; and taking one back. */
import { mappingBytesMax } from '../limits.ts'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  importFiles,
  importFormats,
  type ImportProgress,
  type ImportReport
} from '../../ingest/import/import.ts'
import { reasonList } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { toIso } from '../../model/time.ts'
import type { ImportRecord } from '../../registry/registry.ts'
import {
  option,
  plain,
  WrongUse,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import { importSource, type ImportSource } from '../import-source.ts'
import { dryRunText, recordLine, reportText } from '../import-text.ts'
import { counted } from '../../model/counted.ts'

export const importCommands: Command[] = [
  {
    words: 'import list',
    usage: 'import list',
    says: 'What was imported, when, and how much of it was taken',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry }) => {
      const records = registry.imports()
      const json = records.map((r) => ({
        ...r,
        startedAt: toIso(r.startedAt),
        finishedAt: r.finishedAt === null ? null : toIso(r.finishedAt),
        undoneAt: r.undoneAt === null ? null : toIso(r.undoneAt)
      }))
      return { json, text: records.length ? records.map(recordLine).join('\n') : 'Nothing was imported yet.' }
    })
  },
  {
    words: 'import undo',
    usage: 'import undo IMPORT',
    says: 'Take an import back; what it had replaced stands again',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, pipeline, clock }, { positionals: [text = ''] }) => {
      const record = registry.imports().find((r) => String(r.importId) === text)
      if (!record) throw new WrongUse(`There is no import "${text}". See: npx lamppost import list`)
      if (record.undoneAt !== null) {
        throw new WrongUse(`Import ${text} was already taken back, ${toIso(record.undoneAt)}.`)
      }
      const removed = await pipeline.service.undoImport(record.importId)
      registry.saveImport({ ...record, undoneAt: clock.now() })
      return {
        json: { importId: record.importId, removed },
        text:
          `Import ${record.importId} is taken back, ${counted(removed, 'reading')} of it. ` +
          'What another import or the sensor itself also brought stays.'
      }
    })
  },
  {
    words: 'import',
    usage: `import FILE… --format ${importFormats.join('|')} --device ID | --map MAPPING.json --device [KEY=]ID… [--dry-run]`,
    says: 'Read files into a sensor’s history; a mapping says how to read any delimited file (docs/importing.md)',
    options: {
      format: { type: 'string' },
      map: { type: 'string' },
      device: { type: 'string', multiple: true },
      'dry-run': { type: 'boolean' }
    },
    positionals: [1, 100],
    prepare: (input) => ({
      ...input,
      positionals: input.positionals.map(readable),
      files: mappingFiles(option(input, 'map'))
    }),
    run: importRun
  }
]

async function* importRun(
  rooms: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const source = importSource(input, rooms.registry)
  if (input.values['dry-run'] === true) return yield* dryRun(rooms, input, source)
  const { registry, pipeline, journal } = rooms
  const record = brokenOff(registry.imports(), source, input.positionals) ?? newRecord(rooms, source, input)
  registry.saveImport(record)

  const events = eventQueue<ImportProgress>()
  pipeline.on('importProgress', (progress) => {
    if (progress.importId === record.importId) events.push(progress)
  })
  const work = pipeline.service.importFiles({
    files: input.positionals,
    format: source.format,
    record,
    sequence: await journal.reserveSequence()
  })
  work.then(events.end, events.end)
  for await (const progress of events) yield progressEvent(progress)
  const report = await work
  await pipeline.service.drain()
  const tookNothing = report.taken + report.repeated === 0 && report.refused > 0
  return { json: report, text: reportText(report), ...(tookNothing ? { failed: true } : {}) }
}

/** Readings that a dry run shows. */
const readingsShown = 12

/** Reads everything as the import would, here and not in the store's thread, and keeps only the first readings. */
async function* dryRun(
  rooms: CommandContext,
  input: CommandInput,
  source: ImportSource
): AsyncGenerator<CommandEvent, CommandResult> {
  const directory = new Map(rooms.registry.directory().map((entry) => [entry.deviceId, entry]))
  const first: Reading[] = []
  const events = eventQueue<ImportProgress>()
  const work: Promise<ImportReport> = importFiles({
    files: input.positionals,
    format: source.format,
    directory: () => directory,
    store: {
      write(batch) {
        first.push(...batch.slice(0, readingsShown - first.length))
        return Promise.resolve({ inserted: batch.length, replaced: 0, repeated: 0, superseded: 0 })
      }
    },
    record: newRecord(rooms, source, input),
    saveRecord: () => undefined,
    sequence: 0,
    clock: rooms.clock,
    onProgress: events.push
  })
  work.then(events.end, events.end)
  for await (const progress of events) yield progressEvent(progress)
  const report = await work
  const readings = first.map(({ measuredAt, deviceId, siteId, quantity, value, flag, reasons }) => ({
    time: toIso(measuredAt),
    device: deviceId,
    site: siteId,
    quantity,
    value,
    flag,
    reasons: reasonList(reasons)
  }))
  return { json: { dryRun: true, ...report, importId: null, readings }, text: dryRunText(report, first) }
}

function progressEvent({ bytesRead, bytesTotal, rows }: ImportProgress): CommandEvent {
  return { progress: counted(rows, 'row'), done: bytesRead, total: bytesTotal }
}

function readable(file: string): string {
  const path = resolve(file)
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw new WrongUse(`${file} cannot be read. Check the name and that you may read it.`)
  }
  return path
}

function mappingFiles(name: string | undefined): { name: string; text: string }[] {
  if (name === undefined) return []
  const path = readable(name)
  const found = statSync(path)
  if (!found.isFile() || found.size > mappingBytesMax)
    throw new WrongUse(
      `${name} is no mapping: a mapping is a JSON file of a few lines. See docs/importing.md`
    )
  return [{ name, text: readFileSync(path, 'utf8') }]
}

function newRecord(
  { registry, clock }: CommandContext,
  { deviceId, formatName }: ImportSource,
  { positionals }: CommandInput
): ImportRecord {
  return {
    importId: Math.max(0, ...registry.imports().map((r) => r.importId)) + 1,
    deviceId,
    files: positionals,
    format: formatName,
    startedAt: clock.now(),
    finishedAt: null,
    undoneAt: null,
    rowsDone: positionals.map(() => 0),
    taken: 0,
    repeated: 0,
    flagged: 0,
    refused: 0
  }
}

/** The same files, read the same way into the same sensors, begun and not finished: goes on where it stopped. */
function brokenOff(
  records: readonly ImportRecord[],
  { deviceId, formatName }: ImportSource,
  files: readonly string[]
): ImportRecord | undefined {
  return records.find(
    (r) =>
      r.finishedAt === null &&
      r.undoneAt === null &&
      r.deviceId === deviceId &&
      r.format === formatName &&
      r.files.join('\n') === files.join('\n')
  )
}
