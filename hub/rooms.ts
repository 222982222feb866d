/** The inner rooms: registry, journal and pipeline, opened on one data folder and joined. The hub adds its doors; a command works in them alone. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Accounts } from '../accounts/accounts.ts'
import { openAccounts } from '../accounts/open.ts'
import { DataFolderError, holdDataFolder, type DataFolder } from './data-folder.ts'
import { unplacedLimitsOf } from '../journal/unplaced-count.ts'
import { acceptInto } from '../journal/accept.ts'
import { Arrivals } from '../journal/arrivals.ts'
import type { Journal } from '../journal/journal.ts'
import { openJournal } from '../journal/open.ts'
import type { Accept } from '../model/message.ts'
import { parseIsoZoned, type Clock, type UnixMs } from '../model/time.ts'
import type { WrongStretch } from '../model/message.ts'
import { systemClockSources, watchClock, type ClockSources, type ClockWatch } from './clock/watch.ts'
import { noteWrongTimes } from './clock/note-wrong.ts'
import { pauseDevices, type PausedDevices } from '../journal/paused.ts'
import { createEraser, type Eraser } from './erasing/erase.ts'
import { takeOver } from './coming-out.ts'
import { Moves } from './moves.ts'
import { finishInTurn } from './moving.ts'
import { storeChoiceOf } from './store-choice.ts'
import { openPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { PresenceBook } from '../broker/presence.ts'
import { letAcknowledgingGoFirst } from './priority.ts'
import { removeUnfinished } from './unfinished.ts'
import { openRegistry } from '../registry/open.ts'
import type { Registry } from '../registry/registry.ts'
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
  /** Whoever reads what a move changes takes turns with it. */
  moves: Moves
  isClosing(): boolean
  log: RoomsLog
  /** Resolves when the pipeline works with the registry's present state. */
  directoryTold(): Promise<void>
  /** Closes in flow order: what was accepted is committed, what is being stored becomes durable. Safe to call twice. */
  close(): Promise<void>
}

export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { dataDir, timezone, hubName, influx = null, kind, journalBytesMax: bytesMax, log, onFatal } = options
  const folder = holdDataFolder(dataDir)
  const closers: (() => void | Promise<void>)[] = [() => folder.release()]
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer()
  }
  let wrongTimes = (_stretch: WrongStretch): void => undefined
  const clock = watchClock({
    sources: options.clockSources ?? systemClockSources,
    onWrong: (stretch) => wrongTimes(stretch),
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
    noteRestore(folder, registry, clock)
    const accounts = openAccounts({
      file: folder.accountsFile,
      secretFile: folder.accountsSecretFile,
      hubName,
      clock
    })
    closers.push(() => accounts.close())

    const journal = await openJournal({
      dataFile: folder.journalFile,
      clock,
      onFatal,
      ...(bytesMax === undefined ? {} : { bytesMax })
    })
    closers.push(() => journal.close())
    clock.takeNewest(journal.newestReceivedAt)

    const pipeline = await openPipeline(
      {
        store: storeChoiceOf(folder, influx),
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
    closers.push(stopTelling)

    wrongTimes = noteWrongTimes(journal, pipeline, log)
    pipeline.on('times', (times) => clock.observe(times))

    const presence = new PresenceBook()
    pipeline.on('problems', (problems) => registry.recordProblems(problems))
    pipeline.on('intervalLearnt', ({ deviceId, intervalS }) =>
      registry.setInterval(deviceId, intervalS, 'learnt')
    )
    pipeline.on('health', (healths) => {
      for (const [deviceId, { presence: said, intervalS }] of healths) {
        if (said !== undefined) presence.note(deviceId, { kind: 'said', presence: said }, clock.now())
        if (intervalS !== undefined) registry.setInterval(deviceId, intervalS, 'dialect')
      }
    })
    pipeline.on('importRecord', (record) => {
      try {
        registry.saveImport(record)
      } catch (cause) {
        // Only the place to resume at is older then: rows that come again are known already.
        log.warn({ cause: String(cause) }, 'The progress of an import could not be recorded.')
      }
    })
    pipeline.on('log', ({ level, fields, message }) => log[level](fields, message))

    closers.push(await takeOver({ registry, pipeline, clock, timezone }, log))

    const moves = new Moves()
    let isClosing = false
    closers.push(() => void (isClosing = true))
    finishInTurn({ registry, pipeline, moves, isClosing: () => isClosing, log })

    const eraser = createEraser({
      folder,
      registry,
      journal,
      pipeline,
      clock,
      directoryTold: () => told,
      log
    })
    eraser.onErase(async ({ deviceIds, personIds }) => {
      for (const deviceId of deviceIds) presence.forget(deviceId)
      for (const personId of personIds) await accounts.forget(personId)
    })
    eraser.resume()
    closers.push(() => eraser.stop())

    letAcknowledgingGoFirst(log)
    const intoJournal = acceptInto(journal, new Arrivals(clock, journal.newestReceivedAt))
    const paused = pauseDevices(intoJournal)
    pipeline.on('paused', (deviceIds) => paused.set(deviceIds))
    paused.set((await pipeline.service.ingestStats()).paused)
    const accept: Accept = (deviceId, topic, payload, done) => {
      presence.noteMessage(deviceId, topic, payload, clock.now())
      paused.accept(deviceId, topic, payload, done)
    }
    return {
      folder,
      clock,
      timezone,
      registry,
      makeExport: exports.make,
      accounts,
      journal,
      pipeline,
      accept,
      paused,
      presence,
      eraser,
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

/** No day that ended before a restore comes out: it may have come out before, of other homes. */
function noteRestore({ restoredFile }: DataFolder, registry: Registry, clock: Clock): void {
  if (!existsSync(restoredFile)) return
  const { at } = JSON.parse(readFileSync(restoredFile, 'utf8')) as { at: string }
  registry.noteRestored(parseIsoZoned(at) ?? clock.now())
  rmSync(restoredFile)
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
