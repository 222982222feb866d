/** Step 10 of the registry: diaries, and measured corners. */
export const diaryTables = `
  CREATE TABLE diary (
    entryId    TEXT PRIMARY KEY,
    personId   TEXT NOT NULL REFERENCES persons (personId),
    homeId     TEXT NOT NULL,
    -- The room; NULL where it is about the home.
    siteId     TEXT,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    writtenAt  INTEGER NOT NULL,
    note       TEXT NOT NULL,
    reportedTo TEXT NOT NULL,
    -- Name of its photo; NULL without one.
    photo      TEXT
  ) STRICT;
  CREATE INDEX diaryOfPerson ON diary (personId, at);

  -- A thermometer held to the coldest corner of a room, and the air inside and outside at that time, °C.
  CREATE TABLE corners (
    measurementId TEXT PRIMARY KEY,
    personId      TEXT NOT NULL REFERENCES persons (personId),
    homeId        TEXT NOT NULL,
    siteId        TEXT,
    at            INTEGER NOT NULL,
    surfaceC      REAL NOT NULL,
    insideC       REAL NOT NULL,
    outsideC      REAL NOT NULL
  ) STRICT;
  CREATE INDEX cornersOfPerson ON corners (personId, at);`
