/** When a backup is due, what is kept, and that nothing old goes before a new one is whole. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../operate/backup/back-up.ts'
import { watchHealth } from '../../hub/health.ts'
import { restore } from '../../operate/backup/restore.ts'
import { openRooms, type Rooms } from '../../hub/rooms.ts'
import {
  backupName,
  lastHourBefore,
  newestBackupAt,
  startSchedule,
  type Schedule
} from '../../operate/backup/schedule.ts'
import { dayMs, hourMs, minuteMs, parseIsoZoned, toIso, type UnixMs } from '../../model/time.ts'
import { temporaryFolder } from '../support/hub-process.ts'

const at = (text: string): UnixMs => parseIsoZoned(text)!

describe('the hour of a backup', () => {
  it.each([
    ['before it, yesterday’s', '2026-01-14T02:59:00Z', 'Europe/London', '2026-01-13T03:00:00.000Z'],
    ['at it, today’s', '2026-01-14T03:00:00Z', 'Europe/London', '2026-01-14T03:00:00.000Z'],
    [
      'in summer, an hour earlier in UTC',
      '2026-07-14T12:00:00Z',
      'Europe/London',
      '2026-07-14T02:00:00.000Z'
    ],
    ['on the day clocks go forward', '2026-03-29T12:00:00Z', 'Europe/London', '2026-03-29T02:00:00.000Z'],
    ['east of Greenwich', '2026-01-14T00:00:00Z', 'Asia/Kolkata', '2026-01-13T21:30:00.000Z']
  ])('is, %s', (_what, now, zone, wanted) => {
    expect(toIso(lastHourBefore(at(now), 3, zone))).toBe(wanted)
  })
})

describe('scheduled backups', () => {
  const folder = temporaryFolder()
  const dir = join(folder.path, 'backups')
  let now = at('2026-01-14T12:00:00Z')
  let failure: Error | undefined
  let schedule: Schedule
  beforeEach(() => {
    mkdirSync(dir, { recursive: true })
    now = at('2026-01-14T12:00:00Z')
    failure = undefined
    schedule = startSchedule({
      settings: { dir, hour: 3, keep: 2 },
      timezone: 'Europe/London',
      clock: { now: () => now },
      async backUp(file) {
        if (failure) throw failure
        writeFileSync(file, '')
      },
      log: { info: () => undefined, warn: () => undefined }
    })
  })
  afterEach(() => {
    schedule.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('into a folder that cannot be looked into are failing, and the hub lives', async () => {
    rmSync(dir, { recursive: true })
    writeFileSync(dir, 'no folder')
    await schedule.look()
    expect(schedule.failing()).toEqual([
      expect.stringMatching(
        /^The last scheduled backup failed on \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d: .*LAMPPOST_BACKUP_DIR/
      )
    ])
  })

  it('are made when none is there, and then once a day', async () => {
    await schedule.look()
    expect(readdirSync(dir)).toEqual(['lamppost-20260114T120000Z.tar'])
    now = (now + 14 * hourMs) as UnixMs
    await schedule.look()
    expect(readdirSync(dir)).toHaveLength(1)
    now = (now + hourMs) as UnixMs
    await schedule.look()
    expect(newestBackupAt(dir)).toBe(now)
    expect(readdirSync(dir)).toHaveLength(2)
  })

  it('keep as many as was asked, and touch nothing else', async () => {
    writeFileSync(join(dir, 'mine.tar'), '')
    for (let day = 0; day < 4; day++) {
      await schedule.look()
      now = (now + dayMs) as UnixMs
    }
    expect(readdirSync(dir).toSorted()).toEqual([
      'lamppost-20260116T120000Z.tar',
      'lamppost-20260117T120000Z.tar',
      'mine.tar'
    ])
  })

  it('that fail remove nothing, say why, and are tried again in an hour', async () => {
    for (const day of [3, 2, 1]) writeFileSync(join(dir, backupName((now - day * dayMs) as UnixMs)), '')
    failure = new Error('the disk is full')
    await schedule.look()
    expect(readdirSync(dir)).toHaveLength(3)
    expect(schedule.failing()).toEqual([expect.stringContaining('the disk is full')])
    failure = undefined
    now = (now + 59 * minuteMs) as UnixMs
    await schedule.look()
    expect(schedule.failing()).toHaveLength(1)
    now = (now + minuteMs) as UnixMs
    await schedule.look()
    expect(schedule.failing()).toEqual([])
    expect(readdirSync(dir)).toHaveLength(2)
  })

  it('clear away what a killed one left', async () => {
    writeFileSync(join(dir, 'lamppost-20260113T030000Z.tar.partial'), '')
    mkdirSync(join(dir, 'lamppost-20260113T030000Z.tar.copies'))
    await schedule.look()
    expect(readdirSync(dir)).toEqual(['lamppost-20260114T120000Z.tar'])
  })

  it('say so when their folder is gone, and do not make it', async () => {
    rmSync(dir, { recursive: true })
    failure = new Error('there is no folder')
    await schedule.look()
    expect(schedule.failing()).toHaveLength(1)
  })
})

describe('scheduled backups of a hub', () => {
  const folder = temporaryFolder()
  const dir = join(folder.path, 'backups')
  const say = (_fields: object, message: string): void => void message
  const log = { info: say, warn: say, error: say }
  let rooms: Rooms
  let schedule: Schedule
  beforeAll(async () => {
    rooms = await openRooms({
      dataDir: join(folder.path, 'data'),
      hubName: 'Lanternfield',
      timezone: 'Europe/London',
      log,
      onFatal(cause) {
        throw cause
      }
    })
    let now = rooms.clock.now()
    schedule = startSchedule({
      settings: { dir, hour: 3, keep: 7 },
      timezone: 'Europe/London',
      // An hour on for each look, so that what failed is tried again.
      clock: { now: () => (now = (now + hourMs) as UnixMs) },
      backUp: (file) => backUp(rooms, file, () => undefined),
      log
    })
  })
  afterAll(async () => {
    schedule.stop()
    await rooms.close()
    folder.remove()
  })

  it('show in its health while they fail, and can be restored when they do not', async () => {
    const health = watchHealth(rooms, '0.0.0', schedule.failing)
    await schedule.look()
    await health.look()
    expect(health.current()).toMatchObject({
      status: 'degraded',
      reasons: [expect.stringMatching(/scheduled backup failed .* there is no folder LAMPPOST_BACKUP_DIR/)]
    })
    mkdirSync(dir)
    await schedule.look()
    await health.look()
    expect(health.current()).toMatchObject({ status: 'ready', reasons: [] })
    const [name = ''] = readdirSync(dir)
    const { manifest } = await restore(join(dir, name), join(folder.path, 'restored'), {}, () => undefined)
    expect(manifest.counts).toEqual({ streets: 0, devices: 0, messages: 0, readings: 0 })
  })
})
