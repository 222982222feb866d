/** Step 20 of the registry: moments that were taken from the hub's clock. */

export const clockMomentsTable = `
  CREATE TABLE clockMoments (
    at INTEGER PRIMARY KEY
  ) STRICT;`
