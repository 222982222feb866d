/** Two stewards at one street at once, each in a browser of their own: the second is told, and loses nothing of what they typed. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')

describe.skipIf(!tool.present)(`two stewards (${tool.line})`, () => {
  const hub = oneHub()
  let browser: Browser
  let carla: Page
  let dora: Page

  beforeAll(async () => {
    browser = await launchChromium(tool.path)
    await hub.json('street', 'add', 'Ashly Road')
    carla = await steward('Carla')
    dora = await steward('Dora')
  })
  afterAll(() => browser?.close())

  async function steward(name: string): Promise<Page> {
    const { personId } = await hub.json<{ personId: string }>('person', 'add', name)
    const { code } = await hub.json<{ code: string }>('person', 'invite', personId, '--role', 'steward')
    const context: BrowserContext = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      bypassCSP: true
    })
    const page = await context.newPage()
    await page.goto(`${hub.url}/invitation/${code}`)
    await page.getByLabel('User name').fill(name)
    await page.getByLabel('Password', { exact: true }).fill('kettle bicycle lantern')
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.getByRole('link', { name: 'My home' }).waitFor()
    return page
  }

  const save = (page: Page, form: number) =>
    page.getByRole('dialog').locator('form').nth(form).getByRole('button', { name: 'Save' })

  async function change(page: Page, street: string): Promise<void> {
    await page.goto(`${hub.url}/steward/streets`)
    await page.getByRole('button', { name: `Change: ${street}` }).click()
  }

  it('rename it: the later one reads the new name, keeps what they typed, and may send it again', async () => {
    await change(carla, 'Ashly Road')
    await change(dora, 'Ashly Road')
    await carla.getByLabel('Rename').fill('Ashley Road')
    await dora.getByLabel('Rename').fill('Ashley Road North')
    await dora.getByLabel('Draw its line').fill('51.4617, -2.5873')
    await save(carla, 0).click()
    await carla.getByRole('link', { name: 'Ashley Road' }).waitFor()

    await save(dora, 0).click()
    await dora.getByText('Somebody renamed this street to "Ashley Road" in the meantime.').waitFor()
    await dora.getByRole('heading', { name: 'Ashley Road', exact: true }).waitFor()
    expect(await dora.getByText('What you typed is still here.').isVisible()).toBe(true)
    expect(await dora.getByLabel('Rename').inputValue()).toBe('Ashley Road North')
    expect(await dora.getByLabel('Draw its line').inputValue()).toBe('51.4617, -2.5873')
    expect(await violationsOf(dora)).toEqual([])
    const names = async () => (await hub.json<{ name: string }[]>('street', 'list')).map(({ name }) => name)
    expect(await names()).toEqual(['Ashley Road'])

    await save(dora, 0).click()
    await dora.getByRole('link', { name: 'Ashley Road North' }).waitFor()
    expect(await names()).toEqual(['Ashley Road North'])
  })

  it('draw it: the line of the first is not lost unseen', async () => {
    await change(carla, 'Ashley Road North')
    await change(dora, 'Ashley Road North')
    await carla.getByLabel('Draw its line').fill('51.4617, -2.5873\n51.4620, -2.5790')
    await dora.getByLabel('Draw its line').fill('51.4617, -2.5873\n51.4640, -2.5790')
    await save(carla, 1).click()
    await carla.getByText('not on the map').waitFor({ state: 'detached' })
    await save(dora, 1).click()
    await dora.getByText('Somebody drew Ashley Road North in the meantime.').waitFor()
    expect(await dora.getByLabel('Draw its line').inputValue()).toContain('51.4640')
    await save(dora, 1).click()
    await dora.getByRole('dialog').waitFor({ state: 'hidden' })
  })
})
