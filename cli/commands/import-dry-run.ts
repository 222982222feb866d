/** `lamppost import … --dry-run`: everything is read as the import would, and nothing is stored. */
import { DryRunStore } from '../../ingest/import/dry-run-store.ts'
import { importFiles, type ImportProgress } from '../../ingest/import/import.ts'
import { reasonList } from '../../model/flag.ts'
import { toIso } from '../../model/time.ts'
import type { CommandContext, CommandEvent, CommandInput, CommandResult } from '../command.ts'
import { eventQueue } from '../event-queue.ts'
import type { ImportSource } from '../import-source.ts'
import { dryRunText, importProgressEvent } from '../import-text.ts'
import { newRecord, placesFor } from './import-record.ts'

/** Readings that a dry run shows. */
const readingsShown = 12

/** Here and not in the store's thread. */
export async function* dryRun(
  context: CommandContext,
  input: CommandInput,
  source: ImportSource
): AsyncGenerator<CommandEvent, CommandResult> {
  const directory = new Map(context.registry.directory().map((entry) => [entry.deviceId, entry]))
  const store = new DryRunStore(readingsShown)
  const events = eventQueue<ImportProgress>()
  const record = newRecord(context, source, input)
  const work = importFiles({
    files: input.positionals,
    format: source.format,
    directory: () => directory,
    store,
    record,
    knownPlaces: placesFor(context, record),
    saveRecord: () => undefined,
    sequence: 0,
    clock: context.clock,
    onProgress: events.push
  })
  work.then(events.end, events.end)
  for await (const progress of events) yield importProgressEvent(progress)
  const found = await work
  const report = store.isFull ? { ...found, notes: [...found.notes, notCompared] } : found
  const readings = store.first.map(({ measuredAt, deviceId, siteId, quantity, value, flag, reasons }) => ({
    time: toIso(measuredAt),
    device: deviceId,
    site: siteId,
    quantity,
    value,
    flag,
    reasons: reasonList(reasons)
  }))
  return {
    json: { dryRun: true, ...report, importId: null, readings },
    text: dryRunText(report, store.first)
  }
}

const notCompared =
  'There are too many readings to check all of them for duplicate times; the last ones were not checked.'
