/** From a message to what it measured and what was wrong with it, through the dialect of its device. Pure. */
import type { JournaledMessage } from '../journal/journal.ts'
import { lamppost } from './dialect/lamppost.ts'
import type { Decoded, Dialect } from './ingest.ts'

/** Every device family the hub understands, by the name that `--dialect` takes. */
export const dialects: ReadonlyMap<string, Dialect> = new Map([[lamppost.name, lamppost]])

/** Never throws, whatever the bytes. A device whose dialect this version does not know is read as native. */
export function decode(
  dialect: string,
  message: Pick<JournaledMessage, 'topic' | 'payload' | 'receivedAt'>
): Decoded {
  return (dialects.get(dialect) ?? lamppost).decode(message)
}
