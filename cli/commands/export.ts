/** `lamppost export`: every reading, hour or day of a period, indoor ones included, for whoever holds the data folder. */
import type { ParseArgsOptionsConfig } from 'node:util'
import { exportLayouts } from '../../documents/export/file.ts'
import { exportFormatNames } from '../../contract/export.ts'
import { readExportQuestion, type ExportQuestion } from '../../documents/export/read-request.ts'
import type { ExportSummary } from '../../documents/export/sealed.ts'
import type { QueryText } from '../../figures/parameters.ts'
import { exportCorrections } from '../../figures/period/export-corrections.ts'
import { counted } from '../../model/counted.ts'
import { unknownStreet } from '../../registry/street-names.ts'
import {
  option,
  WrongUse,
  type Command,
  type CommandContext,
  type CommandEvent,
  type CommandInput,
  type CommandResult
} from '../command.ts'
import { refusedAsWrongUse } from '../refusal.ts'
import { readTime } from '../time-option.ts'

const string = { type: 'string' } as const
const options = {
  from: string,
  until: string,
  street: string,
  site: string,
  quantity: string,
  values: string,
  window: string,
  layout: string,
  flags: string,
  'coverage-min': string,
  derived: string,
  format: string
} satisfies ParseArgsOptionsConfig

export const exportCommand: Command = {
  words: 'export',
  usage:
    'export [--from T] [--until T] [--street S] [--site S] [--quantity Q] [--values raw|corrected] [--window raw|hour|day] ' +
    `[--layout ${exportLayouts.join('|')}] [--flags keep|drop|1,2,3,4] [--coverage-min 0.75] [--derived dew_point,absolute_humidity,vapour_excess] ` +
    `--format ${exportFormatNames.join('|')} [-o FILE]`,
  says: 'Export readings with their flags, or hours or days; Parquet and Arrow too',
  options: { ...options, output: { type: 'string', short: 'o' } },
  positionals: [0, 0],
  prepare(input) {
    const format = option(input, 'format') ?? 'csv'
    if ((format === 'parquet' || format === 'arrow') && option(input, 'output') === undefined)
      throw new WrongUse(`A ${format} file cannot be shown in a terminal: name a file with -o FILE.`)
    return input
  },
  async *run(context, input): AsyncGenerator<CommandEvent, CommandResult> {
    const { pipeline, moves } = context
    // A wrong use is refused before anything is waited for.
    await refusedAsWrongUse(async () => readQuestion(context, input))
    // What devices sent up to now is in it, even if the hub was stopped before it was stored.
    await pipeline.service.drain()
    let overtaken: Error | undefined
    const leave = await moves.enter((cause) => void (overtaken = cause))
    try {
      return yield* exported(context, input, () => {
        if (overtaken) throw overtaken
      })
    } finally {
      leave()
    }
  }
}

async function* exported(
  context: CommandContext,
  input: CommandInput,
  refuseOvertaken: () => void
): AsyncGenerator<CommandEvent, CommandResult> {
  const { pipeline, makeExport } = context
  const question = await refusedAsWrongUse(async () => readQuestion(context, input))
  const corrections = await exportCorrections(pipeline.service, question)
  const binary = question.format === 'parquet' || question.format === 'arrow'
  let bytes = 0
  for await (const piece of makeExport({ ...question, corrections, metadata: {} })) {
    refuseOvertaken()
    if (!(piece instanceof Uint8Array)) return resultOf(piece, question)
    bytes += piece.length
    yield binary ? { base64: Buffer.from(piece).toString('base64') } : { text: textOf(piece) }
    yield { progress: `${Math.round(bytes / 1e6)} MB` }
  }
  throw new Error('The export stopped before it was complete.')
}

function resultOf({ rows, bytes, sha256 }: ExportSummary, { window, layout }: ExportQuestion): CommandResult {
  const what = window === 'raw' && layout !== 'wide' ? 'reading' : 'row'
  return { json: { rows, bytes, sha256 }, text: `${counted(rows, what)}.` }
}

/** A piece ends between two rows, and so between two characters. */
function textOf(piece: Uint8Array): string {
  return Buffer.from(piece).toString('utf8')
}

function readQuestion({ registry, clock, timezone }: CommandContext, input: CommandInput): ExportQuestion {
  const text: QueryText = {}
  for (const name of Object.keys(options)) {
    const value = option(input, name)
    if (value !== undefined) text[name === 'coverage-min' ? 'coverageMin' : name] = value
  }
  for (const name of ['from', 'until']) {
    if (text[name] !== undefined) text[name] = String(readTime(name, text[name], timezone))
  }
  const { street } = text
  if (street !== undefined) text['street'] = streetIds(registry, street)
  return readExportQuestion({ places: registry, clock, timezone, audience: 'operator' }, text)
}

/** By id or name; several with commas. */
function streetIds(registry: CommandContext['registry'], names: string): string {
  const whole = registry.findStreet(names)
  if (whole) return whole.streetId
  return names
    .split(',')
    .map((name) => {
      const street = registry.findStreet(name.trim())
      if (!street) throw unknownStreet(name.trim(), registry.streets())
      return street.streetId
    })
    .join()
}
