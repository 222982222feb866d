/** `lamppost import …`: files of other networks, loggers and spreadsheets through the same checking and storing; and taking one back. */
import { importFilesMax, mappingBytesMax } from '../limits.ts'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { importFormats, type ImportProgress } from '../../ingest/import/import.ts'
import type { LeftOut } from '../../contract/left-out.ts'
import { countedReasons } from '../../figures/left-out.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { ImportRecord, Registry } from '../../registry/registry.ts'
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
import { importProgressEvent, recordLine, reportText } from '../import-text.ts'
import { untilDrained } from '../until-drained.ts'
import { dryRun } from './import-dry-run.ts'
import { newRecord, placesFor } from './import-record.ts'
import { counted } from '../../model/counted.ts'

export const importCommands: Command[] = [
  {
    words: 'import list',
    usage: 'import list',
    says: 'List imports: what was imported, when, and how many readings were stored',
    options: {},
    positionals: [0, 0],
    run: plain(async ({ registry, pipeline }) => {
      const records = registry.imports()
      const [leftOut, doubted] = await Promise.all([
        countedByImport(pipeline.service, 4),
        countedByImport(pipeline.service, 3)
      ])
      const json = records.map((r) => ({
        ...r,
        leftOut: leftOut(r.importId),
        doubted: doubted(r.importId),
        startedAt: toIso(r.startedAt),
        finishedAt: r.finishedAt === null ? null : toIso(r.finishedAt),
        undoneAt: r.undoneAt === null ? null : toIso(r.undoneAt)
      }))
      const lines = records.map((r) => recordLine(r, leftOut(r.importId), doubted(r.importId)))
      return { json, text: lines.length ? lines.join('\n') : 'Nothing was imported yet.' }
    })
  },
  {
    words: 'import undo',
    usage: 'import undo IMPORT',
    says: 'Undo an import; the values it had replaced come back',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, pipeline, clock }, { positionals: [text = ''] }) => {
      const record = registry.imports().find((r) => String(r.importId) === text)
      if (!record) throw new WrongUse(`There is no import "${text}". See: npx lamppost import list`)
      if (record.undoneAt !== null) {
        throw new WrongUse(`Import ${text} was already undone, at ${toIso(record.undoneAt)}.`)
      }
      const removed = await pipeline.service.undoImport(record.importId)
      registry.saveImport({ ...record, undoneAt: clock.now() })
      return {
        json: { importId: record.importId, removed },
        text:
          `Import ${record.importId} was undone: ${counted(removed, 'reading')} removed. ` +
          'Readings that another import or the sensor itself also supplied stay.'
      }
    })
  },
  {
    words: 'import',
    usage: `import FILE… --format ${importFormats.join('|')} [--box BOX.json] --device ID | --map MAPPING.json --device [KEY=]ID… [--dry-run]`,
    says: 'Import files into a sensor’s history; a mapping describes any delimited file (docs/importing.md)',
    options: {
      format: { type: 'string' },
      map: { type: 'string' },
      box: { type: 'string' },
      device: { type: 'string', multiple: true },
      'dry-run': { type: 'boolean' }
    },
    positionals: [1, Infinity],
    prepare: (input) => ({
      ...input,
      positionals: importedFiles(input.positionals),
      files: describingFiles(option(input, 'map') ?? option(input, 'box'))
    }),
    run: importRun
  }
]

async function* importRun(
  context: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const source = importSource(input, context.registry)
  if (input.values['dry-run'] === true) return yield* dryRun(context, input, source)
  const { registry, pipeline, journal } = context
  const record =
    unfinished(registry.imports(), source, input.positionals) ?? newRecord(context, source, input)
  registry.saveImport(record)

  const events = eventQueue<ImportProgress>()
  pipeline.on('importProgress', (progress) => {
    if (progress.importId === record.importId) events.push(progress)
  })
  const work = pipeline.service.importFiles({
    files: input.positionals,
    format: source.format,
    record,
    knownPlaces: placesFor(context, record),
    sequence: await journal.reserveSequence()
  })
  work.then(events.end, events.end)
  for await (const progress of events) yield importProgressEvent(progress)
  const report = await work.catch((cause: unknown) => {
    forgetIfNothing(registry, record.importId)
    throw cause
  })
  yield* untilDrained(pipeline, async () => (await pipeline.service.stats()).dirtyHours)
  const tookNothing = report.taken + report.repeated === 0 && report.refused > 0
  // Judged by those around them by now, not only one by one.
  const leftOut = (await countedByImport(pipeline.service, 4))(record.importId)
  const doubted = (await countedByImport(pipeline.service, 3))(record.importId)
  return {
    json: { ...report, leftOut, doubted },
    text: reportText(report, leftOut, doubted),
    ...(tookNothing ? { failed: true } : {})
  }
}

/** Of each import, taken together of all that stands of it now: the look back fails and doubts readings long after they came. */
async function countedByImport(
  service: Pick<ReadingReader, 'failures'>,
  flag: 3 | 4
): Promise<(importId: number) => LeftOut> {
  const all = { from: -Infinity as UnixMs, until: Infinity as UnixMs }
  const found = Map.groupBy(await service.failures({ ...all, flag }), ({ importId }) => importId)
  return (importId) => countedReasons(found.get(importId) ?? [])
}

/** An import that was refused whole is none: there is nothing to go on with, and nothing to take back. */
function forgetIfNothing(registry: Registry, importId: number): void {
  const record = registry.imports().find((one) => one.importId === importId)
  if (record && record.rowsDone.every((rows) => rows === 0)) registry.forgetImport(importId)
}

function importedFiles(names: readonly string[]): string[] {
  if (names.length > importFilesMax)
    throw new WrongUse(
      `You named ${names.length} files, and one import takes at most ${importFilesMax}. Split them into several commands.`
    )
  return names.map(readable)
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

function describingFiles(name: string | undefined): { name: string; text: string }[] {
  if (name === undefined) return []
  const path = readable(name)
  const found = statSync(path)
  if (!found.isFile() || found.size > mappingBytesMax)
    throw new WrongUse(
      `${name} is too long to be a mapping or the description of a box. See docs/importing.md`
    )
  return [{ name, text: readFileSync(path, 'utf8') }]
}

/** The same files, read the same way into the same sensors, begun and not finished: goes on where it stopped. */
function unfinished(
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
