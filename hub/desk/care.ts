/** The hub itself, for its stewards: health, what the doctor finds, storage, backups. Backups are made here, never downloaded. */
import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Accounts, Actor } from '../../accounts/accounts.ts'
import type { Health } from '../../contract/hub.ts'
import type { DeskFinding, DeskHub, DeskUpgrade } from '../../contract/desk/hub.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { knownBackups } from '../../operate/backup/known-backups.ts'
import { notedUpgrade, upgradeIsRead } from '../../operate/upgrade-note.ts'
import type { Registry } from '../../registry/registry.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { findingsAgeMsMax } from '../limits.ts'
import { changesBetween, readChangelog } from './changelog.ts'

export interface CareRooms {
  registry: Pick<Registry, 'setting' | 'setSetting'>
  readings: Pick<ReadingReader, 'stats'>
  journal: { stats(): { bytes: number } }
  dataDir: string
  accounts: Pick<Accounts, 'note'>
  clock: Clock
  release: { version: string; supportedUntil: string }
  /** As the operator may know it. */
  health(): { status: Health['status']; reasons: string[] }
  backups: { dir: string; keep: number } | null
  /** Makes a backup where the schedule makes its own; resolves when it was read back. */
  backUp(
    onProgress: (progress: { doing: string; bytes: number; bytesTotal: number }) => void
  ): Promise<unknown>
  /** In a process of its own: it reads every file. */
  examine(): Promise<DeskFinding[]>
}

export type Care = ReturnType<typeof careOf>

export function careOf(rooms: CareRooms) {
  const { accounts, clock } = rooms
  let findings: DeskFinding[] = []
  let examinedAt: UnixMs | null = null
  let examining: Promise<void> | undefined
  let running: DeskHub['backupRunning'] = null
  let failed: string | null = null

  const examine = async (): Promise<void> => {
    examining ??= rooms
      .examine()
      .then((found) => {
        findings = found
        examinedAt = clock.now()
      })
      .finally(() => (examining = undefined))
    await examining
  }
  const freshFindings = async (): Promise<DeskFinding[]> => {
    if (examinedAt === null || clock.now() - examinedAt > findingsAgeMsMax) await examine()
    return findings
  }

  return {
    /** Without what is well, and without waiting for the doctor: `examinedAt` says whether it has looked yet. */
    toDo(): { findings: DeskFinding[]; examinedAt: string | null } {
      // Why it could not be asked is said where somebody asks for it.
      freshFindings().catch(() => undefined)
      return {
        findings: findings.filter(({ state }) => state !== 'ok'),
        examinedAt: examinedAt === null ? null : toIso(examinedAt)
      }
    },

    lastBackupAt(): string | null {
      return knownBackups(rooms.registry, rooms.backups).at(-1)?.created ?? null
    },

    health: rooms.health,

    /** What the last upgrade did, until a steward has read it. */
    upgrade(): DeskUpgrade | null {
      const noted = notedUpgrade(rooms.registry)
      if (!noted) return null
      const { since, ...rest } = noted
      return { ...rest, changes: changesBetween(readChangelog(), since, noted.to) }
    },

    upgradeIsRead(by: Actor): void {
      accounts.note({ by, action: 'upgradeRead' })
      upgradeIsRead(rooms.registry)
    },

    async hub(): Promise<DeskHub> {
      const [stats, disk] = await Promise.all([
        rooms.readings.stats().catch(() => undefined),
        statfs(rooms.dataDir).catch(() => undefined)
      ])
      const { status, reasons } = rooms.health()
      return {
        ...rooms.release,
        health: { status, reasons },
        findings: await freshFindings(),
        examinedAt: examinedAt === null ? null : toIso(examinedAt),
        storage: {
          readingsBytes: stats?.bytes ?? null,
          journalBytes: rooms.journal.stats().bytes,
          freeBytes: disk ? disk.bavail * disk.bsize : null
        },
        backups: knownBackups(rooms.registry, rooms.backups)
          .toReversed()
          .map(({ file, created, until }) => ({ name: basename(file), created, bytes: sizeOf(file), until })),
        backupFolder: rooms.backups !== null,
        backupRunning: running,
        backupFailed: failed
      }
    },

    async examineAgain(): Promise<DeskFinding[]> {
      await examine()
      return findings
    },

    /** Answers at once; the page shows how far it is. */
    startBackup(by: Actor): 'started' | 'runs' | 'noFolder' {
      if (!rooms.backups) return 'noFolder'
      if (running) return 'runs'
      running = { doing: '', share: 0 }
      failed = null
      accounts.note({ by, action: 'backup' })
      void rooms
        .backUp(({ doing, bytes, bytesTotal }) => {
          running = { doing, share: bytesTotal > 0 ? Math.min(1, bytes / bytesTotal) : 0 }
        })
        .catch((cause: unknown) => (failed = cause instanceof Error ? cause.message : String(cause)))
        .finally(() => (running = null))
      return 'started'
    }
  }
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null
}
