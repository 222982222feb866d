/** From the words of a query to everything that an export is made and described with, as the registry and the store are now. */
import type { QueryText } from '../../figures/parameters.ts'
import type { ExportDescription, ExportMethods } from './desk.ts'
import type { ExportRequest } from './file.ts'
import {
  readExportQuestion,
  readResearchQuestion,
  type ExportQuestion,
  type ExportSetting
} from './read-request.ts'
import { researchKey } from './research.ts'

interface Publisher {
  publisher: string
  /** Of the program. */
  version: string
}

export interface PrepareDeps extends ExportSetting, Publisher {
  corrections(question: ExportQuestion): Promise<ExportRequest['corrections']>
  licence: string
}

export interface ResearchDeps extends Omit<ExportSetting, 'audience'>, Publisher {
  /** What pseudonyms are made with. */
  secret: string
  /** Rooms whose homes agree now, each with the moment from which on. */
  sites: ReadonlyMap<string, number>
}

export interface PreparedExport {
  request: ExportRequest
  description: ExportDescription
}

export async function prepareExport(deps: PrepareDeps, query: QueryText): Promise<PreparedExport> {
  const question = readExportQuestion(deps, query)
  const corrections = await deps.corrections(question)
  const { licence, publisher, version } = deps
  const methods = { lamppost: version, corrections: methodsOf(corrections) }
  return {
    request: { ...question, corrections, metadata: {} },
    description: { query: given(query), licence, publisher, methods }
  }
}

export function prepareResearch(deps: ResearchDeps, query: QueryText, dataset: string): PreparedExport {
  const { secret, sites, publisher, version, places, clock, timezone } = deps
  const terms = { key: researchKey(secret, dataset), since: Object.fromEntries(sites) }
  const setting = { places, clock, timezone, audience: 'public' } as const
  return {
    request: { ...readResearchQuestion(setting, query, terms), corrections: [], metadata: {} },
    description: {
      query: { ...given(query), dataset },
      licence: 'For research, as agreed with the steward; not to be passed on.',
      publisher,
      methods: { lamppost: version, corrections: [] }
    }
  }
}

function given(query: QueryText): Record<string, string> {
  return Object.fromEntries(Object.entries(query).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])))
}

function methodsOf(corrections: ExportRequest['corrections']): ExportMethods['corrections'] {
  const byId = new Map(corrections.map(({ row }) => [`${row.correctionId} ${row.version}`, row]))
  return [...byId.values()].map(({ correctionId, version, formula, formulaVersion }) => ({
    id: correctionId,
    version,
    formula,
    formulaVersion
  }))
}
