/** `lamppost person export`: everything of a person in one file, for that person to take away. */
import { everythingOf } from '../../hub/hosting/person-archive.ts'
import { counted, megabytes } from '../../model/counted.ts'
import {
  option,
  WrongUse,
  type Command,
  type CommandContext,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { personText } from './person-text.ts'

export const personExportCommand: Command = {
  words: 'person export',
  usage: 'person export ID -o FILE',
  says: 'Export everything of a person as one ZIP file: readings, hours and days, names, homes, sensors, consents, account',
  options: { output: { type: 'string', short: 'o' } },
  positionals: [1, 1],
  prepare(input) {
    if (option(input, 'output') === undefined)
      throw new WrongUse('A ZIP file cannot be shown in a terminal: name a file with -o FILE.')
    return input
  },
  run: exportRun
}

async function* exportRun(
  context: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const person = context.registry.needPerson(input.positionals[0]!)
  const archive = everythingOf(context, person)
  let bytes = 0
  try {
    for (;;) {
      const { value, done } = await archive.next()
      if (done) {
        const { readings, files } = value
        return {
          json: { personId: person.personId, ...value },
          text:
            `Everything of ${personText(person)}: ${counted(readings, 'reading')} in ${counted(files.length, 'file')}, ${megabytes(value.bytes)}. ` +
            'README.txt in it describes each file. It contains indoor readings: give it only to this person.'
        }
      }
      bytes += value.length
      yield { base64: Buffer.from(value).toString('base64') }
      yield { progress: megabytes(bytes) }
    }
  } finally {
    // Whoever stops reading lets go of what the store holds for the archive.
    await archive.return(undefined as never)
  }
}
