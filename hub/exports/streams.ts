/** Exports that are sent while they are made: what is written down of each. */
import type { ExportRequest } from '../../documents/export/file.ts'
import {
  ExportRefusal,
  type ExportDescription,
  type ExportReceipt,
  type OpenExport
} from '../../documents/export/desk.ts'
import type { ContentEncoding, ExportSummary } from '../../documents/export/sealed.ts'
import { toIso, type Clock } from '../../model/time.ts'
import { newReceipt, type ExportLedger } from './ledger.ts'
import { metadataOf } from './metadata.ts'
import type { MakeExport } from './thread.ts'

export interface StreamsDeps {
  make: MakeExport
  ledger: ExportLedger
  clock: Clock
  /** A new id: nobody can guess one. */
  newId(): string
}

export interface ExportStreams {
  open(
    request: ExportRequest,
    description: ExportDescription,
    encoding?: ContentEncoding
  ): Promise<OpenExport>
}

export function exportStreams(deps: StreamsDeps): ExportStreams {
  return {
    async open(request, description, encoding) {
      const id = deps.newId()
      const receipt = newReceipt(deps.clock, id, 'sending', request.format, description)
      noted(deps.ledger, receipt)
      const described = { ...request, metadata: metadataOf(receipt) }
      const parts = deps.make(described, encoding)[Symbol.asyncIterator]()
      try {
        const first = await parts.next()
        return { id, pieces: sent(deps, receipt, parts, first) }
      } catch (cause) {
        deps.ledger.remove(id)
        throw cause
      }
    }
  }
}

/** Whatever ends it, the receipt says how: a reader that went away has a cut file, and so has one whose store failed. */
async function* sent(
  { ledger, clock }: StreamsDeps,
  receipt: ExportReceipt,
  parts: AsyncIterator<Uint8Array | ExportSummary>,
  first: IteratorResult<Uint8Array | ExportSummary>
): AsyncGenerator<Uint8Array> {
  let summary: ExportSummary | undefined
  try {
    for (let next = first; !next.done; next = await parts.next()) {
      if (next.value instanceof Uint8Array) yield next.value
      else {
        summary = next.value
        // Before the last byte leaves, so that whoever has the file finds its receipt whole.
        ledger.put({ ...receipt, ...summary, state: 'whole', endedAt: toIso(clock.now()) })
      }
    }
  } finally {
    if (!summary) {
      // The store first: a receipt that cannot be noted now is noted at the next start.
      await parts.return?.()
      ledger.put({ ...receipt, state: 'cut', endedAt: toIso(clock.now()) })
    }
  }
}

/** Without its receipt nobody could tell later whether a file is whole. */
function noted(ledger: ExportLedger, receipt: ExportReceipt): void {
  try {
    ledger.put(receipt)
  } catch (cause) {
    throw new ExportRefusal(
      'exportsFull',
      'The disk of the hub is full, so the receipt of this download cannot be kept. Tell the steward, and try again later.',
      { cause }
    )
  }
}
