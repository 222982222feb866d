/** A cookie that stands is seen without the thread of signing in; whatever else one shows is for the thread to judge. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Accounts, SignedIn } from '../../accounts/accounts.ts'
import { sessionRenewS } from '../../accounts/limits.ts'
import { openAccounts } from '../../accounts/open.ts'
import { StandingSessions } from '../../accounts/standing-sessions.ts'
import { sessionKeepMs } from '../../model/limits.ts'
import { minuteMs, secondMs, systemClock, type UnixMs } from '../../model/time.ts'

const visit = { address: '192.0.2.1', userAgent: 'a phone' }
const password = 'kettle bicycle lantern'

let folder: string
let accounts: Accounts
let db: DatabaseSync
let standing: StandingSessions
let anna: SignedIn
let madeAt: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamppost-standing-'))
  const file = join(folder, 'accounts.sqlite')
  const secretFile = join(folder, 'accounts.secret')
  accounts = openAccounts({ file, secretFile, hubName: 'Lanternfield', clock: systemClock })
  const { code } = accounts.invite({ personId: 'p-anna', role: 'host', by: { kind: 'operator' } })
  anna = await accounts.accept(code, { userName: 'anna', password }, visit)
  madeAt = anna.expiresAt - sessionKeepMs
  db = new DatabaseSync(file)
  standing = new StandingSessions(db, readFileSync(secretFile, 'utf8').trim())
})

afterAll(async () => {
  db.close()
  await accounts.close()
  rmSync(folder, { recursive: true })
})

it('is the session that was signed here, until it is to be renewed', () => {
  const { accountId, sessionId } = anna.viewer
  const { cookie, expiresAt } = anna
  const renewAt = madeAt + sessionRenewS * secondMs
  const at = (moment: number) => standing.of(cookie, moment as UnixMs)
  expect(at(madeAt)).toEqual({ accountId, sessionId, cookie, expiresAt })
  expect(at(renewAt - 1)).toEqual({ accountId, sessionId, cookie, expiresAt })
  // From here on its thread makes it last longer, or ends it.
  expect([renewAt, expiresAt - 1, expiresAt, expiresAt + minuteMs].map(at)).toEqual(Array(4).fill(undefined))
})

it('is nothing else that somebody shows', () => {
  const [token, signature] = decodeURIComponent(anna.cookie).split('.') as [string, string]
  const shown = [
    '',
    '.',
    '%',
    '%ZZ.%ZZ',
    token,
    `.${signature}`,
    `${token}.`,
    `${token}.AAAA`,
    `${token}x.${signature}`,
    `x${token}.${signature}`,
    `${token}.${signature}.`,
    `${token}.${signature.toLowerCase()}`,
    `${token}.${'A'.repeat(signature.length)}`
  ]
  for (const cookie of shown) expect(standing.of(cookie, madeAt as UnixMs), cookie).toBeUndefined()
  const ofAnotherHub = new StandingSessions(db, 'f'.repeat(64))
  expect(ofAnotherHub.of(anna.cookie, madeAt as UnixMs)).toBeUndefined()
})

it('is none any more once it ended, also for who asks all the time', async () => {
  const laptop = await accounts.signIn({ userName: 'anna', password }, visit)
  expect(standing.of(laptop.cookie, madeAt as UnixMs)?.sessionId).toBe(laptop.viewer.sessionId)
  await accounts.signOut(laptop.viewer)
  expect(standing.of(laptop.cookie, madeAt as UnixMs)).toBeUndefined()
  expect(standing.of(anna.cookie, madeAt as UnixMs)).toBeDefined()
  await accounts.removeAccount('p-anna', { kind: 'operator' })
  expect(standing.of(anna.cookie, madeAt as UnixMs)).toBeUndefined()
})
