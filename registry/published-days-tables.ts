/** Step 6 of the registry: the ledger of published days, whose triggers refuse every change but a withdrawal. */

export const publishedDaysTables = `
  CREATE TABLE publishedDays (
    streetId    TEXT NOT NULL REFERENCES streets (streetId),
    -- The civil day as people say it; it stays when the zone changes.
    date        TEXT NOT NULL,
    quantity    TEXT NOT NULL,
    "from"      INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    value       REAL NOT NULL,
    -- How many it is made of, and never which; 0 where an earlier version's rules made it.
    homes       INTEGER NOT NULL CHECK (homes % 5 = 0),
    -- JSON {"time": […], "value": […]}; NULL for a day without hours.
    hours       TEXT,
    publishedAt INTEGER NOT NULL,
    PRIMARY KEY (streetId, date, quantity),
    CHECK ("from" < until),
    CHECK (hours IS NULL OR homes >= 10)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE withdrawnDays (
    streetId    TEXT NOT NULL REFERENCES streets (streetId),
    date        TEXT NOT NULL,
    withdrawnAt INTEGER NOT NULL,
    PRIMARY KEY (streetId, date)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER publishedDaysNeverChange BEFORE UPDATE ON publishedDays
  BEGIN SELECT RAISE(ABORT, 'a published day never changes'); END;
  CREATE TRIGGER publishedDaysStay BEFORE DELETE ON publishedDays
  WHEN NOT EXISTS (SELECT 1 FROM withdrawnDays AS w WHERE w.streetId = OLD.streetId AND w.date = OLD.date)
  BEGIN SELECT RAISE(ABORT, 'a published day stays unless it is withdrawn'); END;
  CREATE TRIGGER publishedDaysOnce BEFORE INSERT ON publishedDays
  WHEN EXISTS (SELECT 1 FROM withdrawnDays AS w WHERE w.streetId = NEW.streetId AND w.date = NEW.date)
    OR EXISTS (SELECT 1 FROM publishedDays AS p
      WHERE p.streetId = NEW.streetId AND p.date = NEW.date AND p.quantity = NEW.quantity)
  BEGIN SELECT RAISE(ABORT, 'a day comes out once'); END;
  CREATE TRIGGER withdrawnDaysStay BEFORE DELETE ON withdrawnDays
  BEGIN SELECT RAISE(ABORT, 'a withdrawn day stays withdrawn'); END;

  -- One row: how far the days are decided.
  CREATE TABLE publishing (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    lastDate    TEXT,
    lastFrom    INTEGER,
    lastUntil   INTEGER,
    notBefore   INTEGER,
    isTakenOver INTEGER NOT NULL CHECK (isTakenOver IN (0, 1))
  ) STRICT;
  -- A folder that measured before has days which its public saw.
  INSERT INTO publishing (one, isTakenOver) SELECT 1, NOT EXISTS (SELECT 1 FROM devices);
`
