/** What others may ask of imports: which there were, and how far each came. */
import type { Position } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'

export interface ImportRecord {
  importId: number
  deviceId: string
  files: string[]
  format: string
  startedAt: UnixMs
  /** null while it runs or when it was broken off. */
  finishedAt: UnixMs | null
  undoneAt: UnixMs | null
  /** Rows of each file that are already stored, so that a broken import resumes there. */
  rowsDone: number[]
  /** By site, the middle of the cell of some ten kilometres in which its rows were measured, where they say it. */
  places?: Readonly<Record<string, Position>>
  taken: number
  repeated: number
  flagged: number
  refused: number
}

export interface ImportBook {
  imports(): ImportRecord[]
  saveImport(record: ImportRecord): void
  /** Of an import that was refused before anything of it was stored. */
  forgetImport(importId: number): void
}
