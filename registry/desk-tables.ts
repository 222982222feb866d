/** The tables of notes on streets and of requests to host a sensor, for the migration that makes them. */
export const deskTables = `CREATE TABLE annotations (
    annotationId TEXT PRIMARY KEY,
    streetId     TEXT NOT NULL REFERENCES streets (streetId),
    "from"       INTEGER NOT NULL,
    -- Exclusive; NULL while it goes on.
    until        INTEGER,
    text         TEXT NOT NULL
  ) STRICT;
  CREATE TABLE hostRequests (
    requestId TEXT PRIMARY KEY,
    at        INTEGER NOT NULL,
    name      TEXT NOT NULL,
    -- How to write to them: they agreed to be written to.
    contact   TEXT NOT NULL,
    street    TEXT NOT NULL,
    message   TEXT NOT NULL
  ) STRICT;`
