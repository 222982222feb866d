/** Mappings: those that ship can be read, and of a wrong one the member that is wrong is named. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMapping } from '../../ingest/import/mapping.ts'

const folder = join(import.meta.dirname, '../../docs/mappings')
const shipped = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe('the mappings that ship', () => {
  it.each(shipped)('%s can be read, and is called as its file is', (file) => {
    const found = readMapping(readFileSync(join(folder, file), 'utf8'))
    expect(found).toMatchObject({ ok: true, mapping: { name: file.replace('.json', '') } })
  })

  it('are all explained in README.md, and only those', () => {
    const text = readFileSync(join(folder, 'README.md'), 'utf8')
    const explained = [...text.matchAll(/^## (\S+\.json)$/gm)].map((match) => match[1])
    expect(explained.toSorted()).toEqual(shipped.toSorted())
  })
})

type Loose = Record<string, unknown>

const good: Loose = {
  name: 'm',
  time: { columns: ['t'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start' },
  values: [{ column: 'a', quantity: 'pm2_5', unit: 'µg/m³' }]
}
const value = (change: Loose): Loose => ({
  values: [{ column: 'a', quantity: 'pm2_5', unit: 'µg/m³', ...change }]
})
const time = (change: Loose): Loose => ({
  time: { columns: ['t'], format: 'YYYY-MM-DD HH:mm', offset: 'Z', label: 'start', ...change }
})
const long = (change: Loose, one: Loose): Loose => ({
  values: undefined,
  long: { quantityColumn: 'q', valueColumn: 'v', ...change, quantities: { NO2: { quantity: 'no2', ...one } } }
})

describe('a mapping', () => {
  it('may be as short as this', () => {
    expect(readMapping(JSON.stringify(good)).ok).toBe(true)
    expect(readMapping('\ufeff' + JSON.stringify(good)).ok).toBe(true)
  })

  it('may name quantities that the hub does not know, in any unit', () => {
    expect(readMapping(JSON.stringify({ ...good, ...value({ quantity: 'benzene', unit: 'ppb' }) })).ok).toBe(
      true
    )
  })

  it.each<[string, Loose, string]>([
    ['lacks the time', { time: undefined }, 'time: it is missing'],
    ['has a member too many', { delimeter: ';' }, 'delimeter: a mapping has no such member'],
    ['has a wrong type', { skipLines: 'six' }, 'skipLines: must be integer'],
    ['has a wrong word', time({ label: 'begin' }), 'time/label: must be one of "start", "middle", "end"'],
    ['has a long delimiter', { delimiter: ';;' }, 'delimiter: must not have more than 1 characters'],
    ['has an unknown format', time({ format: 'dd/mm/yy' }), 'time/format: "dd/mm/yy" has the letter d'],
    ['has neither offset nor zone', time({ offset: undefined }), 'time: give either offset'],
    ['has both offset and zone', time({ zone: 'Europe/London' }), 'time: give either offset'],
    ['says the zone twice', time({ format: 'X' }), 'time/offset: the format already contains the zone'],
    ['has no such offset', time({ offset: 'CET' }), 'time/offset: "CET" is no offset'],
    [
      'has no such zone',
      time({ offset: undefined, zone: 'Europe/Atlantis' }),
      'time/zone: "Europe/Atlantis"'
    ],
    ['names ends without a length', time({ label: 'end' }), 'intervalS: times that name the end'],
    [
      'has another quantity’s unit',
      value({ unit: '°C' }),
      'values/0/unit: °C is no unit of PM2.5; it takes µg/m³'
    ],
    ['has a mass in parts', value({ unit: 'ppb' }), 'values/0/unit: ppb is no unit of PM2.5'],
    [
      'has a value without a unit',
      { values: [{ column: 'a', quantity: 'no2' }] },
      'values/0/unit: it is missing'
    ],
    ['has no values', { values: undefined }, 'values: it is missing'],
    [
      'is wide and long',
      { ...long({}, {}), values: good['values'] },
      'long: a file has values or long, not both'
    ],
    ['is long without units', long({}, {}), 'long/quantities/NO2/unit: it is missing'],
    [
      'is long with a wrong unit',
      long({}, { unit: 'hPa' }),
      'long/quantities/NO2/unit: hPa is no unit of NO₂'
    ],
    ['filters by nothing', { filters: [{ column: 'QC' }] }, 'filters/0: give one of equals, oneOf, not'],
    ['splits at its quotes', { delimiter: '"' }, 'quote: it is also the delimiter'],
    [
      'has one sensor’s quantity twice',
      { values: [...(good['values'] as Loose[]), { column: 'b', quantity: 'pm2_5', unit: 'µg/m³' }] },
      'values/1: "a" and "b" are both pm2_5'
    ],
    [
      'names sensors in two ways',
      { deviceColumn: 's', ...value({ device: 'k' }) },
      'values/0/device: the sensor comes from'
    ]
  ])('that %s is refused by the member', (_what, change, message) => {
    const found = readMapping(JSON.stringify({ ...good, ...change }))
    expect(found.ok ? '' : found.refusal).toContain(message)
    expect(found.ok ? '' : found.refusal).not.toContain('\n')
  })

  it.each(['', '{', '[]', 'null', '"mapping"', '{"name":"__proto__"}'])('is not %s', (text) => {
    expect(readMapping(text).ok).toBe(false)
  })
})
