/** Datasets as the rest of the hub asks for them: snapshots that stay as they are, and what is told of each. */

/** Readings as they were measured, corrected ones, and days of homes that came out. */
export const datasetTables = ['readings', 'corrected', 'homes'] as const
export type DatasetTable = (typeof datasetTables)[number]

export interface DatasetFile {
  /** Below the dataset's folder, with slashes. */
  path: string
  bytes: number
  /** Lower-case hexadecimal. */
  sha256: string
  /** Of what is cut by quantity and month. */
  part?: { table: 'readings' | 'corrected'; quantity: string; month: string; format: 'parquet' | 'csv' }
  rows?: number
}

export interface DatasetManifest {
  /** "2026-11-30", and "2026-11-30.2" for the second of that day (UTC). */
  version: string
  made: string
  /** Readings of before this are in it. */
  until: string
  publisher: string
  licence: string
  /** Version of the program. */
  lamppost: string
  sites: number
  /** Single readings. */
  rows: number
  files: DatasetFile[]
  /** The version that it stands for, where that one was withdrawn. */
  replaces: string | null
}

export interface ListedDataset {
  version: string
  /** null: withdrawn. */
  manifest: DatasetManifest | null
  /** When it was withdrawn, because something in it is no longer public. */
  withdrawn: string | null
}

export interface Datasets {
  /** Newest first. */
  list(): ListedDataset[]
  /** Where a file of a dataset is; undefined where there is none of that name. */
  find(version: string, path: string): { file: string; entry: DatasetFile } | undefined
}

export interface DatasetProgress {
  doing: string
  done: number
  total: number
}

export const datasetVersion = /^\d{4}-\d\d-\d\d(\.\d{1,4})?$/

/** Newest last. */
export function byVersion(a: { version: string }, b: { version: string }): number {
  const parts = ({ version }: { version: string }): [string, number] => {
    const [day = '', count = '1'] = version.split('.')
    return [day, Number(count)]
  }
  const [[dayA, countA], [dayB, countB]] = [parts(a), parts(b)]
  return dayA === dayB ? countA - countB : dayA < dayB ? -1 : 1
}
