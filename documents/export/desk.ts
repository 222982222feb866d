/** What answers and commands ask of whoever makes export files: streams, their receipts, and files that are made in the background. */
import type { ExportFormatName } from '../../contract/export.ts'
import type { ExportRequest } from './file.ts'
import type { ContentEncoding } from './sealed.ts'

/** What is told of an export, besides what is in it. */
export interface ExportDescription {
  /** As it was asked for: names and values of the query. */
  query: Readonly<Record<string, string>>
  /** Of the data. */
  licence: string
  /** Of the hub: its name. */
  publisher: string
  methods: ExportMethods
}

/** By which program and which versions of which formulas the numbers were made. */
export interface ExportMethods {
  lamppost: string
  corrections: { id: string; version: number; formula: string; formulaVersion: number }[]
}

/** sending: on its way; whole: every byte was given; cut: it ended early, and what was received is not whole. */
export type ExportState = 'waiting' | 'making' | 'sending' | 'whole' | 'cut' | 'failed'

export interface ExportReceipt extends ExportDescription {
  id: string
  state: ExportState
  format: ExportFormatName
  /** There once it is whole. */
  rows: number | null
  bytes: number | null
  sha256: string | null
  startedAt: string
  endedAt: string | null
  /** The receipt, and the file where one is kept, are gone after this. */
  expiresAt: string
  /** Why it failed, and what to do; null while it did not. */
  problem: string | null
}

export interface OpenExport {
  id: string
  /** As compressed as was asked for. Leaving it early lets go of everything. */
  pieces: AsyncIterable<Uint8Array>
}

/** Rooms of homes that agree to research, for one researcher and the work that is named. */
export interface ResearchOrder {
  personId: string
  /** Pseudonyms are of it. */
  dataset: string
}

/** A file that was made in the background. */
export interface FinishedExport {
  receipt: ExportReceipt
  file: string
  /** Nobody else may have it. */
  research?: ResearchOrder
}

/** exportsBusy: others are made first. exportsFull: the disk has no room for it. */
export class ExportRefusal extends Error {
  readonly code: 'exportsBusy' | 'exportsFull'
  constructor(code: ExportRefusal['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface ExportDesk {
  /** Resolves with the first piece at hand, so that a store that is away is still a proper answer. */
  open(
    request: ExportRequest,
    description: ExportDescription,
    encoding?: ContentEncoding
  ): Promise<OpenExport>
  /** To be made in the background; `share` is whose part of that it takes. */
  order(
    query: Readonly<Record<string, string>>,
    share: string,
    research?: ResearchOrder
  ): Promise<ExportReceipt>
  /** While it is made, `bytes` is how many there are. */
  receipt(id: string): ExportReceipt | undefined
  finished(id: string): FinishedExport | undefined
  /** Files that hold something of these sites are gone when it resolves. */
  forget(siteIds: readonly string[]): Promise<void>
  /** Makes them again, once what they held is erased. */
  resume(): void
  /** Files of rooms whose consent has ended are gone when it returns. */
  endWithConsents(): void
  /** Ends whatever runs; what was being sent is cut, what was being made goes on at the next start. */
  close(): Promise<void>
}
