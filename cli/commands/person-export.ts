/** `lamppost person export`: everything of a person in one file, for that person to take away. */
import { personArchive } from '../../documents/person/archive.ts'
import { personRecord, placesHosted } from '../../documents/person/record.ts'
import { readExportQuestion } from '../../documents/export/read-request.ts'
import type { TimeRange } from '../../model/columns.ts'
import { counted, megabytes } from '../../model/counted.ts'
import { isMeasured, quantityNames } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
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
import { readingsWithin } from './readings-within.ts'

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
  const { registry, pipeline, clock, timezone, hubName } = context
  const person = registry.needPerson(input.positionals[0]!)
  // What their boxes sent up to now is in it, even if the hub was stopped before it was stored.
  await pipeline.service.drain()
  const now = clock.now()
  const archive = personArchive(
    {
      record: personRecord(await sourcesOf(context, person.personId), person, now),
      places: placesHosted(registry, person.personId),
      hub: { name: hubName, timezone },
      table: (siteId, window, range) => tableOf(context, siteId, window, range),
      count: (siteId, range) => readingsWithin(pipeline, siteId, range),
      reach: (siteId) => reachOf(context, siteId)
    },
    now
  )
  let bytes = 0
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
}

async function sourcesOf({ registry, accounts }: CommandContext, personId: string) {
  const account = accounts.accountOf(personId)
  return {
    registry,
    account: account && {
      account,
      sessions: await accounts.sessions(account.accountId),
      passkeys: await accounts.passkeys(account.accountId)
    },
    invitations: accounts.invitations(),
    audit: accounts.audit({ personId, limit: Number.MAX_SAFE_INTEGER })
  }
}

async function* tableOf(
  { registry, clock, timezone, makeExport }: CommandContext,
  siteId: string,
  window: 'raw' | 'hour' | 'day',
  range: TimeRange
): AsyncGenerator<Uint8Array> {
  const setting = { places: registry, clock, timezone, audience: 'operator' as const }
  const question = readExportQuestion(setting, {
    site: siteId,
    window,
    ...(window === 'raw' ? {} : { coverageMin: '0' })
  })
  for await (const piece of makeExport({ ...question, ...range, corrections: [], metadata: {} }))
    if (piece instanceof Uint8Array) yield piece
}

/** Of all that was measured there. */
async function reachOf({ pipeline }: CommandContext, siteId: string): Promise<TimeRange | undefined> {
  let [from, until] = [Infinity, -Infinity]
  for (const quantity of quantityNames.filter(isMeasured)) {
    const reach = await pipeline.service.reach(siteId, quantity)
    if (!reach) continue
    from = Math.min(from, reach.from)
    until = Math.max(until, reach.until)
  }
  return from < until ? { from: from as UnixMs, until: until as UnixMs } : undefined
}
