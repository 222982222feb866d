/** Settings are read strictly, flags over environment over defaults. */
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, settings } from '../config.ts'

describe('readConfig', () => {
  it('works with nothing set', () => {
    expect(readConfig({})).toMatchObject({
      dataDir: './data',
      httpPort: 8080,
      mqttPort: 1883,
      store: 'duckdb',
      mqtts: null
    })
  })

  it('takes a flag over the environment, and the environment over the default', () => {
    const env = { LAMPPOST_HTTP_PORT: '8081', LAMPPOST_MQTT_PORT: '1884' }
    expect(readConfig(env, { http: '8082' })).toMatchObject({ httpPort: 8082, mqttPort: 1884 })
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
    [{ LAMPPOST_LOG_LEVEL: 'loud' }, 'debug, info'],
    [{ LAMPPOST_SECURITY_CONTACT: 'me@example.org' }, 'mailto:'],
    [{ LAMPPOST_COLOUR: 'amber' }, 'LAMPPOST_COLOUR is no setting']
  ])('refuses %o and says %s', (env: Record<string, string>, says: string) => {
    expect(() => readConfig(env)).toThrow(ConfigError)
    expect(() => readConfig(env)).toThrow(says)
  })

  it('says of every setting what it is', () => {
    for (const { says } of Object.values(settings)) expect(says.length).toBeGreaterThan(10)
  })
})
