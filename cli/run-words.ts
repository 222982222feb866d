/** The `lamppost` command: reads its words, runs them here or in the hub that runs, and ends with 0 done, 1 failed, 2 wrong use. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { ConfigError, processEnvironment, readConfig, type Config, type Flags } from '../config.ts'
import { DataFolderError } from '../hub/data-folder.ts'
import { withNextStep } from '../hub/control/command.ts'
import { CommandFailure } from '../hub/control/wire.ts'
import { programVersion } from '../hub/version.ts'
import { AccountsRefusal } from '../accounts/accounts.ts'
import { RegistryRefusal } from '../registry/registry.ts'
import { WrongUse, type Command, type CommandInput } from './command.ts'
import { commandOf } from './commands/all.ts'
import { helpAbout, helpText } from './help.ts'
import { printable } from './printable.ts'
import { runOnData } from './run-on-data.ts'

const version = programVersion()

const startOptions = {
  data: { type: 'string' },
  http: { type: 'string' },
  mqtt: { type: 'string' },
  host: { type: 'string' }
} as const satisfies ParseArgsOptionsConfig

const demoOptions = {
  ...startOptions,
  sensors: { type: 'string' },
  days: { type: 'string' },
  seed: { type: 'string' }
} as const satisfies ParseArgsOptionsConfig

/** Refusals that mean "asked in a way that cannot be": the start stopped, or the command changed nothing. */
const wrongUseCodes = new Set([
  'wrongUse',
  'badSetting',
  'inUse',
  'unusable',
  'EADDRINUSE',
  'EACCES',
  'EADDRNOTAVAIL',
  'ENOTFOUND'
])

await main(process.argv.slice(2)).catch((cause: unknown) => {
  const json = process.argv.includes('--json')
  const { code, message } = explain(cause)
  if (json) process.stdout.write(printable(JSON.stringify({ error: { code, message } })) + '\n')
  process.stderr.write(`lamppost: ${printable(message)}\n`)
  const wasRefused =
    cause instanceof RegistryRefusal ||
    cause instanceof AccountsRefusal ||
    (cause instanceof CommandFailure && cause.wasRefused)
  process.exitCode = wrongUseCodes.has(code) || wasRefused ? 2 : 1
})

async function main(args: string[]): Promise<void> {
  const [first = 'help'] = args
  if (first === 'help' || args.includes('--help') || args.includes('-h')) return print(await help(args))
  if (first === 'version' || first === '--version') return print(version + '\n')
  // Loaded only here: a small command need not wait for the web server and the broker.
  if (first === 'start') {
    const values = await parseAlone(first, args, { ...startOptions, 'without-backup': { type: 'boolean' } })
    const config = configOf(values)
    const { start } = await import('./start.ts')
    return start(config, { version, demo: false, withoutBackup: values['without-backup'] === true })
  }
  if (first === 'demo') {
    const values = await parseAlone(first, args, demoOptions)
    const config = configOf({ data: './data-demo', ...values }, 'demo')
    const { demo } = await import('./demo.ts')
    return demo(config, values, version)
  }
  const command = await commandOf(args)
  if (!command) {
    // Of what was typed the words that were meant as a command: options and their values say nothing about it.
    const option = args.findIndex((arg) => arg.startsWith('-'))
    const words = args.slice(0, option === -1 ? args.length : option).join(' ')
    throw new WrongUse(
      words === ''
        ? `A command is missing. ${await seeHelp(first)}`
        : `"${words}" is not a command. ${await seeHelp(first)}`
    )
  }
  await runCommand(command, args.slice(command.words.split(' ').length))
}

async function runCommand(command: Command, rest: string[]): Promise<void> {
  const { values, positionals } = await parse(command.words, rest, {
    ...command.options,
    data: { type: 'string' },
    json: { type: 'boolean' }
  })
  const [min, max] = command.positionals
  if (positionals.length < min || positionals.length > max) {
    throw new WrongUse(`Usage: npx lamppost ${command.usage}`)
  }
  const { data, json, ...own } = values
  const input: CommandInput = { positionals, values: own as CommandInput['values'] }
  const config = configOf(typeof data === 'string' ? { data } : {})
  await runOnData(config, command, (await command.prepare?.(input)) ?? input, json === true)
}

function configOf(values: Partial<Record<string, string | boolean>>, who: 'hub' | 'demo' = 'hub'): Config {
  const flags: Flags = {}
  for (const name of ['data', 'http', 'mqtt', 'host'] as const) {
    const value = values[name]
    if (typeof value === 'string') flags[name] = value
  }
  return readConfig(processEnvironment(who), flags)
}

/** Flags of a command that takes no words. */
async function parseAlone<T extends ParseArgsOptionsConfig>(name: string, args: string[], options: T) {
  const { values, positionals } = await parse(name, args.slice(1), options)
  if (positionals.length > 0) {
    throw new WrongUse(`lamppost ${name} takes only flags, not "${positionals[0]}". ${await seeHelp(name)}`)
  }
  return values
}

/** Of the commands that were named, or of all. */
async function help(args: string[]): Promise<string> {
  const words = args.filter((word) => word !== 'help' && !word.startsWith('-'))
  return (await helpAbout(words)) ?? helpText(version)
}

async function seeHelp(about: string): Promise<string> {
  return `See: npx lamppost help${(await helpAbout(about.split(' '))) ? ` ${about}` : ''}`
}

async function parse<T extends ParseArgsOptionsConfig>(about: string, args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (cause) {
    const text = cause instanceof Error ? cause.message.split('. ')[0]! : String(cause)
    throw new WrongUse(`${text}. ${await seeHelp(about)}`)
  }
}

function explain(cause: unknown): { code: string; message: string } {
  if (cause instanceof WrongUse || cause instanceof ConfigError || cause instanceof DataFolderError)
    return cause
  if (cause instanceof CommandFailure || cause instanceof RegistryRefusal || cause instanceof AccountsRefusal)
    return cause
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
  const where = 'port' in error ? `Port ${String(error.port)}` : 'The port'
  if (code === 'EADDRINUSE') {
    return {
      code,
      message: `${where} is in use by another program. Stop it, or choose another with --http or --mqtt.`
    }
  }
  if (code === 'EACCES' && 'port' in error) {
    return {
      code,
      message: `This user may not open ${where}. Choose a port above 1023 with --http or --mqtt.`
    }
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return { code, message: 'This machine does not have that address. Choose another one with --host.' }
  }
  return { code, message: withNextStep(code, error.message) }
}

function print(text: string): void {
  process.stdout.write(text)
}
