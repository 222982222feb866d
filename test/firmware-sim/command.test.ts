/** The simulator's command line: what it takes, and one clear line for what it does not. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readCommand, readCredentials } from '../../firmware-sim/command.ts'

const ofDevice = (deviceId: string) => ({
  deviceId,
  username: deviceId,
  password: `lp1_${deviceId}_x`,
  topic: `sensors/${deviceId}/readings`
})

describe('the command line', () => {
  it('has defaults for all but the credentials', () => {
    expect(readCommand([])).toEqual({
      sensors: undefined,
      seed: 1,
      speed: 1,
      scenario: 'ordinary',
      url: 'mqtt://localhost:1883',
      intervalS: 60,
      credentialsFile: undefined
    })
    expect(readCommand(['--help', '--seed', 'x'])).toBe('help')
  })

  it.each([
    [['--sensor', '5'], /--sensor/],
    [['--sensors', '0'], /--sensors 0 is no whole number from 1/],
    [['--sensors', '2.5'], /whole number/],
    [['--seed', 'abc'], /--seed abc/],
    [['--speed', ''], /--speed/],
    [['--scenario', 'flood'], /Take one of: demo, ordinary, bonfire, schoolRun, heatwave/],
    [['--url', 'http://hub'], /mqtt:\/\/localhost:1883/],
    [['--url', 'hub'], /no MQTT address/],
    [['more'], /more/]
  ])('refuses %j', (args, message) => {
    expect(() => readCommand(args)).toThrow(message)
  })
})

describe('credentials', () => {
  it.each([
    ['an array', JSON.stringify([ofDevice('d-1'), ofDevice('d-2')])],
    ['lines', `${JSON.stringify(ofDevice('d-1'))}\n${JSON.stringify(ofDevice('d-2'))}\n`],
    [
      'objects over several lines',
      `${JSON.stringify(ofDevice('d-1'), null, 2)}\n${JSON.stringify(ofDevice('d-2'), null, 2)}\n`
    ],
    ['an array over several lines', JSON.stringify([ofDevice('d-1'), ofDevice('d-2')], null, 2)]
  ])('are read from %s', (_what, text) => {
    expect(readCredentials(text)).toEqual([ofDevice('d-1'), ofDevice('d-2')])
  })

  it('need only an id and a password', () => {
    expect(readCredentials('{"deviceId":"d-1","password":"lp1_d-1_x"}')).toEqual([ofDevice('d-1')])
  })

  it.each([
    ['', /empty/],
    ['[]', /empty/],
    ['{"deviceId":', /not JSON/],
    ['[{"deviceId":"d-1"}]', /Credential 1 has no deviceId and password/],
    ['[null]', /Credential 1/]
  ])('refuses %j', (text, message) => {
    expect(() => readCredentials(text)).toThrow(message)
  })
})

describe('the process', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['firmware-sim/main.ts', ...args], { encoding: 'utf8', input: '' })

  it('ends with 2 and one line on wrong use', () => {
    const { status, stderr, stdout } = run('--sensros', '5')
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('--sensros')
  })

  it('says how credentials are made when there are none', () => {
    const { status, stderr } = run()
    expect(status).toBe(2)
    expect(stderr).toContain('lamppost device add')
  })

  it('says which file it could not read', () => {
    const { status, stderr } = run('--credentials', 'nowhere.json')
    expect(status).toBe(2)
    expect(stderr).toContain('nowhere.json')
  })

  it('explains itself', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('--scenario NAME')
  })
})
