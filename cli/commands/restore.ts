/** `lamppost restore`: a backup into an empty data folder. */
import { resolve } from 'node:path'
import { megabytes } from '../../model/counted.ts'
import { counted } from '../../model/counted.ts'
import {
  plain,
  WrongUse,
  type Alone,
  type Command,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { eventQueue } from '../event-queue.ts'

export const restoreCommand: Command = {
  words: 'restore',
  usage: 'restore FILE',
  says: 'Put a backup into an empty data folder (--data)',
  options: {},
  positionals: [1, 1],
  run: plain(() => Promise.reject(new WrongUse('A running hub cannot be restored into. Stop it first.'))),
  runAlone: restoreRun
}

async function* restoreRun(
  { config }: Alone,
  { positionals: [file = ''] }: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  // Loaded only here: it brings the database along, which other commands need not wait for.
  const { restore } = await import('../../operate/backup/restore.ts')
  const events = eventQueue<{ bytes: number; bytesTotal: number }>()
  const work = restore(file, config.dataDir, (bytes, bytesTotal) => events.push({ bytes, bytesTotal }))
  work.then(events.end, events.end)
  for await (const { bytes, bytesTotal } of events) {
    yield { progress: `restoring, ${megabytes(bytesTotal)}`, done: bytes, total: bytesTotal }
  }
  const { created, counts, lamppost } = await work
  const folder = resolve(config.dataDir)
  return {
    json: { folder, created, counts, lamppost },
    text:
      `${folder} is as it was at ${created}: ${counted(counts.streets, 'street')}, ${counted(counts.devices, 'sensor')}, ` +
      `${counted(counts.readings, 'reading')}. Start the hub on it; messages that waited then are stored first.`
  }
}
