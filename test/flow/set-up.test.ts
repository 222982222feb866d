/** The first command in a fresh copy of the program: it installs what is missing, by itself, and reads `.env`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/hub-process.ts'
import { copyProgram } from '../support/program-copy.ts'
import { root } from '../support/sources.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

describe('npm start in a fresh copy', () => {
  const home = join(folder.path, 'fresh')
  // Its packages lie beside it, so that npm installs them without a network: the runtime, and one for development.
  const packages = {
    node: { version: '1.0.0', bin: { node: 'bin/node' } },
    kettle: { version: '1.0.0' },
    teapot: { version: '1.0.0' }
  }
  for (const [name, about] of Object.entries(packages)) {
    mkdirSync(join(folder.path, name, 'bin'), { recursive: true })
    writeFileSync(join(folder.path, name, 'package.json'), JSON.stringify({ name, ...about }))
  }
  const script = `#!/bin/sh\nexec '${process.execPath}' "$@"\n`
  writeFileSync(join(folder.path, 'node', 'bin', 'node'), script, { mode: 0o755 })
  mkdirSync(join(home, 'cli'), { recursive: true })
  for (const file of ['set-up.mjs', 'npm-script.mjs', 'bin.mjs']) {
    cpSync(join(root, 'cli', file), join(home, 'cli', file))
  }
  writeFileSync(
    join(home, 'cli', 'lamppost.mjs'),
    'console.log(`started ${process.argv.slice(2).join(" ")}`)\n'
  )
  writeFileSync(join(home, '.npmrc'), 'install-links=true\noffline=true\nupdate-notifier=false\n')
  const manifest = {
    name: 'lamppost',
    version: '0.0.0',
    type: 'module',
    scripts: {
      start: 'node cli/npm-script.mjs cli/lamppost.mjs start',
      test: 'node cli/npm-script.mjs --dev cli/lamppost.mjs test'
    },
    dependencies: { node: 'file:../node', kettle: 'file:../kettle' },
    devDependencies: { teapot: 'file:../teapot' }
  }
  const installed = (name: string): boolean => existsSync(join(home, 'node_modules', name, 'package.json'))

  it('installs what running needs, says so, and starts', async () => {
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
    expect((await run(home, 'npm', ['install', '--package-lock-only'])).status).toBe(0)
    const { status, stdout, stderr } = await run(home, 'npm', ['start', '--silent', '--', '--http', '0'])
    expect(stderr).toContain('Installing packages (once, a minute or two) …')
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'started start --http 0\n' })
    expect(installed('kettle')).toBe(true)
    expect(installed('teapot'), 'only tests need it').toBe(false)
  })

  it('installs nothing where everything is there', async () => {
    const before = statSync(join(home, 'node_modules', '.package-lock.json')).mtimeMs
    const { stdout, stderr } = await run(home, 'npm', ['start', '--silent'])
    expect({ stdout, stderr }).toEqual({ stdout: 'started start\n', stderr: '' })
    expect(statSync(join(home, 'node_modules', '.package-lock.json')).mtimeMs).toBe(before)
  })

  it('installs what tests need when they are run', async () => {
    const { stdout } = await run(home, 'npm', ['test', '--silent', '--', 'one'])
    expect(stdout).toBe('started test one\n')
    expect(installed('teapot')).toBe(true)
  })

  it('installs another version after an upgrade, and keeps what is there for development', async () => {
    writeFileSync(join(folder.path, 'kettle', 'package.json'), '{"name":"kettle","version":"2.0.0"}')
    const lock = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8')) as Lock
    lock.packages['node_modules/kettle'] = { version: '2.0.0', resolved: 'file:../kettle' }
    writeFileSync(join(home, 'package-lock.json'), JSON.stringify(lock))
    const { stderr } = await run(home, 'npm', ['start', '--silent'])
    expect(stderr).toContain('Installing packages')
    expect(installed('teapot')).toBe(true)
    expect((await run(home, 'npm', ['start', '--silent'])).stderr).toBe('')
  })

  it('lets the second of two commands wait for the first', async () => {
    rmSync(join(home, 'node_modules'), { recursive: true })
    const both = await Promise.all([1, 2].map((n) => run(home, 'npm', ['start', '--silent', '--', `${n}`])))
    expect(both).toMatchObject([{ stdout: 'started start 1\n' }, { stdout: 'started start 2\n' }])
    expect(both.filter(({ stderr }) => stderr.includes('Installing packages'))).toHaveLength(1)
  })

  it('says what to do where nothing can be installed', async () => {
    rmSync(join(home, 'node_modules'), { recursive: true })
    rmSync(join(folder.path, 'kettle'), { recursive: true })
    const { status, stderr } = await run(home, 'npm', ['start', '--silent'])
    expect(status).toBe(1)
    expect(stderr).toContain('npm could not install the packages (see above). Is this machine online?')
    const npx = await run(home, 'node', ['cli/bin.mjs', 'street', 'list'])
    expect(npx).toMatchObject({ status: 1, stderr: expect.stringContaining('npm install') as string })
  })
})

describe('.env beside package.json', () => {
  const home = join(folder.path, 'copy')

  it('is read by a command, and a setting in the environment wins', async () => {
    copyProgram(home)
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'))
    const [ofFile, ofEnvironment] = [join(folder.path, 'of-file'), join(folder.path, 'of-environment')]
    writeFileSync(join(home, '.env'), `LAMPPOST_DATA=${ofFile}\nLAMPPOST_LOG_LEVEL=silent\n`)
    // The name that services of earlier versions start.
    const add = ['cli/lamppost.ts', 'street', 'add', 'Ashley Road']
    expect((await run(home, process.execPath, add)).stderr).toBe('')
    expect(existsSync(join(ofFile, 'registry.sqlite'))).toBe(true)
    await run(home, process.execPath, add, { LAMPPOST_DATA: ofEnvironment })
    expect(existsSync(join(ofEnvironment, 'registry.sqlite'))).toBe(true)
  })
})

interface Lock {
  packages: Record<string, { version: string; resolved: string }>
}

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

async function run(
  cwd: string,
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = {}
): Promise<Ended> {
  const { PATH, HOME } = process.env
  const child = spawn(program, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}
