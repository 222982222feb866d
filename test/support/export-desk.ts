/** What a desk of exports asks of a registry and readings, as the hub joins them. */
import { join } from 'node:path'
import type { ApiDeps } from '../../api/deps.ts'
import { estimateExport } from '../../documents/export/estimate.ts'
import { prepareExport, prepareResearch } from '../../documents/export/prepare.ts'
import { sealedExport } from '../../documents/export/sealed.ts'
import { exportCorrections } from '../../figures/period/export-corrections.ts'
import type { ExportDeskDeps } from '../../hub/exports/desk.ts'
import { agreeing, mayHaveOf } from '../../hub/exports/from-rooms.ts'
import type { Moves } from '../../hub/moves.ts'
import type { Clock } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'

export function exportDeskRig({
  folder,
  reader,
  registry,
  clock,
  timezone,
  moves
}: {
  folder: string
  reader: ApiDeps['readings']
  registry: Registry
  clock: Clock
  timezone: string
  moves: Moves
}): Omit<ExportDeskDeps, 'log' | 'newId'> {
  const setting = { places: registry, clock, timezone }
  const facts = { publisher: 'Testing Town', version: '0.1.0' }
  const forPublic = { ...setting, ...facts, audience: 'public', licence: 'CC BY 4.0' } as const
  return {
    file: join(folder, 'exports.sqlite'),
    folder: join(folder, 'exports'),
    make: (request, encoding) => sealedExport(reader, request, encoding),
    async prepare({ dataset: _dataset, ...query }, research) {
      const corrections = (question: Parameters<typeof exportCorrections>[1]) =>
        exportCorrections(reader, question)
      if (!research) return prepareExport({ ...forPublic, corrections }, query)
      const sites = agreeing(registry, clock)
      return prepareResearch({ ...setting, ...facts, secret: 'of this test', sites }, query, research.dataset)
    },
    estimate: async (request) => (await estimateExport(reader, request)).bytes,
    mayHave: mayHaveOf(registry, clock),
    isErasing: () => registry.openErasures().length > 0,
    enter: (overtaken) => moves.enter(overtaken),
    clock
  }
}
