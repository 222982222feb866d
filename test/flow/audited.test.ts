/** What the operator does with somebody's data stands in the audit log, for whom it concerns; what only asks, or was refused, does not. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, expect, it } from 'vitest'
import { acts } from '../../cli/commands/audited.ts'
import { allCommands, commandByWords } from '../../cli/commands/all.ts'
import { askHub } from '../../hub/control/client.ts'
import type { CommandContext, CommandInput } from '../../hub/control/command.ts'
import { socketFileOf } from '../../hub/data-folder.ts'
import { addDevice, publishOnce, temporaryFolder, type AddedDevice } from '../support/hub-process.ts'
import { openHubRooms } from '../support/hub-rooms.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()
const { json } = hub
let bath: AddedDevice
let anna: { personId: string }

interface Line {
  action: string
  personId: string
  about: string
}

function lines(): Line[] {
  const db = new DatabaseSync(join(hub.dataDir, 'accounts.sqlite'), { readOnly: true })
  try {
    return db
      .prepare(`SELECT action, personId, about FROM audit WHERE by = '{"kind":"operator"}' ORDER BY auditId`)
      .all() as unknown as Line[]
  } finally {
    db.close()
  }
}

/** What a command added; asked of the hub itself, which is what `lamppost` does. */
async function noted(
  words: string,
  positionals: string[] = [],
  values: CommandInput['values'] = {}
): Promise<Line[]> {
  const before = lines().length
  const asked = askHub(
    socketFileOf(hub.dataDir),
    { words, input: { positionals, values } },
    async () => undefined
  )
  await asked.catch((cause: unknown) => expect(cause).toBeInstanceOf(Error))
  return lines().slice(before)
}

beforeAll(async () => {
  await json('street', 'add', 'Ashley Road')
  await json('street', 'add', 'Mill Lane')
  bath = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-4', '--interval', '600')
  anna = await json('person', 'add', 'Anna Smith', '--home', 'number-4')
  await publishOnce(hub, bath, '{"at":"2026-11-01T10:00:00Z","humidity":162.5}')
})

it('each command says what it leaves there, or that it leaves nothing', async () => {
  expect(Object.keys(acts).toSorted()).toEqual((await allCommands()).map(({ words }) => words).toSorted())
})

it('is noted with the ids it was done to, for whom it concerns', async () => {
  const of = (action: string) => ({ action, personId: anna.personId, about: bath.deviceId })
  expect(lines()).toContainEqual(of('deviceAdd'))
  const consent = (answer: string) =>
    noted('device consent', [bath.deviceId, answer], { for: 'street', by: 'Anna' })
  expect(await consent('on')).toEqual([of('consentGiven')])
  expect(await consent('off')).toEqual([of('consentEnded')])
  expect(await noted('device rename', [bath.deviceId, 'Bath'])).toEqual([of('deviceRename')])
  expect(await noted('device problems', [bath.deviceId])).toEqual([of('deviceProblems')])
  expect(await noted('damp', [bath.siteId])).toEqual([{ ...of('figures'), about: bath.siteId }])
  expect(await noted('export', [], { format: 'csv', site: bath.siteId })).toEqual([
    { ...of('export'), about: bath.siteId }
  ])
  expect(await noted('person keep', ['Anna Smith', '12'])).toEqual([
    { ...of('personKeep'), about: anna.personId }
  ])
  expect(await noted('device move', [bath.deviceId], { street: 'Mill Lane' })).toEqual([of('deviceMove')])
  const moved = await noted('device placement', [bath.deviceId, 'outdoor'], { yes: true })
  expect(moved).toEqual([of('devicePlacement')])
  expect(await noted('street merge', ['Mill Lane', 'Ashley Road'], { yes: true })).toEqual([
    { action: 'streetMerge', personId: '', about: 'mill-lane ashley-road' }
  ])
  const ben = await json<{ personId: string }>('person', 'add', 'Ben Jones')
  const handed = await noted('device hand-over', [bath.deviceId], { to: ben.personId })
  expect(handed).toEqual([
    { ...of('deviceHandOver'), personId: anna.personId },
    { ...of('deviceHandOver'), personId: ben.personId }
  ])
})

it('is not noted where nothing was done: a question before, a dry run, a refusal, an outdoor place', async () => {
  const rail = await addDevice(hub.dataDir, 'Ashley Road')
  expect(await noted('summary', [rail.siteId], { quantity: 'pm2_5' })).toEqual([])
  expect(await noted('device rename', ['d-nobody', 'Bath'])).toEqual([])
  expect(await noted('person erase', [anna.personId])).toEqual([])
  expect(await noted('street withdraw', ['Ashley Road'], { day: '2026-11-01' })).toEqual([])
})

it('is noted where nobody read on in the middle', async () => {
  const folder = temporaryFolder()
  const rooms = await openHubRooms(join(folder.path, 'data'))
  const work = (await commandByWords('export'))!.run(rooms as unknown as CommandContext, {
    positionals: [],
    values: { format: 'csv' }
  })
  await work.next()
  await work.return(undefined as never)
  expect(rooms.accounts.audit({ limit: 9 })).toMatchObject([{ action: 'export', by: { kind: 'operator' } }])
  await rooms.close()
  folder.remove()
})

it('tells of an erasure nothing but that', async () => {
  expect(await noted('person export', ['Anna Smith'])).toMatchObject([{ personId: anna.personId }])
  await noted('person erase', [anna.personId], { yes: true })
  expect(lines().at(-1)).toEqual({ action: 'personErase', personId: '', about: '' })
  expect(JSON.stringify(lines())).not.toContain(anna.personId)
})
