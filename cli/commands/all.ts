/** Every command that works on a data folder. */
import type { Command } from '../command.ts'
import { accountCommands } from './account.ts'
import { backupCommand } from './backup.ts'
import { correctionCommands } from './correction.ts'
import { decodeCommand } from './decode.ts'
import { deviceCommands } from './device.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { gatewayCommands } from './gateway.ts'
import { importCommands } from './import.ts'
import { migrateCommand } from './migrate.ts'
import { figuresCommands } from './figures.ts'
import { personCommands } from './person.ts'
import { replayCommand } from './replay.ts'
import { restoreCommand } from './restore.ts'
import { streetCommands } from './street.ts'

export const commands: Command[] = [
  ...streetCommands,
  ...deviceCommands,
  ...gatewayCommands,
  decodeCommand,
  ...personCommands,
  ...accountCommands,
  ...correctionCommands,
  ...importCommands,
  exportCommand,
  ...figuresCommands,
  replayCommand,
  backupCommand,
  restoreCommand,
  migrateCommand,
  doctorCommand
]

export function commandByWords(words: string): Command | undefined {
  return commands.find((command) => command.words === words)
}

/** The command that the arguments begin with; the longest match wins, so that "import list" is not a file. */
export function commandOf(args: readonly string[]): Command | undefined {
  return commands
    .toSorted((a, b) => b.words.length - a.words.length)
    .find((command) => command.words.split(' ').every((word, index) => args[index] === word))
}
