/** Histories of openSenseMap: which sensor of a box measured what, told by the box, by columns, or by the file's name. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportReport } from '../../ingest/import/import.ts'
import { quantityOf, readBox, type OpenSenseMapSensor } from '../../ingest/opensensemap-box.ts'
import type { Directory } from '../../ingest/ingest.ts'
import { directoryWith, ImportRig } from './import-rig.ts'

let rig: ImportRig

beforeEach(async () => {
  rig = await ImportRig.open()
})

afterEach(() => rig.close())

const id = (last: number): string => `5a8d1f2b3c4d5e6f708192${String(last).padStart(2, '0')}`
const sensor = (last: number, title: string, unit: string, sensorType = ''): OpenSenseMapSensor => ({
  sensorId: id(last),
  title,
  unit,
  sensorType
})
const box = [
  sensor(1, 'Temperatur', '°C', 'HDC1080'),
  sensor(2, 'rel. Luftfeuchte', '%', 'HDC1080'),
  sensor(3, 'Temperatur', '°C', 'BMP280'),
  sensor(4, 'Luftdruck', 'Pa', 'BMP280'),
  sensor(5, 'UV-Intensität', 'μW/cm²', 'VEML6070'),
  sensor(6, 'PM10', 'µg/m³', 'SDS 011')
]

const devices = (...ids: string[]): Directory =>
  new Map(
    ids.map((deviceId) => {
      const deployments = [{ deviceId, siteId: `s-${deviceId}`, from: null, until: null }]
      return [deviceId, { ...directoryWith().get('d-1')!, deviceId, deployments }]
    })
  )

function run(
  files: string[],
  sensors: OpenSenseMapSensor[] = box,
  bindings: Record<string, string> = { '': 'd-1' }
): Promise<ImportReport> {
  return rig.run(files, {
    format: { sensors, devices: bindings },
    directory: () => devices('d-1', 'd-2')
  })
}

const stored = (): string[] => rig.store.lines().map((line) => line.replace(':00.000Z', ''))

describe('files of the archive', () => {
  it('are of the sensor that they are called after, the newest row first', async () => {
    const files = [
      await rig.write(
        `${id(1)}-2024-01-01.csv`,
        'createdAt,value\n2024-01-01T00:10:00.000Z,5.2\n2024-01-01T00:00:00.000Z,5.1\n'
      ),
      await rig.write(`${id(4)}-2024-01-01.csv`, 'createdAt,value\n2024-01-01T00:00:00.000Z,100912.4\n'),
      await rig.write(`${id(6)}.csv`, 'createdAt;value\n2024-01-01T00:00:00.000Z;12.5\n')
    ]
    expect(await run(files)).toMatchObject({ taken: 4, refused: 0 })
    expect(stored()).toEqual([
      'pm10 12.5 at s-d-1 2024-01-01T00:00',
      'pressure 1009.124 at s-d-1 2024-01-01T00:00',
      'temperature 5.1 at s-d-1 2024-01-01T00:00',
      'temperature 5.2 at s-d-1 2024-01-01T00:10'
    ])
  })

  it('of what the hub does not keep, or of a second sensor for the same, are left out by name', async () => {
    const rows = 'createdAt,value\n2024-01-01T00:00:00.000Z,5.1\n'
    const files = await Promise.all([1, 3, 5].map((last) => rig.write(`${id(last)}-2024-01-01.csv`, rows)))
    const report = await run(files)
    expect(report).toMatchObject({ taken: 1, refused: 0 })
    expect(report.ignored.map(({ reason }) => reason)).toEqual([
      `${id(3)} measures temperature as ${id(1)} does; give it a sensor of its own (--device ${id(3)}=ID)`,
      'the hub keeps no UV-Intensität'
    ])
    rig.store.kept.clear()
    await run(files, box, { '': 'd-1', [id(3)]: 'd-2' })
    expect(stored()).toEqual([
      'temperature 5.1 at s-d-1 2024-01-01T00:00',
      'temperature 5.1 at s-d-2 2024-01-01T00:00'
    ])
  })

  it('without a name or a column that says the sensor are refused', async () => {
    const file = await rig.write('january.csv', 'createdAt,value\n2024-01-01T00:00:00.000Z,5.1\n')
    await expect(run([file])).rejects.toThrow('its first line has no column sensorId')
  })

  it('without the description of their box say what is needed', async () => {
    const file = await rig.write(`${id(1)}.csv`, 'createdAt,value\n2024-01-01T00:00:00.000Z,5.1\n')
    expect((await run([file], [])).ignored[0]?.reason).toContain(
      'add the description of the box (--box BOX.json)'
    )
  })
})

describe('downloads with columns', () => {
  const header = 'createdAt,value,sensorId,phenomenon,unit,sensorType,lat,lon'
  const row = (minute: number, value: string, last: number, place = '51.5,7.6'): string => {
    const { sensorId, title, unit, sensorType } = box[last - 1]!
    return `2024-01-01T00:${minute}:00.000Z,${value},${sensorId},"${title}",${unit},${sensorType},${place}`
  }

  it('say themselves what each row is', async () => {
    const rows = [
      header,
      row(10, '5.1', 1),
      row(10, '99.9', 2),
      row(11, 'nan', 1),
      row(12, '', 1),
      row(13, '7', 1, '48.1,11.6')
    ]
    const report = await run([await rig.write('all.csv', rows.join('\n') + '\n')], [])
    expect(stored()).toEqual([
      'humidity 99.9 at s-d-1 2024-01-01T00:10',
      'temperature 5.1 at s-d-1 2024-01-01T00:10'
    ])
    expect(report.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['notANumber', 'otherPlace'])
    )
  })
})

describe('the description of a box', () => {
  it('is read as the API and as the archive give it', () => {
    const sensors = [
      { _id: id(1), title: 'Temperatur', unit: '°C', sensorType: 'HDC1080' },
      { id: id(2), title: 'PM10', unit: 'µg/m³' },
      { _id: 'x' }
    ]
    expect(readBox(JSON.stringify({ name: 'box', sensors }))).toEqual({
      ok: true,
      sensors: [sensor(1, 'Temperatur', '°C', 'HDC1080'), sensor(2, 'PM10', 'µg/m³')]
    })
    for (const wrong of ['', '[]', '{}', '{"sensors":[]}', '{"sensors":[1]}'])
      expect(readBox(wrong).ok).toBe(false)
  })

  it.each([
    ['Temperatur', '°C', 'temperature'],
    ['Lufttemperatur', '°C', 'temperature'],
    ['Bodentemperatur', '°C', undefined],
    ['Taupunkt-Temperatur', '°C', undefined],
    ['rel. Luftfeuchte', '%', 'humidity'],
    ['Luftfeuchtigkeit', '%', 'humidity'],
    ['Bodenfeuchte', '%', undefined],
    ['Luftdruck', 'hPa', 'pressure'],
    ['Luftdruck', '°C', undefined],
    ['PM10', 'µg/m³', 'pm10'],
    ['PM2.5', 'µg/m³', 'pm2_5'],
    ['PM25', 'µg/m³', 'pm2_5'],
    ['PM1.0', 'µg/m³', 'pm1'],
    ['PM01', 'µg/m³', 'pm1'],
    ['PM1', 'µg/m³', 'pm1'],
    ['PM4', 'µg/m³', 'pm4'],
    ['Feinstaub PM 2,5', 'µg/m³', 'pm2_5'],
    ['nc2.5', '1/cm³', undefined],
    ['Lautstärke', 'dB (A)', 'laeq'],
    ['Schalldruckpegel', 'db (A)', 'laeq'],
    ['Schalldruckpegel Max', 'dB(A)', 'lamax'],
    ['Lautstärke', 'V', undefined],
    ['CO₂', 'ppm', 'co2'],
    ['eCO2', 'ppm', 'co2'],
    ['Windgeschwindigkeit', 'm/s', 'wind_speed'],
    ['Beleuchtungsstärke', 'lx', 'lux'],
    ['constructor', '', undefined]
  ])('%s in %s is %s', (title, unit, quantity) => {
    const found = quantityOf({ title, unit })
    expect(typeof found === 'string' ? undefined : found.quantity).toBe(quantity)
  })
})
