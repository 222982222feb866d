/** Who may import whom: the table of ARCHITECTURE.md, as test/tidy.test.ts holds it against the code. */

export interface Room {
  /** Files (or whole folders, with a slash at the end) of ours that it may import; its own folder always. */
  ours: readonly string[]
  /** Packages that it may import; a star stands for the rest of the name. */
  theirs: readonly string[]
  /** May it use Node's own modules? What must also run in a browser may not. */
  node: boolean
}

const rooms = [
  'model/',
  'science/',
  'registry/',
  'broker/',
  'journal/',
  'ingest/',
  'store/',
  'contract/',
  'api/',
  'firmware-sim/'
]
const joining = ['main.ts', 'config.ts', 'sqlite.ts', 'thread.ts', 'hub/', 'cli/']

export const house: Record<string, Room> = {
  'model/': { ours: [], theirs: ['typebox'], node: false },
  'science/': { ours: ['model/'], theirs: [], node: false },
  'registry/': { ours: ['model/', 'sqlite.ts'], theirs: ['node:sqlite'], node: true },
  'broker/': { ours: ['model/'], theirs: ['aedes', 'ws'], node: true },
  'journal/': { ours: ['model/', 'sqlite.ts', 'thread.ts'], theirs: ['node:sqlite'], node: true },
  'ingest/': {
    ours: ['model/', 'science/', 'journal/journal.ts', 'store/promise/', 'registry/registry.ts'],
    theirs: ['csv-parse', 'typebox'],
    node: true
  },
  'store/': {
    ours: ['model/', 'science/', 'sqlite.ts'],
    // What InfluxDB cannot keep in the same commit as a reading is in an SQLite file beside the journal.
    theirs: ['@duckdb/node-api', '@influxdata/influxdb-client', 'node:sqlite'],
    node: true
  },
  'contract/': { ours: ['model/'], theirs: ['typebox'], node: false },
  'api/': {
    ours: ['model/', 'science/', 'contract/', 'store/promise/', 'registry/registry.ts'],
    theirs: ['fastify', '@fastify/*', 'typebox'],
    node: true
  },
  'dashboard/': {
    ours: ['model/', 'science/', 'contract/'],
    theirs: ['svelte', 'uplot', '@fontsource/*', 'vite', '@sveltejs/vite-plugin-svelte', 'typebox'],
    node: false
  },
  'firmware-sim/': { ours: ['model/time.ts', 'model/quantity.ts'], theirs: ['mqtt'], node: true },
  'sqlite.ts': { ours: [], theirs: [], node: false },
  'thread.ts': { ours: [], theirs: [], node: true },
  'config.ts': { ours: ['model/'], theirs: [], node: true },
  'main.ts': { ours: [...rooms, ...joining], theirs: [], node: true },
  // The lock of the data folder is an SQLite transaction; backups copy SQLite files, and the doctor checks them.
  'hub/': { ours: [...rooms, ...joining], theirs: ['node:sqlite'], node: true },
  'cli/': { ours: [...rooms, ...joining], theirs: ['pino', 'vite'], node: true }
}

/** The row of the table that a file belongs to. */
export function roomOf(file: string): string {
  const slash = file.indexOf('/')
  return slash === -1 ? file : file.slice(0, slash + 1)
}

export function allowsOurs(file: string, target: string): boolean {
  const room = roomOf(file)
  if (roomOf(target) === room) return true
  return (house[room]?.ours ?? []).some((entry) =>
    entry.endsWith('/') ? target.startsWith(entry) : target === entry
  )
}

export function allowsTheirs(file: string, specifier: string): boolean {
  const { theirs = [], node = false } = house[roomOf(file)] ?? {}
  const guarded = specifier === 'node:sqlite'
  if (specifier.startsWith('node:') && !guarded) return node
  return theirs.some((entry) =>
    entry.endsWith('*')
      ? specifier.startsWith(entry.slice(0, -1))
      : specifier === entry || specifier.startsWith(`${entry}/`)
  )
}
