/** A hub on a small disk of its own: mounted in a namespace of the hub, so that no right over the machine is needed, and gone with its process. */
import { execFileSync } from 'node:child_process'
import { statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startHubProcess, type HubProcess } from './hub-process.ts'

const megabyte = 1024 ** 2

export interface SmallDisk {
  hub: HubProcess
  /** The disk as the hub sees it. */
  path: string
  /** Fills it up to the last megabytes. */
  fill(leftMb: number): void
  enlarge(sizeMb: number): void
}

/** `unshare` is where that program is; `folder` is empty and becomes the disk. */
export async function hubOnSmallDisk(unshare: string, folder: string, sizeMb: number): Promise<SmallDisk> {
  const mounted = `mount -t tmpfs -o size=${sizeMb}m none ${folder} && exec "$@"`
  const hub = await startHubProcess(folder, [], { LAMPPOST_LOG_LEVEL: 'warn' }, [
    ...[unshare, '-rm', 'sh', '-c', mounted, 'sh']
  ])
  const path = `/proc/${hub.pid}/root${folder}`
  return {
    hub,
    path,
    fill(leftMb) {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(join(path, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - leftMb * megabyte)))
    },
    enlarge(largerMb) {
      execFileSync('nsenter', [
        ...['--preserve-credentials', '-U', '-m', '-t', String(hub.pid)],
        ...['mount', '-o', `remount,size=${largerMb}m`, folder]
      ])
    }
  }
}
