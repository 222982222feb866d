/**
 * The tables of accounts.sqlite. The first four are better-auth's, as its version in package.json wants them
 * (test/accounts/migrations.test.ts compares them); the others are ours.
 */

/** As `getMigrations(options).compileMigrations()` of better-auth prints them. */
const signInTables = `
  CREATE TABLE "user" (
    "id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text NOT NULL UNIQUE, "emailVerified" integer NOT NULL,
    "image" text, "createdAt" date NOT NULL, "updatedAt" date NOT NULL, "username" text UNIQUE, "displayUsername" text
  );
  CREATE TABLE "session" (
    "id" text NOT NULL PRIMARY KEY, "expiresAt" date NOT NULL, "token" text NOT NULL UNIQUE, "createdAt" date NOT NULL,
    "updatedAt" date NOT NULL, "ipAddress" text, "userAgent" text,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
  );
  CREATE TABLE "account" (
    "id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE, "accessToken" text, "refreshToken" text,
    "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text,
    "createdAt" date NOT NULL, "updatedAt" date NOT NULL
  );
  CREATE TABLE "verification" (
    "id" text NOT NULL PRIMARY KEY, "identifier" text NOT NULL, "value" text NOT NULL, "expiresAt" date NOT NULL,
    "createdAt" date NOT NULL, "updatedAt" date NOT NULL
  );
  CREATE INDEX "session_userId_idx" ON "session" ("userId");
  CREATE INDEX "account_userId_idx" ON "account" ("userId");
  CREATE INDEX "verification_identifier_idx" ON "verification" ("identifier");
`

const ourTables = `
  -- Whose an account is and what it may do. One of these rows is what makes a user of the tables above anybody at all.
  CREATE TABLE members (
    accountId  TEXT PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
    personId   TEXT NOT NULL UNIQUE,
    userName   TEXT NOT NULL,
    steward    INTEGER NOT NULL CHECK (steward IN (0, 1)),
    researcher INTEGER NOT NULL CHECK (researcher IN (0, 1)),
    createdAt  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE invitations (
    invitationId TEXT PRIMARY KEY,
    codeHash     BLOB NOT NULL UNIQUE CHECK (length(codeHash) = 32),
    purpose      TEXT NOT NULL CHECK (purpose IN ('join', 'recover')),
    role         TEXT NOT NULL CHECK (role IN ('host', 'researcher', 'steward')),
    personId     TEXT NOT NULL,
    createdAt    INTEGER NOT NULL,
    -- JSON: an actor.
    by           TEXT NOT NULL,
    expiresAt    INTEGER NOT NULL,
    usedAt       INTEGER,
    revokedAt    INTEGER
  ) STRICT;
  CREATE INDEX invitationsOfPerson ON invitations (personId);

  CREATE TABLE passkeys (
    -- The credential's id, base64url.
    passkeyId  TEXT PRIMARY KEY,
    accountId  TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    -- The host that it was made for: elsewhere a browser does not offer it.
    party      TEXT NOT NULL,
    name       TEXT NOT NULL,
    publicKey  BLOB NOT NULL,
    counter    INTEGER NOT NULL,
    transports TEXT NOT NULL,
    createdAt  INTEGER NOT NULL,
    usedAt     INTEGER
  ) STRICT;
  CREATE INDEX passkeysOfAccount ON passkeys (accountId);

  CREATE TABLE audit (
    auditId  INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    -- JSON: an actor; byPerson is its person, '' for the operator and the hub.
    by       TEXT NOT NULL,
    byPerson TEXT NOT NULL,
    action   TEXT NOT NULL,
    -- '' where it concerns nobody in particular.
    personId TEXT NOT NULL,
    about    TEXT NOT NULL
  ) STRICT;
  CREATE INDEX auditOfPerson ON audit (personId);
  CREATE INDEX auditByPerson ON audit (byPerson);
`

export interface Migration {
  version: number
  sql: string
}

/** Codes by which a sensor goes to its next host. */
const offerTable = `
  CREATE TABLE sensorOffers (
    codeHash  BLOB PRIMARY KEY CHECK (length(codeHash) = 32),
    deviceId  TEXT NOT NULL UNIQUE,
    -- Who offers it.
    personId  TEXT NOT NULL,
    expiresAt INTEGER NOT NULL
  ) STRICT;
`

export const migrations: readonly Migration[] = [
  { version: 1, sql: signInTables + ourTables },
  { version: 2, sql: offerTable }
]
