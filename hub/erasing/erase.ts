/**
 * Erasing, everywhere: first the registry, so that nobody finds the person any more, then journal, readings and files. What is
 * still to be done is noted in the registry, so a crash, a store that is away or a hub that stops only delay it: it is
 * gone on with at the next opening of the folder.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from '../../journal/journal.ts'
import { counted } from '../../model/counted.ts'
import type { Clock } from '../../model/time.ts'
import type { ErasedIds, Erasure, ErasurePlan } from '../../registry/promise/erasing.ts'
import type { Registry } from '../../registry/registry.ts'
import type { DataFolder } from '../data-folder.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { isErasedBy, joinErasures, readErasures, withErased, writeErasures } from './erasure-list.ts'
import { eraseAgainMs, foldAgainMs, foldTriesMax } from '../limits.ts'
import { forgetReceipts } from '../exports/ledger.ts'
import { removeLeftOverFiles } from './left-over-files.ts'

export interface EraserDeps {
  folder: Pick<DataFolder, 'path' | 'erasuresFile' | 'exportsFile'>
  registry: Registry
  journal: Pick<Journal, 'erase'>
  pipeline: Pick<Pipeline, 'service'>
  clock: Clock
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
  /** Lists that say who was erased, beside this one: where backups lie. */
  addListFile(file: string): void
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
  const { registry, clock, log } = deps
  const listeners: ((ids: ErasedIds) => void | Promise<void>)[] = []
  const listFiles = new Set([deps.folder.erasuresFile])
  const stopping = new AbortController()
  const running = new Set<number>()
  let turn: Promise<unknown> = Promise.resolve()
  let resuming: Promise<void> = Promise.resolve()

  const finish = (erasure: Erasure, onProgress: (progress: ErasingProgress) => void): Promise<Erased> => {
    running.add(erasure.erasureId)
    const done = turn.then(() => eraseRest(deps, erasure, { listeners, onProgress }))
    turn = done.catch(() => undefined)
    return done.finally(() => running.delete(erasure.erasureId))
  }

  const begin = (plan: ErasurePlan): Erasure => {
    // First: should this end here, the list in the folder makes the next opening begin it again.
    for (const file of listFiles) note(file, plan, deps)
    return registry.beginErasure(plainIds(plan), clock.now())
  }

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
      const plan = registry.erasurePlanOf(isErasedBy(lists))
      if (plan) {
        log.info({}, 'This folder is older than an erasure; the erasure is repeated.')
        begin(plan)
      }
      if (registry.openErasures().length > 0) resumeLater(0)
    },
    async settled() {
      for (const erasure of registry.openErasures())
        if (!running.has(erasure.erasureId)) await finish(erasure, () => undefined)
      await turn
    },
    onErase: (listener) => void listeners.push(listener),
    addListFile: (file) => void listFiles.add(file),
    async stop() {
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
    const { count, isFolded } = forgetReceipts(folder.exportsFile, [
      ...ids.personIds,
      ...ids.siteIds,
      ...ids.deviceIds
    ])
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

function note(file: string, ids: ErasedIds, { clock, log, folder }: EraserDeps): void {
  try {
    const own = readErasures(folder.erasuresFile) ?? []
    writeErasures(file, withErased(joinErasures(own, readErasures(file)), ids, clock.now()))
  } catch (cause) {
    // The folder's own must be there; a disk for backups that is not plugged in hears of it with the next backup.
    if (file === folder.erasuresFile) throw cause
    log.warn({ cause: String(cause), file }, 'The list of erasures beside the backups could not be written.')
  }
}

function plainIds({ personIds, siteIds, stays, deviceIds, keptDeviceIds }: ErasedIds): ErasedIds {
  return { personIds, siteIds, stays, deviceIds, keptDeviceIds }
}

function ignoreAbort(cause: unknown): void {
  if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause
}
