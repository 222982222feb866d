/** What a steward meets at the start: clear refusals before it began, and a clean end. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { command, commandJson, startHubProcess, temporaryFolder } from '../support/hub-process.ts'

let folder = temporaryFolder()
afterEach(() => {
  folder.remove()
  folder = temporaryFolder()
})

describe('lamppost start', () => {
  it.each([
    ['an unknown setting', [], { LAMPPOST_PROT: '8080' }, 'LAMPPOST_PROT is not a Lamppost setting'],
    ['a port that is no port', ['--http', '99999'], {}, 'LAMPPOST_HTTP_PORT (--http) is "99999"'],
    ['a zone that does not exist', [], { LAMPPOST_TIMEZONE: 'Mars/Phobos' }, 'Europe/London'],
    ['an unknown flag', ['--prot', '1'], {}, '--prot'],
    ['half of the TLS settings', [], { LAMPPOST_MQTTS_PORT: '8883' }, 'LAMPPOST_TLS_CERT'],
    ['influx without its address', [], { LAMPPOST_STORE: 'influx', INFLUX_URL: '' }, 'INFLUX_URL']
  ])('refuses %s with one line and status 2', async (_what, args, env, says) => {
    const { status, stderr } = await command(['start', '--data', folder.path, ...args], env)
    expect(status).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(says)
  })

  it('refuses a port in use, and names it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const args = ['--host', '127.0.0.1', '--http', '0', '--mqtt', String(port)]
    const { status, stderr } = await command(['start', '--data', folder.path, ...args])
    other.close()
    expect(status).toBe(2)
    expect(stderr).toContain(`Port ${port} is in use`)
  })

  it('refuses a data folder that is a file', async () => {
    const file = join(folder.path, 'data')
    writeFileSync(file, '')
    const { status, stderr } = await command(['start', '--data', file])
    expect(status).toBe(2)
    expect(stderr).toContain('cannot be written')
  })

  it('refuses a data folder of a newer version', async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    await commandJson(['street', 'add', 'Ashley Road', '--data', data])
    const registry = new DatabaseSync(join(data, 'registry.sqlite'))
    registry.exec('PRAGMA user_version = 9999')
    registry.close()
    const { status, stderr } = await command(['start', '--data', data, '--http', '0', '--mqtt', '0'])
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/newer version/)
  })

  it('lets only one hub work on a data folder, and the command talk to it', async () => {
    const hub = await startHubProcess(folder.path)
    const second = await command(['start', '--data', folder.path, '--http', '0', '--mqtt', '0'])
    expect(second.status).toBe(2)
    expect(second.stderr).toContain('Another Lamppost uses the data folder')

    await commandJson(['street', 'add', 'Ashley Road', '--data', folder.path])
    const streets = (await (await fetch(`${hub.url}/api/v1/streets`)).json()) as { name: string }[]
    expect(streets.map((street) => street.name)).toEqual(['Ashley Road'])
    expect((await fetch(`${hub.url}/api/v1/health`)).status).toBe(200)
    expect(await hub.stop()).toBe(0)
  })
})

describe('lamppost commands', () => {
  it.each([
    ['no such command', ['stret', 'add', 'X'], '"stret add X" is not a command'],
    ['options without a command', ['--json'], 'A command is missing'],
    ['half a command', ['device'], '"device" is not a command'],
    ['a street that is there already', ['street', 'add', 'Ashley Road'], 'Ashley Road'],
    ['a device on no street', ['device', 'add', '--outdoor', '--street', 'Nowhere'], 'street add "Nowhere"'],
    [
      'a device with a silly interval',
      ['device', 'add', '--outdoor', '--street', 'Ashley Road', '--interval', '0'],
      '--interval'
    ],
    ['a time without a zone', ['export', '--from', '2026-01-01T00:00:00'], '--from'],
    ['an unknown quantity', ['export', '--quantity', 'pm25'], 'pm2_5'],
    ['an import without a format', ['import', 'package.json', '--device', 'd-x'], '--format'],
    [
      'a file that is not there',
      ['import', 'nothing.csv', '--format', 'sensor-community-csv', '--device', 'd-x'],
      'nothing.csv'
    ]
  ])('answer %s with one line and status 2', async (_what, args, says) => {
    await command(['street', 'add', 'Ashley Road', '--data', folder.path])
    const { status, stderr } = await command([...args, '--data', folder.path])
    expect(stderr).toContain(says)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(status).toBe(2)
  })

  it('helps with one command or one kind of them, and leads there from a mistake', async () => {
    const one = await command(['device', 'add', '--help'])
    expect(one.stdout).toContain('npx lamppost device add --street S')
    expect(one.stdout).not.toContain('device list')
    const kind = await command(['help', 'device'])
    expect(kind.stdout).toContain('npx lamppost device list')
    expect(kind.stdout).not.toContain('street add')
    expect((await command(['help'])).stdout).toContain('npx lamppost street add NAME')
    expect((await command(['device'])).stderr).toContain('See: npx lamppost help device')
    expect((await command(['street', 'list', '--foo'])).stderr).toContain(
      'See: npx lamppost help street list'
    )
    expect((await command(['stret', 'add'])).stderr).toContain('See: npx lamppost help\n')
  })

  it.each([
    ['not JSON', '{"type":'],
    ['no collection', '{"type":"Point","coordinates":[1,2]}'],
    [
      'a line that leaves the earth',
      collection([
        [200, 95],
        [7, 52]
      ])
    ]
  ])('refuse a street map that is %s, and add nothing', async (_what, text) => {
    const file = join(folder.path, 'map.geojson')
    const data = join(folder.path, 'data')
    writeFileSync(file, text)
    const { status, stderr } = await command(['street', 'import', file, '--data', data])
    expect(status).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(await commandJson(['street', 'list', '--data', data])).toEqual([])
  })
})

function collection(coordinates: number[][]): string {
  const geometry = { type: 'LineString', coordinates }
  return JSON.stringify({
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: { name: 'Ashley Road' }, geometry }]
  })
}
