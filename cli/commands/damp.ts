/** `lamppost damp`: a room's figures in the terminal, or the damp record of a room or home as a PDF or an archive. */
import { factorAssumed, roomDamp } from '../../figures/period/damp.ts'
import { operatorFigures } from '../operator-figures.ts'
import type { RecordPlace } from '../../hub/records/places.ts'
import { openRecords, type Records } from '../../hub/records/records.ts'
import { recordRangeMsMax } from '../../documents/limits.ts'
import type { RecordQuestion } from '../../hub/records/gather.ts'
import type { TimeRange } from '../../model/columns.ts'
import { counted, megabytes } from '../../model/counted.ts'
import type { Site } from '../../model/place.ts'
import { isTimeZone, toIso, type UnixMs } from '../../model/time.ts'
import { isRepairRulesId, repairRulesIds, type RepairRulesId } from '../../science/repair-rules.ts'
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
import { timeOption } from '../time-option.ts'
import { dampText } from './figures-text.ts'
import { leftOutLine } from './left-out-line.ts'

const string = { type: 'string' } as const

export const dampCommand: Command = {
  words: 'damp',
  usage: `damp SITE|HOME [--outside SITE] [--factor ${factorAssumed}] [--from T] [--until T] [--timezone Z] [--person P] [--rules ${repairRulesIds.join('|')}] [-o FILE.pdf|FILE.zip]`,
  says: 'Damp in a room or home: hours at risk in its coldest corner, mould index as a range; -o makes the record to print, or its archive',
  options: {
    outside: string,
    factor: string,
    from: string,
    until: string,
    timezone: string,
    person: string,
    rules: string,
    output: { type: 'string', short: 'o' }
  },
  positionals: [1, 1],
  isTextProduct: true,
  run: dampRun
}

async function* dampRun(
  context: CommandContext,
  input: CommandInput
): AsyncGenerator<CommandEvent, CommandResult> {
  const asked = readAsked(context, input)
  await context.pipeline.service.drain()
  const file = option(input, 'output')
  if (file === undefined)
    return await context.moves.read(() => refusedAsWrongUse(() => figures(context, asked)))
  const records = openRecords({ ...context, readings: context.pipeline.service })
  try {
    const question = await recordQuestion(context, records, asked)
    return file.toLowerCase().endsWith('.zip')
      ? yield* archive(records, question, file)
      : yield* document(context, records, question, file)
  } finally {
    await records.close()
  }
}

interface Asked {
  sites: readonly Site[]
  outside: readonly string[] | undefined
  factor: number | undefined
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
  /** Whose record; the host of the rooms now unless given. */
  personId: string
  rules: RepairRulesId | null
}

function readAsked(context: CommandContext, input: CommandInput): Asked {
  const { registry } = context
  const timezone = option(input, 'timezone') ?? context.timezone
  if (!isTimeZone(timezone))
    throw new WrongUse(`--timezone is "${timezone}". Give a name such as Europe/London or UTC.`)
  const sites = sitesNamed(context, input.positionals[0]!)
  const person = option(input, 'person')
  const outside = option(input, 'outside')
  const factor = option(input, 'factor')
  const rules = option(input, 'rules')
  if (rules !== undefined && !isRepairRulesId(rules))
    throw new WrongUse(
      `--rules is "${rules}". Known are: ${repairRulesIds.join(', ')}. Leave it out for others.`
    )
  return {
    sites,
    outside: outside === undefined ? undefined : [outside],
    factor: factor === undefined ? undefined : Number(factor),
    from: timeOption(input, 'from', timezone),
    until: timeOption(input, 'until', timezone),
    timezone,
    personId: person === undefined ? sites[0]!.personId : registry.needPerson(person).personId,
    rules: rules ?? null
  }
}

function sitesNamed({ registry }: CommandContext, name: string): Site[] {
  const site = registry.site(name)
  if (site) return [site]
  const rooms = registry.sites().filter(({ homeId, placement }) => homeId === name && placement === 'indoor')
  if (rooms.length > 0) return rooms
  if (registry.findStreet(name))
    throw new WrongUse(`${name} is a street. Name one of its sites by its id; see: npx lamppost device list`)
  throw new WrongUse(
    `There is no site or home "${name}" with a sensor indoors. See: npx lamppost device list, npx lamppost person list`
  )
}

/** As before there were records: the figures of each room as text. */
async function figures(context: CommandContext, asked: Asked): Promise<CommandResult> {
  const deps = operatorFigures(context)
  const found = []
  for (const { siteId } of asked.sites)
    found.push(
      await roomDamp(deps, {
        site: siteId,
        outside: asked.outside,
        factor: asked.factor ?? factorAssumed,
        from: asked.from,
        until: asked.until,
        timezone: asked.timezone
      })
    )
  const text = found.map((one) => [dampText(one), leftOutLine(one)].filter((line) => line !== '').join('\n'))
  return { json: found.length === 1 ? found[0] : found, text: text.join('\n\n') }
}

async function recordQuestion(
  context: CommandContext,
  records: Records,
  asked: Asked
): Promise<RecordQuestion> {
  const range = await rangeOf(context, asked)
  const siteIds = asked.sites.map(({ siteId }) => siteId)
  const { personId, rules, factor, outside } = asked
  const question = records.question({ personId, range, rules, siteIds })
  if (question.places.length === 0) throw new WrongUse(notTheirs(context, asked))
  return {
    ...question,
    range: spanOf(question.places, range),
    ...(factor === undefined ? {} : { factor }),
    ...(outside === undefined ? {} : { outside })
  }
}

function notTheirs({ registry }: CommandContext, { sites, personId }: Asked): string {
  const hosts = new Set(sites.flatMap(({ siteId }) => registry.hostings(siteId).map((one) => one.personId)))
  return (
    `A record is of one person, and these rooms were not those of ${personId} in this period. ` +
    `Name another with --person: ${[...hosts].join(', ')}.`
  )
}

/** What was given; else all that was measured, as far as a record reaches. */
async function rangeOf(
  { pipeline, clock }: CommandContext,
  { sites, from, until }: Asked
): Promise<TimeRange> {
  let [first, last]: [number, number] = [Infinity, -Infinity]
  for (const { siteId } of sites) {
    const reach = await pipeline.service.reach(siteId, 'humidity')
    if (!reach) continue
    first = Math.min(first, reach.from)
    last = Math.max(last, reach.until)
  }
  const end = until ?? (Number.isFinite(last) ? last : clock.now())
  const begin = from ?? Math.max(Number.isFinite(first) ? first : end - 1, end - recordRangeMsMax)
  if (!(begin < end)) throw new WrongUse('--from must be before --until.')
  if (end - begin > recordRangeMsMax)
    throw new WrongUse('A record spans at most two years. Give a shorter period with --from and --until.')
  return { from: begin as UnixMs, until: end as UnixMs }
}

/** The period as far as any of the rooms was theirs. */
function spanOf(places: readonly RecordPlace[], range: TimeRange): TimeRange {
  const from = places.reduce<number>((least, place) => Math.min(least, place.range.from), range.until)
  const until = places.reduce<number>((most, place) => Math.max(most, place.range.until), range.from)
  return { from: from as UnixMs, until: until as UnixMs }
}

async function* document(
  { moves }: CommandContext,
  records: Records,
  question: RecordQuestion,
  file: string
): AsyncGenerator<CommandEvent, CommandResult> {
  const pdf = await moves.read(() => refusedAsWrongUse(() => records.pdf(question)))
  for (let at = 0; at < pdf.length; at += pieceBytes)
    yield { base64: Buffer.from(pdf.subarray(at, at + pieceBytes)).toString('base64') }
  return done(question, { file, bytes: pdf.length, files: [file] })
}

/** What travels to another process at once. */
const pieceBytes = 256 * 1024

async function* archive(
  records: Records,
  question: RecordQuestion,
  file: string
): AsyncGenerator<CommandEvent, CommandResult> {
  const pieces = records.archive(question)
  try {
    for (;;) {
      const { value, done: isLast } = await refusedAsWrongUse(() => pieces.next())
      if (isLast) return done(question, { file, ...value })
      yield { base64: Buffer.from(value).toString('base64') }
    }
  } finally {
    await pieces.return(undefined as never)
  }
}

function done(
  { personId, places, range }: RecordQuestion,
  { file, bytes, files }: { file: string; bytes: number; files: string[] }
): CommandResult {
  const rooms = places.map(({ site }) => site.siteId)
  return {
    json: { personId, rooms, from: toIso(range.from), until: toIso(range.until), file, bytes, files },
    text:
      `The damp record of ${counted(rooms.length, 'room')} from ${toIso(range.from)} to ${toIso(range.until)}: ${file}, ${megabytes(bytes)}. ` +
      'It contains indoor figures: give it only to this person.'
  }
}
