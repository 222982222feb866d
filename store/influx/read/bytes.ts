/** How much disk the buckets take, as the server's own figures have it, and the state file beside them. */
import { stat } from 'node:fs/promises'
import type { Core } from '../core.ts'

/** A server may keep its figures to itself; what is known then is the state file. */
export async function serverBytes(core: Core): Promise<number> {
  const ids = await bucketIds(core)
  const figures =
    ids.size > 0 ? await core.server.request('asking how large the buckets are', '/metrics') : ''
  let bytes = (await stat(core.settings.stateFile)).size
  for (const [, bucket = '', size] of figures.matchAll(
    /^storage_shard_disk_size\{bucket="([^"]+)".*\} (\S+)$/gm
  )) {
    if (ids.has(bucket)) bytes += Number(size)
  }
  return bytes
}

async function bucketIds(core: Core): Promise<Set<string>> {
  const ids = new Set<string>()
  for (const name of Object.values(core.buckets)) {
    const path = `/api/v2/buckets?name=${encodeURIComponent(name)}`
    const { buckets } = JSON.parse(await core.server.request('asking for the buckets', path)) as {
      buckets?: { id: string }[]
    }
    for (const { id } of buckets ?? []) ids.add(id)
  }
  return ids
}
