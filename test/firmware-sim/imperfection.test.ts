/** Boxes fail as real ones do, each failure somewhere in a season of sixty boxes. */
import { describe, expect, it } from 'vitest'
import { Imperfections } from '../../firmware-sim/imperfection.ts'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import { now, play, type Row } from './played.ts'

const played = play({ days: 60, stepS: 600 })
const rowsOf = (kind: string): Row[][] =>
  played.rows.filter((_r, i) => {
    const site = played.neighbourhood.sites[i]!
    return site.kind === kind && site.fate === 'works'
  })
const season = Array.from({ length: 90 * 144 }, (_, i) => now - (90 * 144 - i) * 10 * minuteMs)
const boxes = Array.from(
  { length: 60 },
  (_, i) => new Imperfections(3, `box ${i}`, { onBattery: i % 4 === 0 })
)

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))

describe('a season of sixty boxes', () => {
  it('has gaps of hours where a box was off or its Wi-Fi away', () => {
    const gaps = played.rows.flatMap((rows) => rows.slice(1).map((row, i) => row.at - rows[i]!.at))
    expect(gaps.filter((gap) => gap > 3 * hourMs).length).toBeGreaterThan(10)
  })

  it('has readings sent twice, the same to the last digit', () => {
    const twice = played.rows.flatMap((rows) => rows.slice(1).filter((row, i) => row.at === rows[i]!.at))
    expect(twice.length).toBeGreaterThan(100)
    const first = played.rows.flatMap((rows) =>
      rows.slice(0, -1).filter((row, i) => row.at === rows[i + 1]!.at)
    )
    expect(first.map((row) => row.values)).toEqual(twice.map((row) => row.values))
  })

  it('has stuck values while the temperature goes on', () => {
    const longest = rowsOf('air').map((rows) => {
      let best = 0
      let run = 0
      for (let i = 1; i < rows.length; i++) {
        run =
          rows[i]!.values.pm2_5 === rows[i - 1]!.values.pm2_5 && rows[i]!.at !== rows[i - 1]!.at ? run + 1 : 0
        best = Math.max(best, run)
      }
      return best
    })
    expect(Math.max(...longest)).toBeGreaterThan(12)
  })

  it('has particles at the end of the scale, humidity stuck at 99.9, and spikes', () => {
    const air = rowsOf('air').flat()
    expect(air.some(({ values }) => values.pm2_5 === 999.9 && values.pm10 === 1999.9)).toBe(true)
    expect(air.filter(({ values }) => values.humidity === 99.9).length).toBeGreaterThan(20)
    const spikes = rowsOf('air').flatMap((rows) =>
      rows.slice(1, -1).filter((row, i) => {
        const around = Math.max(rows[i]!.values.pm2_5!, rows[i + 2]!.values.pm2_5!)
        return row.values.pm2_5! > 4 * around && row.values.pm2_5! < 999
      })
    )
    expect(spikes.length).toBeGreaterThan(5)
  })

  it('has batteries that run down until the box is silent', () => {
    const battery = rowsOf('damp')
      .flat()
      .map(({ values }) => values.battery!)
    expect(largest(battery)).toBeGreaterThan(95)
    expect(-largest(battery.map((pct) => -pct))).toBeLessThan(6)
    expect(-largest(battery.map((pct) => -pct))).toBeGreaterThanOrEqual(3)
    expect(boxes.some((box) => season.some((t) => box.isFlat(t)))).toBe(true)
  })

  it('has clocks that drift and are set again, never so far that a hub would doubt them', () => {
    const errors = boxes.flatMap((box) => season.map((t) => box.clockErrorMs(t)))
    expect(largest(errors.map(Math.abs))).toBeGreaterThan(60_000)
    expect(largest(errors)).toBeLessThan(5 * minuteMs)
    expect(boxes.some((box) => Math.abs(box.driftPpm) < 15)).toBe(true)
  })

  it('has reboots, after which a box counts its uptime anew', () => {
    const uptimes = season.map((t) => t - boxes[0]!.bootedAt(t))
    expect(uptimes.every((ms) => ms >= 0)).toBe(true)
    expect(boxes.some((box) => season.some((t) => t - box.bootedAt(t) < hourMs))).toBe(true)
  })

  it('has boxes that keep what they measured without Wi-Fi, and boxes that lose it', () => {
    expect(new Set(boxes.map((box) => box.keepsBacklog))).toEqual(new Set([true, false]))
    expect(boxes.every((box) => season.some((t) => box.wifiLost(t)))).toBe(true)
  })

  it('has one broken box and one that went silent', () => {
    const { sites } = played.neighbourhood
    const broken = played.rows[sites.findIndex((s) => s.fate === 'breaks')]!
    const late = broken.filter((row) => row.at > now - 12 * dayMs).map((row) => row.values)
    const early = broken.filter((row) => row.at < now - 13 * dayMs).map((row) => row.values)
    expect(late.some((v) => v.temperature === null)).toBe(true)
    expect(late.some((v) => v.humidity === 140)).toBe(true)
    expect(late.filter((v) => v.pm2_5 === 999.9).length).toBeGreaterThan(50)
    expect(early.some((v) => v.temperature === null || v.humidity === 140)).toBe(false)
    const silent = played.rows[sites.findIndex((s) => s.fate === 'goesSilent')]!
    expect(silent.length).toBeGreaterThan(1_000)
    expect(silent.at(-1)!.at).toBeLessThan(now - 5 * dayMs + minuteMs)
  })
})
