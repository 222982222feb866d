/** Refusing a sign-in is the same work whoever is named, so that its time does not tell who has an account. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashPassword as scryptOfBefore } from 'better-auth/crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Accounts } from '../../accounts/accounts.ts'
import { openAccounts } from '../../accounts/open.ts'
import { HashThreads } from '../../accounts/hash-threads.ts'
import { verifyPassword } from '../../accounts/password-hash.ts'
import { SignInThread } from '../../accounts/sign-in-thread.ts'
import type { UnixMs } from '../../model/time.ts'

const operator = { kind: 'operator' } as const
const password = 'kettle bicycle lantern'
const { derive } = new HashThreads(1)
const visit = { address: '192.0.2.1', userAgent: '' }

let folder: string
let file: string
let accounts: Accounts
let thread: SignInThread
/** Of each hash that was checked, its kind. */
let checked: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamppost-alike-'))
  file = join(folder, 'accounts.sqlite')
  const clock = { now: () => Date.parse('2026-11-29T12:00:00Z') as UnixMs }
  accounts = openAccounts({ file, secretFile: join(folder, 'secret'), hubName: 'x', clock })
  for (const userName of ['anna', 'ben', 'cleo', 'dora']) {
    const { code } = accounts.invite({ personId: `p-${userName}`, role: 'host', by: operator })
    await accounts.accept(code, { userName, password }, visit)
  }
  checked = []
  thread = new SignInThread({ file, secret: 'x'.repeat(32), hubName: 'x' }, (asked) => {
    checked.push(asked.hash.startsWith('$') ? asked.hash.split('$').slice(1, 4).join(' ') : 'scrypt')
    return verifyPassword(derive, asked)
  })
})

afterEach(async () => {
  thread.close()
  await accounts.close()
  rmSync(folder, { recursive: true })
})

const today = 'argon2id v=19 m=19456,t=2,p=1'

async function workOf(userName: string, typed: string): Promise<{ work: string[]; isIn: boolean }> {
  checked = []
  const session = await thread.signIn(userName, typed, visit)
  return { work: checked, isIn: session !== undefined }
}

/** As people who only have a passkey, or whom an earlier version let in, stand in the file. */
async function change(userName: string, hash: string | null): Promise<void> {
  const db = new DatabaseSync(file)
  db.prepare('UPDATE account SET password = ? WHERE userId = (SELECT id FROM user WHERE username = ?)').run(
    hash,
    userName
  )
  db.close()
}

it('with a wrong password, an unknown name, an invitation, no password and a removed account', async () => {
  await change('cleo', null)
  await accounts.removeAccount('p-dora', operator)
  accounts.invite({ personId: 'p-emil', role: 'host', by: operator })
  for (const name of ['anna', 'ben', 'nobody', 'emil', 'cleo', 'dora', 'x', 'y'.repeat(60)])
    expect(await workOf(name, 'another password'), name).toEqual({ work: [today], isIn: false })
  for (const name of ['cleo', 'dora', 'nobody'])
    expect(await workOf(name, password), name).toEqual({ work: [today], isIn: false })
  expect(await workOf('anna', password)).toEqual({ work: [today], isIn: true })
})

it('also while somebody has a password that an earlier version hashed', async () => {
  await change('ben', await scryptOfBefore(password))
  const work = [today, 'scrypt']
  for (const name of ['anna', 'ben', 'nobody'])
    expect(await workOf(name, 'another password'), name).toEqual({ work, isIn: false })
  expect(await workOf('ben', password)).toEqual({ work, isIn: true })
  // It was hashed anew while it was at hand.
  expect(await workOf('nobody', password)).toEqual({ work: [today], isIn: false })
})
