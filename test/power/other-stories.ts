/** A hub that upgrades the folder of an earlier version, and one that publishes days of homes. */
import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readManifest, unpack } from '../../operate/backup/archive.ts'
import { dataFolders, unpackDataFolder } from '../support/data-folder-fixture.ts'
import { startDemoProcess, startHubProcess, type HubProcess } from '../support/hub-process.ts'
import { ask, hubUnder } from './ask.ts'
import type { Story } from './cuts.ts'
import type { Stage } from './story.ts'

const quiet = { LAMPPOST_LOG_LEVEL: 'warn', UV_USE_IO_URING: '0' }

/** Puts an older folder where the next story begins. */
export function layOldFolder(root: string): string {
  const [oldest = ''] = dataFolders
  return unpackDataFolder(oldest, join(root, 'data')).csv
}

/** `csv` is what the folder held. */
export async function tellUpgrade({ root, under }: Stage, csv: string): Promise<Story> {
  const from = Date.now()
  const hub = await startHubProcess(join(root, 'data'), [], quiet, under)
  const listening = Date.now()
  await end(hub)
  return {
    phases: [{ name: 'upgrade', from, until: Date.now() }],
    judge: (folder, at) => judgeUpgrade(folder, csv, at > listening)
  }
}

async function judgeUpgrade(root: string, csv: string, wasUpgraded: boolean): Promise<string[]> {
  const dataDir = join(root, 'data')
  return started(startHubProcess(dataDir, [], quiet), async () => {
    let text = ''
    await ask(dataDir, 'export', [], { format: 'csv' }, (piece) => void (text += piece))
    const wrong = sameReadings(text, csv) ? [] : ['an older folder has other readings after its upgrade']
    const folder = join(dataDir, 'before-upgrade')
    const archives = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.tar')) : []
    if (wasUpgraded && archives.length === 0) wrong.push('there is no way back from an upgrade')
    for (const name of archives) {
      const file = join(folder, name)
      await readManifest(file)
        .then((described) => unpack(file, described, undefined, () => undefined))
        .catch((cause: unknown) => void wrong.push(`${name} is not whole: ${String(cause)}`))
    }
    return wrong
  })
}

/** Flags are judged again after an upgrade. */
function sameReadings(one: string, other: string): boolean {
  const [a = [], b = []] = [one, other].map((text) =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(',').slice(0, 7).join())
  )
  return a.length === b.length && a.every((line, i) => line === b[i])
}

/** Rows of the ledger. The hub listens once they are out, so from then on everybody may have seen them. */
export async function tellPublishing({ root, aside, under }: Stage): Promise<Story> {
  const dataDir = join(root, 'data')
  const from = Date.now()
  const hub = await startDemoProcess(dataDir, ['--days', '4'], { under })
  const listening = Date.now()
  await end(hub)
  // A copy, since looking at a file of SQLite may change what lies beside it.
  const copy = join(aside, 'ledger.sqlite')
  copyFileSync(join(dataDir, 'registry.sqlite'), copy)
  const published = publishedIn(copy)
  if (published.length === 0) throw new Error('This demo publishes no days.')
  const first = Math.min(...published.map((row) => (JSON.parse(row) as { publishedAt: number }).publishedAt))
  return {
    phases: [
      { name: 'before days are published', from, until: first },
      { name: 'publishing days', from: first, until: listening },
      { name: 'after days were published', from: listening, until: Date.now() }
    ],
    judge: (folder, at) => judgePublished(folder, at > listening ? published : [])
  }
}

function publishedIn(registryFile: string): string[] {
  const db = new DatabaseSync(registryFile, { readOnly: true, timeout: 5_000 })
  try {
    return db
      .prepare('SELECT * FROM publishedDays')
      .all()
      .map((row) => JSON.stringify(row))
  } finally {
    db.close()
  }
}

async function judgePublished(root: string, published: readonly string[]): Promise<string[]> {
  const dataDir = join(root, 'data')
  const starting = startDemoProcess(dataDir, ['--days', '4'])
  // An invented neighbourhood that was not whole yet is begun afresh.
  const isUnfinished = await starting.then(
    () => false,
    (cause: unknown) => String(cause).includes('was cut short while it was made')
  )
  if (isUnfinished && published.length === 0) return []
  return started(starting, async () => {
    const found = new Set(publishedIn(join(dataDir, 'registry.sqlite')))
    return published
      .filter((day) => !found.has(day))
      .map((day) => `a published day is gone or another: ${day}`)
  })
}

/** What is wrong with a hub on a folder that a cut left. */
async function started(starting: Promise<HubProcess>, look: () => Promise<string[]>): Promise<string[]> {
  const wrong: string[] = []
  const hub = await starting.catch((cause: unknown) => void wrong.push(String(cause)))
  if (!hub) return wrong
  wrong.push(...(await look().catch((cause: unknown) => [String(cause)])))
  if ((await hub.stop()) !== 0) wrong.push(hub.output())
  return wrong
}

async function end(hub: HubProcess): Promise<void> {
  process.kill(hubUnder(hub.pid), 'SIGTERM')
  await hub.ended
}
