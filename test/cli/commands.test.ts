/** Commands are loaded by their first word; all of them are found that way. */
import { expect, it } from 'vitest'
import { allCommands, commandByWords, commandOf } from '../../cli/commands/all.ts'

it('finds each command by its words, and by arguments that begin with them', async () => {
  for (const { words } of await allCommands()) {
    expect((await commandByWords(words))?.words).toBe(words)
    expect((await commandOf([...words.split(' '), 'more']))?.words).toBe(words)
  }
})

it.each(['', 'streets', 'device', 'device lists'])('finds nothing for "%s"', async (words) => {
  expect(await commandOf(words.split(' '))).toBeUndefined()
})
