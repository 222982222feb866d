/** `lamppost restore`: a backup into an empty data folder. */
import { resolve } from 'node:path'
import { counted, megabytes } from '../../model/counted.ts'
import type { Config } from '../../config.ts'
import type { Retracted } from '../../hub/erasing/retracted.ts'
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
  usage: 'restore FILE [--erasures LIST | --without-erasures [--consents-stand]]',
  says: 'Restore a backup into an empty data folder (--data)',
  options: {
    erasures: { type: 'string' },
    'without-erasures': { type: 'boolean' },
    'consents-stand': { type: 'boolean' }
  },
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
  const consentsStand = input.values['consents-stand'] === true
  if (consentsStand && !without)
    throw new WrongUse(
      '--consents-stand goes with --without-erasures: a list says itself what was withdrawn.'
    )
  // Loaded only here: it brings the database along, which other commands need not wait for.
  const { restore } = await import('../../operate/backup/restore.ts')
  const events = eventQueue<{ bytes: number; bytesTotal: number }>()
  const given = { ...(list === undefined ? {} : { file: list }), without, consentsStand }
  const work = restore(file, config.dataDir, given, (bytes, bytesTotal) => events.push({ bytes, bytesTotal }))
  work.then(events.end, events.end)
  for await (const { bytes, bytesTotal } of events) {
    yield { progress: `restoring, ${megabytes(bytesTotal)}`, done: bytes, total: bytesTotal }
  }
  const { manifest, hasErasures, isUnknown } = await work
  const { created, counts, lamppost } = manifest
  const folder = resolve(config.dataDir)
  let retracted: Retracted | undefined
  if (hasErasures || isUnknown) {
    yield { progress: 'repeating what was erased and taken back since' }
    retracted = await openOnce(config)
  }
  return {
    json: { folder, created, counts, lamppost, erasuresApplied: hasErasures, retracted: retracted ?? null },
    text: [
      `${folder} is restored to its state of ${created}: ${counted(counts.streets, 'street')}, ${counted(counts.devices, 'sensor')}, ` +
        `${counted(counts.readings, 'reading')}. Start the hub on it; it first stores the messages that were waiting then.` +
        (hasErasures ? ' Persons erased and days withdrawn since then are not in it.' : ''),
      ...(retracted ? retractedLines(retracted) : [])
    ].join('\n')
  }
}

function retractedLines(done: Retracted): string[] {
  const { isUnknown, consents, indoors, hidden, renamed, forwardings, notes, accounts, roles } = done
  const { unplaced, outdoors, signingIn } = done
  const lines = [
    ...(consents > 0
      ? [`${counted(consents, 'consent')} ended. Record again what still stands: npx lamppost device consent`]
      : []),
    ...(indoors > 0 ? [`${counted(indoors, 'place')} made private.`] : []),
    ...(hidden > 0 ? [`${counted(hidden, 'place')} shown as the street only.`] : []),
    ...(renamed > 0 ? [`${counted(renamed, 'place')} named as the street.`] : []),
    ...(forwardings > 0 ? [`${counted(forwardings, 'sensor')} no longer forwarded to another network.`] : []),
    ...(notes > 0 ? [`${counted(notes, 'note')} on streets removed.`] : []),
    ...(accounts > 0
      ? [`${counted(accounts, 'account')} removed. Whom you let in again: npx lamppost person invite`]
      : []),
    ...(roles > 0 ? [`${counted(roles, 'role')} of steward or researcher taken away.`] : []),
    ...unplaced.map(
      (deviceId) =>
        `${deviceId} was removed or handed over since, and has no place: what it sends waits. To whom it belongs now: npx lamppost device hand-over ${deviceId} --to PERSON`
    )
  ]
  if (isUnknown)
    return [
      'Without a list of erasures nobody knows what was withdrawn since, so that nothing is published by a consent that may have ended:',
      ...lines.map((line) => `  ${line}`),
      ...(outdoors > 0
        ? [
            `${counted(outdoors, 'place')} outdoors ${outdoors === 1 ? 'is' : 'are'} public, as in the backup. Check before the hub is started that none was made private since ` +
              '(npx lamppost device list); if one was: npx lamppost device placement ID indoor'
          ]
        : []),
      ...(signingIn > 0
        ? [
            `${counted(signingIn, 'account')} can sign in, as in the backup. If one was removed since: npx lamppost person remove ID`
          ]
        : [])
    ]
  return lines.length > 0
    ? ['Taken back since then, and so here too:', ...lines.map((line) => `  ${line}`)]
    : []
}

/** The opening of a folder erases what its list names, and takes back what was taken back. */
async function openOnce(config: Config): Promise<Retracted | undefined> {
  const { openRooms } = await import('../../hub/rooms.ts')
  const { dataDir, timezone, journalBytesMax, memoryMb, name: hubName } = config
  const rooms = await openRooms({
    dataDir,
    timezone,
    hubName,
    journalBytesMax,
    memoryMb,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onFatal(cause) {
      throw cause
    }
  })
  try {
    await rooms.eraser.settled()
    return rooms.restored
  } finally {
    await rooms.close()
  }
}
