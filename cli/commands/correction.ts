/** `lamppost correction …`: which formula stands for which box, from when until when; raw values stay as they are. */
import type { CorrectionRow } from '../../model/correction.ts'
import { correctedOf } from '../../model/quantity.ts'
import { periodText } from '../../registry/corrections.ts'
import {
  plain,
  type Command,
  type CommandEvent,
  type CommandResult,
  type CommandContext
} from '../command.ts'
import { timeOption } from '../time-option.ts'
import { untilDrained } from '../until-drained.ts'
import { wantedRow } from './read-correction.ts'
import { preview } from './correction-preview.ts'
import { recordJson, recordText, rowJson, rowText } from './correction-text.ts'
import { counted } from '../../model/counted.ts'

const text = { type: 'string' } as const

export const correctionCommands: Command[] = [
  {
    words: 'correction add',
    usage:
      'correction add DEVICE|SITE --quantity Q (--formula F [--coefficient kappa=0.3]… | --reference SITE [--window day|hour])\n' +
      '                 [--sensor KIND] [--signal only|cf_1|cf_atm] [--from T] [--until T] [--fit-from T] [--fit-until T] [--dry-run]',
    says: 'Correct the values of a sensor, from now on or for a period; raw values stay, and --dry-run shows what would change',
    options: {
      quantity: text,
      formula: text,
      coefficient: { type: 'string', multiple: true },
      reference: text,
      window: text,
      sensor: text,
      signal: text,
      from: text,
      until: text,
      'fit-from': text,
      'fit-until': text,
      'dry-run': { type: 'boolean' }
    },
    positionals: [1, 1],
    async *run(rooms, input): AsyncGenerator<CommandEvent, CommandResult> {
      const { row, origin } = await wantedRow(rooms, input)
      await rooms.pipeline.service.drain()
      if (input.values['dry-run'] === true) return preview(rooms, row, origin)
      const added = rooms.registry.addCorrection({ row, origin }, rooms.clock.now())
      return yield* carriedOut(
        rooms,
        added,
        `${added.correctionId} applies ${periodText(added)}: ${rowText(added)}.`
      )
    }
  },
  {
    words: 'correction list',
    usage: 'correction list [--history]',
    says: 'List the corrections in effect; with --history all there ever were',
    options: { history: { type: 'boolean' } },
    positionals: [0, 0],
    run: plain(async ({ registry, pipeline }, input) => {
      const records = registry
        .correctionHistory()
        .filter(({ state }) => input.values['history'] === true || state === 'holds')
      const { hoursLeft, hoursTotal } = await pipeline.service.recomputing()
      const lines = records.map(recordText)
      if (records.length === 0) lines.push('No corrections. Next: npx lamppost correction add --help')
      if (hoursLeft > 0)
        lines.push(`${hoursLeft} of ${counted(hoursTotal, 'hour')} still to be recalculated.`)
      return {
        json: { corrections: records.map(recordJson), recomputing: { hoursLeft, hoursTotal } },
        text: lines.join('\n')
      }
    })
  },
  {
    words: 'correction end',
    usage: 'correction end ID [--at T]',
    says: 'End a correction, now or at a given time; values corrected before then stay',
    options: { at: text },
    positionals: [1, 1],
    async *run(rooms, input): AsyncGenerator<CommandEvent, CommandResult> {
      const at = timeOption(input, 'at', rooms.timezone) ?? rooms.clock.now()
      const ended = rooms.registry.endCorrection(input.positionals[0]!, at, rooms.clock.now())
      return yield* carriedOut(rooms, ended, `${ended.correctionId} applies ${periodText(ended)}.`)
    }
  },
  {
    words: 'correction remove',
    usage: 'correction remove ID',
    says: 'Remove a wrong correction from every value, past ones too; its history stays',
    options: {},
    positionals: [1, 1],
    async *run(rooms, input): AsyncGenerator<CommandEvent, CommandResult> {
      const removed = rooms.registry.removeCorrection(input.positionals[0]!, rooms.clock.now())
      return yield* carriedOut(
        rooms,
        removed,
        `${removed.correctionId} was removed; it stays in the history.`
      )
    }
  }
]

/** Waits until every hour and day follows, saying how far it is. Broken off, the hub goes on by itself. */
async function* carriedOut(
  rooms: CommandContext,
  row: CorrectionRow,
  said: string
): AsyncGenerator<CommandEvent, CommandResult> {
  await rooms.directoryTold()
  const { service } = rooms.pipeline
  const { hoursTotal } = await service.recomputing()
  const hoursLeft = async (): Promise<number> => (await service.recomputing()).hoursLeft
  yield* untilDrained(rooms.pipeline, hoursLeft, hoursTotal)
  return {
    json: { ...rowJson(row), hoursRecomputed: hoursTotal },
    text: `${said} Recalculated: ${counted(hoursTotal, 'hour')} of ${correctedOf(row.quantity)}; raw values stay as they were.`
  }
}
