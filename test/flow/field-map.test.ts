/** A box that no family fits, connected by its page alone: the page's own message, draft, map and commands, on a real hub. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, commandJson, temporaryFolder } from '../support/hub-process.ts'
import { openHubHere, type HubHere } from '../support/hub-here.ts'

const run = promisify(execFile)
const page = readFileSync(join(import.meta.dirname, '../../docs/devices/other.md'), 'utf8')
const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => text!)
const folder = temporaryFolder()
const file = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

let here: HubHere
beforeAll(async () => {
  here = await openHubHere()
})
afterAll(async () => {
  await here.close()
  folder.remove()
})

interface Added {
  deviceId: string
  pushUrl: string
}

describe('docs/devices/other.md', () => {
  const [message, draft, map] = blocks as [string, string, string]
  const messageFile = file('message.json', message)
  const mapFile = file('fields.json', map)
  const data = (): string[] => ['--data', here.dataDir]
  const readingsOf = async (deviceId: string): Promise<object> =>
    Object.fromEntries(
      (await here.readings())
        .filter(({ device }) => device === deviceId)
        .map(({ quantity, value }) => [quantity, value])
    )

  it('drafts a map, tries it, adds the box and has its readings', async () => {
    const drafted = await command(['decode', messageFile, '--draft-map'])
    expect(JSON.parse(drafted.stdout)).toEqual(JSON.parse(draft))
    const tried = await command(['decode', messageFile, '--map', mapFile])
    expect(tried.stdout).toContain('values.t_out 184 °C → temperature 18.4 °C')

    const { deviceId, pushUrl } = await commandJson<Added>([
      'device',
      'add',
      '--street',
      'Ashley Road',
      '--outdoor',
      '--map',
      mapFile,
      '--interval',
      '300',
      ...data()
    ])
    // The time of the page's message passes.
    const now = message.replace('2026-11-22T10:00:00Z', new Date().toISOString())
    const { stdout } = await run('curl', [
      ...['-sS', '-o', '/dev/null', '-w', '%{http_code}', '--data-binary', now],
      pushUrl.replace(/\/\/[^/]+/, `//127.0.0.1:${here.hub.httpPort}`)
    ])
    expect(stdout).toBe('200')
    expect(await readingsOf(deviceId)).toEqual({ temperature: 18.4, humidity: 71, battery_voltage: 3.611 })

    // A map is corrected later, and what came before is read by the new one.
    const corrected = file(
      'corrected.json',
      map.replace('0.1 },\n    "values.rh"', '0.01 },\n    "values.rh"')
    )
    await command(['device', 'map', deviceId, corrected, ...data()])
    await command(['replay', '--device', deviceId, ...data()])
    await expect.poll(() => readingsOf(deviceId)).toMatchObject({ temperature: 1.84 })
  })

  it('names what is wrong before anything is added', async () => {
    const add = ['device', 'add', '--street', 'Ashley Road', '--outdoor', ...data()]
    const unfinished = await command([...add, '--map', file('draft.json', draft)])
    expect(unfinished).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"values.t_out" is still "?"') as string
    })
    const missing = await command([...add, '--dialect', 'other'])
    expect(missing).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--map FIELDS.json') as string
    })
    const known = await command([...add, '--dialect', 'tasmota', '--map', mapFile])
    expect(known).toMatchObject({ status: 2, stderr: expect.stringContaining('need no map') as string })
  })
})
