/** What `npx lamppost help` prints: made from the commands themselves. */
import { commands } from './commands/all.ts'

const hubUsages: [usage: string, says: string][] = [
  ['start [--data DIR] [--http PORT] [--mqtt PORT] [--host ADDR]', 'Start the hub'],
  ['demo [--sensors N] [--days N] [--seed N] …same flags', 'Start it with an invented neighbourhood']
]

export function helpText(version: string): string {
  const usages = [...hubUsages, ...commands.map(({ usage, says }): [string, string] => [usage, says])]
  const lines = usages.map(([usage, says]) => `  lamppost ${usage}\n      ${says}`)
  return [
    `Lamppost ${version}: a neighbourhood measures its own air, noise and damp.`,
    '',
    ...lines,
    '',
    'Every command takes --json and --data DIR. Times are ISO 8601 with a zone (2026-11-22T10:00:00Z) or a date (UTC).',
    'Exit status: 0 done, 1 failed, 2 wrong use. Settings: .env.example. More: docs/operating.md',
    ''
  ].join('\n')
}
