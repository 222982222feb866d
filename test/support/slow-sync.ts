/** strace as a slow disk: each sync of the journal's log takes longer, as on an SD card; or fails, as on one that dies. */
import { join } from 'node:path'

/** A program to run a hub under, see `startHubProcess`. */
export function underSlowSync(strace: string, dataDir: string, delayMs: number): string[] {
  return underInjection(strace, dataDir, `delay_enter=${delayMs * 1_000}`)
}

export function underFailingSync(strace: string, dataDir: string, fromSync: number): string[] {
  return underInjection(strace, dataDir, `error=EIO:when=${fromSync}+`)
}

function underInjection(strace: string, dataDir: string, what: string): string[] {
  const log = join(dataDir, 'journal.sqlite-wal')
  const calls = ['-e', 'trace=fdatasync,fsync', '-e', `inject=fdatasync,fsync:${what}`, '-P', log]
  return [strace, '-f', '--seccomp-bpf', '-o', '/dev/null', ...calls]
}
