/** What a room's air did after an act: judged by the water in it, never by relative humidity. */
import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { airChange, type AirAt } from '../../science/airing-effect.ts'
import { absoluteHumidity } from '../../science/damp.ts'

const at = Date.UTC(2026, 10, 23, 18) as UnixMs

/** A reading every ten minutes from an hour before to four hours after. */
function airs(of: (minutesAfter: number) => { temperatureC: number; humidity: number }): AirAt[] {
  const list: AirAt[] = []
  for (let minutes = -60; minutes <= 240; minutes += 10)
    list.push({ time: (at + minutes * minuteMs) as UnixMs, ...of(minutes) })
  return list
}

describe('what airing changed', () => {
  it('is the lowest water within the hour, against the half hour before, and what was left of it after three', () => {
    const room = airs((minutes) => {
      if (minutes < 0) return { temperatureC: 20, humidity: 60 }
      // Colder and drier while the window is open; after that the room takes its water back.
      if (minutes <= 20) return { temperatureC: 15, humidity: 50 }
      return { temperatureC: 20, humidity: 58 }
    })
    const change = airChange('window', at, room)!
    expect(change.before).toMatchObject({ temperatureC: 20, humidity: 60 })
    expect(change.after).toMatchObject({ temperatureC: 15, humidity: 50 })
    expect(change.before.waterGm3).toBeCloseTo(absoluteHumidity(20, 60))
    expect(change.minutes).toBe(10)
    expect(change.laterWaterGm3).toBeCloseTo(absoluteHumidity(20, 58))
  })

  it('is seen although relative humidity rose, as it does in air that cooled', () => {
    const change = airChange(
      'window',
      at,
      airs((minutes) =>
        minutes < 0 ? { temperatureC: 21, humidity: 50 } : { temperatureC: 10, humidity: 70 }
      )
    )!
    expect(change.after.humidity).toBeGreaterThan(change.before.humidity)
    expect(change.after.waterGm3).toBeLessThan(change.before.waterGm3)
  })
})

it('washing is judged by the wettest moment of four hours, heating by three hours later', () => {
  const room = airs((minutes) => ({
    temperatureC: 18 + Math.max(0, minutes) / 60,
    humidity: minutes === 150 ? 80 : 55
  }))
  expect(airChange('washing', at, room)!.minutes).toBe(150)
  const heated = airChange('heating', at, room)!
  expect(heated.minutes).toBe(200)
  expect(heated.after.temperatureC).toBeCloseTo(18 + 200 / 60)
})

it('says nothing where too little was measured', () => {
  const room = airs(() => ({ temperatureC: 20, humidity: 60 }))
  expect(
    airChange(
      'window',
      at,
      room.filter(({ time }) => time >= at)
    )
  ).toBeNull()
  expect(
    airChange(
      'window',
      at,
      room.filter(({ time }) => time <= at || time > at + hourMs)
    )
  ).toBeNull()
  expect(airChange('heating', at, [])).toBeNull()
  expect(
    airChange(
      'window',
      at,
      room.filter(({ time }) => time < at + 2 * hourMs)
    )!.laterWaterGm3
  ).toBeNull()
})
