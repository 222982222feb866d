// Installs what is missing or out of date, and goes on under the Node that the project brings. Runs on whatever Node
// came with npm (18 and later), so it is plain JavaScript that imports nothing of ours.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const ownNode = join(home, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const lockFile = join(home, 'node_modules', '.installing')

/** What cannot be done, in a line that says what to do. */
export class SetUpFailed extends Error {}

/** Packages that package-lock.json names and node_modules does not have, or has in another version. */
export function missingPackages(folder, { dev }) {
  const wanted = packagesIn(join(folder, 'package-lock.json'))
  // npm writes this one at the end of an installation, so a broken-off one is not taken for a whole one.
  const present = packagesIn(join(folder, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted)
    .filter(
      ([path, entry]) => path !== '' && isNeeded(entry, dev) && present[path]?.version !== entry.version
    )
    .map(([path]) => path)
}

/** Builds for other platforms are optional, and stand in the lockfile all the same. */
function isNeeded({ optional, devOptional, dev }, withDev) {
  return !optional && !devOptional && (withDev || !dev)
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {} // It is not there, or half of it is: everything is missing then, and is installed.
  }
}

export function isInstalled() {
  return existsSync(ownNode)
}

/** Costs some milliseconds where everything is there. */
export async function installIfNeeded({ dev }) {
  if (isWhole(dev)) return
  await takeTurn()
  try {
    // Another command may have installed everything while this one waited.
    if (!isWhole(dev)) await install(dev)
  } finally {
    rmSync(lockFile, { force: true })
  }
}

function isWhole(dev) {
  return isInstalled() && missingPackages(home, { dev }).length === 0
}

/** Two installations at once would spoil each other: the second waits for the first. */
async function takeTurn() {
  mkdirSync(dirname(lockFile), { recursive: true })
  for (let told = false; ; told = true) {
    try {
      return writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    } catch (cause) {
      if (cause.code === 'EACCES' || cause.code === 'EROFS') throw notWritable()
      if (cause.code !== 'EEXIST') throw cause
    }
    if (!isRunning(Number(readFileSync(lockFile, 'utf8')))) rmSync(lockFile, { force: true })
    else if (!told) say('Another command is installing; waiting for it …\n')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (cause) {
    return cause.code === 'EPERM'
  }
}

function notWritable() {
  return new SetUpFailed(
    `Packages are missing or out of date, and ${home} cannot be written by this user. Run there, as its owner: npm install`
  )
}

async function install(dev) {
  // What somebody installed for development stays.
  const withDev =
    dev || Object.values(packagesIn(join(home, 'node_modules', '.package-lock.json'))).some(isDev)
  const progress = showProgress(withDev)
  const { status, errors } = await npmInstall(withDev ? '--include=dev' : '--omit=dev')
  progress.end()
  if (status !== 0) {
    say(errors)
    throw new SetUpFailed(
      'npm could not install the packages (see above). Is this machine online? Try: npm install'
    )
  }
  const tried = spawnSync(ownNode, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' })
  if (tried.status === 0) return
  say(tried.stderr ?? '')
  throw new SetUpFailed(
    'The Node that was installed does not start (see above). On Debian, Ubuntu and Raspberry Pi OS: sudo apt-get install libatomic1'
  )
}

function isDev({ dev }) {
  return dev === true
}

function npmInstall(which) {
  // package-lock.json stays as it is: an older npm would write it in its own way.
  const args = ['install', which, '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const child = npm?.endsWith('js')
    ? spawn(process.execPath, [npm, ...args], { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
    : spawn('npm', args, {
        cwd: home,
        stdio: ['ignore', 'ignore', 'pipe'],
        shell: process.platform === 'win32'
      })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  return new Promise((resolve) => {
    child.on('error', (cause) => resolve({ status: 1, errors: `${cause.message}\n` }))
    child.on('close', (status) => resolve({ status, errors }))
  })
}

/** On a terminal one line that counts; elsewhere one line. */
function showProgress(dev) {
  const needed = Object.entries(packagesIn(join(home, 'package-lock.json')))
    .filter(([path, entry]) => path !== '' && isNeeded(entry, dev))
    .map(([path]) => join(home, path, 'package.json'))
  const line = 'Installing packages (once, a minute or two)'
  if (!process.stderr.isTTY) {
    say(`${line} …\n`)
    return { end: () => say('Packages are installed.\n') }
  }
  const show = () =>
    say(`\r\x1b[2K${line}: ${needed.filter((file) => existsSync(file)).length} of ${needed.length}`)
  show()
  const timer = setInterval(show, 500)
  return {
    end() {
      clearInterval(timer)
      say('\r\x1b[2K')
    }
  }
}

/** Runs a file of ours under the project's Node: here where this is it already, in a process of its own otherwise. */
export async function goOn(file, args) {
  const script = join(home, file)
  if (isOwnNode()) {
    process.argv = [process.execPath, script, ...args]
    await import(pathToFileURL(script).href)
    return
  }
  const child = spawn(ownNode, [script, ...args], { stdio: 'inherit', shell: process.platform === 'win32' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1)
  })
}

function isOwnNode() {
  const { version } = packagesIn(join(home, 'node_modules', '.package-lock.json'))['node_modules/node'] ?? {}
  return process.version === `v${version}`
}

function say(text) {
  process.stderr.write(text)
}
