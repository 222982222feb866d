/** Builds the dashboard when it is not built yet, or older than its sources. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const home = join(import.meta.dirname, '..')
const viteCommand = join(home, 'node_modules', 'vite', 'bin', 'vite.js')
const built = join(home, 'dashboard', 'dist', 'index.html')

/** Folders whose code ends up in the pages. */
const sources = [
  'dashboard/src',
  'dashboard/index.html',
  'dashboard/vite.config.ts',
  'model',
  'science',
  'words',
  'contract'
].map((name) => join(home, name))

export async function buildDashboardIfNeeded(say: (line: string) => void): Promise<void> {
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newest))) return
  say('Building the dashboard (once) …')
  // In a process of its own: what the build needs of memory is given back before the hub starts.
  const build = spawn(
    process.execPath,
    [viteCommand, 'build', join(home, 'dashboard'), '--logLevel', 'error'],
    {
      cwd: home,
      stdio: ['ignore', 'inherit', 'inherit']
    }
  )
  const [status] = (await once(build, 'exit')) as [number | null]
  if (status !== 0) {
    say(
      'The dashboard could not be built (see above). Sensors and the API work; for the pages run: npm run build'
    )
  }
}

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
