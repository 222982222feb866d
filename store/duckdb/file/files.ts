/** How large the file and its WAL are on disk. */
import { stat } from 'node:fs/promises'

/** DuckDB keeps the WAL beside the file; after a checkpoint there is none. */
export async function fileBytes(file: string): Promise<number> {
  const sizes = await Promise.all([file, `${file}.wal`].map(bytesOrNone))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function bytesOrNone(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return 0
    throw failure
  }
}
