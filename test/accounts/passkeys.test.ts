/** Passkeys, answered by an authenticator that does what no browser would: another's question, another's key, twice, elsewhere. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Accounts, RelyingParty, SignedIn, Visit } from '../../accounts/accounts.ts'
import { openAccountsFile } from '../../accounts/database.ts'
import { openAccounts } from '../../accounts/open.ts'
import { Passkeys } from '../../accounts/passkeys.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import { Authenticator } from '../support/authenticator.ts'

const origin = 'https://hub.street.example'
const party: RelyingParty = { id: 'hub.street.example', origin, name: 'Testing Town' }
const good = 'kettle bicycle lantern'
const visit: Visit = { address: '192.0.2.1', userAgent: 'a phone' }
const operator = { kind: 'operator' } as const

let folder: string
let accounts: Accounts
const start = Date.parse('2026-11-29T12:00:00Z') as UnixMs
let anna: SignedIn
let eve: SignedIn

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamppost-passkeys-'))
  accounts = openAccounts({
    file: join(folder, 'accounts.sqlite'),
    secretFile: join(folder, 'accounts.secret'),
    hubName: 'Testing Town',
    clock: { now: () => start }
  })
  anna = await joined('anna')
  eve = await joined('eve')
})
afterAll(async () => {
  await accounts.close()
  rmSync(folder, { recursive: true })
})

function joined(userName: string): Promise<SignedIn> {
  const { code } = accounts.invite({ personId: `p-${userName}`, role: 'host', by: operator })
  return accounts.accept(code, { userName, password: good }, visit)
}

const challengeOf = ({ options }: { options: unknown }): string =>
  (options as { challenge: string }).challenge

async function made(who: SignedIn, key: Authenticator): Promise<string> {
  const asked = await accounts.offerPasskey(who.viewer, party)
  const answer = { name: 'phone', response: key.create(challengeOf(asked)) }
  return (await accounts.addPasskey(who.viewer, asked.challengeId, answer, party)).passkeyId
}

async function signedIn(key: Authenticator, at = party): Promise<SignedIn> {
  const asked = await accounts.askPasskey(at)
  return accounts.signInByPasskey(asked.challengeId, key.get(challengeOf(asked)), at, visit)
}

describe('a passkey', () => {
  it('signs in whose it is', async () => {
    const key = new Authenticator(origin)
    await made(anna, key)
    expect((await signedIn(key)).viewer.personId).toBe('p-anna')
    expect((await signedIn(key)).viewer.personId).toBe('p-anna')
  })

  it('answers each question once, and no question of another kind or of somebody else', async () => {
    const key = new Authenticator(origin)
    await made(anna, key)
    const asked = await accounts.askPasskey(party)
    const answer = key.get(challengeOf(asked))
    await accounts.signInByPasskey(asked.challengeId, answer, party, visit)
    const again = accounts.signInByPasskey(asked.challengeId, answer, party, visit)
    await expect(again).rejects.toMatchObject({ code: 'passkeyRefused' })

    const annas = await accounts.offerPasskey(anna.viewer, party)
    const eves = new Authenticator(origin)
    const taken = accounts.addPasskey(
      eve.viewer,
      annas.challengeId,
      { name: 'x', response: eves.create(challengeOf(annas)) },
      party
    )
    await expect(taken).rejects.toMatchObject({ code: 'passkeyRefused' })
    const forNew = await accounts.offerPasskey(anna.viewer, party)
    const asSignIn = accounts.signInByPasskey(forNew.challengeId, key.get(challengeOf(forNew)), party, visit)
    await expect(asSignIn).rejects.toMatchObject({ code: 'passkeyRefused' })
  })

  it('is asked for anew after a while, also by a clock that was set back meanwhile', async () => {
    const db = openAccountsFile(join(folder, 'late.sqlite'))
    for (const laterMs of [6 * minuteMs, -minuteMs]) {
      let now = start
      const passkeys = new Passkeys(db, { now: () => now })
      const asked = await passkeys.ask(party)
      now = (now + laterMs) as UnixMs
      const answer = new Authenticator(origin).get(challengeOf(asked))
      await expect(passkeys.signIn(asked.challengeId, answer, party)).rejects.toThrow('too long')
    }
    db.close()
  })

  it('of another page, or for another name of the hub, is refused', async () => {
    const elsewhere = new Authenticator('https://hub.street.example.evil.example')
    await expect(made(anna, elsewhere)).rejects.toMatchObject({ code: 'passkeyRefused' })
    const key = new Authenticator(origin)
    await made(anna, key)
    const other = { ...party, id: 'other.example', origin: 'https://other.example' }
    await expect(signedIn(key, other)).rejects.toMatchObject({ code: 'passkeyRefused' })
  })

  it('cannot be taken over by naming its id again', async () => {
    const annas = new Authenticator(origin)
    await made(anna, annas)
    const eves = new Authenticator(origin)
    eves.id = annas.id
    await expect(made(eve, eves)).rejects.toMatchObject({ code: 'passkeyRefused' })
    await expect(signedIn(eves)).rejects.toMatchObject({ code: 'passkeyRefused' })
    expect((await signedIn(annas)).viewer.personId).toBe('p-anna')
  })

  it('is refused as an answer of any other form', async () => {
    for (const response of [null, 'x', 7, {}, { id: {} }, { id: 'a', response: null }, [[[]]]]) {
      const asked = await accounts.askPasskey(party)
      const tried = accounts.signInByPasskey(asked.challengeId, response, party, {
        ...visit,
        address: '192.0.2.9'
      })
      await expect(tried, JSON.stringify(response)).rejects.toMatchObject({ code: 'passkeyRefused' })
      const offered = await accounts.offerPasskey(eve.viewer, party)
      const added = accounts.addPasskey(eve.viewer, offered.challengeId, { name: 'x', response }, party)
      await expect(added, JSON.stringify(response)).rejects.toMatchObject({ code: 'passkeyRefused' })
    }
  })

  it('is gone after a recovery: whoever needs one may have lost the device', async () => {
    const ben = await joined('ben')
    const key = new Authenticator(origin)
    await made(ben, key)
    const { code } = accounts.invite({
      personId: 'p-ben',
      role: 'host',
      purpose: 'recover',
      by: operator
    })
    await accounts.accept(code, { password: 'another kettle bicycle' }, visit)
    expect(await accounts.passkeys(ben.viewer.accountId)).toEqual([])
    await expect(signedIn(key)).rejects.toMatchObject({ code: 'passkeyRefused' })
  })
})
