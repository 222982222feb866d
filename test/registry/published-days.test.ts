/** The ledger of published days: written once, complete, and changed by nothing but a withdrawal. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { DecidedDay, NewPublishedDay } from '../../registry/promise/published-days.ts'
import { ashleyRoad, at, clock, openAt, refused, temporaryFile } from './support.ts'

const first: DecidedDay = day('2026-11-20')
const second: DecidedDay = day('2026-11-21')
const now = at('2026-11-23T12:00:00Z')
const all = { streetId: 'ashley-road', quantity: 'humidity', from: 0 as UnixMs, until: now } as const

function day(date: string): DecidedDay {
  const from = at(`${date}T00:00:00Z`)
  return { date, from, until: (from + dayMs) as UnixMs }
}

function figure(more: Partial<NewPublishedDay> = {}): NewPublishedDay {
  return { streetId: 'ashley-road', quantity: 'humidity', value: 61, homes: 5, hours: null, ...more }
}

describe('a published day', () => {
  it('is there as it came out, after a restart too, without saying of how many homes', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const hours = { time: [first.from, (first.from + hourMs) as UnixMs], value: [60, 62] }
    registry.decideDay(
      first,
      [figure(), figure({ quantity: 'temperature', value: 19, homes: 10, hours })],
      now
    )
    registry.decideDay(second, [], now)
    registry.close()
    const again = openAt(file)
    expect(again.publishedDays(all)).toEqual([
      { streetId: 'ashley-road', ...first, quantity: 'humidity', value: 61, hours: null }
    ])
    expect(again.publishedDays({ ...all, quantity: 'temperature' })[0]?.hours).toEqual(hours)
    expect(again.publishedDays({ ...all, until: first.from })).toEqual([])
    expect(again.publishedQuantities('ashley-road')).toEqual(['humidity', 'temperature'])
    expect(again.publishing()).toEqual({ last: second, notBefore: null, isTakenOver: true })
  })

  it('comes out once, in order, not before its time, and never of too few homes', () => {
    const registry = ashleyRoad()
    const refuse = (doing: () => unknown, says: string): void => expect(doing).toThrow(says)
    const early = (first.until + 24 * hourMs - 1) as UnixMs
    refuse(() => registry.decideDay(first, [], early), 'a day after it ended')
    for (const homes of [0, 4, 6])
      refuse(() => registry.decideDay(first, [figure({ homes })], now), 'its homes')
    refuse(() => registry.decideDay(first, [figure({ value: NaN })], now), 'its homes')
    const hours = { time: [first.from], value: [60] }
    refuse(() => registry.decideDay(first, [figure({ hours })], now), 'ten homes')
    registry.decideDay(second, [figure()], now)
    refuse(() => registry.decideDay(second, [figure()], now), 'each once')
    refuse(() => registry.decideDay(first, [figure()], now), 'each once')
    expect(registry.publishedDays(all)).toHaveLength(1)
  })

  it('in two pieces is none: what fails leaves nothing behind', () => {
    const registry = ashleyRoad()
    expect(() => registry.decideDay(first, [figure(), figure({ streetId: 'nowhere' })], now)).toThrow(
      'FOREIGN KEY'
    )
    expect(registry.publishedDays(all)).toEqual([])
    expect(registry.publishing().last).toBeNull()
    registry.decideDay(first, [figure()], now)
  })

  it('is changed by no statement', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.decideDay(first, [figure()], now)
    registry.close()
    const db = new DatabaseSync(file)
    onTestFinished(() => db.close())
    expect(() => db.exec('UPDATE publishedDays SET value = 1')).toThrow('never changes')
    expect(() => db.exec('DELETE FROM publishedDays')).toThrow('unless it is withdrawn')
    const insert = `INSERT OR REPLACE INTO publishedDays SELECT * FROM publishedDays`
    expect(() => db.exec(insert)).toThrow('comes out once')
  })
})

describe('a withdrawal', () => {
  it('takes a whole day away for good, once, and only one that is out', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.addStreet({ name: 'Mill Lane' })
    expect(refused(() => registry.withdrawDay('ashley-road', first.date, now)).message).toContain(
      'was ever published'
    )
    registry.decideDay(first, [figure(), figure({ quantity: 'temperature' })], now)
    registry.decideDay(second, [figure(), figure({ streetId: 'mill-lane' })], now)
    expect(registry.withdrawDay('Ashley Road', first.date, now)).toEqual({
      quantities: ['humidity', 'temperature']
    })
    expect(registry.publishedDays(all).map(({ date }) => date)).toEqual([second.date])
    const again = refused(() => registry.withdrawDay('ashley-road', first.date, now))
    expect(again).toMatchObject({ code: 'dayNotPublished' })
    expect(again.message).toBe(
      '2026-11-20 of ashley-road was already withdrawn, at 2026-11-23T12:00:00.000Z.'
    )
    const never = refused(() => registry.withdrawDay('mill-lane', first.date, now))
    expect(never.message).toContain('are between 2026-11-21 and 2026-11-21')
    expect(refused(() => registry.withdrawDay('nowhere', first.date, now)).code).toBe('streetUnknown')
    expect(registry.withdrawals()).toEqual([{ streetId: 'ashley-road', date: first.date, at: now }])
    registry.close()
    const db = new DatabaseSync(file)
    onTestFinished(() => db.close())
    const back = `INSERT INTO publishedDays VALUES ('ashley-road', '${first.date}', 'humidity', 1, 2, 61, 5, NULL, 3)`
    expect(() => db.exec(back)).toThrow('comes out once')
    expect(() => db.exec('DELETE FROM withdrawnDays')).toThrow('stays withdrawn')
  })
})

describe('the days that may come out', () => {
  it('are none that ended before a restore', () => {
    const registry = ashleyRoad()
    registry.noteRestored((second.from + hourMs) as UnixMs)
    expect(() => registry.decideDay(first, [], now)).toThrow('before a restore')
    registry.decideDay(second, [figure()], now)
    registry.noteRestored(first.from)
    expect(registry.publishing().notBefore).toBe(second.from + hourMs)
  })

  it('go on behind those that were passed', () => {
    const registry = ashleyRoad()
    registry.passDays(first, now)
    registry.passDays(day('2026-11-19'), now)
    expect(registry.publishing().last).toEqual(first)
    expect(() => registry.decideDay(first, [], now)).toThrow('each once')
    registry.decideDay(second, [], now)
  })

  it('of a demo come out as soon as they are over', () => {
    const registry = openRegistry({ file: temporaryFile(), clock, makeDemo: true })
    onTestFinished(() => registry.close())
    registry.addStreet({ name: 'Ashley Road' })
    expect(() => registry.decideDay(second, [], (second.until - 1) as UnixMs)).toThrow('ends before')
    registry.decideDay(second, [figure()], second.until)
  })

  it('begin behind what an earlier version showed, which is taken over first and once', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    registry.addDevice({ streetId: 'ashley-road', placement: 'outdoor' }, now)
    registry.close()
    const db = new DatabaseSync(file)
    db.exec('UPDATE publishing SET isTakenOver = 0')
    db.close()
    const upgraded = openAt(file)
    expect(() => upgraded.decideDay(second, [], now)).toThrow('taken over before')
    const shown = { ...figure({ value: 63, homes: 10 }), ...first }
    upgraded.takeOverDays([shown], first, now)
    expect(upgraded.publishedDays(all)).toMatchObject([{ date: first.date, value: 63, hours: null }])
    expect(() => upgraded.takeOverDays([shown], first, now)).toThrow('once')
    expect(() => upgraded.decideDay(first, [], now)).toThrow('each once')
    upgraded.decideDay(second, [figure()], now)
  })
})
