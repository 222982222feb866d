/** The desk of exports on a hub's rooms: what it asks of the registry and the store, for the public and for researchers. */
import { randomBytes } from 'node:crypto'
import type { ExportDesk } from '../../documents/export/desk.ts'
import { estimateExport } from '../../documents/export/estimate.ts'
import { prepareExport, prepareResearch } from '../../documents/export/prepare.ts'
import { holdsStill } from '../../documents/export/research.ts'
import { exportCorrections } from '../../figures/period/export-corrections.ts'
import type { Clock } from '../../model/time.ts'
import { maySeeSite, researchSites } from '../../model/visibility.ts'
import { keptSecret } from '../kept-secret.ts'
import type { Rooms } from '../rooms.ts'
import { programVersion } from '../version.ts'
import { openExportDesk, type ExportDeskDeps } from './desk.ts'

export function exportDeskOf(
  rooms: Rooms,
  { name: publisher, dataLicence: licence }: { name: string; dataLicence: string }
): ExportDesk {
  const { registry, clock, timezone, folder, makeExport: make, moves, log, pipeline } = rooms
  const { service: readings } = pipeline
  const setting = { places: registry, clock, timezone }
  const facts = { publisher, version: programVersion() }
  const desk = openExportDesk({
    file: folder.exportsFile,
    folder: folder.exportsFolder,
    make,
    async prepare({ dataset: _dataset, ...query }, research) {
      if (research) {
        const secret = keptSecret(folder.researchSecretFile)
        const sites = agreeing(registry, clock)
        return prepareResearch({ ...setting, ...facts, secret, sites }, query, research.dataset)
      }
      const corrections = (question: Parameters<typeof exportCorrections>[1]) =>
        exportCorrections(readings, question)
      return prepareExport({ ...setting, ...facts, audience: 'public', licence, corrections }, query)
    },
    estimate: async (request) => (await estimateExport(readings, request)).bytes,
    mayHave: mayHaveOf(registry, clock),
    isErasing: () => registry.openErasures().length > 0,
    enter: (overtaken) => moves.enter(overtaken),
    clock,
    newId: () => `e-${randomBytes(10).toString('hex')}`,
    log
  })
  rooms.eraser.onErase(({ siteIds, stays }) =>
    desk.forget([...siteIds, ...stays.map(({ siteId }) => siteId)])
  )
  rooms.eraser.onErased(() => desk.resume())
  registry.onChange(() => desk.endWithConsents())
  return desk
}

/** Of what everybody may have, whether they still may; of rooms, whether each consent still holds. */
export function mayHaveOf(
  registry: Pick<Rooms['registry'], 'site' | 'sites' | 'consents'>,
  clock: Clock
): ExportDeskDeps['mayHave'] {
  return ({ siteIds, research, since = {} }) => {
    if (research) return holdsStill(since, agreeing(registry, clock))
    return siteIds.every((siteId) => {
      const site = registry.site(siteId)
      return site !== undefined && maySeeSite('public', site)
    })
  }
}

export function agreeing(
  registry: Pick<Rooms['registry'], 'sites' | 'consents'>,
  clock: Clock
): Map<string, number> {
  return researchSites(registry.sites(), registry.consents(), clock.now())
}
