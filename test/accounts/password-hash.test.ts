/** How passwords are kept: as RFC 9106 computes it, and what earlier versions wrote still opens the door. */
import { argon2Sync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashPassword as scryptOfBefore } from 'better-auth/crypto'
import { expect, it } from 'vitest'
import { openAccounts } from '../../accounts/open.ts'
import { HashThreads } from '../../accounts/hash-threads.ts'
import { hashPassword, isOfToday, verifyPassword } from '../../accounts/password-hash.ts'
import type { UnixMs } from '../../model/time.ts'

const password = 'kettle bicycle lantern'
const { derive } = new HashThreads(2)

it('is Argon2id as RFC 9106 has it (5.3)', () => {
  const tag = argon2Sync('argon2id', {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    parallelism: 4,
    tagLength: 32,
    memory: 32,
    passes: 3
  })
  expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
})

it('opens for the password and for no other, and is never twice the same', async () => {
  const hash = await hashPassword(derive, password)
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await verifyPassword(derive, { hash, password })).toBe(true)
  expect(await verifyPassword(derive, { hash, password: `${password} ` })).toBe(false)
  expect(await hashPassword(derive, password)).not.toBe(hash)
})

it('is computed in a thread of its own, whichever of several, and as Node computes it', async () => {
  const parameters = {
    message: Buffer.from(password),
    nonce: Buffer.alloc(16, 7),
    parallelism: 1,
    tagLength: 32,
    memory: 64,
    passes: 2
  }
  const wanted = argon2Sync('argon2id', parameters).toString('hex')
  const tags = await Promise.all(Array.from({ length: 5 }, () => derive(parameters)))
  expect(tags.map((tag) => Buffer.from(tag).toString('hex'))).toEqual(Array(5).fill(wanted))
  // What cannot be computed fails alone.
  await expect(derive({ ...parameters, tagLength: 1 })).rejects.toThrow()
  expect(Buffer.from(await derive(parameters)).toString('hex')).toBe(wanted)
})

it('opens however an accent was typed', async () => {
  const hash = await hashPassword(derive, 'Käsekuchen für München')
  expect(await verifyPassword(derive, { hash, password: 'Käsekuchen für München'.normalize('NFD') })).toBe(
    true
  )
})

it('of an earlier version opens too, and is known for one', async () => {
  const hash = await scryptOfBefore(password)
  expect(await verifyPassword(derive, { hash, password })).toBe(true)
  expect(await verifyPassword(derive, { hash, password: 'kettle' })).toBe(false)
  expect([isOfToday(hash), isOfToday(await hashPassword(derive, password))]).toEqual([false, true])
})

it('of an earlier version is made anew when somebody signs in with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-hash-'))
  const file = join(folder, 'accounts.sqlite')
  const clock = { now: () => Date.parse('2026-11-29T12:00:00Z') as UnixMs }
  const accounts = openAccounts({ file, secretFile: join(folder, 'secret'), hubName: 'x', clock })
  const visit = { address: '192.0.2.1', userAgent: '' }
  const { code } = accounts.invite({ personId: 'p-anna', role: 'host', by: { kind: 'operator' } })
  await accounts.accept(code, { userName: 'anna', password }, visit)
  const db = new DatabaseSync(file)
  const kept = (): string => String(db.prepare('SELECT password FROM account').get()?.password)
  db.prepare('UPDATE account SET password = ?').run(await scryptOfBefore(password))
  await expect(accounts.signIn({ userName: 'anna', password: 'kettle' }, visit)).rejects.toThrow('wrong')
  expect(isOfToday(kept())).toBe(false)
  await accounts.signIn({ userName: 'anna', password }, visit)
  expect(isOfToday(kept())).toBe(true)
  await accounts.signIn({ userName: 'anna', password }, visit)
  db.close()
  await accounts.close()
  rmSync(folder, { recursive: true })
})
