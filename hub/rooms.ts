/** The inner rooms: registry, journal and pipeline, opened on one data folder and joined. The hub adds its doors; a command works in them alone. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Accounts } from '../accounts/accounts.ts'
import { openAccounts } from '../accounts/open.ts'
import { DataFolderError, holdDataFolder, type DataFolder } from './data-folder.ts'
import { unplacedLimitsOf } from '../journal/unplaced-count.ts'
import { acceptInto } from '../journal/accept.ts'
import { Arrivals } from '../journal/arrivals.ts'
import type { Journal } from '../journal/journal.ts'
import { openJournal, type OpenJournal } from '../journal/open.ts'
import type { Accept } from '../model/message.ts'
import { parseIsoZoned, type Clock, type UnixMs } from '../model/time.ts'
import { systemClockSources, watchClock, type ClockSources, type ClockWatch } from './clock/watch.ts'
import { keepClockIn } from './clock/kept.ts'
import { noteOnceJoined, noteWrongTimes } from './clock/note-wrong.ts'
import { pauseDevices, type PausedDevices } from '../journal/paused.ts'
import { createEraser, type Eraser } from './erasing/erase.ts'
import { retractSince, type RestoredNote, type Retracted } from './erasing/retracted.ts'
import { takeOver } from './coming-out.ts'
import { Moves } from './moves.ts'
import { finishInTurn, mendMoments } from './moving.ts'
import { storeChoiceOf } from './store-choice.ts'
import { openPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { notePipelineEvents } from './pipeline-events.ts'
import { PresenceBook } from '../broker/presence.ts'
import { letAcknowledgingGoFirst } from './priority.ts'
import { removeUnfinished } from './unfinished.ts'
import { openPhotos } from '../registry/photos.ts'
import type { Photos } from '../registry/promise/photos.ts'
import { openRegistry } from '../registry/open.ts'
import type { Registry } from '../registry/registry.ts'
import { openDatasets, type KeptDatasets } from './datasets/datasets.ts'
import { exportThread, type MakeExport } from './exports/thread.ts'
import type { InfluxSettings } from '../store/open.ts'

export interface RoomsLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface RoomsOptions {
  dataDir: string
  timezone: string
  /** What the hub is called: a password must not be made of it. */
  hubName: string
  /** Of the data, as datasets say it. */
  licence?: string
  /** Under which datasets are found; null where nobody said. */
  publicUrl?: string | null
  /** The InfluxDB that readings are kept in; in the data folder unless given. */
  influx?: InfluxSettings | null
  /**
   * What the folder must be, or is made as: a demo tells a story with consents of its own, so neither may run on the other's
   * folder. A command works in both.
   */
  kind?: 'hub' | 'demo'
  /** The computer's unless given. */
  clockSources?: ClockSources
  /** Of the journal; its own limit unless given. */
  journalBytesMax?: number
  /** Megabytes that the hub may take; what there is unless given. */
  memoryMb?: number | null
  /** Where the hub makes backups by itself. */
  backupDir?: string | undefined
  log: RoomsLog
  /** A part is gone that nothing works without: the process must end; the journal has everything that was acknowledged. */
  onFatal(cause: Error): void
}

export interface Rooms {
  folder: DataFolder
  /** The hub's time, which is the computer's while that is believed. */
  clock: ClockWatch
  /** Of the hub's civil days. */
  timezone: string
  registry: Registry
  accounts: Accounts
  photos: Photos
  journal: Journal
  pipeline: Pipeline
  /** Makes export files in a thread of its own, which begins with the first. */
  makeExport: MakeExport
  /** The one door for messages: numbers their arrival and hands them to the journal. */
  accept: Accept
  /** Who is not acknowledged until it has a place. */
  paused: PausedDevices
  /** How each device is, since the start. */
  presence: PresenceBook
  /** When a message of the device last came in, since the start. */
  lastSeen(deviceId: string): UnixMs | undefined
  eraser: Eraser
  /** What was taken back now, since the folder is a backup that was restored. */
  restored: Retracted | undefined
  /** Snapshots of what everybody may know. */
  datasets: KeptDatasets
  /** Whoever reads what a move changes takes turns with it. */
  moves: Moves
  isClosing(): boolean
  log: RoomsLog
  /** Resolves when the pipeline works with the registry's present state. */
  directoryTold(): Promise<void>
  /** Closes in reverse of the opening: what is being stored becomes durable, then what was accepted is committed. Safe to call twice. */
  close(): Promise<void>
}

export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { dataDir, timezone, hubName, influx = null, kind, journalBytesMax: bytesMax, log, onFatal } = options
  const folder = holdDataFolder(dataDir)
  const closers: (() => void | Promise<void>)[] = [() => folder.release()]
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer()
  }
  const wrongTimes = noteOnceJoined()
  const sources = options.clockSources ?? systemClockSources
  const clock = watchClock({
    timezone,
    sources,
    keeper: kind && keepClockIn(folder.clockFile, sources.boot),
    onWrong: wrongTimes.onWrong,
    log
  })
  closers.push(() => clock.stop())
  try {
    const leftOver = removeUnfinished(folder.path)
    if (leftOver.length > 0) log.info({ leftOver }, 'Removed the remains of an interrupted backup or export.')
    const registry = openRegistry({
      file: folder.registryFile,
      clock,
      log,
      makeDemo: kind === 'demo'
    })
    closers.push(() => registry.close())
    refuseOtherKind(dataDir, kind, registry)
    const photos = openPhotos({ file: folder.photosFile })
    closers.push(() => photos.close())
    photos.keepOnly(registry.diaryPhotos())
    const accounts = openAccounts({
      file: folder.accountsFile,
      secretFile: folder.accountsSecretFile,
      hubName,
      clock
    })
    closers.push(() => accounts.close())
    const restored = noteRestore(folder, registry, accounts, clock)

    const journal = await openJournal({
      dataFile: folder.journalFile,
      clock,
      onFatal,
      ...(bytesMax === undefined ? {} : { bytesMax })
    })
    closers.push(() => journal.close())
    clock.takeNewest(journal.newestReceivedAt, journal.stats().lastSequence)

    const pipeline = await openPipeline(
      {
        store: storeChoiceOf(folder, influx),
        memoryMb: options.memoryMb ?? null,
        changesFile: folder.changesFile,
        timezone,
        journal: journal.connectReader(),
        unplacedLimits: unplacedLimitsOf(journal.stats().bytesMax),
        directory: registry.directory(),
        sites: registry.sites(),
        corrections: registry.corrections(),
        rollupsWait: !registry.publishing().isTakenOver,
        clockCorrection: clock.correction
      },
      onFatal
    )
    closers.push(() => pipeline.close())

    const exports = exportThread({
      connect: (port) => void pipeline.service.serveExporter(port).catch(onFatal),
      onStart: () => letAcknowledgingGoFirst(log)
    })
    closers.push(() => exports.close())

    let told: Promise<void> = Promise.resolve()
    const stopTelling = registry.onChange(() => {
      told = pipeline.service.setDirectory(registry.directory(), registry.sites(), registry.corrections())
      told.catch(onFatal)
    })
    closers.push(async () => {
      stopTelling()
      // What was told last is taken in before the store closes.
      await Promise.allSettled([told])
    })

    pipeline.on('times', (times) => clock.observe(times))

    const presence = new PresenceBook()
    notePipelineEvents({ pipeline, registry, presence, clock, log })

    closers.push(await takeOver({ registry, pipeline, clock, timezone }, log))

    const moves = new Moves()
    let isClosing = false
    closers.push(() => void (isClosing = true))
    const moving = {
      registry,
      pipeline,
      moves,
      isClosing: () => isClosing,
      directoryTold: () => told,
      log
    }
    void finishInTurn(moving)
    const after = clock.unsureAfter
    wrongTimes.join(
      noteWrongTimes({
        journal,
        pipeline,
        after,
        mendMoments: (stretch) => mendMoments(moving, stretch, clock.now()),
        log
      })
    )

    const eraser = createEraser({
      folder,
      registry,
      accounts,
      journal,
      pipeline,
      clock,
      backupDir: options.backupDir,
      directoryTold: () => told,
      log
    })
    const datasets = datasetsOf({ options, folder, clock, registry, pipeline, exports, moves, eraser })
    closers.push(() => datasets.close())
    forgetErased(eraser, { datasets, presence, accounts, photos })
    eraser.resume()
    closers.push(() => eraser.stop())

    letAcknowledgingGoFirst(log)
    const { accept, paused } = await openDoor({ journal, pipeline, presence, clock })
    return {
      folder,
      clock,
      timezone,
      registry,
      makeExport: exports.make,
      accounts,
      photos,
      journal,
      pipeline,
      accept,
      paused,
      presence,
      eraser,
      restored,
      datasets,
      moves,
      isClosing: () => isClosing,
      log,
      lastSeen: (deviceId) => presence.messageAt(deviceId),
      directoryTold: () => told,
      close
    }
  } catch (cause) {
    await close()
    throw cause
  }
}

interface DatasetRooms {
  options: RoomsOptions
  folder: DataFolder
  clock: Clock
  registry: Registry
  pipeline: Pipeline
  exports: { make: MakeExport }
  moves: Moves
  eraser: Eraser
}

function datasetsOf({
  options,
  folder,
  clock,
  registry,
  pipeline,
  exports,
  moves,
  eraser
}: DatasetRooms): KeptDatasets {
  const { timezone, hubName } = options
  return openDatasets({
    registry,
    readings: pipeline.service,
    makeExport: exports.make,
    clock,
    timezone,
    hubName,
    licence: options.licence ?? 'CC BY 4.0',
    publicUrl: options.publicUrl ?? null,
    folder: folder.datasetsFolder,
    enter: (overtaken) => moves.enter(overtaken),
    erased: () => eraser.settled()
  })
}

/** What is erased is nowhere else either. */
function forgetErased(
  eraser: Eraser,
  { datasets, presence, accounts, photos }: Pick<Rooms, 'datasets' | 'presence' | 'accounts' | 'photos'>
): void {
  eraser.onErase(async ({ deviceIds, personIds, siteIds, stays }) => {
    await datasets.withdraw([...siteIds, ...stays.map(({ siteId }) => siteId)])
    for (const deviceId of deviceIds) presence.forget(deviceId)
    for (const personId of personIds) await accounts.forget(personId)
    photos.removeOf(personIds)
  })
}

interface DoorRooms extends Pick<Rooms, 'pipeline' | 'presence' | 'clock'> {
  journal: OpenJournal
}

/** The one door for messages: notes that a device was heard, and keeps back those of paused ones. */
async function openDoor({
  journal,
  pipeline,
  presence,
  clock
}: DoorRooms): Promise<Pick<Rooms, 'accept' | 'paused'>> {
  const intoJournal = acceptInto(journal, new Arrivals(clock, journal.newestReceivedAt))
  const paused = pauseDevices(intoJournal)
  pipeline.on('paused', (deviceIds) => paused.set(deviceIds))
  paused.set((await pipeline.service.ingestStats()).paused)
  const accept: Accept = (deviceId, topic, payload, done) => {
    presence.noteMessage(deviceId, topic, payload, clock.now())
    paused.accept(deviceId, topic, payload, done)
  }
  return { accept, paused }
}

/**
 * No day that ended before a restore comes out: it may have come out before, of other homes. The computer's clock may have been
 * wrong then: it was restored before now, and after the backup was made.
 */
function noteRestore(
  { restoredFile }: DataFolder,
  registry: Registry,
  accounts: Accounts,
  clock: Clock
): Retracted | undefined {
  if (!existsSync(restoredFile)) return undefined
  const { at, made, since } = JSON.parse(readFileSync(restoredFile, 'utf8')) as RestoredNote
  const now = clock.now()
  const said = Math.min(parseIsoZoned(at) ?? now, now)
  registry.noteRestored(Math.max(said, (made && parseIsoZoned(made)) || said) as UnixMs)
  const retracted = since === undefined ? undefined : retractSince(registry, accounts, now, since)
  rmSync(restoredFile)
  return retracted
}

function refuseOtherKind(dataDir: string, kind: RoomsOptions['kind'], { isDemo }: Registry): void {
  if (kind === undefined || isDemo === (kind === 'demo')) return
  throw new DataFolderError(
    'unusable',
    isDemo
      ? `${dataDir} is a demo with made-up homes. Choose another folder for a real neighbourhood with --data.`
      : `${dataDir} is a real neighbourhood. Choose another folder for the demo with --data.`
  )
}
