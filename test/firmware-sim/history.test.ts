/** A simulated history: repeatable, readable, physically possible, and without a seam where live begins. */
import { describe, expect, it } from 'vitest'
import { history } from '../../firmware-sim/history.ts'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { isQuantity } from '../../model/quantity.ts'
import { fleetOf, momentOf, now, parsed, play } from './played.ts'

const bytesOf = (seed: number): string =>
  play({ days: 2, stepS: 600, seed })
    .messages.map(({ deviceIndex, payload }) => `${deviceIndex} ${Buffer.from(payload).toString()}`)
    .join('\n')

describe('history', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    expect(bytesOf(1)).toBe(bytesOf(1))
    expect(bytesOf(1)).not.toBe(bytesOf(2))
  })

  it('gives in two periods what it gives in one', () => {
    const { fleet } = fleetOf()
    const from = (now - 6 * dayMs) as UnixMs
    const seam = (now - 2.37 * dayMs) as UnixMs
    const objects = (periods: [UnixMs, UnixMs][]) => {
      const texts: string[] = []
      for (const [begin, end] of periods)
        for (const { deviceIndex, payload } of history({ fleet, from: begin, until: end, stepS: 600 }))
          for (const row of parsed(payload)) texts.push(`${deviceIndex} ${JSON.stringify(row)}`)
      return texts.sort()
    }
    expect(
      objects([
        [from, seam],
        [seam, now]
      ])
    ).toEqual(objects([[from, now]]))
  })

  it('gives at a moment what a live box measures then', () => {
    const live = fleetOf().fleet
    const { rows } = play({ days: 1, stepS: 600 })
    let compared = 0
    for (const box of live.boxes) {
      const phaseMs = box.phaseMs(600_000)
      // Boxes that were asked for other moments before must not remember them.
      box.measure(now - 40 * dayMs)
      for (const row of rows[box.index]!.slice(0, 40)) {
        const t = Math.round((row.at - phaseMs) / 600_000) * 600_000 + phaseMs
        expect(box.measure(t)).toBe(true)
        box.sensor.quantities.forEach((quantity, i) => {
          const sent = row.values[quantity]
          if (sent === null || sent === undefined) return expect(box.values[i]).toBeNaN()
          expect(Math.abs(sent - box.values[i]!)).toBeLessThanOrEqual(0.51)
          compared++
        })
      }
    }
    expect(compared).toBeGreaterThan(5_000)
  })

  it('is the same whatever was asked before, also on the night when the clocks change', () => {
    const forwards = fleetOf({ sensors: 40 }).fleet
    const backwards = fleetOf({ sensors: 40 }).fleet
    const times = Array.from({ length: 150 }, (_, i) => Date.UTC(2026, 9, 24, 12) + i * 20 * 60_000)
    const measured = (fleet: typeof forwards, order: number[]) =>
      new Map(order.map((t) => [t, fleet.boxes.map((box) => box.measure(t) && [...box.values])]))
    const there = measured(forwards, times)
    const back = measured(backwards, times.toReversed())
    for (const t of times) expect(back.get(t)).toEqual(there.get(t))
  })

  it('is arrays of at most 500 objects, each box in order, in time order by stretches', () => {
    const { messages } = play({ days: 12, stepS: 600 })
    const lastOf = new Map<number, number>()
    for (const { deviceIndex, payload, lastAt } of messages) {
      const rows = parsed(payload)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.length).toBeLessThanOrEqual(500)
      expect(payload.length).toBeLessThan(100_000)
      const times = rows.map((row) => momentOf(row.at))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(lastAt).toBeGreaterThan(lastOf.get(deviceIndex) ?? 0)
      expect(Math.abs(times.at(-1)! - lastAt)).toBeLessThan(300_000)
      expect(lastAt).toBeLessThan(now)
      lastOf.set(deviceIndex, lastAt)
    }
    const stretches = messages.map((m) => Math.floor(m.lastAt / (480 * 600_000)))
    expect(stretches).toEqual(stretches.toSorted((a, b) => a - b))
  })

  it('is JSON of known quantities, but for the broken box and its bare nan', () => {
    const { messages, neighbourhood } = play({ days: 14, stepS: 1_800 })
    for (const { deviceIndex, payload } of messages) {
      const text = Buffer.from(payload).toString()
      if (neighbourhood.sites[deviceIndex]!.fate === 'breaks') continue
      const rows: unknown = JSON.parse(text)
      expect(Array.isArray(rows)).toBe(true)
      for (const name of Object.keys(parsed(payload)[0]!).filter((n) => n !== 'at'))
        expect(isQuantity(name)).toBe(true)
    }
  })

  it('keeps what physics orders: particle sizes, percentiles of sound, humidity up to 100 %', () => {
    const { rows, neighbourhood } = play({ days: 20, stepS: 1_200 })
    const ascending = {
      air: ['pm1', 'pm2_5', 'pm10'],
      noise: ['lamin', 'la90', 'la50', 'la10', 'lamax'],
      damp: []
    }
    neighbourhood.sites.forEach((site, i) => {
      if (site.fate === 'breaks') return
      for (const { values } of rows[i]!) {
        const ordered = ascending[site.kind].map((name) => values[name]!)
        for (let k = 1; k < ordered.length; k++)
          if (!(ordered[k - 1]! <= ordered[k]!)) expect(values).toBe('ascending')
        if (site.kind === 'noise' && !(values.laeq! <= values.lamax! && values.lamin! >= 25))
          expect(values).toBe('LAmin ≤ LAeq ≤ LAmax')
        if (values.humidity !== undefined && !(values.humidity! >= 0 && values.humidity! <= 100))
          expect(values).toBe('a humidity')
      }
    })
  })

  it('is about five quantities a box and sixty boxes, most of the time there', () => {
    const { rows, neighbourhood } = play({ days: 20, stepS: 1_200 })
    expect(neighbourhood.sites).toHaveLength(60)
    const perBox = rows.map((r) => Object.keys(r[0]!.values).length)
    expect(perBox.reduce((a, b) => a + b) / 60).toBeGreaterThan(4.5)
    const expected = (20 * 24 * hourMs) / 1_200_000
    const covered = rows.filter((r) => r.length > 0.75 * expected)
    expect(covered.length).toBeGreaterThan(54)
  })
})
