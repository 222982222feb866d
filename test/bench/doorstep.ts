/** How soon a street page that is open in Chromium shows what mosquitto_pub published, from its PUBACK on. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { buildDashboardIfNeeded } from '../../cli/build-dashboard.ts'
import { launchChromium } from '../support/chromium.ts'
import { addStreetAndDevice, startHubProcess, temporaryFolder } from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'

const messages = 20
const patienceMs = 10_000

const browserProgram = outside('chromium')
const publisher = outside('mosquitto_pub')
for (const { present, line } of [browserProgram, publisher]) {
  if (present) continue
  console.error(`This benchmark ${line}.`)
  process.exit(1)
}

await buildDashboardIfNeeded(() => undefined)
const folder = temporaryFolder()
const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
const browser = await launchChromium(browserProgram.path)
try {
  const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--name', 'No. 12')
  const page = await browser.newPage()
  await page.goto(`${hub.url}/streets/ashley-road`)
  await page.getByRole('heading', { name: 'Ashley Road' }).waitFor()
  const tookMs: number[] = []
  for (let n = 0; n < messages; n++) {
    const temperature = (n + 0.5).toFixed(1)
    const arrived = page.getByText(temperature).first().waitFor({ timeout: patienceMs })
    await promisify(execFile)(publisher.path, [
      ...['-h', '127.0.0.1', '-p', String(hub.mqttPort), '-q', '1'],
      ...['-u', device.username, '-P', device.password, '-t', device.topic],
      ...['-m', JSON.stringify({ temperature: Number(temperature) })]
    ])
    const acknowledgedAt = performance.now()
    await arrived
    tookMs.push(performance.now() - acknowledgedAt)
  }
  const [median, longest] = [tookMs.toSorted((a, b) => a - b)[messages / 2]!, Math.max(...tookMs)]
  console.log(
    `PUBACK to shown on the open page, ${messages} messages: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms (aim ≤ 1,000)`
  )
} finally {
  await browser.close()
  await hub.stop()
  folder.remove()
}
