/**
 * Step 4 of the registry: persons and homes. Before it a home was a word that sites shared, and consent a yes or no. Each
 * home becomes one person, each outdoor site one; a yes becomes a record from this moment on.
 */
import type { DatabaseSync } from 'node:sqlite'
import { unknownWording } from '../model/consent.ts'
import { homesBeforeSetting, sitesBeforeSetting } from '../model/taken-over.ts'
import { dayMs, type UnixMs } from '../model/time.ts'
import { newId, type RandomBytes } from './ids.ts'

export const peopleTables = `
  CREATE TABLE persons (
    personId   TEXT PRIMARY KEY,
    -- '' until somebody names them.
    name       TEXT NOT NULL,
    createdAt  INTEGER NOT NULL,
    keepMonths INTEGER CHECK (keepMonths >= 1),
    keepSetAt  INTEGER,
    CHECK ((keepMonths IS NULL) = (keepSetAt IS NULL))
  ) STRICT;

  CREATE TABLE homes (
    homeId    TEXT PRIMARY KEY,
    personId  TEXT NOT NULL REFERENCES persons (personId),
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX homesOfPerson ON homes (personId);

  -- Whose a site was from when until when; NULL reaches without limit.
  CREATE TABLE hostings (
    siteId   TEXT NOT NULL REFERENCES sites (siteId),
    personId TEXT NOT NULL REFERENCES persons (personId),
    "from"   INTEGER,
    until    INTEGER,
    CHECK ("from" IS NULL OR until IS NULL OR "from" < until)
  ) STRICT;
  CREATE INDEX hostingsOfSite ON hostings (siteId);
  CREATE INDEX hostingsOfPerson ON hostings (personId);

  CREATE TABLE consents (
    consentId  INTEGER PRIMARY KEY AUTOINCREMENT,
    homeId     TEXT NOT NULL REFERENCES homes (homeId),
    personId   TEXT NOT NULL REFERENCES persons (personId),
    purpose    TEXT NOT NULL CHECK (purpose IN ('street', 'page', 'research')),
    -- Name of the words that they were shown.
    wording    TEXT NOT NULL,
    "from"     INTEGER NOT NULL,
    until      INTEGER,
    recordedAt INTEGER NOT NULL,
    recordedBy TEXT NOT NULL,
    endedBy    TEXT,
    CHECK (until IS NULL OR "from" <= until),
    CHECK ((until IS NULL) = (endedBy IS NULL))
  ) STRICT;
  CREATE INDEX consentsOfPerson ON consents (personId);
  CREATE UNIQUE INDEX oneStandingConsent ON consents (homeId, purpose) WHERE until IS NULL;

  -- One row, written when the folder is made: a demo's consents begin with its story, and nobody else's may.
  CREATE TABLE folder (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    kind   TEXT NOT NULL CHECK (kind IN ('hub', 'demo')),
    madeAt INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER folderNeverChanges BEFORE UPDATE ON folder
  BEGIN SELECT RAISE(ABORT, 'what a folder was made as never changes'); END;
  CREATE TRIGGER folderStays BEFORE DELETE ON folder
  BEGIN SELECT RAISE(ABORT, 'what a folder was made as never changes'); END;
`

interface World {
  now: UnixMs
  randomBytes: RandomBytes
}

export function givePlacesToPersons(db: DatabaseSync, world: World): void {
  // An older file was a demo if it remembers its story; a new one gets its kind from whoever makes it (database.ts).
  const story = storyOf(db)
  if (story !== undefined) noteKind(db, 'demo', world.now)
  const consentFrom = story ?? world.now

  const persons = personMaker(db, world)
  const insertHosting = db.prepare(
    'INSERT INTO hostings (siteId, personId, "from", until) VALUES (?, ?, NULL, NULL)'
  )
  for (const row of db.prepare("SELECT DISTINCT homeId FROM sites WHERE homeId <> ''").all()) {
    const homeId = String(row.homeId)
    const personId = persons()
    db.prepare('INSERT INTO homes (homeId, personId, createdAt) VALUES (?, ?, ?)').run(
      homeId,
      personId,
      world.now
    )
    const rooms = db.prepare('SELECT siteId, streetConsent FROM sites WHERE homeId = ?').all(homeId)
    for (const room of rooms) insertHosting.run(String(room.siteId), personId)
    // Of one home all sites changed together; where they differ, nobody can say that the home agreed.
    if (rooms.every((room) => room.streetConsent === 1))
      recordTakenOver(db, { homeId, personId, from: consentFrom, now: world.now })
  }
  for (const row of db.prepare("SELECT siteId FROM sites WHERE placement = 'outdoor'").all())
    insertHosting.run(String(row.siteId), persons())
  noteHomesBefore(db)
  noteSitesBefore(db)
  db.exec('ALTER TABLE sites DROP COLUMN streetConsent')
}

/** How many homes of each street counted by the rule of before: any of a home's sensors could say yes for it. */
function noteHomesBefore(db: DatabaseSync): void {
  const counts = db
    .prepare(
      `SELECT streetId, count(DISTINCT homeId) AS homes FROM sites
       WHERE placement = 'indoor' AND homeId <> '' AND streetConsent = 1 GROUP BY streetId`
    )
    .all()
  if (counts.length === 0) return
  const byStreet = Object.fromEntries(counts.map(({ streetId, homes }) => [String(streetId), Number(homes)]))
  db.prepare('INSERT INTO settings (name, value) VALUES (?, ?)').run(
    homesBeforeSetting,
    JSON.stringify(byStreet)
  )
}

function noteSitesBefore(db: DatabaseSync): void {
  const rows = db.prepare("SELECT siteId FROM sites WHERE placement = 'indoor' AND streetConsent = 1").all()
  if (rows.length === 0) return
  db.prepare('INSERT INTO settings (name, value) VALUES (?, ?)').run(
    sitesBeforeSetting,
    JSON.stringify(rows.map(({ siteId }) => siteId))
  )
}

export function noteKind(db: DatabaseSync, kind: 'hub' | 'demo', now: UnixMs): void {
  db.prepare('INSERT INTO folder (one, kind, madeAt) VALUES (1, ?, ?)').run(kind, now)
}

function personMaker(db: DatabaseSync, { now, randomBytes }: World): () => string {
  const taken = new Set<string>()
  const insert = db.prepare("INSERT INTO persons (personId, name, createdAt) VALUES (?, '', ?)")
  return () => {
    const personId = newId('p', randomBytes, (id) => taken.has(id))
    taken.add(personId)
    insert.run(personId, now)
    return personId
  }
}

interface TakenOver {
  homeId: string
  personId: string
  from: UnixMs
  now: UnixMs
}

function recordTakenOver(db: DatabaseSync, { homeId, personId, from, now }: TakenOver): void {
  db.prepare(
    `INSERT INTO consents (homeId, personId, purpose, wording, "from", recordedAt, recordedBy)
     VALUES (?, ?, 'street', ?, ?, ?, '')`
  ).run(homeId, personId, unknownWording, from, now)
}

/** When the story of a demo begins, as its state says (cli/demo.ts); undefined where the folder is no demo. */
function storyOf(db: DatabaseSync): UnixMs | undefined {
  const row = db.prepare("SELECT value FROM settings WHERE name = 'demo'").get()
  if (!row) return undefined
  const { toldAt, days } = JSON.parse(String(row.value)) as { toldAt: number; days: number }
  return (toldAt - days * dayMs) as UnixMs
}
