/**
 * Lighthouse's own judgement of the public pages of a hub with an invented neighbourhood, and of a host's own page: median of
 * five, as a phone on slow data. `npm run bench -- lighthouse /home /methods` judges these two alone.
 */
import lighthouse from 'lighthouse'
import { launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { commandJson, startDemoProcess, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'

const runs = 5
const pages = ['/', '/streets/foundry-road', '/methods', '/home']
const aims = { performance: 95, accessibility: 100, 'best-practices': 100 } as const
const audits = {
  'first-contentful-paint': { name: 'first paint', aim: 1_000, unit: 'ms' },
  'largest-contentful-paint': { name: 'largest paint', aim: 1_500, unit: 'ms' },
  'cumulative-layout-shift': { name: 'layout shift', aim: 0.02, unit: '' },
  'total-blocking-time': { name: 'blocked', aim: Infinity, unit: 'ms' }
} as const

const asked = process.argv.slice(2)
const unknown = asked.filter((page) => !pages.includes(page))
if (unknown.length > 0) {
  console.error(`Not among the pages that are judged: ${unknown.join(', ')}. They are ${pages.join(', ')}.`)
  process.exit(2)
}
const tool = outside('chromium')
if (!tool.present) {
  console.log(`Not measured: ${tool.line}`)
  process.exit(0)
}

const folder = temporaryFolder()
const hub = await startDemoProcess(`${folder.path}/data`, ['--sensors', '20', '--days', '6'])
// Lighthouse must be told the port on which it reaches the browser.
const port = await freePort()
const browser = await launchChromium(tool.path, `--remote-debugging-port=${port}`)
try {
  for (const page of asked.length > 0 ? asked : pages) {
    const headers: Record<string, string> = page === '/home' ? { Cookie: await hostsCookie(hub) } : {}
    console.log(await judge(hub.url, page, port, headers))
  }
} finally {
  await browser.close()
  await hub.stop()
  folder.remove()
}

/** As whom a resident of the neighbourhood with a sensor indoors is signed in. */
async function hostsCookie({ url, dataDir }: HubProcess): Promise<string> {
  const persons = await commandJson<{ personId: string; homes: unknown[] }[]>([
    'person',
    'list',
    '--data',
    dataDir
  ])
  const { personId } = persons.find(({ homes }) => homes.length > 0)!
  const { code } = await commandJson<{ code: string }>(['person', 'invite', personId, '--data', dataDir])
  const answer = await fetch(`${url}/api/v1/invitations/${code}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userName: 'anna', password: 'kettle bicycle lantern' })
  })
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

async function judge(
  url: string,
  page: string,
  port: number,
  extraHeaders: Record<string, string>
): Promise<string> {
  const found = new Map<string, number[]>()
  const note = (name: string, value: number): void =>
    void found.set(name, [...(found.get(name) ?? []), value])
  for (let i = 0; i < runs; i++) {
    const result = await lighthouse(url + page, {
      port,
      extraHeaders,
      onlyCategories: Object.keys(aims),
      logLevel: 'silent'
    })
    if (!result) throw new Error(`Lighthouse gave nothing for ${page}.`)
    for (const name of Object.keys(aims)) note(name, (result.lhr.categories[name]?.score ?? NaN) * 100)
    for (const name of Object.keys(audits)) note(name, result.lhr.audits[name]?.numericValue ?? NaN)
  }
  const median = (name: string): number =>
    (found.get(name) ?? []).toSorted((a, b) => a - b)[Math.floor(runs / 2)]!
  const scores = Object.entries(aims).map(([name, aim]) => `${name} ${median(name).toFixed(0)} (aim: ${aim})`)
  const times = Object.entries(audits).map(([id, { name, aim, unit }]) => {
    const value = median(id)
    return `${name} ${unit === '' ? value.toFixed(3) : `${value.toFixed(0)} ${unit}`}${aim === Infinity ? '' : ` (aim: at most ${aim})`}`
  })
  return `Lighthouse, ${page}, median of ${runs}: ${[...scores, ...times].join(', ')}`
}
