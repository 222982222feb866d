/** Settings are read strictly, flags over environment over defaults. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig, withEnvFile } from '../config.ts'
import { settings } from '../settings.ts'

const influx = {
  LAMPPOST_STORE: 'influx',
  INFLUX_URL: 'http://localhost:8086/',
  INFLUX_TOKEN: 'abc==',
  INFLUX_ORG: 'lamppost',
  INFLUX_BUCKET: 'readings'
}

describe('readConfig', () => {
  it('works with nothing set', () => {
    expect(readConfig({})).toMatchObject({
      dataDir: './data',
      httpPort: 8080,
      mqttPort: 1883,
      store: 'duckdb',
      mqtts: null,
      https: null
    })
  })

  it('takes a flag over the environment, and the environment over the default', () => {
    const env = { LAMPPOST_HTTP_PORT: '8081', LAMPPOST_MQTT_PORT: '1884' }
    expect(readConfig(env, { http: '8082' })).toMatchObject({ httpPort: 8082, mqttPort: 1884 })
  })

  it.each([
    ['', null],
    ['512', 512],
    ['512M', 512],
    ['512mb', 512],
    ['2G', 2_048]
  ])('reads LAMPPOST_MEMORY=%s as %s megabytes', (value, memoryMb) => {
    expect(readConfig({ LAMPPOST_MEMORY: value })).toMatchObject({ memoryMb })
  })

  it.each(['255', '0.5G', 'much', '-512', '512K'])('refuses LAMPPOST_MEMORY=%s in one line', (value) => {
    expect(() => readConfig({ LAMPPOST_MEMORY: value })).toThrow(
      new ConfigError(
        `LAMPPOST_MEMORY is "${value}". Give megabytes, at least 256, or a size such as 512M or 2G.`
      )
    )
  })

  it('takes the token from a file, where containers put it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamppost-'))
    const file = join(folder, 'token')
    writeFileSync(file, 'from-a-file==\n')
    expect(readConfig(influx).influx).toEqual({
      url: 'http://localhost:8086',
      token: 'abc==',
      org: 'lamppost',
      bucket: 'readings',
      retentionDays: null
    })
    const fromFile = { ...influx, INFLUX_TOKEN: '', INFLUX_TOKEN_FILE: file, INFLUX_RETENTION_DAYS: '400' }
    expect(readConfig(fromFile).influx).toMatchObject({ token: 'from-a-file==', retentionDays: 400 })
    rmSync(folder, { recursive: true })
  })

  it('leaves names of others and of the tests alone', () => {
    expect(() => readConfig({ PATH: '/bin', LAMPPOST_TEST_INFLUXD: 'x' })).not.toThrow()
  })

  it.each([
    [{ LAMPPOST_DATA: ' ' }, 'LAMPPOST_DATA'],
    [{ LAMPPOST_HTTP_PORT: '-1' }, 'LAMPPOST_HTTP_PORT'],
    [{ LAMPPOST_MQTT_PORT: '65536' }, 'LAMPPOST_MQTT_PORT'],
    [{ LAMPPOST_PUBLIC_URL: 'air.example.org' }, 'http://'],
    [{ LAMPPOST_TIMEZONE: 'Nowhere' }, 'Europe/London'],
    [{ LAMPPOST_STORE: 'mysql' }, 'duckdb, influx'],
    [
      { LAMPPOST_STORE: 'influx', INFLUX_URL: 'http://localhost:8086' },
      'INFLUX_TOKEN, INFLUX_ORG, INFLUX_BUCKET'
    ],
    [{ ...influx, INFLUX_URL: 'localhost:8086' }, 'INFLUX_URL is "localhost:8086"'],
    [{ ...influx, INFLUX_TOKEN: 'two words' }, 'INFLUX_TOKEN contains no token'],
    [{ ...influx, INFLUX_TOKEN_FILE: '/etc/hostname' }, 'both set'],
    [
      { ...influx, INFLUX_TOKEN: '', INFLUX_TOKEN_FILE: '/nowhere' },
      '/nowhere (INFLUX_TOKEN_FILE) cannot be read'
    ],
    [{ ...influx, INFLUX_BUCKET: '_tasks' }, 'INFLUX_BUCKET is "_tasks"'],
    [{ ...influx, INFLUX_RETENTION_DAYS: 'a year' }, 'INFLUX_RETENTION_DAYS is "a year"'],
    [{ LAMPPOST_LOG_LEVEL: 'loud' }, 'debug, info'],
    [{ LAMPPOST_SECURITY_CONTACT: 'me@example.org' }, 'mailto:'],
    [{ LAMPPOST_OPERATOR: 'x'.repeat(301) }, 'LAMPPOST_OPERATOR has to be one line'],
    [{ LAMPPOST_OPERATOR_CONTACT: 'two\nlines' }, 'LAMPPOST_OPERATOR_CONTACT has to be one line'],
    [{ LAMPPOST_COLOUR: 'amber' }, 'LAMPPOST_COLOUR is not a Lamppost setting']
  ])('refuses %o and says %s', (env: Record<string, string>, says: string) => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(says)
  })

  it('says of every setting what it is', () => {
    for (const { says } of Object.values(settings)) expect(says.length).toBeGreaterThan(10)
  })
})

describe('.env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-'))
  const file = join(folder, '.env')
  afterAll(() => rmSync(folder, { recursive: true }))

  it('need not be there', () => {
    expect(withEnvFile({}, join(folder, 'none'), 'hub')).toEqual({})
  })

  it('gives settings where the environment leaves them open, and nothing else', () => {
    writeFileSync(file, '# ours\nLAMPPOST_NAME="Ashley Road"\nCOMPOSE_PROFILES=influx\nINFLUX_ORG=lamppost\n')
    expect(withEnvFile({ INFLUX_ORG: 'mine', PATH: '/bin' }, file, 'hub')).toEqual({
      LAMPPOST_NAME: 'Ashley Road',
      INFLUX_ORG: 'mine',
      PATH: '/bin'
    })
  })

  it('gives a demo ports, host and log level only', () => {
    const ports = { LAMPPOST_HTTP_PORT: '8090', LAMPPOST_MQTT_PORT: '1893' }
    const others = { LAMPPOST_DATA: '/srv/air', LAMPPOST_STORE: 'influx', LAMPPOST_NAME: 'Ashley Road' }
    const all = { ...ports, LAMPPOST_HOST: '::', LAMPPOST_LOG_LEVEL: 'warn', ...others }
    writeFileSync(
      file,
      Object.entries(all)
        .map(([name, value]) => `${name}=${value}\n`)
        .join('')
    )
    expect(withEnvFile({}, file, 'demo')).toEqual({
      ...ports,
      LAMPPOST_HOST: '::',
      LAMPPOST_LOG_LEVEL: 'warn'
    })
    expect(withEnvFile({}, file, 'hub')).toEqual(all)
  })

  it('says in which file an unknown setting is', () => {
    writeFileSync(file, 'LAMPPOST_PROT=8080\n')
    expect(() => withEnvFile({}, file, 'hub')).toThrow(`LAMPPOST_PROT (in ${file}) is not a Lamppost setting`)
  })

  it('says that it cannot be read', () => {
    expect(() => withEnvFile({}, folder, 'hub')).toThrow(/cannot be read \(EISDIR\)/)
  })
})
