/** What others may ask of photos: kept under random names, each found by its person alone. */
import type { UnixMs } from '../../model/time.ts'

export interface Photos {
  /** Gives its name. What is kept was made anew by this hub: a JPEG without metadata. */
  add(personId: string, bytes: Uint8Array, now: UnixMs): string
  /** undefined for another's photo as for one that there is not. */
  find(personId: string, name: string): Uint8Array | undefined
  count(personId: string): number
  remove(name: string): void
  removeOf(personIds: readonly string[]): void
  /** What a crash left between a photo and the entry that names it goes. */
  keepOnly(names: readonly string[]): void
  close(): void
}
