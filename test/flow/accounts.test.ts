/** Invitations by command, the first steward's link, and accounts through a backup. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { command, commandJson, startHubProcess, temporaryFolder } from '../support/hub-process.ts'

let folder = temporaryFolder()
beforeEach(() => void (folder = temporaryFolder()))
afterEach(() => folder.remove())

const json = <T>(...args: string[]) => commandJson<T>([...args, '--data', folder.path])
const run = (...args: string[]) => command([...args, '--data', folder.path])

interface Invited {
  personId: string
  role: string
  url: string
  code: string
}

it('makes links for a person and a steward, alone and in a running hub', async () => {
  const { personId } = await json<{ personId: string }>('person', 'add', 'Anna Smith')
  const alone = await json<Invited>('person', 'invite', personId)
  expect(alone).toMatchObject({ personId, role: 'host' })
  expect(alone.url.endsWith(`/invitation/${alone.code}`)).toBe(true)

  const hub = await startHubProcess(folder.path, [], { LAMPPOST_PUBLIC_URL: 'https://air.example.org/' })
  const inside = await json<Invited>('person', 'invite', 'Anna Smith', '--role', 'researcher')
  expect(inside.url).toBe(`https://air.example.org/invitation/${inside.code}`)
  expect(await json<Invited>('steward', 'invite')).toMatchObject({ role: 'steward' })
  const wrongRole = await run('person', 'invite', personId, '--role', 'king')
  expect(wrongRole).toMatchObject({ status: 2 })
  expect(wrongRole.stderr).toContain('host, researcher, steward')
  const noAccount = await run('person', 'remove', personId)
  expect(noAccount).toMatchObject({ status: 2 })
  expect(noAccount.stderr).toContain('has no account')
  await hub.stop()
})

it('has accounts in a backup, without what signs anybody in', async () => {
  await json('street', 'add', 'Ashley Road')
  await json('steward', 'invite')
  const archive = join(folder.path, '..', `${folder.path.split('/').pop()}.tar`)
  await json('backup', archive)
  const secret = readFileSync(join(folder.path, 'accounts.secret'), 'utf8').trim()
  expect(readFileSync(archive, 'latin1')).not.toContain(secret)
  const restored = temporaryFolder()
  await commandJson(['restore', archive, '--data', restored.path])
  expect(existsSync(join(restored.path, 'accounts.secret'))).toBe(false)
  const db = new DatabaseSync(join(restored.path, 'accounts.sqlite'))
  expect(db.prepare('SELECT role FROM invitations').all()).toEqual([{ role: 'steward' }])
  db.close()
  restored.remove()
  rmSync(archive)
})
