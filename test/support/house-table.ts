/** The table of the house as ARCHITECTURE.md shows it (.ci/house-table.ts writes it): who may import whom, of ours and of others. */
import assert from 'node:assert/strict'
import { house, promises, type Row } from './house.ts'

/** What rows are of which the list at the top of ARCHITECTURE.md does not say it. */
const about: Record<string, string> = {
  'sqlite.ts': "what SQLite's result codes mean to us",
  'opened-file.ts': 'whether an open file still has its name',
  'synced.ts': 'files and names that a power cut leaves',
  'thread.ts': 'how threads talk: calls, streams, events',
  'recurring.ts': 'work that comes again and again, never twice at once',
  'settings.ts': 'every setting, with its default',
  'config.ts': 'the only reader of the environment',
  'hub/exports/': 'the thread that makes files, those made in the background, and all receipts',
  'hub/datasets/': 'snapshots of what everybody may know: made, kept, withdrawn',
  'hub/hosting/': 'what hosts do with what is theirs, for commands and pages',
  'hub/photos/': 'pictures that people send, made anew in a process that ends with each',
  'hub/opening/': "steps of a hub's start, which main.ts takes",
  'hub/desk/': 'what stewards see and do on the web, and maps of streets for the command too',
  'hub/alerts/': 'what people are told without looking at a page, kept until a server has taken it',
  'hub/records/': 'damp records of a person, and the thread that prints them',
  'hub/certificates.ts': 'certificates that are renewed while the hub runs',
  'hub/rooms.ts':
    'opens registry, accounts, journal and pipeline on one data folder, for the hub and for a command that works alone',
  'hub/pipeline/': 'one thread in which ingest, journal and store are joined',
  'main.ts': 'opens the rooms, joins them and closes them'
}

/** Single files that a row may name before it names their rooms alone. */
const namedMax = 3

const promiseFiles = new Set<string>(Object.values(promises).flat())

/** The lines of the table, as they stand in ARCHITECTURE.md. */
export function houseTable(): string[] {
  for (const name of Object.keys(about)) assert(name in house, `${name} is no row of the house`)
  const rows = Object.entries(house).map(
    ([name, row]) => `| ${nameOf(name)} | ${ours(row)} | ${theirs(row)} |`
  )
  return ['| room | of ours | of others |', '|---|---|---|', ...rows]
}

function nameOf(name: string): string {
  return name in about ? `${code(name)}: ${about[name]}` : code(name)
}

function ours({ ours }: Row): string {
  const rooms = ours.filter((entry) => entry.endsWith('/') && !promiseFiles.has(entry))
  const files = ours.filter((entry) => !entry.endsWith('/') && !promiseFiles.has(entry))
  const promised = Object.entries(promises).filter(([, of]) => of.some((entry) => ours.includes(entry)))
  const parts = [
    ...rooms.map(code),
    ...named(files),
    ...(promised.length > 0 ? [`the promises of ${promised.map(([room]) => room).join(', ')}`] : [])
  ]
  return parts.join(', ') || 'nothing'
}

/** A few files by name; of more, whose they are. */
function named(files: readonly string[]): string[] {
  if (files.length <= namedMax) return files.map(code)
  const atTop = files.filter((file) => !file.includes('/'))
  const inside = files.filter((file) => file.includes('/'))
  const rooms = [...new Set(inside.map((file) => `${file.split('/')[0]}/`))].toSorted()
  return [...atTop.map(code), `named files of ${rooms.map(code).join(', ')}`]
}

function theirs({ theirs, node }: Row): string {
  return [...theirs.map(code), ...(node ? [] : ['no Node modules'])].join(', ') || 'Node'
}

function code(name: string): string {
  return `\`${name}\``
}
