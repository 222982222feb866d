/**
 * `npm run conformance`: is SensorThings what the standard says? Starts a hub with known data and lets three judges look at it:
 * OGC's own suite (level 1, which is all that a service without writing can keep), a client that research groups use, and our
 * queries, which are compared with SQL row by row. Needs Java with Maven and Python 3; says what is missing. Status 1 where a
 * judge found something, or could not look.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKnownHub, type KnownHub } from './known-hub.ts'

const here = import.meta.dirname
/** Kept from run to run, as the InfluxDB that the tests use is. */
const cache = join(homedir(), '.cache', 'lamppost', 'conformance')
const clientVersion = '1.1.53'

interface Verdict {
  judge: string
  passed: boolean
  said: string
}

mkdirSync(cache, { recursive: true })
const verdicts: Verdict[] = []
const known = await openKnownHub()
try {
  console.log(`The hub answers at ${known.base}\n`)
  verdicts.push(await ogcSuite(known), await client(known))
} finally {
  await known.close()
}
verdicts.push(ourQueries())
for (const { judge, passed, said } of verdicts)
  console.log(`${passed ? 'passed' : 'FAILED'}  ${judge}: ${said}`)
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1

async function ogcSuite({ base }: KnownHub): Promise<Verdict> {
  const judge = 'OGC ets-sta10, level 1'
  const jars = join(cache, 'ets-sta10')
  if (!existsSync(jars)) {
    const args = [
      '-B',
      '-q',
      '-f',
      join(here, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${jars}`
    ]
    const fetched = spawnSync('mvn', args, { encoding: 'utf8' })
    if (fetched.status !== 0) {
      rmSync(jars, { recursive: true, force: true })
      return failed(
        judge,
        fetched.error
          ? 'Maven is missing: sudo apt-get install maven'
          : `Maven: ${fetched.stdout.slice(0, 500)}`
      )
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-ogc-'))
  try {
    const settings = join(folder, 'run.xml')
    // No document type: it would be fetched from where it is no more.
    writeFileSync(
      settings,
      `<?xml version="1.0" encoding="UTF-8"?><properties version="1.0"><entry key="iut">${base}</entry><entry key="ics">1</entry></properties>`
    )
    const { output, missing } = await run('java', [
      `-Duser.home=${folder}`,
      '-cp',
      `${jars}/*`,
      'org.opengis.cite.sta10.TestNGController',
      settings
    ])
    if (missing) return failed(judge, 'Java is missing: sudo apt-get install default-jre-headless')
    const file = /^Test results: file:(.*)$/m.exec(output)?.[1]
    if (!file) return failed(judge, output.slice(-500))
    return judged(judge, readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tests of level 1 alone: the others begin with writing. */
function judged(judge: string, results: string): Verdict {
  const tests = [...results.matchAll(/<test-method\s([^>]*)>/g)]
    .map(
      ([, attributes = '']) =>
        new Map([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]))
    )
    .filter((test) => test.get('groups') === 'level-1')
  for (const test of tests) console.log(`${test.get('status')}  ${test.get('description')}`)
  const passed = tests.filter((test) => test.get('status') === 'PASS').length
  return {
    judge,
    passed: tests.length > 0 && passed === tests.length,
    said: `${passed} of ${tests.length} tests`
  }
}

async function client({ base, readings }: KnownHub): Promise<Verdict> {
  const judge = `frost-sta-client ${clientVersion}`
  const python = join(cache, 'python', 'bin', 'python')
  if (!existsSync(python)) {
    const made = spawnSync('python3', ['-m', 'venv', join(cache, 'python')], { encoding: 'utf8' })
    if (made.status !== 0) return failed(judge, 'Python 3 is missing: sudo apt-get install python3-venv')
  }
  const installed = spawnSync(python, ['-m', 'pip', 'install', '-q', `frost-sta-client==${clientVersion}`], {
    encoding: 'utf8'
  })
  if (installed.status !== 0) return failed(judge, installed.stderr.slice(-500))
  const lines = readings.map((reading) => JSON.stringify(reading)).join('\n')
  const { output, status } = await run(python, [join(here, 'client.py'), base], lines)
  console.log(output)
  const right = [...output.matchAll(/^ok /gm)].length
  return { judge, passed: status === 0, said: `${right} things were as they should be` }
}

/** The suite beside this one, with more questions than in every run of the tests. */
function ourQueries(): Verdict {
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/sensorthings']
  const env = { ...process.env, LAMPPOST_TEST_QUERIES: '10000' }
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env })
  return {
    judge: 'our queries against SQL, and 10,000 that nobody meant',
    passed: status === 0,
    said: `status ${status}`
  }
}

function failed(judge: string, said: string): Verdict {
  return { judge, passed: false, said }
}

/** The hub is in this process, so whoever asks it must not block it. */
function run(
  program: string,
  args: string[],
  input = ''
): Promise<{ status: number | null; output: string; missing: boolean }> {
  return new Promise((resolve) => {
    const child = spawn(program, args)
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += String(text)))
    child.stderr.on('data', (text: Buffer) => (output += String(text)))
    child.once('error', () => resolve({ status: null, output, missing: true }))
    child.once('close', (status) => resolve({ status, output, missing: false }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
