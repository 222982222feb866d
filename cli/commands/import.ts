/** `lamppost import …`: archives of other networks through the same decoding, checking and storing; and taking one back. */
import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import {
  importFormats,
  type ImportFormat,
  type ImportProgress,
  type ImportReport
} from '../../ingest/import/import.ts'
import { toIso } from '../../model/time.ts'
import type { ImportRecord } from '../../registry/registry.ts'
import {
  option,
  plain,
  requiredOption,
  WrongUse,
  type Command,
  type CommandEvent,
  type CommandResult,
  type CommandRooms
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import { unknownDevice } from './device.ts'

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
      const removed = await pipeline.service.undoImport(record.importId)
      registry.saveImport({ ...record, undoneAt: clock.now() })
      return {
        json: { importId: record.importId, removed },
        text: `Import ${record.importId} is taken back: ${removed} readings went.`
      }
    })
  },
  {
    words: 'import',
    usage: `import FILE… --format ${importFormats.join('|')} --device ID`,
    says: 'Read archive files into a sensor’s history',
    options: { format: { type: 'string' }, device: { type: 'string' } },
    positionals: [1, 100],
    prepare: (input) => ({ ...input, positionals: input.positionals.map(readable) }),
    run: importRun
  }
]

async function* importRun(
  rooms: CommandRooms,
  input: Parameters<Command['run']>[1]
): AsyncGenerator<CommandEvent, CommandResult> {
  const { registry, pipeline, journal, clock } = rooms
  const format = formatOf(option(input, 'format'))
  const deviceId = requiredOption(
    input,
    'device',
    'the sensor whose history the files are. See: npx lamppost device list'
  )
  if (!registry.device(deviceId)) throw new WrongUse(unknownDevice(deviceId))

  const record = brokenOff(registry.imports(), deviceId, format, input.positionals) ?? {
    importId: Math.max(0, ...registry.imports().map((r) => r.importId)) + 1,
    deviceId,
    files: input.positionals,
    format,
    startedAt: clock.now(),
    finishedAt: null,
    undoneAt: null,
    rowsDone: input.positionals.map(() => 0),
    taken: 0,
    repeated: 0,
    flagged: 0,
    refused: 0
  }
  registry.saveImport(record)

  const events = eventQueue<ImportProgress>()
  pipeline.on('importProgress', (progress) => {
    if (progress.importId === record.importId) events.push(progress)
  })
  const work = pipeline.service.importFiles({
    files: input.positionals,
    format,
    record,
    sequence: await journal.reserveSequence()
  })
  work.then(events.end, events.end)
  for await (const { bytesRead, bytesTotal, rows } of events) {
    yield { progress: `${rows} rows`, done: bytesRead, total: bytesTotal }
  }
  const report = await work
  await pipeline.service.drain()
  return { json: { ...report, importId: record.importId }, text: reportText(record.importId, report) }
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

function formatOf(text: string | undefined): ImportFormat {
  const found = importFormats.find((format) => format === text)
  if (!found)
    throw new WrongUse(
      `--format is ${text ? `"${text}"` : 'missing'}. Give one of: ${importFormats.join(', ')}.`
    )
  return found
}

/** The same files for the same device, begun and not finished: goes on where it stopped. */
function brokenOff(
  records: readonly ImportRecord[],
  deviceId: string,
  format: string,
  files: readonly string[]
): ImportRecord | undefined {
  return records.find(
    (r) =>
      r.finishedAt === null &&
      r.undoneAt === null &&
      r.deviceId === deviceId &&
      r.format === format &&
      r.files.join('\n') === files.join('\n')
  )
}

function recordLine(r: ImportRecord): string {
  const state =
    r.undoneAt !== null ? 'taken back' : r.finishedAt === null ? 'broken off; run it again to go on' : 'done'
  return (
    `${r.importId}  ${toIso(r.startedAt)}  ${r.deviceId}  ${r.files.length} files  ` +
    `${r.taken} taken, ${r.repeated} known already, ${r.flagged} flagged, ${r.refused} refused  [${state}]`
  )
}

function reportText(importId: number, report: ImportReport): string {
  return [
    `Import ${importId}: ${report.taken} readings taken, ${report.repeated} known already, ${report.flagged} flagged, ${report.refused} refused.`,
    ...report.reasons.map(({ reason, count, example }) => `  ${count}×  ${reason}  (first: ${example})`),
    `Take it back with: npx lamppost import undo ${importId}`
  ].join('\n')
}
