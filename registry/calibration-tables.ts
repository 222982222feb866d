/** The tables of calibrations, for the migration that makes them. */
export const calibrationTables = `CREATE TABLE calibrations (
    calibrationId   TEXT PRIMARY KEY,
    quantity        TEXT NOT NULL,
    referenceSiteId TEXT NOT NULL REFERENCES sites (siteId),
    "from"          INTEGER NOT NULL,
    -- Exclusive; NULL while it runs.
    until           INTEGER,
    state           TEXT NOT NULL CHECK (state IN ('running', 'finished', 'signedOff', 'cancelled')),
    -- '' until then, and when that person was erased.
    signedOffBy     TEXT NOT NULL,
    expiresAt       INTEGER
  ) STRICT;
  CREATE TABLE calibrationBoxes (
    calibrationId TEXT NOT NULL REFERENCES calibrations (calibrationId),
    deviceId      TEXT NOT NULL REFERENCES devices (deviceId),
    correctionId  TEXT,
    PRIMARY KEY (calibrationId, deviceId)
  ) STRICT;`
