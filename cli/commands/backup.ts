/** `lamppost backup`: a running or a stopped hub as one file. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { backUp, type BackupDone, type BackupProgress } from '../../operate/backup/back-up.ts'
import { counted, megabytes } from '../../model/counted.ts'
import {
  WrongUse,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'

export const backupCommand: Command = {
  words: 'backup',
  usage: 'backup FILE',
  says: 'Back up everything the hub keeps into one tar file, then open the file and compare it',
  options: {},
  positionals: [1, 1],
  prepare: (input) => ({ ...input, positionals: input.positionals.map(absent) }),
  run: backupRun
}

async function* backupRun(
  rooms: CommandContext,
  { positionals: [file = ''] }: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const events = eventQueue<BackupProgress>()
  const work = backUp(rooms, file, events.push)
  work.then(events.end, events.end)
  for await (const { doing, bytes, bytesTotal } of events) {
    yield { progress: `${doing}, ${megabytes(bytesTotal / 3)}`, done: bytes, total: bytesTotal }
  }
  return answer(await work)
}

function answer({ file, bytes, manifest, unnoted }: BackupDone): CommandResult {
  const { created, counts } = manifest
  return {
    json: { file, bytes, created, counts },
    text:
      `${file}: ${megabytes(bytes)}, opened and compared. ${counted(counts.streets, 'street')}, ${counted(counts.devices, 'sensor')}, ` +
      `${counted(counts.readings, 'reading')}, ${counted(counts.messages, 'message')}.\n` +
      (unnoted === null
        ? ''
        : `The doctor will not list this backup, because the registry could not be written: ${unnoted}\n`) +
      `Test it once before you need it: npx lamppost restore ${file} --data SOME-EMPTY-FOLDER`
  }
}

function absent(file: string): string {
  if (existsSync(file)) throw new WrongUse(`${file} already exists. Choose another name, or move the file.`)
  return resolve(file)
}
