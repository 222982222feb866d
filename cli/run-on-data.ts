/** Runs a command on a data folder: in the hub that holds it, or in rooms opened here for as long as the command works. */
import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync, renameSync, rmSync, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { DataFolderError, socketFileOf } from '../hub/data-folder.ts'
import { dashboardUrl, deviceHost } from '../hub/addresses.ts'
import { askHub } from '../hub/control/client.ts'
import { noteUnfinished, removeUnfinished } from '../hub/unfinished.ts'
import { programVersion } from '../hub/version.ts'
import type { Rooms, RoomsLog } from '../hub/rooms.ts'
import {
  option,
  WrongUse,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from './command.ts'
import { confirmed, terminal } from './ask.ts'
import { printable } from './printable.ts'
import { progressLine } from './progress.ts'

export async function runOnData(
  config: Config,
  command: Command,
  input: CommandInput,
  json: boolean
): Promise<void> {
  // A running hub does not look for what a command left that was killed.
  removeUnfinished(config.dataDir)
  const output = openOutput(option(input, 'output'), config.dataDir)
  const progress = progressLine(process.stderr)
  const onEvent = async (event: CommandEvent): Promise<void> => {
    if ('text' in event) await output.write(event.text)
    else if ('base64' in event) await output.write(Buffer.from(event.base64, 'base64'))
    else progress.show(event)
  }
  let result: CommandResult
  try {
    const once = async (asked: CommandInput): Promise<CommandResult> =>
      command.runAlone
        ? await follow(
            command.runAlone({ config, askHub: () => askRunning(config, command, asked, onEvent) }, asked),
            onEvent
          )
        : ((await askRunning(config, command, asked, onEvent)) ??
          (await runHere(config, command, asked, onEvent)))
    result = await once(input)
    if (result.confirm) {
      progress.clear()
      await confirmed(result.text, result.confirm, terminal())
      result = await once({ ...input, values: { ...input.values, yes: true } })
    }
  } catch (cause) {
    progress.clear()
    await output.discard()
    throw cause
  }
  progress.clear()
  await output.keep()
  // An export on standard output is the product itself; its summary goes beside it.
  const summary = json ? JSON.stringify(result.json) : result.text
  const aside =
    command.options['output'] !== undefined && option(input, 'output') === undefined && !command.isTextProduct
  ;(aside ? process.stderr : process.stdout).write(printable(summary) + '\n')
  if (result.failed) process.exitCode = 1
}

async function askRunning(
  config: Config,
  command: Command,
  input: CommandInput,
  onEvent: (event: CommandEvent) => Promise<void>
): Promise<CommandResult | undefined> {
  const socketFile = socketFileOf(config.dataDir)
  return existsSync(socketFile) ? askHub(socketFile, { words: command.words, input }, onEvent) : undefined
}

async function runHere(
  config: Config,
  command: Command,
  input: CommandInput,
  onEvent: (event: CommandEvent) => Promise<void>
): Promise<CommandResult> {
  const rooms = await openHere(config)
  try {
    return await follow(
      command.run(
        {
          ...rooms,
          hubName: config.name,
          disconnect: () => undefined,
          backups: config.backups,
          mqttPort: config.mqttPort,
          dashboardUrl: () => dashboardUrl(config, config.httpPort),
          httpPort: config.httpPort,
          deviceHost: deviceHost(config)
        },
        input
      ),
      onEvent
    )
  } finally {
    await rooms.close()
  }
}

async function follow(
  work: AsyncGenerator<CommandEvent, CommandResult>,
  onEvent: (event: CommandEvent) => Promise<void>
): Promise<CommandResult> {
  for (;;) {
    const { value, done } = await work.next()
    if (done) return value
    await onEvent(value)
  }
}

const quiet: RoomsLog = {
  info: () => undefined,
  warn: () => undefined,
  error: (_fields, message) => void process.stderr.write(`lamppost: ${printable(message)}\n`)
}

async function openHere({
  dataDir,
  name: hubName,
  dataLicence: licence,
  publicUrl,
  timezone,
  influx,
  journalBytesMax,
  memoryMb,
  backups
}: Config): Promise<Rooms> {
  // Loaded only here: most commands are run by the hub that holds the folder.
  const { noteVersion, prepareUpgrade } = await import('../operate/upgrade.ts')
  const { openRooms } = await import('../hub/rooms.ts')
  try {
    const version = programVersion()
    const prepared = await prepareUpgrade({
      dataDir,
      version,
      backupDir: backups?.dir,
      withoutBackup: false,
      say: (line) => void process.stderr.write(printable(line) + '\n')
    })
    const rooms = await openRooms({
      dataDir,
      timezone,
      hubName,
      licence,
      publicUrl,
      influx,
      journalBytesMax,
      memoryMb,
      backupDir: backups?.dir,
      log: quiet,
      onFatal(cause) {
        throw cause
      }
    })
    noteVersion(rooms.registry, version, prepared)
    return rooms
  } catch (cause) {
    if (cause instanceof DataFolderError && cause.code === 'inUse') {
      throw new DataFolderError(
        'inUse',
        `${cause.message} (A hub may be starting or stopping; try again in a moment.)`
      )
    }
    throw cause
  }
}

interface Output {
  write(piece: string | Uint8Array): Promise<void>
  keep(): Promise<void>
  discard(): Promise<void>
}

/** A file appears under its name only when it is whole: nobody publishes from half an export. */
function openOutput(name: string | undefined, dataDir: string): Output {
  if (name === undefined) {
    return {
      async write(text) {
        if (!process.stdout.write(text)) await once(process.stdout, 'drain')
      },
      keep: () => Promise.resolve(),
      discard: () => Promise.resolve()
    }
  }
  const path = resolve(name)
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`
  const forget = existsSync(dataDir) ? noteUnfinished(resolve(dataDir), [partial]) : () => undefined
  const file = createWriteStream(partial, { mode: 0o600 })
  const failed = new Promise<never>((_resolve, reject) => {
    file.once('error', (cause) => reject(new WrongUse(`${name} cannot be written: ${cause.message}`)))
  })
  failed.catch(() => rmSync(partial, { force: true }))
  return {
    async write(text) {
      if (!file.write(text)) await Promise.race([once(file, 'drain'), failed])
    },
    async keep() {
      await Promise.race([ended(file), failed])
      renameSync(partial, path)
      forget()
    },
    async discard() {
      file.destroy()
      rmSync(partial, { force: true })
      forget()
    }
  }
}

async function ended(file: WriteStream): Promise<void> {
  file.end()
  await once(file, 'close')
}
