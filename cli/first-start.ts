/** What is asked at the first start on a terminal: the neighbourhood's name and time zone, kept in `.env` for every later command. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { fileNames } from '../hub/data-folder.ts'
import { nameLengthMax } from '../model/limits.ts'
import { isTimeZone } from '../model/time.ts'
import { ask, type Terminal } from './ask.ts'

interface FirstStart {
  terminal: Terminal | undefined
  /** Where the answers are kept. */
  envFile: string
}

/** The settings with the answers in them; as they are where there is nothing to ask, or nobody. */
export async function askAtFirstStart(config: Config, { terminal, envFile }: FirstStart): Promise<Config> {
  const isFirst = !existsSync(join(config.dataDir, fileNames.registry))
  if (!terminal || !isFirst || (config.nameGiven && config.timezoneGiven)) return config
  const answers = new Map<'LAMPPOST_NAME' | 'LAMPPOST_TIMEZONE', string>()
  if (!config.nameGiven) answers.set('LAMPPOST_NAME', await askName(config.name, terminal))
  if (!config.timezoneGiven) answers.set('LAMPPOST_TIMEZONE', await askZone(config.timezone, terminal))
  keep(answers, envFile, terminal)
  return {
    ...config,
    name: answers.get('LAMPPOST_NAME') ?? config.name,
    timezone: answers.get('LAMPPOST_TIMEZONE') ?? config.timezone
  }
}

/** Characters with a meaning of their own in such files, to Docker Compose if not to us. */
const notInEnvFile = /["\\$`\p{Cc}]/u

async function askName(unless: string, terminal: Terminal): Promise<string> {
  for (;;) {
    const question = `What is your neighbourhood called? The name is shown on every page. [${unless}] `
    const name = (await ask(question, terminal)) || unless
    if (name.length > nameLengthMax) terminal.output.write(`At most ${nameLengthMax} characters, please.\n`)
    else if (notInEnvFile.test(name)) terminal.output.write('Please leave out the characters " \\ $ and `.\n')
    else return name
  }
}

async function askZone(unless: string, terminal: Terminal): Promise<string> {
  for (;;) {
    const question = `Which time zone is it in? [${unless}] `
    const zone = (await ask(question, terminal)) || unless
    if (isTimeZone(zone)) return zone
    terminal.output.write(`There is no time zone "${zone}". Examples: Europe/London, America/New_York.\n`)
  }
}

function keep(answers: ReadonlyMap<string, string>, envFile: string, { output }: Terminal): void {
  const lines = [...answers].map(([name, value]) => `${name}=${quoted(value)}\n`).join('')
  try {
    appendFileSync(envFile, (endsInLine(envFile) ? '' : '\n') + lines)
    output.write(`Saved in ${envFile}; you can change it there.\n\n`)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    output.write(
      `${envFile} cannot be written (${why}). Set this in the environment before later starts:\n${lines}\n`
    )
  }
}

function endsInLine(file: string): boolean {
  return !existsSync(file) || /(^|\n)$/.test(readFileSync(file, 'utf8'))
}

function quoted(value: string): string {
  if (/^[\w./+-]+$/.test(value)) return value
  return value.includes("'") ? `"${value}"` : `'${value}'`
}
