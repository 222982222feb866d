/** What people took back stays taken back: it is listed at once, beside the backups too, and a backup of before is restored without it. */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { erasuresBesideName } from '../../hub/data-folder.ts'
import { relocate } from '../../hub/moving.ts'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { backUp } from '../../operate/backup/back-up.ts'
import { restore, type ErasuresGiven } from '../../operate/backup/restore.ts'
import type { Credentials } from '../../registry/registry.ts'
import { command, temporaryFolder, testStore } from '../support/hub-process.ts'
import { openHubRooms, send, until, type OpenedRooms } from '../support/hub-rooms.ts'

let folder: ReturnType<typeof temporaryFolder>
let rooms: OpenedRooms
let boxes: Record<'agrees' | 'stays' | 'shed' | 'exact' | 'kept' | 'given' | 'gone', Credentials>

const data = (): string => join(folder.path, 'data')
const backups = (): string => join(folder.path, 'backups')
const archive = (): string => join(backups(), 'hub.tar')
const restored = (): string => join(folder.path, 'restored')
const beside = (): string => readFileSync(join(backups(), erasuresBesideName), 'utf8')
const now = (): UnixMs => systemClock.now()
const nothing = (): undefined => undefined
const exactly = {
  precision: 'exact',
  position: [-2.58, 51.46],
  heightM: 2,
  facing: null,
  mount: null
} as const

beforeEach(async () => {
  folder = temporaryFolder()
  mkdirSync(backups())
  rooms = await openHubRooms(data())
  const { registry } = rooms
  const { streetId } = registry.addStreet({ name: 'Mina Road' })
  const add = (placement: 'indoor' | 'outdoor', name: string): Credentials =>
    registry.addDevice(
      { streetId, placement, name, ...(placement === 'indoor' ? { homeId: `h-${name}` } : {}) },
      now()
    )
  boxes = {
    agrees: add('indoor', 'agrees'),
    stays: add('indoor', 'stays'),
    shed: add('outdoor', 'shed'),
    exact: add('outdoor', 'exact'),
    kept: add('outdoor', 'kept'),
    given: add('indoor', 'given'),
    gone: add('outdoor', 'gone')
  }
  for (const homeId of ['h-agrees', 'h-stays'])
    for (const purpose of ['street', 'research'] as const)
      registry.recordConsent({ homeId, purpose, by: 'Eva' }, now())
  for (const { siteId } of [boxes.exact, boxes.kept]) registry.setSitePlace(siteId, exactly)
  for (const { deviceId } of [boxes.exact, boxes.kept])
    registry.forward({ deviceId, node: 'esp8266-1', by: 'Eva', since: now() })
  for (const text of ['Anna moves out', 'Roadworks'])
    registry.annotate({ streetId, from: now(), until: null, text })
  await rooms.directoryTold()
  await backUp(rooms, archive(), nothing)
})
afterEach(async () => {
  await rooms.close()
  folder.remove()
})

async function retractMuch(): Promise<void> {
  const { registry } = rooms
  registry.endConsents({ homeId: 'h-agrees', purpose: 'street', by: 'Eva' }, now())
  registry.makePrivate(boxes.shed.siteId, undefined, now())
  registry.setSitePlace(boxes.exact.siteId, { ...exactly, precision: 'cell' })
  registry.endForwarding(boxes.exact.deviceId)
  registry.renameSite(boxes.exact.siteId, 'Front')
  registry.removeAnnotation(
    registry.annotations().find(({ text }) => text === 'Anna moves out')!.annotationId
  )
  const { personId } = registry.addPerson({ name: 'Ben' }, now())
  await relocate(rooms, boxes.given.deviceId, () =>
    registry.handOver(boxes.given.deviceId, personId, { at: now(), now: now() })
  )
  registry.remove(boxes.gone.deviceId, now())
}

async function restoreWith(given: ErasuresGiven = {}, file = archive()): Promise<void> {
  await restore(file, restored(), given, nothing)
  await rooms.close()
  rooms = await openHubRooms(restored())
}

const standing = (): string[] =>
  rooms.registry
    .consents()
    .filter((one) => one.until === null)
    .map(({ homeId, purpose }) => `${homeId} ${purpose}`)

const outdoors = (): string[] =>
  rooms.registry
    .sites()
    .filter(({ placement }) => placement === 'outdoor')
    .map(({ name }) => name)

describe(`what was taken back since a backup (${testStore})`, () => {
  it('is taken back when it is restored, and what was not stays', async () => {
    await retractMuch()
    await restoreWith()
    const { registry } = rooms
    expect(standing()).toEqual(['h-agrees research', 'h-stays street', 'h-stays research'])
    expect(outdoors()).toEqual(['Mina Road 1', 'kept', 'gone'])
    expect(registry.sitePlace(boxes.exact.siteId)).toEqual({
      ...exactly,
      precision: 'street',
      position: null
    })
    expect(registry.sitePlace(boxes.kept.siteId)).toEqual(exactly)
    expect(registry.forwardings().map(({ deviceId }) => deviceId)).toEqual([boxes.kept.deviceId])
    expect(registry.annotations().map(({ text }) => text)).toEqual(['Roadworks'])
    expect(rooms.restored).toMatchObject({ isUnknown: false, consents: 1, indoors: 1, hidden: 1, notes: 1 })
    expect(rooms.restored?.unplaced.toSorted()).toEqual(
      [boxes.given.deviceId, boxes.gone.deviceId].toSorted()
    )
    // It is done once: what people say from now on holds.
    registry.recordConsent({ homeId: 'h-agrees', purpose: 'street', by: 'Eva' }, now())
    await rooms.close()
    rooms = await openHubRooms(restored())
    expect(rooms.restored).toBeUndefined()
    expect(standing()).toContain('h-agrees street')
  })

  it('lets nobody in whose account or role was taken, the last steward of the backup among them', async () => {
    const visit = { address: '192.0.2.1', userAgent: '' }
    const by = { kind: 'operator' } as const
    const signedUp = async (name: string, role: 'host' | 'steward' | 'researcher'): Promise<string> => {
      const { personId } = rooms.registry.addPerson({ name }, now())
      const { code } = rooms.accounts.invite({ personId, role, by })
      await rooms.accounts.accept(code, { userName: name, password: 'kettle bicycle lantern' }, visit)
      return personId
    }
    const [anna, rosa, ben] = [
      await signedUp('anna', 'steward'),
      await signedUp('rosa', 'researcher'),
      await signedUp('ben', 'host')
    ]
    const withAccounts = join(backups(), 'accounts.tar')
    await backUp(rooms, withAccounts, nothing)
    rooms.accounts.setRole(ben, 'steward', true, by)
    rooms.accounts.setRole(rosa, 'researcher', false, by)
    await rooms.accounts.removeAccount(anna, by)
    await restoreWith({}, withAccounts)
    const roles = rooms.accounts.accounts().map((one) => [one.personId, one.roles])
    expect(roles).toEqual([
      [rosa, ['host']],
      [ben, ['host']]
    ])
    expect(rooms.restored).toMatchObject({ accounts: 1, roles: 1 })
    // Of a list that did not hear of it the next start tells: here that of a folder of before there was one.
    rmSync(join(restored(), 'erasures.json'))
    await rooms.close()
    rooms = await openHubRooms(restored())
    const third = join(folder.path, 'third')
    await restore(withAccounts, third, { file: join(restored(), 'erasures.json') }, nothing)
    await rooms.close()
    rooms = await openHubRooms(third)
    expect(rooms.accounts.accounts().map((one) => one.personId)).toEqual([rosa, ben])
  })

  it('does not count a box as its former host’s that somebody else has: what it sends waits for its place', async () => {
    await retractMuch()
    await restoreWith()
    const { deviceId, siteId } = boxes.given
    await send(rooms, deviceId, { humidity: 61 })
    await rooms.pipeline.service.drain()
    const humidity = (site: string) =>
      rooms.pipeline.service.raw({
        siteId: site,
        quantity: 'humidity',
        from: 0 as UnixMs,
        until: 4e12 as UnixMs
      })
    expect((await humidity(siteId)).value).toEqual([])
    const { personId } = rooms.registry.addPerson({ name: 'Ben' }, now())
    const at = rooms.registry.deployments(deviceId).at(-1)!.until!
    const { siteId: bens } = await relocate(rooms, deviceId, () =>
      rooms.registry.handOver(deviceId, personId, { at, now: now() })
    )
    await until(async () => (await humidity(bens)).value.length === 1)
    expect((await humidity(siteId)).value).toEqual([])
  })

  it('stays taken back where it was said again since, and of a backup made after that it holds', async () => {
    const { registry } = rooms
    registry.endConsents({ homeId: 'h-agrees', by: 'Eva' }, now())
    registry.recordConsent({ homeId: 'h-agrees', purpose: 'street', by: 'Eva' }, now())
    const after = join(backups(), 'after.tar')
    await backUp(rooms, after, nothing)
    await restoreWith({}, after)
    expect(standing()).toEqual(['h-stays street', 'h-stays research', 'h-agrees street'])
    await rooms.close()
    rmSync(restored(), { recursive: true })
    await restore(archive(), restored(), {}, nothing)
    rooms = await openHubRooms(restored())
    expect(standing()).toEqual(['h-stays street', 'h-stays research'])
  })

  it('without a list is unknown: nothing is published by anybody’s word', async () => {
    const elsewhere = join(folder.path, 'elsewhere')
    mkdirSync(elsewhere)
    const alone = join(elsewhere, 'alone.tar')
    cpSync(archive(), alone)
    await expect(restore(alone, restored(), {}, nothing)).rejects.toThrow(/--without-erasures, which ends/)
    // A copy of the list knows nothing of what came after it was copied.
    cpSync(join(backups(), erasuresBesideName), join(elsewhere, erasuresBesideName))
    await expect(restore(alone, restored(), {}, nothing)).rejects.toThrow(/was copied from another folder/)

    await restoreWith({ without: true }, alone)
    expect(standing()).toEqual([])
    expect(outdoors()).toHaveLength(4)
    expect(rooms.registry.forwardings()).toEqual([])
    for (const { siteId } of [boxes.exact, boxes.kept])
      expect(rooms.registry.sitePlace(siteId).precision).toBe('street')
    expect(rooms.restored).toMatchObject({
      isUnknown: true,
      consents: 4,
      hidden: 2,
      outdoors: 4,
      unplaced: []
    })
  })

  it.each([
    ['the newest list that is named', (list: string): ErasuresGiven => ({ file: list })],
    ['a steward who knows', (): ErasuresGiven => ({ without: true, consentsStand: true })]
  ])('is taken from %s', async (_from, given) => {
    const elsewhere = join(folder.path, 'elsewhere')
    mkdirSync(elsewhere)
    const alone = join(elsewhere, 'alone.tar')
    cpSync(archive(), alone)
    await restoreWith(given(join(backups(), erasuresBesideName)), alone)
    expect(standing()).toHaveLength(4)
  })
})

describe('with no hub running', () => {
  it('commands reach the list beside the backups at once', async () => {
    const { personId } = rooms.registry.site(boxes.stays.siteId)!
    const day = { date: '2026-03-24', from: 1_774_310_400_000 as UnixMs, until: 1_774_396_800_000 as UnixMs }
    const figure = { streetId: 'mina-road', quantity: 'humidity', value: 61, homes: 5, hours: null } as const
    rooms.registry.decideDay(day, [figure], now())
    await backUp(rooms, join(backups(), 'second.tar'), nothing)
    await rooms.close()
    const acts = [
      ['street', 'withdraw', 'mina-road', '--day', day.date],
      ['person', 'erase', personId, '--yes'],
      ['device', 'consent', boxes.agrees.deviceId, 'off'],
      ['device', 'placement', boxes.shed.deviceId, 'indoor']
    ]
    for (const act of acts) {
      const before = beside()
      const { status } = await command([...act, '--data', data()], {
        LAMPPOST_TIMEZONE: 'Europe/London'
      })
      expect(status, act.join(' ')).toBe(0)
      expect(beside(), act.join(' ')).not.toBe(before)
    }
  })

  it('a list that could not be written then is written at the next start', async () => {
    const list = join(backups(), erasuresBesideName)
    const before = beside()
    rmSync(list)
    mkdirSync(join(list, 'in the way'), { recursive: true })
    rooms.registry.endConsents({ homeId: 'h-agrees', by: 'Eva' }, now())
    expect(rooms.warnings).toContain('The list of erasures beside the backups could not be written.')
    rmSync(list, { recursive: true })
    await rooms.close()
    rooms = await openHubRooms(data())
    expect(beside()).not.toBe(before)
    await restoreWith()
    expect(standing()).toEqual(['h-stays street', 'h-stays research'])
  })

  it('the command says plainly what it took back, and what is not known', async () => {
    await retractMuch()
    await rooms.close()
    const known = await command(['restore', archive(), '--data', restored()])
    expect(known.stdout).toContain('Taken back since then, and so here too:')
    expect(known.stdout).toContain('1 consent ended.')
    expect(known.stdout).toContain(`${boxes.given.deviceId} was removed or handed over since`)
    rmSync(join(backups(), erasuresBesideName))
    const other = join(folder.path, 'other')
    const unknown = await command(['restore', archive(), '--without-erasures', '--data', other])
    expect(unknown.stdout).toContain('Without a list of erasures nobody knows what was withdrawn since')
    expect(unknown.stdout).toContain('4 consents ended.')
    expect(unknown.stdout).toContain('4 places outdoors are public, as in the backup.')
    expect((await command(['restore', archive(), '--consents-stand', '--data', other])).status).toBe(2)
  })
})
