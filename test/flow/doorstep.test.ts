/** From a sensor that nobody here wrote to the page that a neighbour has open: without a reload; how soon, `npm run bench -- doorstep` says. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDashboardIfNeeded } from '../../cli/build-dashboard.ts'
import {
  addStreetAndDevice,
  startHubProcess,
  temporaryFolder,
  type HubProcess
} from '../support/hub-process.ts'
import { launchChromium } from '../support/chromium.ts'
import { outside } from '../support/outside.ts'

const browserProgram = outside('chromium')
const publisher = outside('mosquitto_pub')
const folder = temporaryFolder()
/** That only a hang reaches. */
const patienceMs = 120_000

describe.skipIf(!browserProgram.present || !publisher.present)(
  `mosquitto_pub to the street page (${browserProgram.line}; ${publisher.line})`,
  () => {
    let hub: HubProcess
    beforeAll(async () => {
      await buildDashboardIfNeeded(() => undefined)
      hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    })
    afterAll(async () => {
      await hub.stop()
      folder.remove()
    })

    it('shows a published reading without a reload', async () => {
      const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--name', 'No. 12')
      const browser = await launchChromium(browserProgram.path)
      try {
        const page = await browser.newPage()
        await page.goto(`${hub.url}/streets/ashley-road`)
        await page.getByRole('heading', { name: 'Ashley Road' }).waitFor()
        await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }))

        const arrived = page.getByText('37.5').first().waitFor({ timeout: patienceMs })
        const message = JSON.stringify({ pm2_5: 37.5, pm10: 61, temperature: 9.4, humidity: 81 })
        await promisify(execFile)(publisher.path, [
          ...['-h', '127.0.0.1', '-p', String(hub.mqttPort), '-q', '1'],
          ...['-u', device.username, '-P', device.password, '-t', device.topic, '-m', message]
        ])
        await arrived
        expect(await page.evaluate(() => 'notReloaded' in globalThis)).toBe(true)
      } finally {
        await browser.close()
      }
    })
  }
)
