/** The built dashboard before a stand-in for the hub, in a browser: what the tests of its pages share. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { systemClock } from '../../model/time.ts'
import { comeNear } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { startFixtureApi, type FixtureApi, type Scenario } from './fixture-api.ts'

export interface Look {
  scenario?: Scenario
  width?: number
  /** What is done to the page before it is opened. */
  before?: (page: Page) => Promise<void>
}

/** To be made in a `describe`: it is built before its tests, and each page is closed after its test. */
export class ShownPages {
  folder = ''
  hub!: FixtureApi
  page!: Page
  /** What the page's console and its scripts complained of. */
  complaints: string[] = []
  #browser: Browser | undefined

  constructor(chromiumPath: string) {
    beforeAll(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'lamppost-dashboard-'))
      await build(this.folder)
      this.hub = await startFixtureApi(this.folder, systemClock.now())
      this.#browser = await launchChromium(chromiumPath)
    })
    afterEach(async () => {
      // What a test put between page and hub may be at work on an answer that goes with the page.
      await this.page?.unrouteAll({ behavior: 'ignoreErrors' })
      await this.page?.close()
      this.hub.scenario('full')
    })
    afterAll(async () => {
      await this.#browser?.close()
      await this.hub?.close()
      if (this.folder) await rm(this.folder, { recursive: true, force: true })
    })
  }

  async open(path: string, { scenario = 'full', width = 360, before }: Look = {}): Promise<Page> {
    this.hub.scenario(scenario)
    this.complaints = []
    const page = await this.#browser!.newPage({
      viewport: { width, height: 740 },
      colorScheme: 'light',
      reducedMotion: 'reduce'
    })
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    await before?.(page)
    await page.goto(this.hub.url + path)
    return page
  }

  /** Wherever on the page it stands. */
  async shows(text: string | RegExp): Promise<void> {
    await expect
      .poll(async () => {
        await comeNear(this.page)
        return this.page.getByText(text).first().isVisible()
      })
      .toBe(true)
  }
}

/** As `npm run build` does it: under a test runner's NODE_ENV the libraries would build their development halves. */
async function build(folder: string): Promise<void> {
  const root = join(import.meta.dirname, '..', '..')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [
    vite,
    'build',
    join(root, 'dashboard'),
    '--outDir',
    folder,
    '--emptyOutDir',
    '--logLevel',
    'error'
  ]
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_ENV: 'production' } })
}
