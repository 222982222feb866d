/** Our own export read back: with its flags, from this hub and from another, and through the real store. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRequest } from '../../ingest/import/import.ts'
import type { Directory } from '../../ingest/ingest.ts'
import { exported as csvOf } from '../support/exported.ts'
import type { UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { fixture, ImportRig, now, reasonsOf, recordOf } from './import-rig.ts'

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

describe('our own export', () => {
  const file = fixture('lamppost.good')
  const own: Partial<ImportRequest> = { format: 'lamppost-csv' }

  it('is read back with its flags, and loses to a bad row that row only', async () => {
    const report = await rig.run([file], own)
    expect(rig.flags()).toEqual([
      'pm2_5 6.1 1',
      'humidity 140 4 outOfRange',
      'pm2_5 40 3 timeReceived spike',
      'pm2_5 999.9 2 ratified',
      'temperature 4.2 1'
    ])
    expect(
      reasonsOf(report)
        .filter((r) => r.startsWith('refused'))
        .toSorted()
    ).toEqual([
      'refused otherDevice 1',
      'refused rowUnreadable 2',
      'refused timeUnreadable 1',
      'refused unknownQuantity 1'
    ])
    expect([...rig.store.kept.values()][0]?.receivedAt).toBe(Date.UTC(2020, 1, 1, 0, 0, 11, 500))
  })

  it('with rows of several of our devices gives those of the one that was asked for', async () => {
    const entry = (deviceId: string): [string, NonNullable<ReturnType<Directory['get']>>] => [
      deviceId,
      {
        deviceId,
        dialect: 'lamppost',
        sensors: [],
        intervalS: 60,
        intervalSource: 'given',
        deployments: [{ deviceId, siteId: `s-${deviceId}`, from: null, until: null }]
      }
    ]
    const directory: Directory = new Map([entry('d-old'), entry('d-other')])
    const record = recordOf([file], { deviceId: 'd-other', format: 'lamppost-csv' })
    const report = await rig.run([file], { ...own, directory: () => directory, record })
    expect(rig.store.lines()).toEqual(['pm2_5 1 at s-d-other 2020-02-01T00:07:34.000Z'])
    expect(reasonsOf(report)).toContain('refused otherDevice 8')
  })

  it('names the columns that a file lacks', async () => {
    const wrong = await rig.write('wrong.csv', 'time,value\n')
    await expect(rig.run([wrong], own)).rejects.toThrow(
      'is not lamppost-csv: its first line has no column device and quantity and unit.'
    )
  })
})

describe('with the real store', () => {
  it('a file is stored once, exported, read back as it was, and taken back', async () => {
    const open = (name: string): ReturnType<typeof openDuckDbStore> =>
      openDuckDbStore({ file: join(rig.folder, name), timezone: 'Europe/London' })
    const first = await open('first.duckdb')
    const files = [fixture('sds011.good'), fixture('dht22.good')]
    const everything = { siteIds: ['s-1'], from: 0 as UnixMs, until: now }
    const exported = (real: typeof first): Promise<string> =>
      csvOf(real, { ...everything, places: { 's-1': { street: 'Mill Lane', streetName: '', siteName: '' } } })
    expect(await rig.run(files, { store: first })).toMatchObject({ taken: 15, repeated: 0 })
    expect(await rig.run(files, { store: first })).toMatchObject({ taken: 0, repeated: 15 })
    const text = await exported(first)
    expect(text.split('\r\n')).toHaveLength(1 + 15 + 1)

    const second = await open('second.duckdb')
    const file = await rig.write('export.csv', text)
    expect(await rig.run([file], { format: 'lamppost-csv', store: second })).toMatchObject({
      taken: 15,
      refused: 0
    })
    expect(await exported(second)).toBe(text)

    expect(await first.undoImport(5)).toBe(15)
    expect(await exported(first)).toBe('time,street,site,device,quantity,value,unit,flag,reason,received\r\n')
    await first.close()
    await second.close()
  })
})
