/** What a file says of itself, in formats that can hold that: where it comes from, what was asked for, how it was made. */
import type { ExportReceipt } from '../../documents/export/desk.ts'

export function metadataOf({
  id,
  query,
  licence,
  publisher,
  methods,
  startedAt
}: ExportReceipt): Record<string, string> {
  return {
    'lamppost.export': id,
    'lamppost.publisher': publisher,
    'lamppost.licence': licence,
    'lamppost.query': JSON.stringify(query),
    'lamppost.methods': JSON.stringify(methods),
    'lamppost.made': startedAt
  }
}
