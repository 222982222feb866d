/** Who may import whom: the table of ARCHITECTURE.md, as test/tidy.test.ts holds it against the code, type imports included. */

export interface Row {
  /** Files of ours, or whole folders (with a slash at the end), that may be imported; files of the same room always. */
  ours: readonly string[]
  /** Packages that may be imported; a star stands for the rest of the name. */
  theirs: readonly string[]
  /** May Node's own modules be used? What must also run in a browser may not. */
  node: boolean
}

/** What others may read of a room; what it hides behind that, they may not. */
const promises = {
  accounts: ['accounts/accounts.ts'],
  broker: ['broker/broker.ts'],
  ingest: ['ingest/ingest.ts'],
  journal: ['journal/journal.ts'],
  registry: ['registry/registry.ts', 'registry/promise/'],
  store: ['store/promise/']
} as const satisfies Record<string, readonly string[]>

/**
 * By folder or file; the row with the longest name is the one that holds for a file. Files that open rooms and join them
 * (composition roots: main.ts, hub/rooms.ts, the entries of threads and processes) have rows of their own.
 */
export const house: Record<string, Row> = {
  'model/': { ours: [], theirs: ['typebox'], node: false },
  'science/': { ours: ['model/'], theirs: [], node: false },
  'registry/': { ours: ['model/', 'sqlite.ts', 'opened-file.ts'], theirs: ['node:sqlite'], node: true },
  'accounts/': {
    ours: ['model/', 'opened-file.ts', 'thread.ts'],
    theirs: ['node:sqlite', 'better-auth', 'better-auth/*', '@simplewebauthn/server', '@zxcvbn-ts/*'],
    node: true
  },
  'broker/': { ours: ['model/'], theirs: ['aedes', 'ws'], node: true },
  'journal/': {
    ours: ['model/', 'sqlite.ts', 'opened-file.ts', 'thread.ts'],
    theirs: ['node:sqlite'],
    node: true
  },
  'ingest/': {
    ours: [
      'model/',
      'science/',
      ...promises.journal,
      'journal/unplaced-count.ts',
      ...promises.store,
      ...promises.registry
    ],
    theirs: ['csv-parse', 'typebox'],
    node: true
  },
  'store/': {
    ours: ['model/', 'science/', 'sqlite.ts', 'opened-file.ts'],
    // What InfluxDB cannot keep in the same commit as a reading is in an SQLite file beside the journal.
    theirs: ['@duckdb/node-api', '@duckdb/node-bindings', '@influxdata/influxdb-client', 'node:sqlite'],
    node: true
  },
  'contract/': { ours: ['model/'], theirs: ['typebox'], node: false },
  'figures/': {
    ours: ['model/', 'science/', 'contract/', ...promises.store, ...promises.registry],
    theirs: [],
    node: false
  },
  'documents/': {
    // How a query is read and refused is one for figures and files.
    ours: [
      'model/',
      'science/',
      'contract/',
      'figures/parameters.ts',
      'figures/places.ts',
      'figures/refusal.ts',
      ...promises.accounts,
      ...promises.registry,
      ...promises.store
    ],
    theirs: ['apache-arrow', 'hyparquet-writer'],
    node: true
  },
  'api/': {
    ours: [
      'model/',
      'science/',
      'contract/',
      'figures/',
      'documents/',
      ...promises.accounts,
      ...promises.registry,
      ...promises.store
    ],
    theirs: ['fastify', '@fastify/*', 'typebox'],
    node: true
  },
  // It runs in the browser, in the hub and in the command, so it has no part of any of them.
  'words/': { ours: ['model/', 'science/', 'contract/'], theirs: [], node: false },
  'dashboard/': {
    ours: ['model/', 'science/', 'words/', 'contract/'],
    theirs: ['svelte', 'uplot', 'qr', '@fontsource/*', 'vite', '@sveltejs/vite-plugin-svelte', 'typebox'],
    node: false
  },
  'firmware-sim/': { ours: ['model/time.ts', 'model/quantity.ts'], theirs: ['mqtt'], node: true },
  'sqlite.ts': { ours: [], theirs: [], node: false },
  'opened-file.ts': { ours: [], theirs: [], node: true },
  'thread.ts': { ours: [], theirs: [], node: true },
  'settings.ts': { ours: ['model/'], theirs: [], node: true },
  'config.ts': { ours: ['model/', 'settings.ts'], theirs: [], node: true },

  'hub/': {
    ours: [
      'model/',
      'sqlite.ts',
      'opened-file.ts',
      ...promises.broker,
      'broker/presence.ts',
      ...promises.journal,
      ...promises.registry,
      ...promises.store,
      'store/open.ts',
      'contract/',
      'figures/live-feed.ts',
      'figures/homes/come-out.ts',
      'figures/homes/earlier-days.ts',
      'figures/now/street-figures.ts'
    ],
    // The lock of the data folder is an SQLite transaction.
    theirs: ['node:sqlite'],
    node: true
  },
  // Opens registry, journal and pipeline on one data folder, for the hub and for a command that works alone.
  // The thread in which files are made of what the pipeline's thread reads, and the receipts of them.
  'hub/exports/': {
    ours: ['model/', 'thread.ts', 'documents/', ...promises.store],
    theirs: ['node:sqlite'],
    node: true
  },
  // What hosts do with their own sensors and what is theirs: one code for commands and for the pages.
  'hub/hosting/': {
    ours: [
      'model/',
      'contract/',
      'documents/',
      'figures/own/',
      'ingest/decode.ts',
      ...promises.registry,
      ...promises.store,
      'operate/backup/known-backups.ts'
    ],
    theirs: [],
    node: true
  },
  'hub/certificates.ts': { ours: ['broker/tls.ts'], theirs: [], node: true },
  'hub/rooms.ts': {
    ours: [
      'model/',
      'accounts/open.ts',
      ...promises.accounts,
      'broker/presence.ts',
      'journal/',
      'registry/open.ts',
      ...promises.registry,
      'store/open.ts'
    ],
    theirs: [],
    node: true
  },
  // One thread in which ingest, journal and store are joined; its entry is worker.ts.
  'hub/pipeline/': {
    ours: [
      'model/',
      'thread.ts',
      'ingest/',
      ...promises.journal,
      'journal/reader.ts',
      'journal/unplaced-count.ts',
      ...promises.journal,
      ...promises.registry,
      ...promises.store,
      'store/open.ts',
      'store/turns.ts',
      'operate/backup/copies.ts'
    ],
    theirs: [],
    node: true
  },
  'operate/': {
    ours: [
      'model/',
      'config.ts',
      'thread.ts',
      'accounts/migrations.ts',
      'figures/homes/earlier-days.ts',
      'hub/control/command.ts',
      'hub/data-folder.ts',
      'hub/erasing/erasure-list.ts',
      'hub/pipeline/pipeline.ts',
      'hub/short-of-consents.ts',
      'hub/unfinished.ts',
      'hub/store-choice.ts',
      'hub/version.ts',
      'journal/schema.ts',
      'journal/verify.ts',
      'registry/migrations.ts',
      'registry/open.ts',
      ...promises.registry,
      'store/duckdb/open.ts',
      'store/duckdb/look.ts',
      'store/duckdb/file/schema.ts',
      'store/influx/check.ts',
      'store/influx/misfit.ts',
      'store/influx/open.ts',
      'store/memory.ts',
      'store/open.ts',
      'store/read-out.ts',
      ...promises.store
    ],
    // Backups copy SQLite files, and the doctor checks them.
    theirs: ['node:sqlite'],
    node: true
  },
  'cli/': {
    ours: [
      ...promises.accounts,
      'model/',
      'science/',
      'config.ts',
      'contract/',
      'documents/',
      'figures/',
      'words/',
      'broker/presence.ts',
      'firmware-sim/',
      'hub/addresses.ts',
      'hub/control/',
      'hub/data-folder.ts',
      'hub/unfinished.ts',
      'hub/erasing/erase.ts',
      'hub/hosting/',
      'hub/moving.ts',
      'hub/retention.ts',
      'hub/rooms.ts',
      'hub/version.ts',
      'ingest/',
      'journal/unplaced-count.ts',
      'operate/',
      'registry/',
      ...promises.store,
      'main.ts'
    ],
    theirs: ['pino', 'vite'],
    node: true
  },
  'main.ts': {
    ours: [
      'config.ts',
      'api/api.ts',
      'api/doors/client.ts',
      'api/doors/names.ts',
      'api/https.ts',
      'broker/broker.ts',
      'figures/now/street-figures.ts',
      'broker/start.ts',
      'broker/tls.ts',
      'hub/',
      'ingest/explain.ts',
      'ingest/family-door.ts',
      'ingest/mistaken-boxes.ts',
      'ingest/push-door.ts',
      'operate/backup/back-up.ts',
      'operate/backup/schedule.ts'
    ],
    theirs: [],
    node: true
  }
}

/** The name of the row that holds for a file; undefined where it belongs nowhere. */
export function rowNameOf(file: string): string | undefined {
  const covers = (name: string): boolean => (name.endsWith('/') ? file.startsWith(name) : file === name)
  return Object.keys(house)
    .filter(covers)
    .toSorted((a, b) => b.length - a.length)[0]
}

export function allowsOurs(file: string, target: string): boolean {
  if (roomOf(target) === roomOf(file)) return true
  return rowOf(file).ours.some((entry) => (entry.endsWith('/') ? target.startsWith(entry) : target === entry))
}

export function allowsTheirs(file: string, specifier: string): boolean {
  const { theirs, node } = rowOf(file)
  const guarded = specifier === 'node:sqlite'
  if (specifier.startsWith('node:') && !guarded) return node
  return theirs.some((entry) =>
    entry.endsWith('*')
      ? specifier.startsWith(entry.slice(0, -1))
      : specifier === entry || specifier.startsWith(`${entry}/`)
  )
}

function roomOf(file: string): string {
  const slash = file.indexOf('/')
  return slash === -1 ? file : file.slice(0, slash + 1)
}

const nothing: Row = { ours: [], theirs: [], node: false }

function rowOf(file: string): Row {
  return house[rowNameOf(file) ?? ''] ?? nothing
}
