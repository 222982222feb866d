/** A step of the registry: reports under dated rules, and what people want to be told of and were told. */
export const alertTables = `
  -- Under which dated rules an entry "told the landlord" stands: the hub reminds of their dates.
  CREATE TABLE reportRules (
    entryId  TEXT PRIMARY KEY,
    personId TEXT NOT NULL REFERENCES persons (personId),
    rules    TEXT NOT NULL
  ) STRICT;

  -- JSON of what a person wants to be told, where, and when not.
  CREATE TABLE alertSettings (
    personId TEXT PRIMARY KEY REFERENCES persons (personId),
    settings TEXT NOT NULL
  ) STRICT;

  -- Alerts to be sent, and those that were: on disk before anybody is told, so that a crash loses none and repeats none.
  CREATE TABLE alerts (
    alertId   TEXT PRIMARY KEY,
    personId  TEXT NOT NULL REFERENCES persons (personId),
    -- What it is about; one a day on each channel.
    cause     TEXT NOT NULL,
    -- "mail", "ntfy", or "push b-k7q2m4xa": each browser is a channel of its own.
    channel   TEXT NOT NULL,
    day       TEXT NOT NULL,
    address   TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    -- Of the link that stops this cause.
    stopHash  BLOB NOT NULL CHECK (length(stopHash) = 32),
    createdAt INTEGER NOT NULL,
    attempts  INTEGER NOT NULL,
    nextAt    INTEGER NOT NULL,
    -- NULL while it waits.
    endedAt   INTEGER,
    -- Why it was not sent; '' while it waits and when it was.
    fault     TEXT NOT NULL,
    UNIQUE (personId, cause, channel, day)
  ) STRICT;
  CREATE INDEX alertsWaiting ON alerts (nextAt) WHERE endedAt IS NULL;
  CREATE INDEX alertsByStop ON alerts (stopHash);`

/** A later step: browsers that alerts go to, and the key that the hub signs with. */
export const pushTables = `
  CREATE TABLE pushBrowsers (
    browserId TEXT PRIMARY KEY,
    personId  TEXT NOT NULL REFERENCES persons (personId),
    -- One browser is one person's: who signed in last has it.
    endpoint  TEXT NOT NULL UNIQUE,
    p256dh    TEXT NOT NULL,
    auth      TEXT NOT NULL,
    userAgent TEXT NOT NULL,
    since     INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX pushBrowsersOfPerson ON pushBrowsers (personId);

  -- Browsers take messages signed with the key that they were given and no other: it comes back with a backup.
  CREATE TABLE pushKey (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    privateKey TEXT NOT NULL
  ) STRICT;`

/** Messages end with the session in which they were asked for: a phone that was lost is told nothing any more. */
export const pushSessions = `
  ALTER TABLE pushBrowsers ADD COLUMN accountId TEXT NOT NULL DEFAULT '';
  ALTER TABLE pushBrowsers ADD COLUMN sessionId TEXT NOT NULL DEFAULT '';`
