/** A humidity at the end of its scale: what is the air is kept, what is a broken sensor goes, what is in doubt stays and says so. */
import { describe, expect, it } from 'vitest'
import { lookBackRules, type LookBackPlaces } from '../../ingest/look-back.ts'
import { reasonBits, reasonList } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import { hourMs, minuteMs } from '../../model/time.ts'
import type { ExaminedSeries } from '../../store/promise/examine.ts'
import { everything, hourStart, winter } from '../support/readings.ts'

/** A reading every ten minutes. */
function seriesOf(quantity: Quantity, value: number[], fields: Partial<ExaminedSeries> = {}): ExaminedSeries {
  return {
    siteId: 'a',
    deviceId: 'box-1',
    quantity,
    judged: everything,
    time: value.map((_, i) => winter + i * 10 * minuteMs),
    value,
    flag: value.map(() => 1),
    reasons: value.map(() => 0),
    ...fields
  }
}

const byHour = (hours: number, of: (hour: number) => number): number[] =>
  Array.from({ length: hours * 6 }, (_, i) => of(i / 6))

interface Case {
  isOutdoor?: boolean
  family?: SensorFamily
  humidity: number[]
  temperature?: number[]
  humidityFields?: Partial<ExaminedSeries>
}

/** How many of the humidities are at each flag, and why the worst is. */
function judged({ isOutdoor = true, family, humidity, temperature, humidityFields }: Case): string {
  const places: LookBackPlaces = {
    isOutdoor: () => isOutdoor,
    neighboursOf: () => [],
    sensorsOf: () => (family ? [family] : [])
  }
  const series = [seriesOf('humidity', humidity, humidityFields)]
  if (temperature) series.push(seriesOf('temperature', temperature))
  const verdicts = lookBackRules(places).judge({ series, hourStart, middleOf: () => undefined })
  const ofHumidity = verdicts.filter((verdict) => verdict.series === 0)
  const counts = [3, 4].map((flag) => ofHumidity.filter((verdict) => verdict.flag === flag).length)
  const why = new Set(ofHumidity.flatMap(({ reasons }) => reasonList(reasons)))
  return `doubted ${counts[0]}, failed ${counts[1]} of ${humidity.length} ${[...why].join(' ')}`.trimEnd()
}

/** Warmest at 14 h. */
const sun = (mean: number, half: number) => (hour: number) =>
  mean + half * Math.cos(((hour - 14) * 2 * Math.PI) / 24)

describe('a humidity at the top of its scale', () => {
  it('is the air of a cellar for three days', () => {
    const temperature = byHour(96, (hour) => 9 + (hour % 24) / 40)
    const humidity = byHour(96, (hour) => (hour < 72 ? 100 : 88))
    expect(judged({ isOutdoor: false, humidity, temperature })).toBe('doubted 0, failed 0 of 576')
    expect(judged({ isOutdoor: false, humidity })).toBe('doubted 432, failed 0 of 576 stuck')
  })

  it('is fog, in which the temperature hardly moves', () => {
    const temperature = byHour(48, sun(6, 2))
    const humidity = byHour(48, () => 100)
    expect(judged({ humidity, temperature })).toBe('doubted 0, failed 0 of 288')
    expect(judged({ family: 'sht31', humidity, temperature })).toBe('doubted 0, failed 0 of 288')
  })

  it('is mild rain after freezing fog, though it warms by 14 °C: doubted, and kept', () => {
    const temperature = byHour(48, (hour) => Math.min(10, -4 + Math.max(0, hour - 12)))
    const found = judged({ family: 'bme280', humidity: byHour(48, () => 100), temperature })
    expect(found).toMatch(/^doubted \d+, failed 0 of 288 stuck$/)
  })

  it('is a logger near 0 °C that dips to 98.97 and returns', () => {
    const humidity = byHour(72, (hour) => (Math.floor(hour) % 5 === 4 ? 98.97 : 100))
    expect(judged({ humidity, temperature: byHour(72, sun(0, 3)) })).toBe('doubted 0, failed 0 of 432')
  })

  it('is days of fog that dip to 99.2 and recover', () => {
    const humidity = byHour(144, (hour) => (hour % 24 > 20 ? 80 : hour % 24 > 12 ? 99.2 : 100))
    expect(judged({ humidity, temperature: byHour(144, sun(7, 2)) })).toBe('doubted 0, failed 0 of 864')
    expect(judged({ humidity })).toBe('doubted 0, failed 0 of 864')
  })

  it('is a tropical bathroom, also where the shower warms it', () => {
    const temperature = byHour(72, (hour) => (hour % 12 < 1 ? 31 : 27))
    const humidity = byHour(72, () => 100)
    expect(judged({ isOutdoor: false, humidity, temperature })).toBe('doubted 0, failed 0 of 432')
    const cold = byHour(72, (hour) => (hour % 12 < 2 ? 26 : 15))
    expect(judged({ isOutdoor: false, humidity, temperature: cold })).toBe(
      'doubted 432, failed 0 of 432 stuck'
    )
  })

  it('is a broken DHT22 through sun and frost, whether somebody said what it is or not', () => {
    const temperature = byHour(14 * 24, sun(5, 8))
    const humidity = byHour(14 * 24, () => 99.9)
    const broken = 'doubted 0, failed 2016 of 2016 stuck'
    expect(judged({ family: 'dht22', humidity, temperature })).toBe(broken)
    expect(judged({ humidity, temperature })).toBe(broken)
    expect(judged({ family: 'dht22', isOutdoor: false, humidity, temperature })).toBe(broken)
    const doubted = {
      flag: humidity.map(() => 3 as const),
      reasons: humidity.map(() => reasonBits('unusual', 'stuck'))
    }
    const roundedUp = humidity.map(() => 100)
    expect(
      judged({ humidity: roundedUp, temperature: byHour(14 * 24, sun(5, 3)), humidityFields: doubted })
    ).toBe('doubted 0, failed 2016 of 2016 unusual stuck')
  })

  it('is in doubt at a DHT22 in fog, or without a temperature', () => {
    const humidity = byHour(24, () => 99.9)
    const doubted = 'doubted 144, failed 0 of 144 stuck'
    expect(judged({ family: 'dht22', humidity, temperature: byHour(24, sun(6, 2)) })).toBe(doubted)
    expect(judged({ family: 'dht22', humidity })).toBe(doubted)
    expect(judged({ family: 'sht31', humidity, temperature: byHour(24, sun(6, 2)) })).toBe(
      'doubted 0, failed 0 of 144'
    )
  })

  it('is broken at any sensor through days of sun', () => {
    const found = judged({
      family: 'bme280',
      humidity: byHour(96, () => 100),
      temperature: byHour(96, sun(8, 7))
    })
    expect(found).toBe('doubted 0, failed 576 of 576 stuck')
  })

  it('is not judged by one wrong temperature', () => {
    const temperature = byHour(48, sun(6, 2)).map((value, i) => (i % 100 === 50 ? 40 : value))
    expect(judged({ humidity: byHour(48, () => 100), temperature })).toBe('doubted 0, failed 0 of 288')
  })

  it('keeps what is a little above 100 % doubted for that alone', () => {
    const humidity = byHour(24, (hour) => (hour < 12 ? 101.7 : 100))
    const stored = {
      flag: humidity.map((value) => (value > 100 ? (3 as const) : (1 as const))),
      reasons: humidity.map((value) => (value > 100 ? reasonBits('aboveSaturation') : 0))
    }
    const temperature = byHour(24, sun(6, 1))
    expect(judged({ humidity, temperature, humidityFields: stored })).toBe('doubted 0, failed 0 of 144')
    const byOlderRules = {
      flag: humidity.map((value) => (value > 100 ? (4 as const) : (1 as const))),
      reasons: humidity.map((value) => (value > 100 ? reasonBits('outOfRange') : 0))
    }
    expect(judged({ humidity, temperature, humidityFields: byOlderRules })).toBe(
      'doubted 72, failed 0 of 144 aboveSaturation'
    )
  })

  it('is judged alike however much of it was loaded', () => {
    const temperature = byHour(240, sun(5, 8))
    const humidity = byHour(240, (hour) => (hour > 100 ? 70 : 99.9))
    const places: LookBackPlaces = {
      isOutdoor: () => true,
      neighboursOf: () => [],
      sensorsOf: () => []
    }
    const rules = lookBackRules(places)
    const at = { from: winter + 90 * hourMs, until: winter + 91 * hourMs }
    const context = rules.contextMs('humidity')
    const cut = (series: ExaminedSeries, before: number, after: number): ExaminedSeries => {
      const inside = series.time.map((time) => time >= at.from - before && time < at.until + after)
      const only = <T>(values: T[]): T[] => values.filter((_, i) => inside[i])
      return {
        ...series,
        judged: at as ExaminedSeries['judged'],
        time: only(series.time),
        value: only(series.value),
        flag: only(series.flag),
        reasons: only(series.reasons)
      }
    }
    const flags = (before: number, after: number): string =>
      rules
        .judge({
          series: [
            cut(seriesOf('humidity', humidity), before, after),
            cut(seriesOf('temperature', temperature), before, after)
          ],
          hourStart,
          middleOf: () => undefined
        })
        .filter(({ series }) => series === 0)
        .map(({ flag }) => flag)
        .join('')
    expect(flags(context, context)).toBe('444444')
    expect(flags(1e12, 1e12)).toBe('444444')
  })
})

describe('a humidity at the bottom of its scale', () => {
  it('is broken where no air is as dry, and doubted where a desert may be', () => {
    const humidity = byHour(6, (hour) => 1 + (hour % 2) / 10)
    const [unusual, flag] = [humidity.map(() => reasonBits('unusual')), humidity.map(() => 3 as const)]
    const fields = { humidityFields: { flag, reasons: unusual } }
    expect(judged({ humidity, temperature: byHour(6, () => 8), ...fields })).toBe(
      'doubted 0, failed 36 of 36 unusual stuck'
    )
    expect(judged({ humidity, temperature: byHour(6, () => 41), ...fields })).toBe(
      'doubted 36, failed 0 of 36 unusual stuck'
    )
    expect(judged({ humidity, ...fields })).toBe('doubted 36, failed 0 of 36 unusual stuck')
    const whole = byHour(6, () => 1)
    expect(judged({ humidity: [...whole, 43.7], temperature: byHour(6, () => 30) })).toBe(
      'doubted 0, failed 36 of 37 stuck'
    )
    expect(judged({ humidity: [...whole, 43], temperature: byHour(6, () => 30) })).toBe(
      'doubted 36, failed 0 of 37 stuck'
    )
  })
})
