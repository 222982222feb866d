/** Alerts by real mail and ntfy servers, and twelve weeks of a damp home: record, letter, silence, reminders, repair. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startAlerts, newStopToken, type Alerts } from '../../hub/alerts/alerts.ts'
import { noteLetter } from '../../hub/records/letters.ts'
import { alertSettingsDefault, type AlertSettings } from '../../model/alert.ts'
import { dayMs, hourMs, minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import { openMailServer, openNtfyServer, type MailServer, type NtfyServer } from '../support/alert-servers.ts'
import { dampAir, days, moment, openDampHome, outdoorAir, type DampHome } from '../support/damp-home.ts'

/** A Wednesday. */
const start = moment('2026-01-07T12:00:00Z')
let home: DampHome
let mail: MailServer
let ntfy: NtfyServer
let alerts: Alerts

async function open(sensors: { start?: UnixMs } = {}): Promise<void> {
  home = await openDampHome({ start, ...sensors })
  alerts = await begin()
}

function begin(): Promise<Alerts> {
  const { rooms } = home
  return startAlerts({
    ...rooms,
    clock: { now: () => rooms.clock.now(), doubt: () => undefined },
    readings: rooms.pipeline.service,
    channels: { mail: { url: mail.url, from: 'Lamppost <hub@example.org>' }, ntfyUrl: ntfy.url, push: null },
    hubName: 'Testing Town',
    dashboardUrl: () => 'http://hub.example.org',
    newToken: newStopToken,
    inTurn: (work) => rooms.moves.read(work),
    log: { info: () => undefined, warn: () => undefined }
  })
}

function choose(more: Partial<AlertSettings> = {}): void {
  home.rooms.registry.setAlertSettings(home.personId, {
    ...alertSettingsDefault,
    mail: 'anna@example.org',
    ...more
  })
}

async function round(): Promise<void> {
  await alerts.look()
  await alerts.send()
}

/** Readings of a box for some hours up to now. */
async function measured(hours: number, air = dampAir): Promise<void> {
  const until = home.now()
  const from = (until - hours * hourMs) as UnixMs
  await home.measure(home.outdoors, from, until, outdoorAir)
  await home.measure(home.bedroom, from, until, air)
}

const subjects = (): string[] => mail.mails.map(({ subject }) => subject)

beforeEach(async () => {
  mail = await openMailServer()
  ntfy = await openNtfyServer()
})
afterEach(async () => {
  mail.behave = 'take'
  await alerts.stop()
  await home.close()
  await mail.close()
  await ntfy.close()
})

describe('a silent sensor', () => {
  it('is told once a day, with what to do and how to stop it, and without any reading', async () => {
    await open()
    choose()
    await measured(4)
    await round()
    expect(mail.mails).toEqual([])
    home.pass(7 * hourMs)
    await round()
    await round()
    expect(mail.mails).toHaveLength(1)
    const [{ source, to }] = mail.mails as [MailServer['mails'][number]]
    expect(to).toBe('anna@example.org')
    expect(source).toContain('Nothing has come from the sensor “Bedroom, north wall” since')
    expect(source).toContain('Unplug it for ten seconds')
    expect(source).toMatch(/http:\/\/hub\.example\.org\/home\/stop\/[a-z2-7]{26}/)
    expect(source).toMatch(
      /^List-Unsubscribe:\s+<http:\/\/hub\.example\.org\/api\/v1\/alerts\/stop\/[a-z2-7]{26}>/m
    )
    expect(source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(source).not.toMatch(/\d ?°C|\d ?%/)
    home.pass(dayMs)
    await round()
    expect(mail.mails).toHaveLength(2)
  })

  it('is told no more once the link in a message was used, which leaves the other kinds', async () => {
    await open()
    choose()
    await measured(2)
    home.pass(7 * hourMs)
    await round()
    const token = /\/home\/stop\/([a-z2-7]{26})/.exec(mail.mails[0]!.source)![1]!
    const { registry } = home.rooms
    expect(registry.stopAlerts('a'.repeat(26))).toBeUndefined()
    expect(registry.stopAlerts(token)).toEqual({ personId: home.personId, choice: 'silent' })
    expect(registry.alertSettings(home.personId).causes).toContain('damp')
    home.pass(2 * dayMs)
    await round()
    expect(mail.mails).toHaveLength(1)
  })

  it('is not told in quiet hours, but after them', async () => {
    await open()
    choose({ quietFromMin: 18 * 60, quietUntilMin: 8 * 60 })
    await measured(2)
    home.pass(10 * hourMs) // 22:00
    await round()
    expect(mail.mails).toEqual([])
    home.pass(10.5 * hourMs) // 08:30
    await round()
    expect(mail.mails).toHaveLength(1)
  })
})

describe('servers that fail', () => {
  const told = async (more: Partial<AlertSettings> = {}): Promise<void> => {
    await open()
    choose({ quietFromMin: 0, quietUntilMin: 0, ...more })
    await measured(2)
    home.pass(7 * hourMs)
    await alerts.look()
  }

  it('an ntfy server that answers 500 for a day gets the message when it is back, once', async () => {
    await told({ mail: '', ntfyTopic: 'anna-sensors' })
    ntfy.status = 500
    for (let tries = 0; tries < 24; tries++) {
      await alerts.send()
      home.pass(hourMs)
    }
    ntfy.status = 200
    await alerts.send()
    await alerts.send()
    expect(ntfy.messages).toMatchObject([
      { topic: 'anna-sensors', title: expect.stringContaining('is silent') }
    ])
  })

  it('an address that a mail server refuses for good is not tried again', async () => {
    await told()
    mail.behave = 'refuse'
    await alerts.send()
    mail.behave = 'take'
    home.pass(2 * hourMs)
    await alerts.send()
    expect(mail.mails).toEqual([])
  })

  it('a mail server that is busy is tried later', async () => {
    await told()
    mail.behave = 'busy'
    await alerts.send()
    mail.behave = 'take'
    await alerts.send()
    expect(mail.mails).toEqual([])
    home.pass(2 * minuteMs)
    await alerts.send()
    expect(mail.mails).toHaveLength(1)
  })

  it('a mail server that hangs keeps no phone silent', async () => {
    await told({ ntfyTopic: 'anna-sensors' })
    mail.behave = 'ignore'
    const sending = alerts.send()
    await expect.poll(() => ntfy.messages.length).toBe(1)
    expect(mail.mails).toEqual([])
    // Nor does it keep a hub from stopping; the next start tries again at once.
    await alerts.stop()
    await sending
    mail.behave = 'take'
    alerts = await begin()
    await alerts.send()
    expect(mail.mails).toHaveLength(1)
    expect(ntfy.messages).toHaveLength(1)
  })

  it('what was queued survives an end without warning: nothing is lost, nothing comes twice', async () => {
    await told()
    await alerts.stop()
    alerts = await begin()
    await round()
    expect(mail.mails).toHaveLength(1)
    await alerts.stop()
    alerts = await begin()
    await round()
    expect(mail.mails).toHaveLength(1)
    // The same for each try, so that a mail that came twice is one.
    expect(mail.mails[0]!.source).toMatch(/Message-ID: <a-[a-z2-7]{8}@hub\.example\.org>/i)
  })
})

describe('other causes', () => {
  it('a week of damp is told without figures, and with them where their owner chose so', async () => {
    await open({ start: moment('2026-02-04T12:00:00Z') })
    choose({ causes: ['damp'] })
    await measured(8 * 24, () => ({ temperature: 15, humidity: 78 }))
    await round()
    expect(mail.mails[0]!.source).toContain('more than half of the last seven days')
    expect(mail.mails[0]!.source).not.toMatch(/measured hours/)
    choose({ causes: ['damp'], withReadings: true })
    home.pass(dayMs)
    await measured(26, () => ({ temperature: 15, humidity: 78 }))
    await round()
    expect(mail.mails[1]!.source).toMatch(/80% humidity or more in 1\d\d of 1\d\d measured hours/)
  })

  it('a digest comes on a Monday only, once', async () => {
    await open({ start: moment('2026-02-01T12:00:00Z') })
    choose({ causes: ['digest'] })
    await measured(8 * 24)
    await round()
    expect(mail.mails).toEqual([])
    home.pass(dayMs)
    await round()
    await round()
    expect(subjects()).toEqual(['Your sensors last week'])
  })

  it('a test arrives even in quiet hours, and not twice in five minutes', async () => {
    await open()
    choose({ quietFromMin: 0, quietUntilMin: 1_439, ntfyTopic: 'anna-sensors' })
    expect(alerts.test(home.personId)).toBe(true)
    expect(alerts.test(home.personId)).toBe(false)
    await alerts.send()
    expect(subjects()).toEqual(['A test from your hub'])
    expect(ntfy.messages).toMatchObject([{ title: 'A test from your hub' }])
  })

  it('tests to an address that is perhaps a stranger’s are few in a day', async () => {
    await open()
    choose()
    const asked: boolean[] = []
    for (let n = 0; n < 30; n++) {
      asked.push(alerts.test(home.personId))
      home.pass(6 * minuteMs)
    }
    expect(asked).toEqual(Array.from({ length: 30 }, (_, n) => n < 20))
    home.pass(dayMs)
    expect(alerts.test(home.personId)).toBe(true)
  })

  it('nobody is told anything who gave no address, and nothing waits for an address that was changed', async () => {
    await open()
    await measured(2)
    home.pass(7 * hourMs)
    await round()
    choose()
    await alerts.look()
    choose({ mail: 'new@example.org' })
    await alerts.send()
    expect(mail.mails).toEqual([])
  })
})

it('twelve weeks: damp, record, letter, silence, reminders on the right days, repair, and the figures after it', async () => {
  const reported = moment('2026-01-07T12:00:00Z')
  home = await openDampHome({ start: reported })
  alerts = await begin()
  choose({ causes: ['deadline'], ntfyTopic: 'anna-sensors' })
  const { rooms, personId, bedroom } = home
  const before = moment('2025-12-10T00:00:00Z')
  await home.measure(home.outdoors, before, reported, outdoorAir)
  await home.measure(bedroom, before, reported, dampAir)
  const damp = await home.records.record(home.question({ range: { from: before, until: reported } }))
  expect(damp.rooms[0]!.figures.surface.hoursAtRisk).toBeGreaterThan(200)
  const { reminders } = noteLetter(rooms, personId, 'number-12', {
    to: 'Riverside Homes',
    room: bedroom.siteId,
    rules: 'england-social'
  })
  // Reported on a Wednesday; ten working days end on 21 January, and what follows counts from there.
  expect(reminders).toEqual(['2026-01-09', '2026-01-22', '2026-01-27', '2026-01-29', '2026-04-16'])
  const told: string[] = []
  for (let day = 1; day <= 98; day++) {
    home.pass(dayMs)
    // An inspection after five weeks, with nothing in writing; the wall is repaired in the tenth week.
    if (day === 36)
      rooms.registry.addDiaryEntry({ personId, homeId: 'number-12', kind: 'inspected' }, home.now())
    if (day === 66)
      rooms.registry.addDiaryEntry({ personId, homeId: 'number-12', kind: 'repaired' }, home.now())
    const count = mail.mails.length
    await round()
    if (mail.mails.length > count) told.push(toIso(home.now()).slice(0, 10))
  }
  // By the inspection of 12 February the findings are due on the 17th, the work on the 19th, and 12 weeks end in May: the repair
  // of 14 March is before that.
  expect(told).toEqual(['2026-01-09', '2026-01-22', '2026-01-27', '2026-01-29', '2026-02-18', '2026-02-20'])
  expect(ntfy.messages).toHaveLength(told.length)
  expect(mail.mails[1]!.source).toContain('Was there an inspection?')
  expect(mail.mails[1]!.source).toContain('This is not legal advice')
  const repaired = moment('2026-03-14T12:00:00Z')
  await home.measure(home.outdoors, reported, home.now(), outdoorAir)
  await home.measure(bedroom, reported, home.now(), (at) =>
    at < repaired ? dampAir(at) : { temperature: 18, humidity: 50 }
  )
  const range = { from: before, until: home.now() }
  const after = await home.records.record(home.question({ range, rules: 'england-social' }))
  const [report] = after.reports
  expect(report).toMatchObject({
    to: 'Riverside Homes',
    answeredAt: null,
    repairedAt: expect.stringContaining('2026-03-14')
  })
  expect(report!.since!.shareSince!).toBeLessThan(report!.since!.shareBefore!)
  const late = after.rooms[0]!.days.filter(({ date }) => date > '2026-03-14')
  expect(late.reduce((sum, { hoursAtRisk }) => sum + (hoursAtRisk ?? 0), 0)).toBe(0)
}, 60_000)

it('a clock that jumps over two dates tells both in one message, and says nothing of dates that were long over', async () => {
  home = await openDampHome({ start })
  alerts = await begin()
  choose({ causes: ['deadline'] })
  noteLetter(home.rooms, home.personId, 'number-12', { to: 'Riverside Homes', rules: 'england-social' })
  home.pass(days(21)) // 28 January: investigation and summary are over.
  await round()
  await round()
  expect(mail.mails).toHaveLength(1)
  expect(mail.mails[0]!.source).toContain('21 Jan 2026')
  expect(mail.mails[0]!.source).toContain('26 Jan 2026')
  expect(mail.mails[0]!.source).not.toContain('8 Jan 2026.')
})
