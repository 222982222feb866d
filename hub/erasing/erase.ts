/**
 * Erasing, everywhere: first the registry, so that nobody finds the person any more, then journal, readings and files. What is
 * still to be done is noted in the registry, so a crash, a store that is away or a hub that stops only delay it: it is
 * gone on with at the next opening of the folder.
 */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from '../../journal/journal.ts'
import { counted } from '../../model/counted.ts'
import type { Clock, UnixMs } from '../../model/time.ts'
import type { ErasedIds, Erasure, ErasurePlan } from '../../registry/promise/erasing.ts'
import type { Registry } from '../../registry/registry.ts'
import type { DataFolder } from '../data-folder.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import {
  isErasedBy,
  leaveBeside,
  onlyIn,
  readErasures,
  retractedBy,
  withdrawnBy,
  withErased,
  withRetracted,
  withWithdrawn,
  writeErasures,
  type ErasureList
} from './erasure-list.ts'
import { auditLooked, eraseAgainMs, foldAgainMs, foldTriesMax } from '../limits.ts'
import { erasuresBesideName } from '../data-folder.ts'
import { backupsMade } from './backups-made.ts'
import { saidNow, noLongerSaid, type Members } from './retracted.ts'
import { forgetExports } from '../exports/forget.ts'
import { removeLeftOverFiles } from './left-over-files.ts'

export interface EraserDeps {
  folder: Pick<DataFolder, 'path' | 'erasuresFile' | 'exportsFile' | 'exportsFolder'>
  registry: Registry
  accounts: Pick<Members, 'accounts'> & {
    audit(of: { limit: number }): readonly { at: UnixMs; action: string; personId?: string; about?: string }[]
    onEnded(ended: () => void): () => void
  }
  journal: Pick<Journal, 'erase'>
  pipeline: Pick<Pipeline, 'service'>
  clock: Clock
  /** Where the hub makes backups by itself; undefined where it does not. */
  backupDir?: string | undefined
  directoryTold(): Promise<void>
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** What was removed where. */
export interface Erased {
  readings: number
  messages: number
  /** Names of older copies in the data folder. */
  files: string[]
  /** Of exports that named a place of theirs. */
  receipts: number
}

export interface ErasingProgress {
  doing: string
  done: number
  total: number
}

export interface Eraser {
  /** Resolves when nothing of it is left in the data folder and in the store. One at a time. */
  erase(plan: ErasurePlan, onProgress: (progress: ErasingProgress) => void): Promise<Erased>
  /**
   * What was begun and not finished, and what a list in the folder names and an older copy brought back. The first part, by which
   * nobody finds it any more, is done when this returns; the rest follows, as often as it takes.
   */
  resume(): void
  /** Resolves when nothing is left to be done, rejects when it cannot be done now. */
  settled(): Promise<void>
  /** Told the ids of what goes, for whoever keeps something of them in memory. */
  onErase(listener: (ids: ErasedIds) => void | Promise<void>): void
  /** Told that nothing of it is left, for whoever makes something of what remains. */
  onErased(listener: () => void): void
  stop(): Promise<void>
}

/** Another one of the same runs. */
export class ErasureRuns extends Error {
  readonly code = 'erasureRuns'
}

/** It is not done yet; what was done stays done. */
export class ErasureUnfinished extends Error {
  readonly code = 'erasureUnfinished'
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      `They can no longer be found, but not everything is removed from the disk yet: ${why} The hub continues until it is.`,
      { cause }
    )
  }
}

export function createEraser(deps: EraserDeps): Eraser {
  const { registry, accounts, clock, log } = deps
  const listeners: ((ids: ErasedIds) => void | Promise<void>)[] = []
  const endListeners: (() => void)[] = []
  const stopping = new AbortController()
  const running = new Set<number>()
  let turn: Promise<unknown> = Promise.resolve()
  let resuming: Promise<void> = Promise.resolve()

  const finish = (erasure: Erasure, onProgress: (progress: ErasingProgress) => void): Promise<Erased> => {
    running.add(erasure.erasureId)
    const done = turn.then(() => eraseRest(deps, erasure, { listeners, onProgress }))
    turn = done.catch(() => undefined)
    void done.then(() => endListeners.forEach((listener) => listener())).catch(() => undefined)
    return done.finally(() => running.delete(erasure.erasureId))
  }

  const begin = (plan: ErasurePlan): Erasure => {
    // First: should this end here, the list in the folder makes the next opening begin it again.
    note(deps, (lists) => withErased(lists, plan, clock.now()))
    isErasing = true
    try {
      return registry.beginErasure(plainIds(plan), clock.now())
    } finally {
      isErasing = false
    }
  }

  /** What everybody could see by somebody's word when the lists were last told. */
  let said = saidNow(registry, accounts)
  let published = registry.publishedChanges()
  let failing = false
  /** What goes with a person is listed by its id. */
  let isErasing = false
  const follow = (): void => {
    try {
      const now = saidNow(registry, accounts)
      const isPerson = (personId: string): boolean => registry.person(personId) !== undefined
      const gone = noLongerSaid(said, now, isPerson).filter((about) => {
        const [kind, id = ''] = about.split(' ')
        // Of somebody who is erased the list has the id.
        return (kind !== 'account' && kind !== 'role') || isPerson(id)
      })
      if (gone.length > 0 && !isErasing) note(deps, (lists) => withRetracted(lists, gone, clock.now()))
      said = now
      if (registry.publishedChanges() !== published) noteWithdrawn(deps)
      published = registry.publishedChanges()
      failing = false
    } catch (cause) {
      if (!failing)
        log.warn({ cause: String(cause) }, 'The list of erasures could not be written; trying again.')
      failing = true
      void sleep(eraseAgainMs, undefined, { signal: stopping.signal, ref: false }).then(follow, ignoreAbort)
    }
  }
  const stopFollowing = [registry.onChange(follow), accounts.onEnded(follow)]

  return {
    async erase(plan, onProgress) {
      if (registry.openErasures().some(({ ids }) => ids.personIds.some((id) => plan.personIds.includes(id))))
        throw new ErasureRuns('They are already being erased. The hub continues until that is done.')
      const erasure = begin(plan)
      try {
        return await finish(erasure, onProgress)
      } catch (cause) {
        resumeLater()
        throw new ErasureUnfinished(cause)
      }
    },
    resume() {
      const lists = readErasures(deps.folder.erasuresFile) ?? []
      for (const { streetId, date } of withdrawnBy(lists, () => registry.publishedDates()))
        registry.withdrawDay(streetId, date, clock.now())
      noteWithdrawn(deps)
      noteEnded(deps)
      noteRemoved(deps)
      catchUp(deps)
      const plan = registry.erasurePlanOf(isErasedBy(lists))
      if (plan) {
        log.info({}, 'This folder is older than an erasure; the erasure is repeated.')
        begin(plan)
      }
      if (registry.openErasures().length > 0) resumeLater(0)
    },
    async settled() {
      for (const erasure of registry.openErasures()) {
        stopping.signal.throwIfAborted()
        if (!running.has(erasure.erasureId)) await finish(erasure, () => undefined)
      }
      await turn
    },
    onErase: (listener) => void listeners.push(listener),
    onErased: (listener) => void endListeners.push(listener),
    async stop() {
      for (const stopOne of stopFollowing) stopOne()
      stopping.abort()
      await resuming
      await turn
    }
  }

  function resumeLater(waitMs = eraseAgainMs): void {
    resuming = resuming.then(async () => {
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(ignoreAbort)
      for (const erasure of registry.openErasures()) {
        if (stopping.signal.aborted) return
        if (running.has(erasure.erasureId)) continue
        try {
          const { readings, messages } = await finish(erasure, () => undefined)
          log.info({ readings, messages }, 'An interrupted erasure is complete.')
        } catch (cause) {
          if (stopping.signal.aborted) return
          log.warn({ cause: String(cause) }, 'An erasure is not complete yet; the hub continues it.')
          return resumeLater()
        }
      }
    })
  }
}

interface Rest {
  listeners: readonly ((ids: ErasedIds) => void | Promise<void>)[]
  onProgress(progress: ErasingProgress): void
}

/** Every step may be done twice. */
async function eraseRest(
  deps: EraserDeps,
  { erasureId, ids }: Erasure,
  { listeners, onProgress }: Rest
): Promise<Erased> {
  const { registry, journal, pipeline, folder } = deps
  const { service } = pipeline
  const total = 5
  let done = 0
  const step = (doing: string): void => onProgress({ doing, done: done++, total })

  step('closing connections')
  for (const listener of listeners) await listener(ids)
  await deps.directoryTold()

  step('blanking the journal')
  let messages = 0
  for (const deviceId of ids.deviceIds) messages += await journal.erase(deviceId)

  step(`removing the readings of ${counted(ids.siteIds.length, 'place')}`)
  const siteIds = [...ids.siteIds, ...(await setStaysApart(service, ids))]
  const readings = await service.eraseAll({ siteIds, deviceIds: ids.deviceIds })

  step('waiting for running downloads')
  await service.replayEnded()
  await service.drain()
  messages += await eraseAgain(deps, ids)

  step('removing older copies and remaining traces')
  const files = removeLeftOverFiles(folder.path)
  let receipts = 0
  await untilFolded('the receipts of exports', () => {
    const { count, isFolded } = forgetExports(folder, {
      siteIds: ids.siteIds,
      sharedSiteIds: ids.stays.map(({ siteId }) => siteId),
      others: [...ids.personIds, ...ids.deviceIds]
    })
    receipts += count
    return isFolded
  })
  await untilFolded('the registry', () => registry.finishErasure(erasureId))
  return { readings, messages, files, receipts }
}

/** What was overwritten is so in all bytes once the log is folded into its file, which waits for readers of the log. */
async function untilFolded(what: string, fold: () => boolean): Promise<void> {
  for (let tries = 0; !fold(); tries++) {
    if (tries >= foldTriesMax) throw new Error(`somebody still reads ${what}.`)
    await sleep(foldAgainMs)
  }
}

/**
 * Readings of a time that the person hosted a place which others hosted too are moved to a place of their own, which then goes as
 * a whole; hours and days of the shared place are made without them before its old ones are overwritten.
 */
async function setStaysApart(service: Pipeline['service'], { stays }: ErasedIds): Promise<string[]> {
  const apart: string[] = []
  for (const [n, { deviceId, from, until, siteId }] of stays.entries()) {
    const apartId = `${siteId}-erased-${n}`
    await service.reassign({ deviceId, siteId: apartId, from, until })
    apart.push(apartId)
  }
  if (apart.length > 0) await service.drain()
  return apart
}

/** What ingest had in its hands when this began may have been set aside since; of devices that stay, what is stored by now. */
async function eraseAgain({ journal, pipeline }: EraserDeps, ids: ErasedIds): Promise<number> {
  const { checkpoint } = await pipeline.service.ingestStats()
  let messages = 0
  for (const deviceId of ids.deviceIds) messages += await journal.erase(deviceId)
  const staying = new Set([...ids.keptDeviceIds, ...ids.stays.map(({ deviceId }) => deviceId)])
  for (const deviceId of staying)
    if (!ids.deviceIds.includes(deviceId)) messages += await journal.erase(deviceId, checkpoint)
  return messages
}

type Lists = Pick<EraserDeps, 'log' | 'folder' | 'registry' | 'accounts' | 'clock' | 'backupDir'>

/** In the folder's own list, and at once in those beside backups. */
function note(deps: Lists, add: (lists: readonly ErasureList[]) => ErasureList[]): void {
  const { erasuresFile } = deps.folder
  const lists = add(readErasures(erasuresFile) ?? [])
  writeErasures(erasuresFile, lists)
  for (const dir of backupDirs(deps)) leaveIn(dir, lists, deps)
}

/** A list beside backups that lacks something: its disk was not there, or a kill came in between. */
function catchUp(deps: Lists): void {
  const lists = readErasures(deps.folder.erasuresFile) ?? []
  for (const dir of backupDirs(deps)) {
    if (!existsSync(dir)) continue
    const known = readErasures(join(dir, erasuresBesideName)) ?? []
    if (onlyIn(lists, known).some(({ entries }) => entries.length > 0)) leaveIn(dir, lists, deps)
  }
}

function leaveIn(dir: string, lists: readonly ErasureList[], { log }: Lists): void {
  try {
    leaveBeside(dir, lists)
  } catch (cause) {
    // A disk for backups that is not plugged in hears of it with the next start, and the next backup.
    log.warn({ cause: String(cause), dir }, 'The list of erasures beside the backups could not be written.')
  }
}

/** Where backups of this hub lie, as far as it knows. */
function backupDirs({ registry, backupDir }: Lists): Set<string> {
  const dirs = backupsMade(registry).map(({ file }) => dirname(file))
  return new Set([...(backupDir === undefined ? [] : [resolve(backupDir)]), ...dirs])
}

/** The lists name each day of homes that was withdrawn, so that no older copy shows it again. */
function noteWithdrawn(deps: Lists): void {
  const days = deps.registry.withdrawals()
  const known = new Set(withdrawnBy(readErasures(deps.folder.erasuresFile) ?? [], () => days))
  const missing = days.filter((day) => !known.has(day))
  if (missing.length > 0) note(deps, (lists) => withWithdrawn(lists, missing, deps.clock.now()))
}

/** Consents that ended without the lists hearing of it: before there were any, or right before a kill. */
function noteEnded(deps: Lists): void {
  const retractedAt = retractedBy(readErasures(deps.folder.erasuresFile) ?? [])
  const all = deps.registry.consents()
  const missing = all.filter(({ homeId, purpose, until }) => {
    // Whoever agrees again agrees now.
    const stands = all.some((one) => one.homeId === homeId && one.purpose === purpose && one.until === null)
    return until !== null && !stands && (retractedAt(`consent ${homeId} ${purpose}`) ?? -Infinity) < until
  })
  const about = new Set(missing.map(({ homeId, purpose }) => `consent ${homeId} ${purpose}`))
  if (about.size > 0) note(deps, (lists) => withRetracted(lists, [...about], deps.clock.now()))
}

/** Accounts and roles that were taken without the lists hearing of it, as the audit log has them. */
function noteRemoved(deps: Lists): void {
  const retractedAt = retractedBy(readErasures(deps.folder.erasuresFile) ?? [])
  const said = saidNow(deps.registry, deps.accounts)
  const missing = deps.accounts.audit({ limit: auditLooked }).flatMap(({ at, action, personId, about }) => {
    if (personId === undefined) return []
    const what =
      action === 'accountRemoved'
        ? `account ${personId}`
        : action === 'roleTaken' && about
          ? `role ${personId} ${about}`
          : undefined
    if (what === undefined || said.has(what) || (retractedAt(what) ?? -Infinity) >= at) return []
    return [what]
  })
  const about = new Set(missing)
  if (about.size > 0) note(deps, (lists) => withRetracted(lists, [...about], deps.clock.now()))
}

function plainIds({ personIds, siteIds, stays, deviceIds, keptDeviceIds }: ErasedIds): ErasedIds {
  return { personIds, siteIds, stays, deviceIds, keptDeviceIds }
}

function ignoreAbort(cause: unknown): void {
  if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause
}
