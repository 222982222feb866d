/** What `npx lamppost help` prints, of all commands or of those that were named: made from the commands themselves. */
import { allCommands } from './commands/all.ts'

type Usage = [usage: string, says: string]

const hubUsages: Usage[] = [
  ['start [--data DIR] [--http PORT] [--mqtt PORT] [--host ADDR] [--without-backup]', 'Start the hub'],
  ['demo [--sensors N] [--days N] [--seed N] …same flags', 'Start a hub with a made-up neighbourhood']
]

export async function helpText(version: string): Promise<string> {
  return text(`Lamppost ${version}: a neighbourhood measures its own air, noise and damp.`, await usages())
}

/** Help about the commands that begin with these words ("device", "device add"); undefined where none does. */
export async function helpAbout(words: readonly string[]): Promise<string | undefined> {
  const all = await usages()
  const named = (length: number): Usage[] => {
    const asked = words.slice(0, length)
    return all.filter(([usage]) => asked.every((word, i) => usage.split(' ')[i] === word))
  }
  // The longest beginning that is known: what follows may be a name or a file.
  for (let length = words.length; length > 0; length--) {
    const found = named(length)
    if (found.length > 0) return text('', found)
  }
  return undefined
}

async function usages(): Promise<Usage[]> {
  return [...hubUsages, ...(await allCommands()).map(({ usage, says }): Usage => [usage, says])]
}

function text(heading: string, shown: readonly Usage[]): string {
  return [
    ...(heading ? [heading, ''] : []),
    ...shown.map(([usage, says]) => `  npx lamppost ${usage}\n      ${says}`),
    '',
    'All commands take --data DIR; all but start and demo take --json. Times are ISO 8601 with a zone (2026-11-22T10:00:00Z) or a date.',
    'Help for one command: npx lamppost help device add. Exit status: 0 done, 1 failed, 2 wrong usage. Settings: .env.example. More: docs/operating.md',
    ''
  ].join('\n')
}
