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

export interface ExportDesk {
  /** Resolves with the first piece at hand, so that a store that is away is still a proper answer. */
  open(
    request: ExportRequest,
    description: ExportDescription,
    encoding?: ContentEncoding
  ): Promise<OpenExport>
  receipt(id: string): ExportReceipt | undefined
  /** Ends whatever runs; what was being sent is cut, what was being made goes on at the next start. */
  close(): Promise<void>
}
