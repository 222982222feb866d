/** Builds the dashboard when it is not built yet, or older than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const home = join(import.meta.dirname, '..')
const built = join(home, 'dashboard', 'dist', 'index.html')

/** Folders whose code ends up in the pages. */
const sources = ['dashboard/src', 'dashboard/index.html', 'dashboard/vite.config.ts', 'model', 'science'].map(
  (name) => join(home, name)
)

export async function buildDashboardIfNeeded(say: (line: string) => void): Promise<void> {
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newest))) return
  say('Building the dashboard (once) …')
  const { build } = await import('vite')
  await build({ root: join(home, 'dashboard'), logLevel: 'error' })
}

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
