/** What either store answers in the same way, from what it keeps in memory and from hours and days. */
import { appliedCorrections, corrected, latestCorrected } from './corrected-answers.ts'
import { extents } from './extents.ts'
import { latestReading } from './memory/catalogue.ts'
import { correctedChannels, type CorrectionSource } from './memory/corrections.ts'
import type { StoreMemory } from './memory/memory.ts'
import type { LatestReading, ReadingReader } from './promise/read.ts'
import { acrossSites, means, rollup, type RollupSource } from './rollups/answers.ts'
import { coverageBy } from './summary.ts'

export type AnsweringStore = StoreMemory & CorrectionSource & RollupSource

type Answered =
  | 'corrected'
  | 'rollup'
  | 'acrossSites'
  | 'means'
  | 'extents'
  | 'latest'
  | 'coverage'
  | 'corrections'
  | 'recomputing'
  | 'unmadeHours'
  | 'unjudged'

export function answersOf(
  core: AnsweringStore,
  summary: ReadingReader['summary']
): Pick<ReadingReader, Answered> {
  return {
    corrected: (query) => corrected(core, query),
    rollup: (query) => rollup(core, query),
    acrossSites: (query) => acrossSites(core, query),
    means: (query) => means(core, query),
    extents: async (siteIds) => extents(core, siteIds),
    latest: (siteIds) => latest(core, siteIds),
    coverage: (query) => coverageBy(summary, query),
    corrections: async (query) => appliedCorrections(core, query),
    recomputing: async (siteIds) => core.recomputing(siteIds),
    unmadeHours: async (query) => core.unmadeHours(query),
    unjudged: async (query) => core.unjudged(query)
  }
}

async function latest(core: AnsweringStore, siteIds?: readonly string[]): Promise<LatestReading[]> {
  await core.ready('reading the newest')
  const channels = siteIds ? core.catalogue.channelsOf(new Set(siteIds)) : [...core.catalogue.channels()]
  const measured = channels.flatMap((channel) => latestReading(channel) ?? [])
  return core.withJudged([...measured, ...(await latestCorrected(core, correctedChannels(core, siteIds)))])
}
