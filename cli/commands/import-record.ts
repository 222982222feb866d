/** The record of a new import. */
import { knownPlaces, type KnownPlaces } from '../../ingest/import/known-places.ts'
import type { ImportRecord } from '../../registry/registry.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import type { ImportSource } from '../import-source.ts'

export function newRecord(
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

/** Where the sites are that the import's rows may be of. */
export function placesFor({ registry }: CommandContext, { importId }: ImportRecord): KnownPlaces {
  return knownPlaces(registry.sites(), registry.streets(), registry.imports(), importId)
}
