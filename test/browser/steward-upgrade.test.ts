/** After an upgrade a steward reads on the first page what changed, where the backup is and how to go back, until they have read it. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { dataFolders, unpackDataFolder } from '../support/data-folder-fixture.ts'
import { commandJson, startHubProcess, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const folder = temporaryFolder()

describe.skipIf(!tool.present)(`an upgrade on the desk (${tool.line})`, () => {
  let hub: HubProcess
  let browser: Browser

  beforeAll(async () => {
    unpackDataFolder(dataFolders[0]!, folder.path)
    hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'error' })
    browser = await launchChromium(tool.path)
  })
  afterAll(async () => {
    await browser?.close()
    await hub?.stop()
    folder.remove()
  })

  it('is told on the first page, on a phone', async () => {
    const { code } = await commandJson<{ code: string }>(['steward', 'invite', '--data', folder.path])
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${hub.url}/invitation/${code}`)
    await page.getByLabel('Your name').fill('Carla')
    await page.getByLabel('User name').fill('carla')
    await page.getByLabel('Password', { exact: true }).fill('kettle bicycle lantern')
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.getByRole('link', { name: 'Steward' }).click()

    await page.getByRole('heading', { name: /is new here/ }).waitFor()
    await page.getByText('A backup was made first.').waitFor()
    await page.locator('summary', { hasText: 'What changed' }).click()
    await page.getByText('Nothing acknowledged is lost').waitFor()
    await page.locator('summary', { hasText: 'How to go back' }).click()
    await page.getByText(/^npx lamppost restore .*before-upgrade/).waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await sticksOutOf(page)).toEqual([])
    await page.getByRole('button', { name: 'I have read this' }).click()
    await page.getByRole('heading', { name: /is new here/ }).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('heading', { name: 'The hub itself' }).waitFor()
    expect(await page.getByText('How to go back').count()).toBe(0)
  })
})
