/** Step 14 of the registry: where exactly sites are, and how their sensors are mounted. */
export const sitePlacesTable = `
  CREATE TABLE sitePlaces (
    siteId    TEXT PRIMARY KEY,
    precision TEXT NOT NULL CHECK (precision IN ('street', 'cell', 'exact')),
    -- The middle of the cell, or the exact place; of an indoor site never.
    longitude REAL,
    latitude  REAL,
    heightM   REAL,
    facing    TEXT,
    mount     TEXT,
    CHECK ((precision = 'street') = (longitude IS NULL)),
    CHECK ((longitude IS NULL) = (latitude IS NULL))
  ) STRICT;`
