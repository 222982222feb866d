/**
 * Programs from outside npm that a test needs. On a machine without one, its tests skip and say which line installs it;
 * nothing else may skip (test/tidy.test.ts), and `.ci/run` installs (or builds) them all and fails if anything was skipped.
 */
import { accessSync, constants } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { delimiter, isAbsolute, join } from 'node:path'

export type OutsideProgram =
  | 'chromium'
  | 'mosquitto'
  | 'mosquitto_pub'
  | 'mosquitto_sub'
  | 'openssl'
  | 'strace'
  | 'paho'
  | 'pandas'
  | 'Rscript'
  | 'unshare'
  | 'script'
  | 'influxd'
  | 'influx'
  | 'pdftotext'
  | 'frictionless'
  | 'pyarrow'
  | 'polars'
  | 'duckdb'

interface Program {
  names: string[]
  /** What brings it: a package of Debian's, or else a command line. */
  debianPackage?: string
  installLine?: string
  /** Arguments with which it must succeed before it counts as present. */
  trial?: string[]
}

/** Not from the PATH, and not Debian's Python, which has none of these. */
const pythonLibrary = (name: string): Program => ({
  names: [process.env.LAMPPOST_TEST_PYTHON ?? ''],
  installLine: 'export LAMPPOST_TEST_PYTHON="$(test/python/install.sh)"',
  trial: ['-c', `import ${name}`]
})

const influxdLine = 'export LAMPPOST_TEST_INFLUXD="$(test/influxd/build.sh)"'
const influxSettings = ['INFLUX_URL', 'INFLUX_TOKEN', 'INFLUX_ORG']

/** What each program is called where, and what brings it. */
const programs: Record<OutsideProgram, Program> = {
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' },
  // A server's program, which a user's PATH may not have.
  mosquitto: { names: ['mosquitto', '/usr/sbin/mosquitto'], debianPackage: 'mosquitto' },
  mosquitto_pub: { names: ['mosquitto_pub'], debianPackage: 'mosquitto-clients' },
  mosquitto_sub: { names: ['mosquitto_sub'], debianPackage: 'mosquitto-clients' },
  openssl: { names: ['openssl'], debianPackage: 'openssl' },
  // What is printed is read as text, by a program that shares nothing with the one that wrote it.
  pdftotext: { names: ['pdftotext'], debianPackage: 'poppler-utils' },
  strace: { names: ['strace'], debianPackage: 'strace' },
  // Debian's own Python, whose packages come from Debian too.
  paho: {
    names: ['/usr/bin/python3'],
    debianPackage: 'python3-paho-mqtt',
    trial: ['-c', 'import paho.mqtt.client']
  },
  pandas: { names: ['/usr/bin/python3'], debianPackage: 'python3-pandas', trial: ['-c', 'import pandas'] },
  frictionless: pythonLibrary('frictionless'),
  pyarrow: pythonLibrary('pyarrow'),
  polars: pythonLibrary('polars'),
  duckdb: pythonLibrary('duckdb'),
  Rscript: { names: ['Rscript'], debianPackage: 'r-base-core' },
  // Gives a program a terminal.
  script: { names: ['script'], debianPackage: 'bsdutils', trial: ['-qec', 'true', '/dev/null'] },
  // Everybody has the program; a container may forbid what it does.
  unshare: {
    names: ['unshare'],
    debianPackage: 'util-linux',
    trial: ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']
  },
  // The server itself, for tests that stop and kill it. Not from the PATH: Debian's influxd is version 1.
  influxd: { names: [process.env.LAMPPOST_TEST_INFLUXD ?? ''], installLine: influxdLine },
  // Any server, for tests that only write and read: the same, or one that runs and is named in these settings.
  influx: {
    names: [
      process.env.LAMPPOST_TEST_INFLUXD ?? '',
      influxSettings.every((name) => process.env[name]) ? process.execPath : ''
    ],
    installLine: `${influxdLine} (or name a running one in ${influxSettings.join(', ')})`
  }
}

export const outsidePrograms = Object.keys(programs) as OutsideProgram[]

export interface Outside {
  present: boolean
  /** Where it is; '' when it is absent. */
  path: string
  /** For the title of tests that need it: what it is, and the one line that installs it. */
  line: string
  debianPackage?: string
  /** The command that brings it. */
  installLine: string
}

/**
 * Finds a program on the PATH. Use it like this:
 *
 *     const chromium = outside('chromium')
 *     describe.skipIf(!chromium.present)(`the street page (${chromium.line})`, () => { … })
 */
export function outside(program: OutsideProgram): Outside {
  const {
    names,
    debianPackage,
    trial,
    installLine = `sudo apt-get install ${debianPackage}`
  } = programs[program]
  const found = firstExecutable(names)
  const path = found && trial && spawnSync(found, trial).status !== 0 ? undefined : found
  return {
    present: path !== undefined,
    path: path ?? '',
    line: `needs ${program}: ${installLine}`,
    installLine,
    ...(debianPackage === undefined ? {} : { debianPackage })
  }
}

// Debian keeps daemons in sbin, which is not on everybody's PATH.
const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin']

function firstExecutable(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...sbin]
  return names
    .filter(Boolean)
    .flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // Absent or not ours to run: either way there is no program for us here.
  }
}
