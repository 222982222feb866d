/** The command line of the simulator, read strictly: what is not understood is refused with one line. */
import { parseArgs } from 'node:util'
import type { BoxCredentials } from './connection.ts'
import { sitesMax } from './limits.ts'
import { isScenario, scenarioDescriptions, scenarioNames, type ScenarioName } from './scenario.ts'

export interface Command {
  /** undefined: as many as there are credentials. */
  sensors: number | undefined
  seed: number
  speed: number
  scenario: ScenarioName
  url: string
  intervalS: number
  /** A file, `-` for standard input, undefined when none were given. */
  credentialsFile: string | undefined
}

/** Wrong use; the message says what to do. */
export class WrongUse extends Error {
  readonly code = 'wrongUse'
}

export const help = `Plays a neighbourhood of sensors that publish to a hub over MQTT.

  node firmware-sim/main.ts --credentials FILE [flags]

  --credentials FILE  what "lamppost device add --json" printed, once for each sensor; - reads standard input
  --url URL           where the hub listens (mqtt://localhost:1883)
  --sensors N         how many sensors (as many as there are credentials)
  --scenario NAME     what happens (ordinary):
${scenarioNames.map((name) => `                        ${name.padEnd(10)} ${scenarioDescriptions[name]}`).join('\n')}
  --interval SECONDS  simulated seconds between two readings of a sensor (60)
  --speed X           how many times faster than the world the neighbourhood lives (1)
  --seed N            same seed, same values (1)
  --help              this text

Stop it with Ctrl+C: the sensors say goodbye.`

export const howToMakeCredentials = `No credentials were given. The hub makes them, one for each sensor:

  npx lamppost street add "Ashley Road"
  for i in 1 2 3; do npx lamppost device add --street "Ashley Road" --outdoor --interval 60 --json; done > sensors.json

Then: node firmware-sim/main.ts --credentials sensors.json`

const flags = {
  sensors: { type: 'string' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string', default: '1' },
  scenario: { type: 'string', default: 'ordinary' },
  url: { type: 'string', default: 'mqtt://localhost:1883' },
  interval: { type: 'string', default: '60' },
  credentials: { type: 'string' },
  help: { type: 'boolean', default: false }
} as const

const urlProtocols = ['mqtt:', 'mqtts:', 'ws:', 'wss:']

/** 'help' when that was asked for. Throws WrongUse. */
export function readCommand(args: readonly string[]): Command | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  if (!isScenario(values.scenario))
    throw new WrongUse(`There is no scenario "${values.scenario}". Take one of: ${scenarioNames.join(', ')}.`)
  if (!URL.canParse(values.url) || !urlProtocols.includes(new URL(values.url).protocol))
    throw new WrongUse(`--url ${values.url} is no MQTT address. Give one like mqtt://localhost:1883.`)
  return {
    sensors:
      values.sensors === undefined
        ? undefined
        : number('--sensors', values.sensors, { min: 1, max: sitesMax, isWhole: true }),
    seed: number('--seed', values.seed, { min: 0, max: 2 ** 31 - 1, isWhole: true }),
    speed: number('--speed', values.speed, { min: 0.01, max: 100_000 }),
    scenario: values.scenario,
    url: values.url,
    intervalS: number('--interval', values.interval, { min: 1, max: 86_400 }),
    credentialsFile: values.credentials
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split(/[.\n]/)[0] : String(cause)
    throw new WrongUse(`${reason}. Run it with --help to see what there is.`, { cause })
  }
}

function number(
  flag: string,
  text: string,
  { min, max, isWhole = false }: { min: number; max: number; isWhole?: boolean }
): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!(value >= min && value <= max) || (isWhole && !Number.isInteger(value)))
    throw new WrongUse(`${flag} ${text} is no ${isWhole ? 'whole ' : ''}number from ${min} to ${max}.`)
  return value
}

/** One array, or the objects of several runs of `device add --json` one after the other. Throws WrongUse. */
export function readCredentials(text: string): BoxCredentials[] {
  const found = parseObjects(text)
  if (found.length === 0) throw new WrongUse(`The credentials are empty. ${howToMakeCredentials}`)
  return found.map((value, i) => {
    const fields = typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map()
    const { deviceId, password } = { deviceId: fields.get('deviceId'), password: fields.get('password') }
    if (typeof deviceId !== 'string' || typeof password !== 'string')
      throw new WrongUse(
        `Credential ${i + 1} has no deviceId and password. Give what "lamppost device add --json" printed.`
      )
    const username: unknown = fields.get('username')
    const topic: unknown = fields.get('topic')
    return {
      deviceId,
      password,
      username: typeof username === 'string' ? username : deviceId,
      topic: typeof topic === 'string' ? topic : `sensors/${deviceId}/readings`
    }
  })
}

function parseObjects(text: string): unknown[] {
  // Objects printed one after the other become an array; commas and brackets inside strings stand on no such seam,
  // as a JSON string holds no line break.
  const joined = text.trim().replace(/([}\]])\s*\n\s*(?=[{[])/g, '$1,\n')
  try {
    const values: unknown = JSON.parse(`[${joined}]`)
    return Array.isArray(values) ? values.flat() : []
  } catch (cause) {
    throw new WrongUse('The credentials are not JSON. Give what "lamppost device add --json" printed.', {
      cause
    })
  }
}
