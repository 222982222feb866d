/** Every command that works on a data folder, by its first word. A file is loaded when one of its commands is called: nobody waits for the others. */
import type { Command } from '../command.ts'
import { audited } from './audited.ts'

interface Group {
  /** That its commands begin with. */
  words: readonly string[]
  load(): Promise<readonly Command[]>
}

/** In the order of `lamppost help`. */
const groups: readonly Group[] = [
  group(['street'], async () => (await import('./street.ts')).streetCommands),
  group(['device'], async () => (await import('./device.ts')).deviceCommands),
  group(['device'], async () => (await import('./device-hands.ts')).deviceHandsCommands),
  group(['gateway'], async () => (await import('./gateway.ts')).gatewayCommands),
  group(['decode'], async () => [(await import('./decode.ts')).decodeCommand]),
  group(['person'], async () => (await import('./person.ts')).personCommands),
  group(['person', 'steward'], async () => (await import('./account.ts')).accountCommands),
  group(['correction'], async () => (await import('./correction.ts')).correctionCommands),
  group(['calibration'], async () => (await import('./calibration.ts')).calibrationCommands),
  group(['import'], async () => (await import('./import.ts')).importCommands),
  group(['export'], async () => [(await import('./export.ts')).exportCommand]),
  group(
    ['summary', 'index', 'exceedances', 'colocation', 'profile', 'trend', 'before-after'],
    async () => (await import('./figures.ts')).figuresCommands
  ),
  group(['damp'], async () => [(await import('./damp.ts')).dampCommand]),
  group(['replay'], async () => [(await import('./replay.ts')).replayCommand]),
  group(['backup'], async () => [(await import('./backup.ts')).backupCommand]),
  group(['restore'], async () => [(await import('./restore.ts')).restoreCommand]),
  group(['snapshot'], async () => [(await import('./snapshot.ts')).snapshotCommand]),
  group(['migrate'], async () => [(await import('./migrate.ts')).migrateCommand]),
  group(['doctor'], async () => [(await import('./doctor.ts')).doctorCommand])
]

function group(words: Group['words'], load: Group['load']): Group {
  return { words, load }
}

export function allCommands(): Promise<Command[]> {
  return loaded(groups)
}

export async function commandByWords(words: string): Promise<Command | undefined> {
  return (await beginningWith(words.split(' ')[0])).find((command) => command.words === words)
}

/** The command that the arguments begin with; the longest match wins, so that "import list" is not a file. */
export async function commandOf(args: readonly string[]): Promise<Command | undefined> {
  return (await beginningWith(args[0]))
    .toSorted((a, b) => b.words.length - a.words.length)
    .find((command) => command.words.split(' ').every((word, index) => args[index] === word))
}

function beginningWith(word: string | undefined): Promise<Command[]> {
  return loaded(groups.filter(({ words }) => words.some((one) => one === word)))
}

async function loaded(some: readonly Group[]): Promise<Command[]> {
  const lists = await Promise.all(some.map(({ load }) => load()))
  return lists.flat().map(audited)
}
