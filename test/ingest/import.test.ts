/** Importing files: what is taken, flagged, refused and counted; and that breaking off and repeating store once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ImportRefusal, type ImportProgress } from '../../ingest/import/import.ts'
import type { UnixMs } from '../../model/time.ts'
import { fieldOf, textOf, vectors } from '../support/vectors.ts'
import { directoryWith, fixture, ImportRig, now, reasonsOf, recordOf } from './import-rig.ts'
import { KeepingStore } from './keeping-store.ts'

const header = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2\n'

/** `count` rows of one sensor, 148 s apart, with two values each. */
function rows(count: number): string {
  const from = Date.UTC(2020, 0, 1)
  const row = (_: unknown, i: number): string =>
    `71;SDS011;40;51.5;7.6;${new Date(from + i * 148_000).toISOString().slice(0, 19)};${i / 100};;;${i / 200};;`
  return header + Array.from({ length: count }, row).join('\n') + '\n'
}

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

describe('an archive of sensor.community', () => {
  it('puts the particle file and the climate file of a node into one device', async () => {
    const report = await rig.run([fixture('sds011.good'), fixture('dht22.good')])
    expect(report).toMatchObject({
      isFinished: true,
      rows: 9,
      taken: 15,
      repeated: 0,
      refused: 0,
      duplicates: 2
    })
    expect(rig.store.lines().filter((line) => line.includes('00:00:10'))).toEqual([
      'humidity 88 at s-1 2020-02-01T00:00:10.000Z',
      'pm10 12.3 at s-1 2020-02-01T00:00:10.000Z',
      'pm2_5 6.1 at s-1 2020-02-01T00:00:10.000Z',
      'temperature 4.2 at s-1 2020-02-01T00:00:10.000Z'
    ])
    expect([...rig.store.kept.values()][0]).toMatchObject({
      deviceId: 'd-1',
      receivedAt: now,
      sequence: 77,
      importId: 5
    })
  })

  it.each(vectors('std.sensor_community_csv').filter(([, { input }]) => fieldOf(input, 'row') !== undefined))(
    'names what it has: %s',
    async (_id, { input, expected }) => {
      const file = await rig.write('one.csv', `${textOf(input, 'header')}\n${textOf(input, 'row')}\n`)
      await rig.run([file])
      const kept = new Map([...rig.store.kept.values()].map(({ quantity, value }) => [quantity, value]))
      const names = {
        pm10: 'pm10',
        pm25: 'pm2_5',
        pressure_hPa: 'pressure',
        temperature: 'temperature',
        humidity: 'humidity'
      } as const
      const wanted = Object.entries(names).flatMap(([theirs, ours]) => {
        const value = fieldOf(expected, theirs)
        return typeof value === 'number' ? [[ours, value] as const] : []
      })
      expect(wanted.length).toBeGreaterThan(1)
      expect(kept).toEqual(new Map(wanted))
    }
  )

  it.each(
    vectors('std.sensor_community_csv').filter(([, { input }]) => fieldOf(input, 'columns') !== undefined)
  )('has the names of its noise meters: %s', async (_id, { expected }) => {
    const [laeq, lamin, lamax] = ['laeq', 'lamin', 'lamax'].map((name) => textOf(expected, name))
    const header = `sensor_id;sensor_type;location;lat;lon;timestamp;${laeq};${lamin};${lamax}`
    const file = await rig.write('noise.csv', `${header}\n9;Laerm;1;51;7;2024-10-30T00:01:08;55;40;70\n`)
    await rig.run([file])
    expect(
      rig.store
        .lines()
        .map((line) => line.split(' at ')[0])
        .toSorted()
    ).toEqual(['laeq 55', 'lamax 70', 'lamin 40'])
  })

  it('flags the end of the scale, what stands for nothing, and a DHT22 that sticks', async () => {
    const report = await rig.run([fixture('sds011.good'), fixture('dht22.good')])
    expect(rig.flags()).toEqual(
      expect.arrayContaining([
        'pm10 1999.9 4 unusual saturated',
        'pm2_5 999.9 4 unusual saturated',
        'humidity 99.9 3 unusual stuck',
        'humidity 100 3 unusual stuck'
      ])
    )
    expect(reasonsOf(report)).toEqual(
      expect.arrayContaining(['flagged stuck 2', 'flagged saturated 2', 'flagged sentinel 2'])
    )
    expect(report.flagged).toBe(6)
  })

  it('of two rows of one moment keeps the last', async () => {
    await rig.run([fixture('sds011.good')])
    expect(rig.store.lines().filter((line) => line.includes('00:10:02'))).toEqual([
      'pm10 14 at s-1 2020-02-01T00:10:02.000Z',
      'pm2_5 8 at s-1 2020-02-01T00:10:02.000Z'
    ])
  })

  it('has pressure in pascal, and a BME280 may well be at 99.9 %', async () => {
    await rig.run([fixture('bme280.good')])
    expect(rig.flags()).toEqual([
      'pressure 1009.124 1',
      'temperature 3.45 1',
      'humidity 82.47 1',
      'pressure 1009.13 1',
      'temperature 3.4 1',
      'humidity 99.9 1',
      'temperature 3.35 1'
    ])
    expect(rig.store.lines().at(-1)).toBe('temperature 3.35 at s-1 2020-02-01T00:05:07.250Z')
  })

  it('loses to a malformed row that row only, and says why with the first of each', async () => {
    const report = await rig.run([fixture('sds011.bad')])
    expect(rig.store.lines()).toEqual([
      'pm10 12.3 at s-1 2020-02-01T00:00:10.000Z',
      'pm2_5 6.1 at s-1 2020-02-01T00:00:10.000Z',
      'pm2_5 6.2 at s-1 2020-02-01T00:10:10.000Z',
      'pm10 12.3 at s-1 2020-02-01T00:16:10.000Z',
      'pm2_5 6.3 at s-1 2020-02-01T00:16:10.000Z'
    ])
    expect(report).toMatchObject({ taken: 5, refused: 8 })
    expect(reasonsOf(report)).toEqual([
      'refused notANumber 3',
      'refused timeUnreadable 2',
      'refused rowUnreadable 1',
      'refused timeAhead 1',
      'refused otherDevice 1'
    ])
    expect(report.reasons[1]?.example).toBe(
      'sds011.bad.csv line 4, the time "yesterday" could not be read: 71;SDS011;40;51.500;7.600;yesterday;12.30;;;6.10;;'
    )
  })

  it('of a sensor that counts particles is no mass', async () => {
    const file = await rig.write('ppd.csv', header + '1;PPD42NS;4;1;2;2020-01-01T00:00:00;900;1;1;400;1;1\n')
    expect(reasonsOf(await rig.run([file]))).toEqual(['refused unknownQuantity 1'])
    expect(rig.store.kept.size).toBe(0)
  })

  it('brings its own years, but nothing from outside the deployment', async () => {
    const from = Date.UTC(2020, 1, 1, 0, 5) as UnixMs
    const report = await rig.run([fixture('dht22.good')], { directory: () => directoryWith({ from }) })
    expect(reasonsOf(report)).toContain('refused unclaimed 2')
    expect(report).toMatchObject({ taken: 2, refused: 2 })
    expect(report.reasons[0]?.example).toContain(
      'dht22.good.csv line 2, the device was not installed anywhere at 2020-02-01T00:00:10.000Z'
    )
  })
})

describe('what was erased', () => {
  const until = Date.UTC(2020, 1, 1, 0, 5) as UnixMs
  const erased = new Map([['d-1', { ...directoryWith().get('d-1')!, erased: [{ from: null, until }] }]])

  it('is refused, and said', async () => {
    const report = await rig.run([fixture('dht22.good')], { directory: () => erased })
    expect(reasonsOf(report)).toContain('refused erased 2')
    expect(report).toMatchObject({ taken: 2, refused: 2 })
  })

  it('meanwhile is left out, and said', async () => {
    const directories = [directoryWith(), erased]
    const report = await rig.run([fixture('dht22.good')], { directory: () => directories.shift() ?? erased })
    expect(report.taken).toBe(2)
    expect(report.notes).toContain('4 readings left out: the sensor was erased while its files were read.')
  })
})

describe('the interval', () => {
  it('is reported as assumed for a device of which nobody said it', async () => {
    const file = await rig.write('many.csv', rows(60))
    const said: string[] = []
    const onInterval = (deviceId: string): void => void said.push(deviceId)
    expect(await rig.run([file], { onInterval })).toMatchObject({ intervalS: 148 })
    expect(await rig.run([file], { directory: () => directoryWith({}, 60), onInterval })).toMatchObject({
      intervalS: null
    })
    // Nobody said it: the store learns it from the readings.
    expect(said).toEqual([])
  })
})

describe('a file', () => {
  it.each([
    ['with Windows line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (text: string) => `\ufeff${text}`],
    ['that ends without a line end', (text: string) => text.trimEnd()],
    ['that is compressed, whatever its name', (text: string) => gzipSync(text)],
    [
      'that is compressed in two pieces',
      (text: string) => Buffer.concat([gzipSync(text.slice(0, 200)), gzipSync(text.slice(200))])
    ]
  ])('%s is read the same', async (_what, change) => {
    const text = await readFile(fixture('sds011.good'), 'utf8')
    await rig.run([await rig.write('changed.csv', change(text))])
    const changed = rig.store.lines()
    rig.store = new KeepingStore()
    await rig.run([fixture('sds011.good')])
    expect(changed).toEqual(rig.store.lines())
  })

  it('tells how far it is, in bytes as they lie on disk', async () => {
    const text = rows(20_000)
    const files = [await rig.write('a.csv.gz', gzipSync(text)), await rig.write('b.csv', text)]
    const progress: ImportProgress[] = []
    await rig.run(files, { onProgress: (p) => p.phase === 'reading' && progress.push(p) })
    const total = gzipSync(text).length + Buffer.byteLength(text)
    expect(progress.length).toBeGreaterThan(5)
    expect(progress.at(-1)).toEqual({ phase: 'reading', bytesRead: total, bytesTotal: total, rows: 40_000 })
    const read = progress.map(({ bytesRead }) => bytesRead)
    expect(read).toEqual(read.toSorted((a, b) => a - b))
  })

  it.each([
    [
      'of another format',
      'Serial ID: 1\nExport\n',
      'is not sensor-community-csv: its first line has no column sensor_id and sensor_type and timestamp and one of P0, P1'
    ],
    ['that lacks one column', header.replace('timestamp', 'when') + '1', 'has no column timestamp.'],
    ['without values', 'sensor_id;sensor_type;timestamp\n', 'has no column one of P0, P1, P2'],
    ['that is empty', '', 'is empty.'],
    ['of zeros', '\0'.repeat(300_000), 'has no column sensor_id']
  ])('%s is refused in one line, and nothing of the others is stored', async (_what, content, message) => {
    const wrong = await rig.write('wrong.csv', content)
    const failure = await rig.run([fixture('sds011.good'), wrong]).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(ImportRefusal)
    expect(String(failure)).toContain(wrong)
    expect(String(failure)).toContain(message)
    expect(String(failure)).not.toContain('\n')
    expect(rig.store.kept.size).toBe(0)
  })

  it('that is not there, or a folder, is refused in one line', async () => {
    await expect(rig.run([join(rig.folder, 'none.csv')])).rejects.toThrow(/^There is no file .*none\.csv\.$/)
    await expect(rig.run([rig.folder])).rejects.toThrow('cannot be read')
  })

  it('with a line of a million characters loses that line', async () => {
    const file = await rig.write(
      'long.csv',
      rows(2) + 'x'.repeat(1_000_000) + '\n' + rows(3).split('\n')[3]! + '\n'
    )
    expect(reasonsOf(await rig.run([file]))).toEqual(['refused rowUnreadable 1'])
    expect(rig.store.kept.size).toBe(6)
  })

  it('that is cut short gives what it has, and says so', async () => {
    const whole = gzipSync(rows(20_000))
    const file = await rig.write('cut.csv.gz', whole.subarray(0, whole.length / 2))
    await expect(rig.run([file])).rejects.toThrow('is truncated')
    expect(rig.store.kept.size).toBeGreaterThan(10_000)
    expect(rig.saved.at(-1)).toMatchObject({
      rowsDone: [rig.store.kept.size / 2],
      taken: rig.store.kept.size,
      finishedAt: null
    })
  })
})

describe('an import', () => {
  it('needs a device that hangs somewhere', async () => {
    const file = fixture('sds011.good')
    await expect(rig.run([file], { record: recordOf([file], { deviceId: 'd-9' }) })).rejects.toThrow(
      'There is no device d-9'
    )
    const nowhere = new Map([
      [
        'd-1',
        {
          deviceId: 'd-1',
          dialect: 'lamppost',
          sensors: [],
          intervalS: null,
          intervalSource: null,
          deployments: []
        }
      ]
    ])
    await expect(rig.run([file], { directory: () => nowhere })).rejects.toThrow('is not installed anywhere')
  })

  it('twice stores once', async () => {
    const first = await rig.run([fixture('sds011.good')])
    const second = await rig.run([fixture('sds011.good')], {
      record: recordOf([fixture('sds011.good')], { importId: 6 })
    })
    expect(second).toMatchObject({ taken: 0, repeated: first.taken })
    expect(rig.store.kept.size).toBe(first.taken)
  })

  it('goes on where it was broken off, in the first file or the second', async () => {
    const files = [await rig.write('a.csv', rows(3_000)), fixture('dht22.good')]
    await rig.run(files)
    const whole = rig.store.lines()
    for (const writesUntilFailure of [0, 1, 3, 6]) {
      rig.store = new KeepingStore()
      rig.saved = []
      const failing = {
        write: (batch: Parameters<KeepingStore['write']>[0]) => {
          if (rig.store.batches.length >= writesUntilFailure) rig.store.takeAway()
          return rig.store.write(batch)
        }
      }
      await expect(rig.run(files, { store: failing, batchReadings: 1_000 })).rejects.toThrow(
        'the disk is full'
      )
      rig.store.giveBack()
      const report = await rig.run(files, {
        record: rig.saved.at(-1) ?? recordOf(files),
        batchReadings: 1_000
      })
      expect(rig.store.lines()).toEqual(whole)
      expect(report).toMatchObject({ isFinished: true, taken: whole.length, repeated: 0, flagged: 2 })
      expect(report.rows + report.rowsPassedOver).toBe(3_003)
    }
    expect(rig.saved.at(-1)).toMatchObject({ rowsDone: [3_000, 3], finishedAt: now })
  })

  it('puts readings where the device hangs by then, when it is moved meanwhile', async () => {
    const files = [await rig.write('a.csv', rows(30))]
    let directory = directoryWith()
    const store = {
      write: (batch: Parameters<KeepingStore['write']>[0]) => {
        directory = directoryWith({ siteId: 's-new' })
        return rig.store.write(batch)
      }
    }
    await rig.run(files, { store, directory: () => directory, batchReadings: 10 })
    const sites = [...rig.store.kept.values()].map(({ siteId }) => siteId)
    expect(rig.store.batches.length).toBeGreaterThan(1)
    expect(sites).toEqual(sites.map((_site, at) => (at < rig.store.batches[0]! ? 's-1' : 's-new')))
  })

  it('remembers whose file it is when it goes on', async () => {
    const text = rows(10)
    const file = await rig.write('mixed.csv', text + text.split('\n')[5]!.replace('71;', '99;') + '\n')
    const report = await rig.run([file], { record: recordOf([file], { rowsDone: [9], taken: 18 }) })
    expect(reasonsOf(report)).toEqual(['refused otherDevice 1'])
    expect(report).toMatchObject({ taken: 20, rows: 2, rowsPassedOver: 9 })
  })

  it('that is aborted keeps what it read, and says that it is not finished', async () => {
    const file = await rig.write('a.csv', rows(30_000))
    const stopping = new AbortController()
    const report = await rig.run([file], {
      signal: stopping.signal,
      onProgress: ({ phase }) => phase === 'reading' && stopping.abort()
    })
    expect(report.isFinished).toBe(false)
    expect(report.taken).toBe(rig.store.kept.size)
    expect(report.taken).toBeLessThan(60_000)
    expect(rig.saved.at(-1)).toMatchObject({ finishedAt: null, taken: report.taken })
    await rig.run([file], { record: rig.saved.at(-1)! })
    expect(rig.store.kept.size).toBe(60_000)
  })
})
