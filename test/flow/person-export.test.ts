/** A person takes everything of theirs away in one file: complete, documented, and nobody else's. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { consentWordings, currentWording } from '../../model/consent.ts'
import type { PersonRecord } from '../../documents/person/record.ts'
import { addDevice, publishOnce, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { unzip } from '../support/unzip.ts'

const hub = oneHub()
const { run, json } = hub

let anna: { personId: string }
let ben: { personId: string }
let bath: AddedDevice
let rail: AddedDevice

beforeAll(async () => {
  await json('street', 'add', 'Ashley Road')
  bath = await addDevice(
    hub.dataDir,
    'Ashley Road',
    ...['--indoor', '--home', 'number-4', '--name', 'Bath Ä/1', '--interval', '600']
  )
  anna = await json('person', 'add', 'Anna Smith', '--home', 'number-4')
  ben = await json('person', 'add', 'Ben Jones')
  rail = await addDevice(hub.dataDir, 'Ashley Road', '--person', anna.personId, '--interval', '600')
  await json('device', 'consent', bath.deviceId, 'on', '--for', 'street', '--by', 'Anna Smith')
  await json('person', 'invite', anna.personId)
  const other = await addDevice(hub.dataDir, 'Ashley Road', '--person', ben.personId, '--interval', '600')
  await publishOnce(hub, bath, '{"at":"2025-12-31T23:50:00Z","humidity":61.25}')
  await publishOnce(hub, bath, '{"at":"2026-11-01T10:00:00Z","humidity":62.5,"moisture":"wet"}')
  await publishOnce(hub, rail, '{"at":"2026-11-01T10:00:00Z","pm2_5":7.125}')
  await publishOnce(hub, other, '{"at":"2026-11-01T10:00:00Z","pm2_5":99.5}')
  // From the 2nd on Ben's; what it measured before stays hers.
  await json('device', 'hand-over', rail.deviceId, '--to', ben.personId, '--at', '2026-11-02T00:00:00Z')
  await publishOnce(hub, rail, '{"at":"2026-11-03T10:00:00Z","pm2_5":55.5}')
})

async function exported(person: string) {
  const file = join(hub.path, `${person}.zip`)
  const { readings } = await json<{ readings: number }>('person', 'export', person, '-o', file)
  const members = unzip(readFileSync(file))
  const text = (name: string): string => members.get(name)?.toString('utf8') ?? ''
  const names = [...members.keys()]
  const all = names.map(text).join('\n')
  return { file, readings, names, text, all, record: JSON.parse(text('person.json')) as PersonRecord }
}

describe('the export of a person', () => {
  it('has every reading by place and year, hours and days, and nobody else’s', async () => {
    const { readings, names, text, all, file } = await exported(anna.personId)
    expect(readings).toBe(3)
    const inBath = `bath-a-1-${bath.siteId}`
    const railings = names.find((name) => name.startsWith('readings/ashley-road'))!
    expect(names.toSorted()).toEqual(
      [
        'README.txt',
        'person.json',
        `readings/${inBath}-2025.csv`,
        `readings/${inBath}-2026.csv`,
        `hours/${inBath}.csv`,
        `days/${inBath}.csv`,
        railings,
        railings.replace('readings/', 'hours/').replace('-2026', ''),
        railings.replace('readings/', 'days/').replace('-2026', '')
      ].toSorted()
    )
    expect(text(`readings/${inBath}-2025.csv`)).toMatch(/2025-12-31T23:50:00\.000Z,.*,humidity,61\.25,%,/)
    expect(text(`readings/${inBath}-2026.csv`)).toContain('62.5')
    expect(text(railings)).toContain('7.125')
    expect(text(`days/${inBath}.csv`).trimEnd().split('\n')).toHaveLength(3)
    for (const foreign of ['99.5', '55.5', 'Ben Jones']) expect(all).not.toContain(foreign)
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('has who they are, what they agreed to in which words, their boxes and what was wrong', async () => {
    const { record } = await exported('Anna Smith')
    expect(record.person).toMatchObject({ name: 'Anna Smith', personId: anna.personId })
    expect(record.homes).toMatchObject([{ homeId: 'number-4' }])
    expect(record.places).toMatchObject([
      { siteId: bath.siteId, name: 'Bath Ä/1', placement: 'indoor', hostedUntil: null },
      { siteId: rail.siteId, placement: 'outdoor', hostedUntil: '2026-11-02T00:00:00.000Z' }
    ])
    expect(record.consents).toMatchObject([
      { purpose: 'street', words: consentWordings[currentWording.street], by: 'Anna Smith', until: null }
    ])
    expect(record.devices).toMatchObject([
      { deviceId: bath.deviceId, isTheirs: true, problems: [{ field: 'moisture' }] },
      { deviceId: rail.deviceId, isTheirs: false }
    ])
    expect(record.alerts).toMatchObject({ mail: '', browsers: [], remindedReports: {} })
    expect(record.invitations).toMatchObject([{ role: 'host', usedAt: null }])
    expect(record.auditLog.length).toBeGreaterThan(0)
  })

  it('documents each column of each file', async () => {
    const { names, text } = await exported(anna.personId)
    const readme = text('README.txt')
    for (const name of names.filter((one) => one.endsWith('.csv'))) {
      expect(readme).toContain(name)
      const [header = ''] = text(name).split('\r\n')
      for (const column of header.split(','))
        expect(readme, `${name}: ${column}`).toMatch(new RegExp(`^ {2}${column} +\\w`, 'm'))
    }
  })

  it('of a later host begins with the day it was handed over', async () => {
    const { all, readings } = await exported(ben.personId)
    expect(readings).toBe(2)
    expect(all).toContain('55.5')
    expect(all).not.toContain('7.125')
    expect(all).not.toContain('Anna')
  })

  it('is refused for nobody, and without a file; nothing is left behind then', async () => {
    const file = join(hub.path, 'nobody.zip')
    const unknown = await run('person', 'export', 'p-aaaaaaaa', '-o', file)
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('There is no person')])
    expect(existsSync(file)).toBe(false)
    const nowhere = await run('person', 'export', anna.personId)
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('-o FILE')])
  })
})
