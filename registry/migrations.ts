/** The registry's tables, as numbered steps. A step that was released is never changed: new ones go to the end. */
import { clockMomentsTable } from './clock-moments-table.ts'
import { calibrationTables } from './calibration-tables.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import { alertTables, pushSessions, pushTables } from './alert-tables.ts'
import type { RandomBytes } from './ids.ts'
import { deskTables } from './desk-tables.ts'
import { diaryTables } from './diary-tables.ts'
import { sitePlacesTable } from './site-places-table.ts'
import { publishedDaysTables } from './published-days-tables.ts'
import { givePlacesToPersons, peopleTables } from './people-migration.ts'

export interface Migration {
  version: number
  what: string
  sql: string
  /** What SQL cannot do, after `sql` and in the same transaction. */
  then?(db: DatabaseSync, world: { now: UnixMs; randomBytes: RandomBytes }): void
}

/** Times are UTC milliseconds. STRICT, so that a wrong type is an error and not a surprise years later. */
const firstTables = `
  CREATE TABLE streets (
    streetId    TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    -- The name without regard to case and ß/ss: two streets of a hub never share it.
    nameKey     TEXT NOT NULL UNIQUE,
    -- JSON: an array of lines, each an array of [longitude, latitude].
    lines       TEXT NOT NULL,
    attribution TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sites (
    siteId        TEXT PRIMARY KEY,
    streetId      TEXT NOT NULL REFERENCES streets (streetId),
    name          TEXT NOT NULL,
    placement     TEXT NOT NULL CHECK (placement IN ('outdoor', 'indoor')),
    homeId        TEXT NOT NULL,
    streetConsent INTEGER NOT NULL CHECK (streetConsent IN (0, 1)),
    CHECK ((placement = 'indoor') = (homeId <> ''))
  ) STRICT;
  CREATE INDEX sitesOfStreet ON sites (streetId);

  CREATE TABLE devices (
    deviceId          TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    dialect           TEXT NOT NULL,
    intervalS         REAL CHECK (intervalS >= 1 AND intervalS <= 86400),
    intervalSource    TEXT CHECK (intervalSource IN ('given', 'dialect', 'learnt')),
    createdAt         INTEGER NOT NULL,
    removedAt         INTEGER,
    -- Kinds of problems that made room for newer ones.
    problemsForgotten INTEGER NOT NULL DEFAULT 0,
    CHECK ((intervalS IS NULL) = (intervalSource IS NULL))
  ) STRICT;

  -- SHA-256 of a password; a device may have two while one replaces the other.
  CREATE TABLE secrets (
    deviceId  TEXT NOT NULL REFERENCES devices (deviceId),
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (deviceId, hash)
  ) STRICT;

  CREATE TABLE deployments (
    deploymentId INTEGER PRIMARY KEY,
    deviceId     TEXT NOT NULL REFERENCES devices (deviceId),
    siteId       TEXT NOT NULL REFERENCES sites (siteId),
    "from"       INTEGER,
    until        INTEGER,
    CHECK ("from" IS NULL OR until IS NULL OR "from" < until)
  ) STRICT;
  CREATE INDEX deploymentsOfDevice ON deployments (deviceId);
  CREATE TRIGGER deploymentsInsertedApart BEFORE INSERT ON deployments
  WHEN EXISTS (
    SELECT 1 FROM deployments AS other
    WHERE other.deviceId = NEW.deviceId
      AND (other."from" IS NULL OR NEW.until IS NULL OR other."from" < NEW.until)
      AND (NEW."from" IS NULL OR other.until IS NULL OR NEW."from" < other.until)
  ) BEGIN SELECT RAISE(ABORT, 'a device hangs at one site at a time'); END;
  CREATE TRIGGER deploymentsUpdatedApart BEFORE UPDATE ON deployments
  WHEN EXISTS (
    SELECT 1 FROM deployments AS other
    WHERE other.deviceId = NEW.deviceId AND other.deploymentId <> NEW.deploymentId
      AND (other."from" IS NULL OR NEW.until IS NULL OR other."from" < NEW.until)
      AND (NEW."from" IS NULL OR other.until IS NULL OR NEW."from" < other.until)
  ) BEGIN SELECT RAISE(ABORT, 'a device hangs at one site at a time'); END;

  CREATE TABLE problems (
    deviceId TEXT NOT NULL REFERENCES devices (deviceId),
    code     TEXT NOT NULL,
    -- '' where the problem is of the whole message.
    field    TEXT NOT NULL,
    message  TEXT NOT NULL,
    -- JSON of the value last seen; NULL where there was none.
    value    TEXT,
    count    INTEGER NOT NULL,
    firstAt  INTEGER NOT NULL,
    lastAt   INTEGER NOT NULL,
    PRIMARY KEY (deviceId, code, field)
  ) STRICT;

  CREATE TABLE imports (
    importId   INTEGER PRIMARY KEY,
    deviceId   TEXT NOT NULL REFERENCES devices (deviceId),
    files      TEXT NOT NULL,
    format     TEXT NOT NULL,
    startedAt  INTEGER NOT NULL,
    finishedAt INTEGER,
    undoneAt   INTEGER,
    rowsDone   TEXT NOT NULL,
    taken      INTEGER NOT NULL,
    repeated   INTEGER NOT NULL,
    flagged    INTEGER NOT NULL,
    refused    INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
`

export const migrations: readonly Migration[] = [
  {
    version: 1,
    what: 'streets, sites, devices, secrets, deployments, problems, imports, settings',
    sql: firstTables
  },
  {
    version: 2,
    what: 'passwords that end: the old one of a device, while its new one is on the way to it',
    sql: `-- Exclusive; NULL for the one that stands.
      ALTER TABLE secrets ADD COLUMN until INTEGER;`
  },
  {
    version: 3,
    what: 'what sensors a box holds, and corrections with a version and a period',
    sql: `-- Families, with commas; '' while nobody said.
      ALTER TABLE devices ADD COLUMN sensors TEXT NOT NULL DEFAULT '';
      -- Rows are never altered but for their state: of one correction the highest version stands, unless it was removed.
      CREATE TABLE corrections (
        correctionId   TEXT NOT NULL,
        version        INTEGER NOT NULL,
        deviceId       TEXT NOT NULL REFERENCES devices (deviceId),
        -- Only while the device hangs there; NULL wherever it hangs.
        siteId         TEXT,
        quantity       TEXT NOT NULL,
        formula        TEXT NOT NULL,
        formulaVersion INTEGER NOT NULL,
        -- JSON: what the place brings to the formula.
        coefficients   TEXT NOT NULL,
        sensor         TEXT NOT NULL,
        signal         TEXT NOT NULL,
        "from"         INTEGER,
        until          INTEGER,
        state          TEXT NOT NULL CHECK (state IN ('holds', 'superseded', 'removed')),
        at             INTEGER NOT NULL,
        -- Where it comes from, in words; '' where nobody said.
        origin         TEXT NOT NULL,
        PRIMARY KEY (correctionId, version),
        CHECK ("from" IS NULL OR until IS NULL OR "from" < until)
      ) STRICT;`
  },
  {
    version: 4,
    what: 'persons, homes, whose each site is, consents as records, and whether the folder is a demo',
    sql: peopleTables,
    then: givePlacesToPersons
  },
  {
    version: 5,
    what: 'gateways, the boxes behind them, tokens of boxes that push, and boxes without a secret',
    sql: `-- A gateway has a secret and problems like any device, and no place.
      ALTER TABLE devices ADD COLUMN kind TEXT NOT NULL DEFAULT 'box' CHECK (kind IN ('box', 'gateway'));
      -- What it sends may be anybody's, since its firmware can hold no secret.
      ALTER TABLE devices ADD COLUMN unauthenticated INTEGER NOT NULL DEFAULT 0 CHECK (unauthenticated IN (0, 1));
      CREATE TABLE things (
        dialect   TEXT NOT NULL,
        -- The gateway behind which the address is a name; '' where it is one everywhere.
        scope     TEXT NOT NULL,
        address   TEXT NOT NULL,
        -- '' where nobody said one.
        name      TEXT NOT NULL,
        deviceId  TEXT NOT NULL REFERENCES devices (deviceId),
        claimedAt INTEGER NOT NULL,
        PRIMARY KEY (dialect, scope, address)
      ) STRICT;
      CREATE INDEX thingsOfDevice ON things (deviceId);
      -- SHA-256 of a token; a device may have two while one replaces the other.
      CREATE TABLE tokens (
        hash      BLOB PRIMARY KEY CHECK (length(hash) = 32),
        deviceId  TEXT NOT NULL REFERENCES devices (deviceId),
        createdAt INTEGER NOT NULL,
        -- Exclusive; NULL for the one that stands.
        until     INTEGER
      ) STRICT;
      CREATE INDEX tokensOfDevice ON tokens (deviceId);`
  },
  {
    version: 6,
    what: 'the ledger of published days',
    sql: publishedDaysTables
  },
  {
    version: 7,
    what: 'erasures that are not done everywhere yet, and stays of devices whose readings were erased',
    sql: `CREATE TABLE erasures (
        erasureId INTEGER PRIMARY KEY AUTOINCREMENT,
        beganAt   INTEGER NOT NULL,
        -- JSON of what is erased; '' once that is done everywhere, so that nothing here says whose it was.
        ids       TEXT NOT NULL
      ) STRICT;
      -- Readings of these times are dropped when they come again. NULL reaches without limit.
      CREATE TABLE erasedStays (
        deviceId TEXT NOT NULL REFERENCES devices (deviceId),
        "from"   INTEGER,
        until    INTEGER
      ) STRICT;
      CREATE INDEX erasedStaysOfDevice ON erasedStays (deviceId);`
  },
  {
    version: 8,
    what: 'streets that were merged into another',
    sql: `-- Such a street is listed no more and has no sites; its id keeps the days that came out under it.
      ALTER TABLE streets ADD COLUMN mergedInto TEXT REFERENCES streets (streetId);`
  },
  {
    version: 9,
    what: 'boxes whose readings go on to another network',
    sql: `CREATE TABLE forwardings (
        deviceId TEXT PRIMARY KEY REFERENCES devices (deviceId),
        node     TEXT NOT NULL,
        "by"     TEXT NOT NULL,
        since    INTEGER NOT NULL
      ) STRICT;`
  },
  {
    version: 10,
    what: 'diaries, and measured corners',
    sql: diaryTables
  },
  {
    version: 11,
    what: 'calibrations: boxes beside a reference',
    sql: calibrationTables
  },
  {
    version: 12,
    what: 'alerts, and dated rules of reports',
    sql: alertTables
  },
  {
    version: 13,
    what: 'maps of fields, for boxes that no family fits',
    sql: 'ALTER TABLE devices ADD COLUMN map TEXT;'
  },
  {
    version: 14,
    what: 'where exactly sites are, as far as their hosts tell it, and how their sensors are mounted',
    sql: sitePlacesTable
  },
  {
    version: 15,
    what: 'notes on streets, and requests to host a sensor',
    sql: deskTables
  },
  {
    version: 16,
    what: 'reference stations',
    sql: 'ALTER TABLE devices ADD COLUMN reference INTEGER NOT NULL DEFAULT 0 CHECK (reference IN (0, 1));'
  },
  {
    version: 17,
    what: 'browsers that alerts go to',
    sql: pushTables
  },
  {
    version: 18,
    what: 'sessions of browsers that alerts go to',
    sql: pushSessions
  },
  {
    version: 19,
    what: 'in which cell of some ten kilometres the rows of an import were measured',
    sql: "ALTER TABLE imports ADD COLUMN places TEXT NOT NULL DEFAULT '{}';"
  },
  {
    version: 20,
    what: "moments that were taken from the hub's clock",
    sql: clockMomentsTable
  },
  {
    version: 21,
    what: 'since when messages with problems told something',
    // NULL: nobody knows.
    sql: 'ALTER TABLE problems ADD COLUMN aboutFrom INTEGER;'
  }
]
