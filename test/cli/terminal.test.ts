/** What is asked on a terminal is asked there, each question by itself, and only a yes to each is a yes. */
import { beforeAll, describe, expect, it } from 'vitest'
import { addDevice, publishOnce, type AddedDevice } from '../support/hub-process.ts'
import { end, interrupt, onATerminal } from '../support/on-a-terminal.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('script')
const hub = oneHub()
const since = ['--from', '2026-11-01T00:00:00Z']
const outdoors = /Is the sensor really outdoors there\? Type yes to continue: /
const everybody = /Everybody will see these readings\. Are you sure\? Type yes to continue: /
let bath: AddedDevice

beforeAll(async () => {
  await hub.json('street', 'add', 'Ashley Road')
  const home = ['--indoor', '--home', 'number-7', '--interval', '60']
  bath = await addDevice(hub.dataDir, 'Ashley Road', ...home)
  await publishOnce(hub, bath, '{"at":"2026-11-01T10:00:00Z","humidity":61.5}')
  // Once it is stored.
  await hub.run('export', '--format', 'csv')
})

const publicRows = async (): Promise<string> =>
  (await fetch(`${hub.url}/api/v1/readings?format=jsonl&from=2026-10-01T00:00:00Z`)).text()

describe.skipIf(!tool.present)(`going public, on a terminal (${tool.line})`, () => {
  const goPublic = (answers: Parameters<typeof onATerminal>[1]) =>
    onATerminal(['device', 'placement', bath.deviceId, 'outdoor', ...since, ...hub.data], answers)

  it.each([
    ['one no', [[outdoors, 'no\n']]],
    [
      'a yes and a no',
      [
        [outdoors, 'yes\n'],
        [everybody, 'no\n']
      ]
    ],
    [
      'a yes and an empty line',
      [
        [outdoors, 'yes\n'],
        [everybody, '\n']
      ]
    ],
    ['one letter', [[outdoors, 'y\n']]],
    ['the end of the input', [[outdoors, end]]],
    [
      'a yes and the end of the input',
      [
        [outdoors, 'yes\n'],
        [everybody, end]
      ]
    ],
    [
      'Ctrl+C',
      [
        [outdoors, 'yes\n'],
        [everybody, interrupt]
      ]
    ]
  ] as const)('changes nothing after %s', async (what, answers) => {
    const { status, screen } = await goPublic(answers)
    expect(status, screen).toBe(what === 'Ctrl+C' ? 130 : 2)
    if (what !== 'Ctrl+C') expect(screen).toContain('Nothing was changed.')
    expect(screen).not.toContain('became public')
    expect(await publicRows()).not.toContain('61.5')
  })

  it('says how many readings, asks twice, and is done after two times yes', async () => {
    const { status, screen } = await goPublic([
      [outdoors, 'yes\n'],
      [everybody, 'YES\n']
    ])
    expect(screen).toContain('1 reading that is private now would become public at once')
    expect(screen.indexOf('would become public')).toBeLessThan(screen.search(outdoors))
    expect(screen).toContain('1 reading became public')
    expect(status).toBe(0)
    expect(await publicRows()).toContain('61.5')
  })
})
