/** `lamppost decode`: what the hub makes of a message, without storing it and without a hub. */
import { readFileSync } from 'node:fs'
import { readCaptured } from '../../ingest/captured.ts'
import { draftOf } from '../../ingest/mapped.ts'
import { dialectNames, explain, type Explained } from '../../ingest/explain.ts'
import { payloadBytesMax } from '../../model/limits.ts'
import { systemClock } from '../../model/time.ts'
import { mapOption, readMap } from './map.ts'
import { option, WrongUse, type Command, type CommandInput } from '../command.ts'

const standardInput = 0

export const decodeCommand: Command = {
  words: 'decode',
  usage: 'decode FILE|- [--dialect D] [--topic T] [--map FIELDS.json | --draft-map]',
  says: 'Show how the hub reads a message: recognised, assumed, ignored, refused; nothing is stored',
  options: {
    dialect: { type: 'string' },
    topic: { type: 'string' },
    'draft-map': { type: 'boolean' },
    ...mapOption
  },
  positionals: [1, 1],
  async *run() {
    throw new WrongUse('decode works without a hub.')
  },
  async *runAlone(_alone, input) {
    const message = readMessage(input.positionals[0]!)
    if (input.values['draft-map'] === true) return drafted(message)
    const explained = explain(message, {
      ...options(input),
      receivedAt: systemClock.now()
    })
    return { json: explained, text: explainedText(explained), failed: explained.readings.length === 0 }
  }
}

function options(input: CommandInput): { dialect?: string; topic?: string; map?: string } {
  const dialect = option(input, 'dialect')
  const topic = option(input, 'topic')
  if (dialect !== undefined && !dialectNames.includes(dialect))
    throw new WrongUse(`--dialect is "${dialect}". Give one of: ${dialectNames.join(', ')}.`)
  const map = option(input, 'map')
  return {
    ...(dialect === undefined ? {} : { dialect }),
    ...(topic === undefined ? {} : { topic }),
    ...(map === undefined ? {} : { map: readMap(map) })
  }
}

/** Alone on the standard output, so that it can be kept in a file and gone on with. */
function drafted(message: string): { json: object; text: string; failed: boolean } {
  const [caught] = readCaptured(message)
  const draft = draftOf(caught?.text ?? '')
  return { json: draft, text: inLines(draft), failed: Object.keys(draft.fields).length === 0 }
}

/** As JSON with a line for each field, so that whoever wants one away deletes its line. */
function inLines({ time, fields }: ReturnType<typeof draftOf>): string {
  const lines = Object.entries(fields).map(
    ([path, field]) => `    ${JSON.stringify(path)}: ${inOneLine(field)}`
  )
  const begin = time === undefined ? [] : [`  "time": ${JSON.stringify(time)},`]
  return ['{', ...begin, '  "fields": {', lines.join(',\n'), '  }', '}'].join('\n')
}

function inOneLine(field: unknown): string {
  if (typeof field !== 'object' || field === null) return JSON.stringify(field)
  const members = Object.entries(field).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`
  )
  return `{ ${members.join(', ')} }`
}

function readMessage(file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file === '-' ? standardInput : file)
  } catch (cause) {
    throw new WrongUse(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause
    })
  }
  if (bytes.length > 10 * payloadBytesMax)
    throw new WrongUse(`${file} is not a message: it has ${bytes.length} bytes.`)
  return bytes.toString('utf8')
}

export function explainedText(explained: Explained): string {
  const { messages, recognised, assumed, ignored, refused, readings, looksLike } = explained
  const of = (message: number): string => (messages > 1 ? `${message}: ` : '')
  const others = looksLike.filter((name) => name !== explained.dialect)
  const chapters: [title: string, lines: string[]][] = [
    [
      'Recognised',
      recognised.map(({ message, field, sent, unit, quantity, value }) => {
        const reading = readings.find((one) => one.message === message && one.quantity === quantity)
        const doubt =
          reading && reading.reasons.length > 0 ? `  (${reading.flag}: ${reading.reasons.join(', ')})` : ''
        return `${of(message)}${field} ${String(sent)} ${unit} → ${quantity} ${value} ${reading?.unit ?? unit}${doubt}`
      })
    ],
    ['Assumed', assumed.map(({ message, what }) => of(message) + what)],
    ['Ignored', ignored.map(({ message, field, why }) => `${of(message)}${field}: ${why}`)],
    ['Refused or doubted', refused.map(({ message, code, text }) => `${of(message)}${code}  ${text}`)]
  ]
  const lines = chapters.flatMap(([title, some]) =>
    some.length === 0 ? [] : [`${title}:`, ...[...new Set(some)].map((line) => `  ${line}`)]
  )
  const asWhat = `Read as ${explained.dialect}${others.length > 0 ? `; it looks like ${others.join(' or ')}` : ''}.`
  const nothing = readings.length === 0 ? ['Nothing would be stored.'] : []
  if (readings.length === 0 && looksLike.length === 0)
    nothing.push('No family fits: --draft-map begins a map of its fields, see docs/devices/other.md')
  return [asWhat, ...lines, ...nothing].join('\n')
}
