/** `lamppost restore`: a backup into an empty data folder. */
import { resolve } from 'node:path'
import { megabytes } from '../../model/counted.ts'
import { counted } from '../../model/counted.ts'
import type { Config } from '../../config.ts'
import {
  option,
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
  usage: 'restore FILE [--erasures LIST | --without-erasures]',
  says: 'Restore a backup into an empty data folder (--data)',
  options: { erasures: { type: 'string' }, 'without-erasures': { type: 'boolean' } },
  positionals: [1, 1],
  run: plain(() => Promise.reject(new WrongUse('A running hub cannot be restored into. Stop it first.'))),
  runAlone: restoreRun
}

async function* restoreRun(
  { config }: Alone,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const [file = ''] = input.positionals
  const list = option(input, 'erasures')
  const without = input.values['without-erasures'] === true
  if (list !== undefined && without)
    throw new WrongUse('--erasures and --without-erasures contradict each other; give one.')
  // Loaded only here: it brings the database along, which other commands need not wait for.
  const { restore } = await import('../../operate/backup/restore.ts')
  const events = eventQueue<{ bytes: number; bytesTotal: number }>()
  const given = { ...(list === undefined ? {} : { file: list }), without }
  const work = restore(file, config.dataDir, given, (bytes, bytesTotal) => events.push({ bytes, bytesTotal }))
  work.then(events.end, events.end)
  for await (const { bytes, bytesTotal } of events) {
    yield { progress: `restoring, ${megabytes(bytesTotal)}`, done: bytes, total: bytesTotal }
  }
  const { manifest, hasErasures } = await work
  const { created, counts, lamppost } = manifest
  const folder = resolve(config.dataDir)
  if (hasErasures) {
    yield { progress: 'repeating the erasures made since' }
    await eraseAgain(config)
  }
  return {
    json: { folder, created, counts, lamppost, erasuresApplied: hasErasures },
    text:
      `${folder} is restored to its state of ${created}: ${counted(counts.streets, 'street')}, ${counted(counts.devices, 'sensor')}, ` +
      `${counted(counts.readings, 'reading')}. Start the hub on it; it first stores the messages that were waiting then.` +
      (hasErasures ? ' Persons erased since then are not in it.' : '')
  }
}

/** The opening of a folder erases what its list names. */
async function eraseAgain(config: Config): Promise<void> {
  const { openRooms } = await import('../../hub/rooms.ts')
  const { dataDir, timezone, journalBytesMax, name: hubName } = config
  const rooms = await openRooms({
    dataDir,
    timezone,
    hubName,
    journalBytesMax,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onFatal(cause) {
      throw cause
    }
  })
  try {
    await rooms.eraser.settled()
  } finally {
    await rooms.close()
  }
}
