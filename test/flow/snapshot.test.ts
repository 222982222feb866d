/** `lamppost snapshot` on a real hub: served, copied, killed in the middle, and withdrawn with somebody's data. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { DatasetList } from '../../contract/dataset.ts'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  eventually,
  publishOnce,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'

const folder = temporaryFolder()
const copies = temporaryFolder()
afterAll(() => {
  folder.remove()
  copies.remove()
})

it('makes a dataset that is served, and made again once somebody is erased', async () => {
  let hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
  const list = async (): Promise<DatasetList['datasets']> =>
    ((await (await fetch(`${hub.url}/datasets`)).json()) as DatasetList).datasets
  const elm = await addStreetAndDevice(folder.path, 'Elm Road', '--interval', '600')
  const oak = await addDevice(folder.path, 'Elm Road', '--interval', '600')
  const room = await addDevice(folder.path, 'Elm Road', '--indoor', '--home', 'number-12')
  for (const device of [elm, oak, room])
    await publishOnce(hub, device, '{"at":"2026-10-01T10:00:00Z","pm2_5":8.25,"humidity":60}')

  const copy = join(copies.path, 'dataset')
  const made = await commandJson<{ version: string; rows: number; sites: number; path: string }>([
    ...['snapshot', '-o', copy, '--data', folder.path]
  ])
  expect(made).toMatchObject({ rows: 4, sites: 2 })
  expect(readdirSync(copy)).toContain('datapackage.json')
  const part = 'csv/readings/quantity=pm2_5/month=2026-10/readings.csv'
  const served = await (await fetch(`${hub.url}${made.path}/${part}`)).text()
  expect(served).toContain(elm.siteId)
  expect(served).toContain(oak.siteId)
  expect(served).not.toContain(room.siteId)
  const again = await command(['snapshot', '-o', copy, '--data', folder.path])
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('is not empty')])

  const persons = await commandJson<{ personId: string; outdoor: { siteId: string }[] }[]>([
    ...['person', 'list', '--data', folder.path]
  ])
  const theirs = persons.find(({ outdoor }) => outdoor.some(({ siteId }) => siteId === oak.siteId))!
  await commandJson(['person', 'erase', theirs.personId, '--yes', '--data', folder.path])
  expect((await fetch(`${hub.url}${made.path}/${part}`)).status).toBe(410)
  expect(existsSync(join(folder.path, 'datasets', made.version))).toBe(false)
  const [newest] = await eventually(list, ([first]) => first?.replaces === made.version)
  expect(newest).toMatchObject({ replaces: made.version, rows: 2, sites: 1 })
  const remade = await (await fetch(`${hub.url}${newest!.url}/${part}`)).text()
  expect(remade).not.toContain(oak.siteId)

  // A place that turns out to be indoors: what is served of it goes with the command, and comes again without it.
  const both = await commandJson<{ version: string; path: string }>(['snapshot', '--data', folder.path])
  await commandJson([
    ...['device', 'placement', elm.deviceId, 'indoor', '--home', 'number-14', '--data', folder.path]
  ])
  expect((await fetch(`${hub.url}${both.path}/sites.csv`)).status).toBe(410)
  const now = await eventually(list, (all) =>
    all.every(
      ({ version, withdrawn }) => withdrawn === null || all.some(({ replaces }) => replaces === version)
    )
  )
  for (const { url } of now.filter(({ withdrawn }) => withdrawn === null))
    expect(await (await fetch(`${hub.url}${url}/sites.csv`)).text(), url).not.toContain(elm.siteId)
  expect(readdirSync(join(folder.path, 'datasets'))).not.toContain(both.version)
  await commandJson([
    'device',
    'placement',
    elm.deviceId,
    'outdoor',
    '--from',
    '2026-01-01',
    '--yes',
    '--data',
    folder.path
  ])

  // What a killed hub leaves of one is no dataset.
  const known = await list()
  await hub.kill()
  hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
  expect(await list()).toEqual(known)
  await hub.stop()
  const alone = await commandJson<{ rows: number }>(['snapshot', '--data', folder.path])
  expect(alone.rows).toBe(2)
})
