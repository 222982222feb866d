/** Erasing on a running hub: killed at every step it goes on, an import on its way brings nothing back, and wrong use says so. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CommandEvent, CommandResult } from '../../hub/control/command.ts'
import { askHub } from '../../hub/control/client.ts'
import { socketFileOf } from '../../hub/data-folder.ts'
import { minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import { influxAnswers } from '../support/every-answer.ts'
import { connectDevice, eventually, testStore, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { foundByDuckDb, foundInFiles, type Planted } from '../support/planted.ts'

const hub = oneHub()

/** A command through the hub's own door: no process is started for it. */
async function ask(
  words: string,
  positionals: string[],
  values: Record<string, string | boolean | string[]> = {},
  onEvent: (event: CommandEvent) => void | Promise<void> = () => undefined
): Promise<CommandResult> {
  const result = await askHub(socketFileOf(hub.dataDir), { words, input: { positionals, values } }, onEvent)
  if (!result) throw new Error('No hub answers.')
  return result
}

interface Host extends Planted {
  personId: string
  device: AddedDevice
}

const begin = Date.UTC(2026, 9, 1)
const timeOf = (n: number): string => toIso((begin + n * minuteMs) as UnixMs)

/** A person with a box indoors and 120 readings of a value of their own. */
async function host(name: string, value: number): Promise<Host> {
  const added = await ask('device add', [], {
    street: 'Ashley Road',
    indoor: true,
    home: `zqx-${name.toLowerCase()}`,
    name: `Zqx${name} bath`,
    interval: '60'
  })
  const device = added.json as AddedDevice
  const { personId } = (await ask('person add', [`Zqx${name}`], { home: `zqx-${name.toLowerCase()}` }))
    .json as { personId: string }
  const client = await connectDevice(hub.process, device)
  const payload = (n: number): string => JSON.stringify({ at: timeOf(n), humidity: value, [`zqx${name}`]: 1 })
  await Promise.all(
    Array.from({ length: 120 }, (_, n) => client.publishAsync(device.topic, payload(n), { qos: 1 }))
  )
  await client.endAsync()
  const { deviceId, siteId } = device
  const words = [`Zqx${name}`, `zqx${name}`, `zqx-${name.toLowerCase()}`, personId, deviceId, siteId]
  return { personId, device, words, value }
}

/** Everything of it that is anywhere. */
async function found({ words, value, device, personId }: Host): Promise<string[]> {
  const ids = [personId, device.deviceId, device.siteId]
  return [
    ...foundInFiles(hub.dataDir, { words, value }),
    ...(testStore === 'influx'
      ? await influxAnswers(hub.dataDir, ids)
      : await foundByDuckDb(hub.dataDir, { words: ids, value }))
  ]
}

const isEmpty = (list: readonly unknown[]): boolean => list.length === 0

beforeAll(() => ask('street add', ['Ashley Road']))

describe('an erasure', () => {
  it.each([
    ['Anna', 'closing connections', 61.8033989],
    ['Bea', 'blanking the journal', 62.8318531],
    ['Cleo', 'removing the readings', 63.6619772],
    ['Dora', 'waiting for running downloads', 64.1274915],
    ['Ella', 'removing older copies', 65.3589793]
  ])('of %s, killed at "%s", goes on by itself', async (name, step, value) => {
    const victim = await host(name, value)
    const before = await eventually(
      () => found(victim),
      (list) => [...victim.words, 'the value'].every((mark) => list.join().includes(mark))
    )
    expect(before).toContainEqual(expect.stringContaining('the value'))
    let killed: Promise<void> | undefined
    const erasing = ask('person erase', [victim.personId], { yes: true }, (event) => {
      if ('progress' in event && event.progress.startsWith(step)) killed ??= hub.process.kill()
      return killed
    })
    await expect(erasing).rejects.toThrow('The hub stopped before the command was done')
    await hub.restart()
    const { json } = await ask('person list', [])
    expect(JSON.stringify(json)).not.toContain(victim.personId)
    expect(await eventually(() => found(victim), isEmpty)).toEqual([])
  })

  it('of a person whose files are being imported leaves nothing of them, and the import ends', async () => {
    const victim = await host('Fay', 66.2607015)
    const file = join(hub.path, 'zqx-history.csv')
    const rows = Array.from(
      { length: 200_000 },
      (_, n) => `${toIso((Date.UTC(2025, 0, 1) + n * minuteMs) as UnixMs)},humidity,${victim.value}`
    )
    writeFileSync(file, ['time,quantity,value', ...rows].join('\n') + '\n')
    let begun: () => void = () => undefined
    const isReading = new Promise<void>((resolve) => (begun = resolve))
    const importing = ask(
      'import',
      [file],
      { format: 'lamppost-csv', device: [victim.device.deviceId] },
      (event) => {
        if ('progress' in event && (event.done ?? 0) > 0) begun()
      }
    ).catch((cause: unknown) => cause)
    await Promise.race([isReading, importing])
    const { text } = await ask('person erase', [victim.personId], { yes: true })
    expect(text).toContain('Erased:')
    await importing
    expect(
      await eventually(() => found({ ...victim, words: [...victim.words, 'zqx-history'] }), isEmpty)
    ).toEqual([])
    expect((await ask('import list', [])).json).toEqual([])
  })
})

describe('the command', () => {
  it('shows what would go and asks, names what a street loses, and is refused for nobody', async () => {
    const { json } = await ask('person add', ['Gia'])
    const { personId } = json as { personId: string }
    for (const person of [personId, personId, undefined])
      await ask('device add', [], { street: 'Ashley Road', outdoor: true, ...(person ? { person } : {}) })
    const backup = join(hub.path, 'before.tar')
    await ask('backup', [backup])
    const { status, stderr } = await hub.run('person', 'erase', personId)
    expect(status).toBe(2)
    expect(stderr).toContain('2 of the 3 outdoor places of Ashley Road are theirs; one is left.')
    expect(stderr).toContain(`${backup}, made`)
    expect(stderr).toContain('until you delete it')
    expect(stderr).toContain('This cannot be undone.')
    expect(stderr).toContain('Nothing was changed. To go ahead, add --yes.')
    expect((await ask('person list', [])).text).toContain(personId)

    const twice = await Promise.allSettled([
      ask('person erase', [personId], { yes: true }),
      ask('person erase', [personId], { yes: true })
    ])
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const again = await hub.run('person', 'erase', personId, '--yes')
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('There is no person')])
  })

  it('says that nobody looks after the hub without them', async () => {
    const { json } = await ask('steward invite', [])
    const { code } = json as { code: string }
    await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ida', userName: 'ida', password: 'kettle bicycle lantern' })
    })
    const { stderr } = await hub.run('person', 'erase', 'Ida')
    expect(stderr).toContain('They are the only steward of this hub.')
    expect(stderr).toContain('npx lamppost steward invite')
  })
})
