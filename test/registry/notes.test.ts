/** Problems, counted and bounded; imports, resumed where they broke off; settings. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Problem } from '../../model/fault.ts'
import { problemsPerDeviceMax } from '../../model/limits.ts'
import type { UnixMs } from '../../model/time.ts'
import { openDatabase } from '../../registry/database.ts'
import { openRegistry } from '../../registry/open.ts'
import type { ImportRecord, Registry } from '../../registry/registry.ts'
import { ashleyRoad, clock, noon, openAt, seededBytes, temporaryFile } from './support.ts'

function device(registry: Registry): string {
  return registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, noon).deviceId
}

const problem = (deviceId: string, more: Partial<Problem> = {}): Problem => ({
  deviceId,
  code: 'outOfRange',
  message: 'humidity 140 % is above 100 %',
  field: 'humidity',
  value: 140,
  at: noon,
  aboutFrom: noon,
  ...more
})

describe('problems', () => {
  it('of one kind and field are counted, with the newest words', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const deviceId = device(registry)
    registry.recordProblems([
      problem(deviceId),
      problem(deviceId, { value: 150, message: 'newer', at: noon + 2 })
    ])
    registry.recordProblems([
      problem(deviceId, { value: 130, message: 'a late one', at: noon - 5, aboutFrom: noon - 900 })
    ])
    const summary = {
      deviceId,
      code: 'outOfRange',
      field: 'humidity',
      message: 'newer',
      value: 150,
      count: 3,
      firstAt: noon - 5,
      lastAt: noon + 2,
      aboutFrom: noon - 900
    }
    expect(registry.problems(deviceId)).toEqual([summary])
    registry.close()
    expect(openAt(file).problems()).toEqual([summary])
  })

  it('are of no known time once one of them is', () => {
    const registry = ashleyRoad()
    const deviceId = device(registry)
    registry.recordProblems([problem(deviceId), problem(deviceId, { aboutFrom: null }), problem(deviceId)])
    expect(registry.problems(deviceId)).toMatchObject([{ count: 3, aboutFrom: null }])
  })

  it('of the whole message have no field and no value', () => {
    const registry = ashleyRoad()
    const deviceId = device(registry)
    registry.recordProblems([
      { deviceId, code: 'payloadNotJson', message: 'No JSON.', at: noon, aboutFrom: null }
    ])
    expect(registry.problems(deviceId)).toEqual([
      {
        deviceId,
        code: 'payloadNotJson',
        message: 'No JSON.',
        count: 1,
        firstAt: noon,
        lastAt: noon,
        aboutFrom: null
      }
    ])
  })

  it('are bounded for each device, the oldest makes room and is counted', () => {
    const registry = ashleyRoad()
    const [noisy, quiet] = [device(registry), device(registry)]
    registry.recordProblems([problem(quiet)])
    const storm = Array.from({ length: problemsPerDeviceMax + 20 }, (_, n) =>
      problem(noisy, { code: 'unknownQuantity', field: `field-${n}`, at: noon + n })
    )
    registry.recordProblems(storm)
    expect(registry.problems(noisy)).toHaveLength(problemsPerDeviceMax)
    expect(registry.problems(noisy)[0]?.field).toBe(`field-${problemsPerDeviceMax + 19}`)
    expect(registry.problemsForgotten(noisy)).toBe(20)
    expect(registry.problems(quiet)).toHaveLength(1)
    expect(registry.problemsForgotten(quiet)).toBe(0)
    expect(registry.problemsForgotten('d-aaaaaaaa')).toBe(0)
  })

  it('stay small and readable whatever the value is', () => {
    const registry = ashleyRoad()
    const deviceId = device(registry)
    const values: [field: string, value: unknown, kept: unknown][] = [
      ['long', 'x'.repeat(5_000), 'x'.repeat(200)],
      ['big', 12n, '12'],
      ['nan', NaN, 'NaN'],
      ['list', [1, 2], [1, 2]],
      ['deep', { a: 'y'.repeat(500) }, `{"a":"${'y'.repeat(194)}`],
      ['nothing', null, null]
    ]
    registry.recordProblems(
      values.map(([field, value]) => problem(deviceId, { field, value, message: 'm'.repeat(999) }))
    )
    for (const [field, , kept] of values) {
      const found = registry.problems(deviceId).find((one) => one.field === field)
      expect([field, found?.value]).toEqual([field, kept])
      expect(found?.message).toHaveLength(400)
    }
  })

  it('of a device that nobody added have no list', () => {
    const registry = ashleyRoad()
    registry.recordProblems([problem('d-aaaaaaaa')])
    registry.recordProblems([])
    expect(registry.problems()).toEqual([])
  })

  it('that cannot be written are warned about, and the hub goes on', () => {
    const file = temporaryFile()
    const warned: string[] = []
    const log = { info: () => {}, warn: (_fields: object, message: string) => warned.push(message) }
    const registry = openRegistry({ file, clock, randomBytes: seededBytes(), log })
    onTestFinished(() => registry.close())
    registry.addStreet({ name: 'Ashley Road' })
    const deviceId = device(registry)
    const other = openDatabase({ file, clock })
    other.exec("CREATE TRIGGER full BEFORE INSERT ON problems BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    other.close()
    registry.recordProblems([problem(deviceId)])
    registry.recordProblems([problem(deviceId)])
    expect(warned).toEqual(['A change could not be saved in the registry; trying again.'])
    expect(registry.failing()).toBe('disk is full')
    expect(registry.verify(deviceId, 'x')).toBeUndefined()
  })

  it('and intervals wait for another program that holds the file, and nobody waits for them', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const deviceId = device(registry)
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    registry.recordProblems([problem(deviceId)])
    registry.recordProblems([problem(deviceId)])
    registry.setInterval(deviceId, 60, 'learnt')
    expect(registry.problems(deviceId)).toEqual([])
    expect(registry.failing()).toBe('Another program is using the file.')
    registry.noteAgain()
    expect(registry.failing()).toBe('Another program is using the file.')

    other.exec('ROLLBACK')
    other.close()
    registry.noteAgain()
    expect(registry.failing()).toBeNull()
    expect(registry.problems(deviceId)).toMatchObject([{ code: 'outOfRange', count: 2 }])
    expect(registry.device(deviceId)?.intervalS).toBe(60)
  })

  it('wait, but what somebody asked for fails and says what to do', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    expect(() => registry.addStreet({ name: 'Bath Street' })).toThrow(
      'The registry is unavailable (adding a street): Another program is using the file. Nothing was changed. ' +
        'Stop that program, or wait for it, then run the command again.'
    )
    other.exec('ROLLBACK')
    other.close()
    expect(registry.streets().map(({ name }) => name)).toEqual(['Ashley Road'])
  })
})

describe('imports', () => {
  it('are kept as they were saved last, over a restart', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const record: ImportRecord = {
      importId: 1,
      deviceId: device(registry),
      files: ['a.csv', 'b.csv.gz'],
      format: 'sensor-community-csv',
      startedAt: noon,
      finishedAt: null,
      undoneAt: null,
      rowsDone: [0, 0],
      places: { 's-1': [-2.6, 51.5] },
      taken: 0,
      repeated: 0,
      flagged: 0,
      refused: 0
    }
    registry.saveImport(record)
    const later = { ...record, rowsDone: [500, 20], taken: 520, flagged: 3, finishedAt: (noon + 1) as UnixMs }
    registry.saveImport(later)
    registry.saveImport({ ...record, importId: 2 })
    registry.close()
    expect(openAt(file).imports()).toEqual([later, { ...record, importId: 2 }])
  })

  it('of a device that is not there fail', () => {
    const registry = ashleyRoad()
    const record = { importId: 1, deviceId: 'd-aaaaaaaa', files: [], format: 'x', startedAt: noon } as const
    const counts = {
      finishedAt: null,
      undoneAt: null,
      rowsDone: [],
      taken: 0,
      repeated: 0,
      flagged: 0,
      refused: 0
    }
    expect(() => registry.saveImport({ ...record, files: [], ...counts })).toThrow(/saving an import/)
  })
})
