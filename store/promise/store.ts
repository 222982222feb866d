/** The promise of every store, by who asks. `test/contract/store.ts` holds every implementation to all that is said here. */
import type { ReadingKeeper } from './keep.ts'
import type { ReadingReader } from './read.ts'
import type { ReadingWriter } from './write.ts'

export interface Store extends ReadingWriter, ReadingReader, ReadingKeeper {}
