/** The tables of signing in are those that better-auth wants, column by column. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { username } from 'better-auth/plugins/username'
import { getMigrations } from 'better-auth/db/migration'
import { expect, it } from 'vitest'
import { openAccountsFile } from '../../accounts/database.ts'

it('needs no migration of better-auth', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-accounts-'))
  const db = openAccountsFile(join(folder, 'accounts.sqlite'))
  const { toBeCreated, toBeAdded } = await getMigrations({ database: db, plugins: [username()] })
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] })
  db.close()
  rmSync(folder, { recursive: true })
})

it('refuses a file of another program, and one of a newer version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-accounts-'))
  const file = join(folder, 'accounts.sqlite')
  const foreign = new DatabaseSync(file)
  foreign.exec('CREATE TABLE t (x); PRAGMA user_version = 3')
  foreign.close()
  expect(() => openAccountsFile(file)).toThrow(/another program/)
  rmSync(file)
  openAccountsFile(file).close()
  const newer = new DatabaseSync(file)
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  expect(() => openAccountsFile(file)).toThrow(/newer version/)
  rmSync(folder, { recursive: true })
})
