/**
 * Who may import whom. test/tidy.test.ts holds the code against it, type imports included, and the table in ARCHITECTURE.md is
 * written from it (house-table.ts).
 */

export interface Row {
  /** Files of ours, or whole folders (with a slash at the end), that may be imported; files of the same room always. */
  ours: readonly string[]
  /** Packages that may be imported; a star stands for the rest of the name. */
  theirs: readonly string[]
  /** May Node's own modules be used? What must also run in a browser may not. */
  node: boolean
}

/** What others may read of a room; what it hides behind that, they may not. */
export const promises = {
  accounts: ['accounts/accounts.ts'],
  broker: ['broker/broker.ts'],
  ingest: ['ingest/ingest.ts'],
  journal: ['journal/journal.ts'],
  registry: ['registry/registry.ts', 'registry/promise/'],
  store: ['store/promise/']
} as const satisfies Record<string, readonly string[]>

/** What keepers of files share. */
const files = ['sqlite.ts', 'opened-file.ts', 'synced.ts'] as const

/**
 * By folder or file; the row with the longest name is the one that holds for a file. Files that open rooms and join them
 * (composition roots: main.ts, hub/rooms.ts, the entries of threads and processes) have rows of their own.
 */
export const house: Record<string, Row> = {
  'model/': { ours: [], theirs: ['typebox'], node: false },
  'science/': { ours: ['model/'], theirs: [], node: false },
  'registry/': { ours: ['model/', ...files], theirs: ['node:sqlite'], node: true },
  'accounts/': {
    ours: ['model/', 'opened-file.ts', 'synced.ts', 'thread.ts'],
    theirs: ['node:sqlite', 'better-auth', 'better-auth/*', '@simplewebauthn/server', '@zxcvbn-ts/*'],
    node: true
  },
  'broker/': { ours: ['model/'], theirs: ['aedes', 'ws'], node: true },
  'journal/': { ours: ['model/', ...files, 'thread.ts'], theirs: ['node:sqlite'], node: true },
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
    ours: ['model/', 'science/', ...files],
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
      ...promises.store,
      // What people read in a document is said where everything is said.
      'words/'
    ],
    theirs: ['apache-arrow', 'hyparquet-writer', 'pdfkit', '@resvg/resvg-js'],
    node: true
  },
  // Reads what the public may see, and knows nothing of HTTP.
  'sensorthings/': {
    ours: [
      'model/',
      'science/correction.ts',
      'words/sensorthings.ts',
      'figures/corrections.ts',
      'figures/shown.ts',
      ...promises.registry,
      ...promises.store
    ],
    theirs: [],
    node: false
  },
  'api/': {
    ours: [
      'model/',
      'sensorthings/',
      'science/',
      'contract/',
      'figures/',
      'words/',
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
  'synced.ts': { ours: [], theirs: ['node:sqlite'], node: true },
  'thread.ts': { ours: [], theirs: [], node: true },
  'recurring.ts': { ours: [], theirs: [], node: true },
  'settings.ts': { ours: ['model/'], theirs: [], node: true },
  'config.ts': { ours: ['model/', 'settings.ts'], theirs: [], node: true },

  'hub/': {
    ours: [
      'model/',
      'recurring.ts',
      ...files,
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
      'figures/now/street-figures.ts',
      'sensorthings/service.ts',
      'sensorthings/answer/messages.ts'
    ],
    // The lock of the data folder is an SQLite transaction.
    theirs: ['node:sqlite'],
    node: true
  },
  'hub/exports/': {
    ours: [
      'model/',
      'thread.ts',
      'synced.ts',
      'documents/',
      'figures/period/export-corrections.ts',
      'figures/refusal.ts',
      ...promises.store
    ],
    theirs: ['node:sqlite'],
    node: true
  },
  'hub/datasets/': {
    ours: [
      'model/',
      'synced.ts',
      'documents/',
      'figures/period/export-corrections.ts',
      'hub/exports/thread.ts',
      'hub/version.ts',
      ...promises.registry,
      ...promises.store
    ],
    theirs: [],
    node: true
  },
  'hub/hosting/': {
    ours: [
      'model/',
      'contract/',
      'documents/',
      'figures/own/',
      'ingest/decode.ts',
      'ingest/field-map.ts',
      ...promises.accounts,
      ...promises.registry,
      ...promises.store,
      'operate/backup/known-backups.ts'
    ],
    theirs: [],
    node: true
  },
  'hub/photos/': { ours: ['model/'], theirs: ['sharp'], node: true },
  'hub/opening/': {
    ours: [
      'config.ts',
      'api/doors/client.ts',
      'api/doors/names.ts',
      'broker/broker.ts',
      'broker/start.ts',
      'broker/tls.ts',
      'figures/now/street-figures.ts',
      'ingest/family-door.ts',
      'ingest/mistaken-boxes.ts',
      'ingest/push-door.ts',
      'operate/backup/back-up.ts',
      'operate/backup/schedule.ts',
      'sensorthings/service.ts'
    ],
    theirs: [],
    node: true
  },
  'hub/desk/': {
    ours: [
      'model/',
      'science/',
      'contract/',
      'figures/',
      'ingest/decode.ts',
      ...promises.accounts,
      ...promises.registry,
      'registry/geojson.ts',
      ...promises.store,
      'operate/backup/known-backups.ts',
      'operate/upgrade-note.ts'
    ],
    theirs: [],
    node: true
  },
  'hub/alerts/': {
    ours: [
      'model/',
      'science/',
      'contract/',
      'words/',
      'recurring.ts',
      'figures/',
      'hub/records/letters.ts',
      ...promises.accounts,
      ...promises.registry,
      ...promises.store
    ],
    theirs: ['nodemailer'],
    node: true
  },
  'hub/records/': {
    ours: [
      'model/',
      'science/',
      'contract/',
      'documents/',
      'words/',
      'thread.ts',
      'figures/own/',
      ...promises.registry,
      ...promises.store
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
      'registry/photos.ts',
      ...promises.registry,
      'store/open.ts'
    ],
    theirs: [],
    node: true
  },
  'hub/pipeline/': {
    ours: [
      'model/',
      'thread.ts',
      'recurring.ts',
      'ingest/',
      ...promises.journal,
      'journal/reader.ts',
      'journal/unplaced-count.ts',
      ...promises.registry,
      ...promises.store,
      'store/changes/noting.ts',
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
      'synced.ts',
      'thread.ts',
      'recurring.ts',
      'accounts/migrations.ts',
      'figures/homes/earlier-days.ts',
      'hub/control/command.ts',
      'hub/data-folder.ts',
      'hub/erasing/',
      'hub/pipeline/pipeline.ts',
      'hub/short-of-consents.ts',
      'hub/unfinished.ts',
      'hub/store-choice.ts',
      'hub/version.ts',
      'journal/schema.ts',
      'journal/verify.ts',
      'registry/migrations.ts',
      'registry/open.ts',
      'registry/photos.ts',
      ...promises.registry,
      'store/duckdb/open.ts',
      'store/duckdb/look.ts',
      'store/duckdb/file/format.ts',
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
      'hub/erasing/',
      'hub/desk/',
      'hub/hosting/',
      'hub/moving.ts',
      'hub/records/',
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
      'api/https.ts',
      'broker/broker.ts',
      'figures/now/street-figures.ts',
      'broker/tls.ts',
      'hub/',
      'ingest/explain.ts',
      'operate/backup/back-up.ts',
      'operate/backup/schedule.ts',
      'sensorthings/service.ts'
    ],
    theirs: [],
    node: true
  }
}
