/**
 * A steward's week, played for real at a phone's size: ill boxes, two requests, a box that nobody claimed, a street with a
 * wrong name, a disk that will be full, and a version that gets no fixes any more. Each is found from the first page within two
 * clicks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClockSources } from '../../hub/clock/watch.ts'
import { hourMs, type UnixMs } from '../../model/time.ts'
import { launchChromium } from '../support/chromium.ts'
import {
  addDevice,
  commandJson,
  publishOnce,
  temporaryFolder,
  type HubProcess
} from '../support/hub-process.ts'
import { openHubRooms } from '../support/hub-rooms.ts'
import { outside } from '../support/outside.ts'
import { hubOnSmallDisk } from '../support/small-disk.ts'
import { root } from '../support/sources.ts'

/** A hub's folder with a street and a box on it that has had two hours to be heard: whoever adds one has it in hand for an hour. */
async function addedTwoHoursAgo(dataDir: string): Promise<void> {
  const wall = { now: () => (Date.now() - 2 * hourMs) as UnixMs }
  // The machine was started since, as the hub sees it: in one run of a machine its clock would have jumped by two hours.
  const sources = { ...systemClockSources, wall, boot: 'the one before' }
  const rooms = await openHubRooms(dataDir, 'Europe/London', sources)
  const { streetId } = rooms.registry.addStreet({ name: 'Ashly Road' })
  const place = { streetId, placement: 'outdoor', name: 'Balcony' } as const
  rooms.registry.addDevice(place, rooms.clock.now())
  await rooms.close()
}

const tool = outside('chromium')
const unshare = outside('unshare')
const folder = temporaryFolder()

describe.skipIf(!tool.present || !unshare.present)(`a steward's week (${tool.line}, ${unshare.line})`, () => {
  let hub: HubProcess
  let dataDir: string
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const disk = join(folder.path, 'data')
    mkdirSync(disk, { mode: 0o700 })
    const about = join(root, 'package.json')
    const old = join(folder.path, 'package.json')
    writeFileSync(old, readFileSync(about, 'utf8').replace(/("supportedUntil": )"[^"]+"/, '$1"2026-01-31"'))
    const before = join(folder.path, 'before')
    await addedTwoHoursAgo(before)
    const first = { stands: { file: old, for: about }, holds: before }
    ;({ hub, path: dataDir } = await hubOnSmallDisk(unshare.path, disk, 600, first))
    const json = <T>(...args: string[]): Promise<T> => commandJson<T>([...args, '--data', dataDir])

    const home = ['--indoor', '--home', 'n-4', '--name', 'Bedroom']
    await publishOnce(hub, await addDevice(dataDir, 'ashly-road', ...home), '{"temperature":140.625}')
    const railings = await addDevice(dataDir, 'ashly-road', '--name', 'Railings')
    await publishOnce(hub, railings, '{"humidity":171.5}')
    const gate = await addDevice(dataDir, 'ashly-road', '--name', 'Gate')
    await publishOnce(hub, gate, '{"pm2_5":8.5,"battery":3}')
    const well = await addDevice(dataDir, 'ashly-road', '--name', 'Well')
    await publishOnce(hub, well, '{"pm2_5":8.5}')

    const gateway = await json<{ username: string; password: string }>(
      'gateway',
      'add',
      '--dialect',
      'zigbee2mqtt'
    )
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
      ...gateway,
      reconnectPeriod: 0
    })
    await client.publishAsync('zigbee2mqtt/Cellar', '{"humidity":61,"linkquality":90}', { qos: 1 })
    await client.endAsync()

    for (const name of ['Eve', 'Finn'])
      await fetch(`${hub.url}/api/v1/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, contact: `${name}@example.org`, street: 'Ashly Road', mayWrite: true })
      })

    browser = await launchChromium(tool.path)
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true })
    page = await context.newPage()
    await page.goto(`${hub.url}/invitation/${/invitation\/([A-Z0-9-]+)/.exec(hub.output())![1]!}`)
    await page.getByLabel('Your name').fill('Carla')
    await page.getByLabel('User name').fill('carla')
    await page.getByLabel('Password', { exact: true }).fill('kettle bicycle lantern')
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.getByRole('link', { name: 'My home' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await hub?.stop()
    folder.remove()
  })

  const text = (what: string | RegExp) => page.getByText(what).first()
  const link = (name: string | RegExp) => page.getByRole('link', { name })
  const tab = (name: string) => page.getByRole('navigation', { name: 'The desk' }).getByRole('link', { name })

  it.each([
    ['a box in a home', /Bedroom/, [() => link(/Bedroom/), () => text('Problems (1)')], /cannot be/],
    [
      'a box that sends nonsense',
      /Railings/,
      [() => link(/Railings/), () => text('Problems (1)')],
      /humidity 171\.5/
    ],
    ['a box with a low battery', /Gate has a low battery/, [() => link(/Gate/)], 'Ashly Road'],
    [
      'a box that was never heard',
      'Balcony has never been heard.',
      [() => link(/Balcony/), () => page.getByRole('button', { name: /Look after it/ })],
      'Make new settings'
    ],
    ['who asks to host', '2 people ask to host a sensor', [() => link('Read')], 'Finn@example.org'],
    [
      'a box that nobody claimed',
      'Cellar',
      [() => link('Cellar'), () => page.getByRole('button', { name: 'Claim' })],
      'Cellar'
    ],
    [
      'a street with a wrong name',
      '4 sensors need you',
      [() => tab('Streets'), () => page.getByRole('button', { name: 'Change: Ashly Road' })],
      'Rename'
    ],
    ['a disk that will be full', /MB are free/, [() => tab('The hub')], 'Free on the disk'],
    [
      'a version without fixes',
      /without security fixes since 2026-01-31/,
      [() => tab('The hub')],
      /Install a newer version/
    ]
  ] as const)(
    '%s stands on the first page, and is seen to within two clicks',
    async (_what, says, clicks, then) => {
      await page.goto(`${hub.url}/steward`)
      await text(says).waitFor()
      for (const click of clicks) await click().click()
      await text(then).waitFor()
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect(isWider).toBe(false)
      // What was measured in a home is not for stewards.
      expect(await page.locator('body').innerText()).not.toContain('140.625')
    }
  )

  it('leaves a box alone that is well', async () => {
    await page.goto(`${hub.url}/steward`)
    await text('4 sensors need you').waitFor()
    expect(await link(/^Well/).count()).toBe(0)
  })

  it('has the ill boxes before everything else, the worst first, each with what to do', async () => {
    await page.goto(`${hub.url}/steward`)
    await text('4 sensors need you').waitFor()
    const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts()
    expect(headings[0]).toBe('4 sensors need you')
    const ill = await page.locator('section').first().getByRole('listitem').allInnerTexts()
    expect(ill.map((one) => one.split('\n')[0])).toEqual([
      'Balcony has never been heard.',
      'Bedroom sends, but nothing that can be used.',
      'Railings sends, but nothing that can be used.',
      'Gate has a low battery.'
    ])
    for (const one of ill) expect(one).toMatch(/Ask its host|Its problems say what arrives/)
  })
})
