/**
 * A passkey in a real browser with an authenticator of Chromium's own: made on the account page over https at a name, signed in
 * with, removed; and on plain http the page that says why there is none.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyHashOf, makeCertificate } from '../support/certificate.ts'
import { launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const openssl = outside('openssl')
const hubName = 'hub.street.example'
const password = 'kettle bicycle lantern'
const folder = mkdtempSync(join(tmpdir(), 'lamppost-passkey-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!tool.present || !openssl.present)(`passkeys (${tool.line}, ${openssl.line})`, async () => {
  const files = openssl.present ? makeCertificate(openssl.path, folder, hubName) : { cert: '', key: '' }
  const httpsPort = await freePort()
  const hub = oneHub({
    LAMPPOST_NAMES: hubName,
    LAMPPOST_TLS_CERT: files.cert,
    LAMPPOST_TLS_KEY: files.key,
    LAMPPOST_HTTPS_PORT: String(httpsPort)
  })
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let cdp: CDPSession
  let authenticatorId: string
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium(
      tool.path,
      `--host-resolver-rules=MAP ${hubName} 127.0.0.1`,
      // As if somebody in the browser's list had signed it: with a mistake in its certificate a page has no passkeys.
      `--ignore-certificate-errors-spki-list=${keyHashOf(files)}`
    )
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' })
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    cdp = await context.newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    const added = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true
      }
    })
    authenticatorId = added.authenticatorId
  })
  afterAll(() => browser?.close())

  const secure = `https://${hubName}:${httpsPort}`
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' })

  async function keys(): Promise<number> {
    return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length
  }

  async function openPasskeys(): Promise<void> {
    await page.goto(`${secure}/home`)
    await page.getByText('Sign in without a password').click()
  }

  async function signOut(): Promise<void> {
    await button('Sign out').click()
    // Whoever leaves before the hub has answered may still be signed in.
    await page.getByText('Sign in to see your own sensors').waitFor()
    await page.goto(`${secure}/sign-in`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  }

  it('is made, signs in without a password, and is of no use once removed', async () => {
    const { personId } = await hub.json<{ personId: string }>('person', 'add', 'Anna Smith')
    const { code } = await hub.json<{ code: string }>('person', 'invite', personId)
    await page.goto(`${secure}/invitation/${code}`)
    await page.getByLabel('Your name').fill('Anna Smith')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Create my account').click()
    await page.getByText('You have no sensor here yet.').waitFor()

    await openPasskeys()
    await page.getByText('You have no passkey here yet.').waitFor()
    expect(await page.getByLabel('A name for the new passkey').inputValue()).toBe('Chrome on Linux')
    await page.getByLabel('A name for the new passkey').fill('Anna’s <b>phone</b>')
    await button('Create a passkey on this device').click()
    await page.getByText('It is created.').waitFor()
    await page.getByText('Anna’s <b>phone</b>').waitFor()
    expect(await keys()).toBe(1)
    // The same device makes no second one for the same account.
    await button('Create a passkey on this device').click()
    await page.getByText('This device has a passkey for you here already.').waitFor()

    await signOut()
    await button('Sign in with a passkey').click()
    await page.getByText('You have no sensor here yet.').waitFor()
    await openPasskeys()
    await page.getByText(/last used/).waitFor()

    await button('Remove the passkey: Anna’s <b>phone</b>').click()
    await page.getByText('It is removed').waitFor()
    await page.getByText('You have no passkey here yet.').waitFor()
    expect(await keys()).toBe(1)
    await signOut()
    await button('Sign in with a passkey').click()
    await page.getByText('This hub does not know this passkey').waitFor()
    expect(complaints).toEqual([])
  })

  it('that its owner does not want to use leaves the password, and nothing is a mistake', async () => {
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId })
    await page.goto(`${secure}/sign-in`)
    await button('Sign in with a passkey').click()
    await page.getByText('Nothing happened').waitFor()
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
    await page.getByText('You have no sensor here yet.').waitFor()
    expect(complaints).toEqual([])
  })

  it('cannot be made on plain http, and the page says why', async () => {
    await page.goto(`http://${hubName}:${hub.process.httpPort}/sign-in`)
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await page.getByLabel('User name').fill('anna')
    expect(await button('Sign in with a passkey').count()).toBe(0)
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
    await page.getByText('Sign in without a password').click()
    await page.getByText('Browsers make passkeys only for pages that come over https').waitFor()
    expect(await button('Create a passkey on this device').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
