/** A program on a small disk of its own: mounted in a namespace of the program, so that no right over the machine is needed, and gone with it. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statfsSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { startHubProcess, type HubProcess } from './hub-process.ts'

const megabyte = 1024 ** 2
const pageBytes = 4_096

export interface SmallDisk {
  /** The disk as the program sees it. */
  path: string
  /** Fills it up to the last megabytes. */
  fill(leftMb: number): void
  enlarge(sizeMb: number): void
}

export interface FirstOnDisk {
  /** A file that stands in for another there. */
  stands?: { file: string; for: string }
  /** A folder with what the disk holds at the beginning; it is empty otherwise. */
  holds?: string
}

/** `unshare` is where that program is; `folder` is empty and becomes the disk. */
export async function hubOnSmallDisk(
  unshare: string,
  folder: string,
  sizeMb: number,
  first: FirstOnDisk = {}
): Promise<SmallDisk & { hub: HubProcess }> {
  const within = onSmallDisk(unshare, folder, sizeMb, first)
  const hub = await startHubProcess(folder, [], { LAMPPOST_LOG_LEVEL: 'warn' }, within)
  return { hub, ...smallDiskOf(hub.pid, folder) }
}

export interface HeldDisk extends SmallDisk {
  /** What starts a program on it, before its own command. */
  under: string[]
  close(): Promise<void>
}

/** A disk that outlives the programs on it, so that one of them can be started again. */
export async function holdSmallDisk(unshare: string, folder: string, sizeMb: number): Promise<HeldDisk> {
  const mounted = `mount -t tmpfs -o size=${sizeMb}m none ${folder} && echo mounted && exec cat`
  // It ends with us, when nobody holds the other end of its input any more.
  const holder = spawn(unshare, ['-rm', 'sh', '-c', mounted], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(holder, 'exit')
  await Promise.race([once(holder.stdout, 'data'), ended.then(() => Promise.reject(new Error('no disk')))])
  return {
    ...smallDiskOf(holder.pid!, folder),
    under: entering(holder.pid!),
    async close() {
      holder.kill()
      await ended
    }
  }
}

const entering = (pid: number): string[] => [
  '/usr/bin/nsenter',
  ...['--preserve-credentials', '-U', '-m', '-t', String(pid), '--']
]

/** What starts a program on such a disk, before its own command. */
export function onSmallDisk(
  unshare: string,
  folder: string,
  sizeMb: number,
  { stands, holds }: FirstOnDisk = {}
): string[] {
  const standing = stands ? ` && mount --bind ${stands.file} ${stands.for}` : ''
  const holding = holds ? ` && cp -a ${holds}/. ${folder}` : ''
  const mounted = `mount -t tmpfs -o size=${sizeMb}m none ${folder}${holding}${standing} && exec "$@"`
  return [unshare, '-rm', 'sh', '-c', mounted, 'sh']
}

/** The disk of a program that was started so. */
export function smallDiskOf(pid: number, folder: string): SmallDisk {
  const path = `/proc/${pid}/root${folder}`
  return {
    path,
    fill(leftMb) {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(join(path, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - leftMb * megabyte)))
    },
    enlarge(largerMb) {
      const [program = '', ...args] = entering(pid)
      execFileSync(program, [...args, 'mount', '-o', `remount,size=${largerMb}m`, folder])
    }
  }
}

/** Grows a file until not even a page is left on its disk. */
export function fillWholly(file: string): void {
  const ballast = openSync(file, 'a')
  for (let bytes = megabyte; bytes >= pageBytes;) {
    try {
      writeSync(ballast, Buffer.alloc(bytes))
    } catch {
      bytes /= 2 // No room for as much as this.
    }
  }
  closeSync(ballast)
}
