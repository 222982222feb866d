/** Accounts on a real file, with the real thread of signing in. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  AccountsRefusal,
  type Accounts,
  type Ended,
  type SignedIn,
  type Visit
} from '../../accounts/accounts.ts'
import { wrongCodes, wrongPasswordsHere } from '../../accounts/limits.ts'
import { openAccounts } from '../../accounts/open.ts'
import { dayMs, type UnixMs } from '../../model/time.ts'

const operator = { kind: 'operator' } as const
const good = 'kettle bicycle lantern'

let folder: string
let accounts: Accounts
let now = Date.parse('2026-11-29T12:00:00Z') as UnixMs
/** Tests share one file and its thread, which takes a while to start; their people and addresses do not meet. */
let test = 0
let home: Visit
let elsewhere: Visit

// Ends with a letter: in a file the number of a row may follow, and look like one more digit.
const id = (name: string): string => `p-${name}${test}x`
const called = (name: string): string => `${name} ${test}`

function open(): Accounts {
  return openAccounts({
    file: join(folder, 'accounts.sqlite'),
    secretFile: join(folder, 'accounts.secret'),
    hubName: 'Lanternfield',
    clock: { now: () => now }
  })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamppost-accounts-'))
  accounts = open()
})

beforeEach(() => {
  test++
  home = { address: `192.0.2.${test}`, userAgent: 'a phone' }
  elsewhere = { address: `198.51.100.${test}`, userAgent: 'a laptop' }
})

afterAll(async () => {
  await accounts.close()
  rmSync(folder, { recursive: true })
})

async function joined(
  personId: string,
  userName: string,
  role: 'host' | 'steward' = 'host'
): Promise<SignedIn> {
  const { code } = accounts.invite({ personId, role, by: operator })
  return accounts.accept(code, { userName, password: good }, home)
}

async function refusal(work: Promise<unknown> | (() => unknown)): Promise<AccountsRefusal> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (cause) {
    if (cause instanceof AccountsRefusal) return cause
    throw cause
  }
  throw new Error('It was not refused.')
}

describe('an invitation', () => {
  it('makes an account that can sign in, and is used up by it', async () => {
    const { code, invitation } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    expect(accounts.openInvitation(code, home)).toEqual(invitation)
    expect(accounts.openInvitation(code.toLowerCase().replaceAll('-', ' '), home)).toEqual(invitation)

    const first = await accounts.accept(code, { userName: called('Anna'), password: good }, home)
    expect(first.viewer).toMatchObject({ personId: id('anna'), userName: called('Anna'), roles: ['host'] })
    expect(accounts.openInvitation(code, home)).toBeUndefined()
    expect(
      (await refusal(accounts.accept(code, { userName: called('Eve'), password: good }, home))).code
    ).toBe('invitationUnknown')

    const again = await accounts.signIn({ userName: called('ANNA'), password: good }, elsewhere)
    expect(again.viewer.accountId).toBe(first.viewer.accountId)
    expect((await accounts.visiting(again.cookie))?.viewer).toEqual(again.viewer)
    expect(await accounts.sessions(first.viewer.accountId)).toMatchObject([
      { address: elsewhere.address, userAgent: 'a laptop' },
      { address: home.address, userAgent: 'a phone' }
    ])
  })

  it('gives one account when two accept it at once', async () => {
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    const tries = await Promise.allSettled([
      accounts.accept(code, { userName: called('anna'), password: good }, home),
      accounts.accept(code, { userName: called('eve'), password: good }, elsewhere)
    ])
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(accounts.accounts().filter(({ personId }) => personId === id('anna'))).toHaveLength(1)
    const loser = called(tries[0]!.status === 'rejected' ? 'anna' : 'eve')
    expect((await refusal(accounts.signIn({ userName: loser, password: good }, home))).code).toBe(
      'wrongCredentials'
    )
  })

  it('runs out, can be taken back, and is replaced by a newer one of its kind', async () => {
    const first = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    const second = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    expect(accounts.openInvitation(first.code, home)).toBeUndefined()
    expect(accounts.openInvitation(second.code, home)).toBeDefined()
    accounts.revokeInvitation(second.invitation.invitationId, operator)
    expect(accounts.openInvitation(second.code, home)).toBeUndefined()
    const third = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    now = (now + 15 * dayMs) as UnixMs
    expect(accounts.openInvitation(third.code, home)).toBeUndefined()
  })

  it('cannot be guessed from one address for long', async () => {
    for (let wrong = 0; wrong < wrongCodes.max; wrong++)
      expect(accounts.openInvitation('0000-0000-0000', home)).toBeUndefined()
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    expect(await refusal(() => accounts.openInvitation(code, home))).toMatchObject({
      code: 'tooManyAttempts',
      retryAfterS: wrongCodes.windowMs / 1000
    })
    expect(accounts.openInvitation(code, elsewhere)).toBeDefined()
    now = (now + wrongCodes.windowMs) as UnixMs
    expect(accounts.openInvitation(code, home)).toBeDefined()
  })

  it('adds a role to the account of the person who is signed in, and of nobody else', async () => {
    const anna = await joined(id('anna'), called('anna'))
    const ben = await joined(id('ben'), called('ben'))
    const { code } = accounts.invite({ personId: id('anna'), role: 'steward', by: operator })
    expect((await refusal(accounts.accept(code, {}, home))).code).toBe('accountExists')
    expect((await refusal(accounts.accept(code, { viewer: ben.viewer }, home))).code).toBe('accountExists')
    const steward = await accounts.accept(code, { viewer: anna.viewer }, home)
    expect(steward.viewer.roles).toEqual(['host', 'steward'])
    expect(steward.viewer.accountId).toBe(anna.viewer.accountId)
    expect(await accounts.visiting(anna.cookie)).toBeUndefined()
  })

  it('of a recovery used by two at once gives one of them a way in, and the other changed nothing', async () => {
    await joined(id('anna'), called('anna'))
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', purpose: 'recover', by: operator })
    const passwords = ['first bicycle lantern', 'second bicycle lantern']
    const tries = await Promise.allSettled(
      passwords.map((password) => accounts.accept(code, { password }, home))
    )
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [won, lost] = tries[0]!.status === 'fulfilled' ? passwords : passwords.toReversed()
    const wrong = accounts.signIn({ userName: called('anna'), password: lost! }, elsewhere)
    expect((await refusal(wrong)).code).toBe('wrongCredentials')
    const { viewer } = await accounts.signIn({ userName: called('anna'), password: won! }, elsewhere)
    expect(await accounts.sessions(viewer.accountId)).toHaveLength(2)
  })

  it('of a recovery gives a new password and ends every session', async () => {
    const anna = await joined(id('anna'), called('anna'))
    const ended: Ended[] = []
    accounts.onEnded((what) => ended.push(what))
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', purpose: 'recover', by: operator })
    const other = 'violin harbour mustard'
    await accounts.accept(code, { password: other }, home)
    expect(ended).toContainEqual({ accountId: anna.viewer.accountId })
    expect(await accounts.visiting(anna.cookie)).toBeUndefined()
    expect((await refusal(accounts.signIn({ userName: called('anna'), password: good }, home))).code).toBe(
      'wrongCredentials'
    )
    expect((await accounts.signIn({ userName: called('anna'), password: other }, home)).viewer.personId).toBe(
      id('anna')
    )
  })
})

describe('a user name and a password', () => {
  it.each([
    ['short', 'Wrench7!'],
    ['a word everybody uses', 'password123'],
    ['a row of the keyboard', 'qwertyuiop'],
    ['the name twice', 'lanternfieldlanternfield'],
    ['one letter', 'aaaaaaaaaaaaaaaa']
  ])('are refused where the password is %s', async (_what, password) => {
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    expect((await refusal(accounts.accept(code, { userName: 'lanternfield', password }, home))).code).toBe(
      'weakPassword'
    )
    expect(accounts.openInvitation(code, home)).toBeDefined()
  })

  it.each(['', 'x', '<script>', 'a\u0000b', 'admin@example.org', 'x'.repeat(41), '   '])(
    'are refused where the name is %j',
    async (userName) => {
      const { code } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
      expect((await refusal(accounts.accept(code, { userName, password: good }, home))).code).toBe(
        'badUserName'
      )
    }
  )

  it.each(['Anna Müller', '王小明', 'محمد', "O'Neill", 'Ελένη'])('may be %s', async (userName) => {
    const { viewer } = await joined(id('anna'), userName)
    expect(viewer.userName).toBe(userName)
    expect((await accounts.signIn({ userName, password: good }, home)).viewer.userName).toBe(userName)
  })

  it('of somebody else are taken, in any spelling', async () => {
    await joined(id('anna'), 'Strauß')
    const { code } = accounts.invite({ personId: id('ben'), role: 'host', by: operator })
    expect((await refusal(accounts.accept(code, { userName: 'STRAUSS', password: good }, home))).code).toBe(
      'userNameTaken'
    )
  })

  it('that are wrong get one answer, and after some tries a time to wait, from there alone', async () => {
    await joined(id('anna'), called('anna'))
    const unknown = await refusal(accounts.signIn({ userName: 'nobody', password: good }, home))
    const wrong = await refusal(accounts.signIn({ userName: called('anna'), password: 'x'.repeat(12) }, home))
    expect(wrong.message).toBe(unknown.message)
    for (let tries = 1; tries < wrongPasswordsHere.max; tries++)
      await refusal(accounts.signIn({ userName: called('anna'), password: 'x'.repeat(12) }, home))
    expect((await refusal(accounts.signIn({ userName: called('anna'), password: good }, home))).code).toBe(
      'tooManyAttempts'
    )
    expect(
      (await accounts.signIn({ userName: called('anna'), password: good }, elsewhere)).viewer.userName
    ).toBe(called('anna'))
    now = (now + wrongPasswordsHere.windowMs) as UnixMs
    expect((await accounts.signIn({ userName: called('anna'), password: good }, home)).viewer.userName).toBe(
      called('anna')
    )
  })

  it('can be changed, which ends the other sessions', async () => {
    const anna = await joined(id('anna'), called('anna'))
    const laptop = await accounts.signIn({ userName: called('anna'), password: good }, elsewhere)
    const next = 'violin harbour mustard'
    expect((await refusal(accounts.changePassword(anna.viewer, { current: 'wrong', next }, home))).code).toBe(
      'wrongCredentials'
    )
    await accounts.changePassword(anna.viewer, { current: good, next }, home)
    expect(await accounts.visiting(laptop.cookie)).toBeUndefined()
    expect(await accounts.visiting(anna.cookie)).toBeDefined()
  })
})

describe('a session', () => {
  it('is only what was signed here', async () => {
    const anna = await joined(id('anna'), called('anna'))
    const token = decodeURIComponent(anna.cookie).split('.')[0]!
    for (const forged of [
      '',
      token,
      `${token}.`,
      `${token}.AAAA`,
      anna.cookie.slice(0, -8),
      `x${anna.cookie}`
    ])
      expect(await accounts.visiting(forged), forged).toBeUndefined()
    expect(await accounts.visiting(anna.cookie)).toBeDefined()
  })

  it('ends when it is signed out, ended, or its account removed, and says so at once', async () => {
    await joined(id('steward'), called('steward'), 'steward')
    const anna = await joined(id('anna'), called('anna'))
    const laptop = await accounts.signIn({ userName: called('anna'), password: good }, elsewhere)
    const ended: Ended[] = []
    accounts.onEnded((what) => ended.push(what))
    await accounts.signOut(laptop.viewer)
    expect(await accounts.visiting(laptop.cookie)).toBeUndefined()
    expect(await accounts.visiting(anna.cookie)).toBeDefined()
    await accounts.removeAccount(id('anna'), operator)
    expect(await accounts.visiting(anna.cookie)).toBeUndefined()
    expect(ended).toEqual([{ sessionId: laptop.viewer.sessionId }, { accountId: anna.viewer.accountId }])
  })

  it('survives a restart, and none survives a copy of the folder without its secret', async () => {
    const anna = await joined(id('anna'), called('anna'))
    await accounts.close()
    accounts = open()
    expect((await accounts.visiting(anna.cookie))?.viewer.personId).toBe(id('anna'))
    await accounts.close()
    const restored = mkdtempSync(join(tmpdir(), 'lamppost-accounts-'))
    copyFileSync(join(folder, 'accounts.sqlite'), join(restored, 'accounts.sqlite'))
    rmSync(folder, { recursive: true })
    folder = restored
    accounts = open()
    expect(await accounts.visiting(anna.cookie)).toBeUndefined()
    expect(await accounts.sessions(anna.viewer.accountId)).toEqual([])
    expect((await accounts.signIn({ userName: called('anna'), password: good }, home)).viewer.personId).toBe(
      id('anna')
    )
  })
})

describe('the stewards', () => {
  it('are never none', async () => {
    await joined(id('anna'), called('anna'), 'steward')
    for (const { personId, roles } of accounts.accounts())
      if (personId !== id('anna') && roles.includes('steward'))
        accounts.setRole(personId, 'steward', false, operator)
    expect((await refusal(accounts.removeAccount(id('anna'), operator))).code).toBe('lastSteward')
    expect((await refusal(() => accounts.setRole(id('anna'), 'steward', false, operator))).code).toBe(
      'lastSteward'
    )
    const ben = await joined(id('ben'), called('ben'), 'steward')
    const ended: Ended[] = []
    accounts.onEnded((what) => ended.push(what))
    expect(accounts.setRole(id('ben'), 'steward', false, operator).roles).toEqual(['host'])
    expect(ended).toEqual([{ accountId: ben.viewer.accountId }])
    expect((await accounts.visiting(ben.cookie))?.viewer.roles).toEqual(['host'])
  })
})

describe('the audit log', () => {
  it('says who did what, and shows each person what concerns them', async () => {
    await joined(id('anna'), called('anna'))
    await joined(id('ben'), called('ben'))
    accounts.note({ by: operator, action: 'export', about: 'street ashley-road' })
    expect(accounts.audit({ personId: id('anna'), limit: 10 }).map(({ action }) => action)).toEqual([
      'signIn',
      'joined',
      'invited'
    ])
    expect(accounts.audit({ limit: 1 })).toMatchObject([
      { by: operator, action: 'export', about: 'street ashley-road' }
    ])
    const text = JSON.stringify(accounts.audit({ limit: 100 }))
    expect(text).not.toContain(good)
  })

  it('forgets a person who is erased', async () => {
    const anna = await joined(id('anna'), called('anna'))
    expect(await accounts.forget(id('anna'))).toBeGreaterThan(0)
    expect(accounts.audit({ personId: id('anna'), limit: 100 })).toEqual([])
    expect(accounts.accountOf(id('anna'))).toBeUndefined()
    expect(await accounts.visiting(anna.cookie)).toBeUndefined()
    const files = ['accounts.sqlite', 'accounts.sqlite-wal'].map((name) => join(folder, name))
    const bytes = Buffer.concat(files.filter((file) => existsSync(file)).map((file) => readFileSync(file)))
    expect([bytes.includes(id('anna')), bytes.includes(called('anna'))]).toEqual([false, false])
  })
})

describe('the files', () => {
  it('hold no password, code or cookie, and are their owner alone', async () => {
    const { code } = accounts.invite({ personId: id('anna'), role: 'host', by: operator })
    const anna = await accounts.accept(code, { userName: called('anna'), password: good }, home)
    await accounts.close()
    const file = join(folder, 'accounts.sqlite')
    const db = new DatabaseSync(file)
    const dump = ['user', 'session', 'account', 'members', 'invitations', 'audit']
      .map((table) => JSON.stringify(db.prepare(`SELECT * FROM "${table}"`).all()))
      .join('\n')
    db.close()
    expect(dump).not.toContain(good)
    expect(dump).not.toContain(code)
    expect(dump).not.toContain(decodeURIComponent(anna.cookie).split('.').slice(1).join('.'))
    for (const name of ['accounts.sqlite', 'accounts.secret'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    accounts = open()
  })
})
