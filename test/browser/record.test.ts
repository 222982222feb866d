/** A resident makes a damp record and a letter with it, and chooses what they are told, in a real browser at a phone's size. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { addDevice, addStreetAndDevice, command } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'
import { pdfText } from '../support/pdf-text.ts'

const tool = outside('chromium')
const pdftotext = outside('pdftotext')
const period = 'from=2026-01-05&until=2026-01-24'

describe.skipIf(!tool.present)(`a damp record on the page (${tool.line})`, () => {
  const hub = oneHub({
    LAMPPOST_SMTP_URL: 'smtp://127.0.0.1:1',
    LAMPPOST_MAIL_FROM: 'hub@example.org',
    LAMPPOST_NTFY_URL: 'https://ntfy.example.org'
  })
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    const outdoor = await addStreetAndDevice(hub.dataDir, 'Ashley Road')
    const bedroom = await addDevice(
      hub.dataDir,
      'Ashley Road',
      '--indoor',
      '--home',
      'number-12',
      '--name',
      'Bedroom'
    )
    const mapping = {
      name: 'room',
      time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ssZ', label: 'start' },
      intervalS: 3600,
      values: [
        { column: 't', quantity: 'temperature', unit: '°C' },
        { column: 'rh', quantity: 'humidity', unit: '%' }
      ]
    }
    writeFileSync(join(hub.path, 'map.json'), JSON.stringify(mapping))
    for (const [{ deviceId }, t, rh] of [
      [outdoor, 3, 88],
      [bedroom, 16, 75]
    ] as const) {
      const rows = Array.from({ length: 480 }, (_, hour) => {
        const time = new Date(Date.UTC(2026, 0, 5, hour)).toISOString().replace('.000', '')
        return `${time},${t},${rh}`
      })
      const file = join(hub.path, `${deviceId}.csv`)
      writeFileSync(file, ['time,t,rh', ...rows].join('\n') + '\n')
      const args = ['import', file, '--map', join(hub.path, 'map.json'), '--device', deviceId, ...hub.data]
      expect((await command(args)).status).toBe(0)
    }
    const { personId } = await hub.json<{ personId: string }>(
      'person',
      'add',
      'Anna Smith',
      '--home',
      'number-12'
    )
    const { code } = await hub.json<{ code: string }>('person', 'invite', personId)
    const answer = await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: 'anna', password: 'kettle bicycle lantern' })
    })
    const [cookie = '', value = ''] = answer.headers.get('set-cookie')!.split(';')[0]!.split('=')
    browser = await launchChromium(tool.path)
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      reducedMotion: 'reduce',
      // axe is put into the page, which the hub's own policy forbids.
      bypassCSP: true
    })
    await context.addCookies([{ name: cookie, value, url: hub.url }])
    await context.addInitScript(() => localStorage.setItem('lamppost-signed-in', 'yes'))
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterAll(() => browser?.close())

  async function passes(what: string): Promise<void> {
    expect(await violationsOf(page), what).toEqual([])
    expect(await sticksOutOf(page), `${what} is wider than the phone`).toEqual([])
  }

  it('shows what the paper says, follows the choice, and gives the PDF', async () => {
    await page.goto(`${hub.url}/home/record?${period}`)
    await page.getByRole('heading', { name: 'Damp record: Bedroom' }).waitFor()
    expect(await page.textContent('article')).toContain('480 of 480 measured hours')
    expect(await page.textContent('article')).not.toContain('Awaab')
    await passes('the record')
    await page.getByLabel('A council or housing association in England').check()
    await expect.poll(() => page.textContent('article')).toContain('Awaab')
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download the record (PDF)' }).click()
    const pdf = readFileSync(await (await downloading).path())
    if (pdftotext.present)
      expect(pdfText(pdftotext.path, pdf).flowing).toContain('in 480 of 480 measured hours')
  })

  it('makes a letter that its sender changes, prints, and notes in the diary', async () => {
    await page.getByRole('link', { name: 'Write a letter with it' }).click()
    const letter = page.getByLabel('The letter')
    await letter.waitFor()
    await page.getByLabel('To whom?').fill('Riverside Homes')
    await expect.poll(() => letter.inputValue()).toContain('To Riverside Homes')
    expect(await letter.inputValue()).toContain('in 480 of 480 measured hours (100%)')
    expect(await letter.inputValue()).toContain('SI 2025/1042')
    await passes('the letter')
    await letter.fill(`${await letter.inputValue()}\nPlease call me after six.`)
    const printed = await page.pdf()
    if (pdftotext.present) {
      const { flowing } = pdfText(pdftotext.path, printed)
      expect(flowing).toContain('Please call me after six.')
      // The letter alone: no button, no frame of the page.
      expect(flowing).not.toMatch(/Copy it|All streets|not legal advice/)
    }
    await page.getByRole('button', { name: 'Note it in my diary' }).click()
    await page.getByText('It is noted in your diary.').waitFor()
    await page.getByText('You will be reminded on:').waitFor()
  })

  it('keeps what somebody wants to be told', async () => {
    await page.goto(`${hub.url}/home`)
    await page.getByLabel('E-mail address').fill('anna@example.org')
    await page.getByLabel('A summary each Monday').check()
    await passes('the home page with alerts')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    await page.reload()
    await expect.poll(() => page.getByLabel('E-mail address').inputValue()).toBe('anna@example.org')
    expect(await page.getByLabel('A summary each Monday').isChecked()).toBe(true)
  })

  it('stops nothing by opening a link, and says what an unknown one is', async () => {
    await page.goto(`${hub.url}/home/stop/abcdefghijklmnopqrstuvwxyz`)
    await page.getByRole('heading', { name: 'Stop these messages?' }).waitFor()
    await passes('the page of a link')
    await page.getByRole('button', { name: 'Stop them' }).click()
    await page.getByText('This link is not known.').waitFor()
    expect(complaints).toEqual([])
  })
})
