/**
 * Readings of homes that agreed to research, for those whom a steward admits: under pseudonyms, and from the moment of the consent
 * on. A pseudonym is the same in every download of one dataset name, and nobody can join those of two names.
 */
import { createHmac } from 'node:crypto'
import type {
  ExportHead,
  ExportQuery,
  ExportRows,
  ReadingExporter,
  ReadingsPart
} from '../../store/promise/export.ts'

/** Plain data, so that it can go to another thread. */
export interface ResearchTerms {
  /** Of the hub's secret and the dataset's name; nobody outside is told. */
  key: string
  /** By site: readings of before are not in it. */
  since: Readonly<Record<string, number>>
}

export function researchKey(secret: string, dataset: string): string {
  return createHmac('sha256', secret).update(`research ${dataset}`).digest('hex')
}

/** 48 bits: of 10,000 sensors two share one once in five million. */
export function pseudonymOf(
  { key }: Pick<ResearchTerms, 'key'>,
  kind: 'site' | 'device',
  id: string
): string {
  return `${kind === 'site' ? 's' : 'd'}-${createHmac('sha256', key).update(`${kind} ${id}`).digest('hex').slice(0, 12)}`
}

/** Does each consent still hold that did when these terms were made? `now`: from when on each site agrees. */
export function holdsStill(since: ResearchTerms['since'], now: ReadonlyMap<string, number>): boolean {
  return Object.entries(since).every(([siteId, from]) => now.get(siteId) === from)
}

export function pseudonymous(
  store: Pick<ReadingExporter, 'export'>,
  terms: ResearchTerms
): Pick<ReadingExporter, 'export'> {
  return {
    async *export(query: ExportQuery): AsyncGenerator<ReadingsPart> {
      let since: number[] = []
      for await (const part of store.export(query)) {
        if (part.kind === 'head') {
          since = part.series.map(({ siteId }) => terms.since[siteId] ?? Infinity)
          yield renamed(part, terms)
        } else yield cut(part, since)
      }
    }
  }
}

function renamed(head: ExportHead, terms: ResearchTerms): ExportHead {
  return {
    ...head,
    series: head.series.map(({ siteId, deviceId, quantity }) => ({
      siteId: pseudonymOf(terms, 'site', siteId),
      deviceId: pseudonymOf(terms, 'device', deviceId),
      quantity
    }))
  }
}

function cut(rows: ExportRows, since: readonly number[]): ExportRows {
  const kept: number[] = []
  for (let i = 0; i < rows.time.length; i++) if (rows.time[i]! >= since[rows.series[i]!]!) kept.push(i)
  if (kept.length === rows.time.length) return rows
  const only = <T extends Float64Array | Uint8Array | Uint32Array>(all: T): T => {
    const some = all.slice(0, kept.length)
    kept.forEach((from, to) => void (some[to] = all[from]!))
    return some as T
  }
  return {
    kind: 'rows',
    time: only(rows.time),
    series: only(rows.series),
    value: only(rows.value),
    flag: only(rows.flag),
    reasons: only(rows.reasons),
    received: only(rows.received),
    ...(rows.correction && { correction: only(rows.correction) })
  }
}
