/** How a story speaks with its hub. */
import { readFileSync } from 'node:fs'
import { askHub } from '../../hub/control/client.ts'
import type { CommandResult } from '../../hub/control/command.ts'
import { socketFileOf } from '../../hub/data-folder.ts'

/** A command through the hub's own door: no process is started for it. */
export async function ask(
  dataDir: string,
  words: string,
  positionals: string[] = [],
  values: Record<string, string | boolean | string[]> = {},
  onText: (text: string) => void = () => undefined
): Promise<CommandResult> {
  const asked = { words, input: { positionals, values } }
  const result = await askHub(socketFileOf(dataDir), asked, (event) => {
    if ('text' in event) onText(event.text)
  })
  if (!result) throw new Error('No hub answers.')
  return result
}

/** The hub itself, below strace. */
export function hubUnder(stracePid: number): number {
  const children = readFileSync(`/proc/${stracePid}/task/${stracePid}/children`, 'utf8').trim().split(' ')
  return Number(children[0])
}
