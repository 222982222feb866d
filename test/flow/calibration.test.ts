/**
 * Calibrations at a real hub: ten boxes of three kinds beside a reference for a day, whose lines equal an independent computation;
 * and what may be no reference.
 */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Calibration, CalibrationDetail } from '../../contract/desk/calibrations.ts'
import { addDevice, publishOnce } from '../support/hub-process.ts'
import {
  airAt,
  fiveMinutes,
  lineOf,
  minuteMs,
  minutes,
  publishDay,
  seenBy,
  tenBesideReference
} from '../support/calibration-party.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { oneHub } from '../support/one-hub.ts'

const hub = oneHub()

let carla: Host
beforeAll(async () => {
  await hub.json('street', 'add', 'Ashley Road')
  carla = await hostAt(hub, 'Carla', 'steward')
})

describe('a calibration of ten boxes', () => {
  it(
    'gives each its line, says which box is broken, and corrects what was signed off',
    { timeout: 120_000 },
    async () => {
      const { dayAgo, reference, boxes } = await tenBesideReference(hub)
      const start = await carla.ask('POST', '/steward/calibrations', {
        referenceSiteId: reference.siteId,
        deviceIds: boxes.map(({ deviceId }) => deviceId),
        quantity: 'pm2_5',
        from: new Date(dayAgo).toISOString()
      })
      expect(start.status).toBe(200)
      const { calibrationId } = (await start.json()) as Calibration
      const path = `/steward/calibrations/${calibrationId}`
      const again = await carla.ask('POST', '/steward/calibrations', {
        referenceSiteId: reference.siteId,
        deviceIds: [boxes[0]!.deviceId],
        quantity: 'pm2_5'
      })
      expect(again.status).toBe(409)

      await vi.waitFor(
        async () => {
          const { fits } = await carla.json<CalibrationDetail>('GET', path)
          expect(fits.map(({ n }) => n)).toEqual(boxes.map(() => minutes / 5))
        },
        { timeout: 60_000, interval: 500 }
      )
      const finished = (await (await carla.ask('POST', `${path}/finish`)).json()) as CalibrationDetail
      expect(finished.calibration).toMatchObject({ state: 'finished' })
      // It was taken away two hours ago, while the calibration went on.
      expect(finished.calibration.referenceEndedAt).not.toBeNull()
      const air = fiveMinutes(airAt)
      for (const [i, fit] of finished.fits.entries()) {
        const { slope, intercept } = lineOf(air, fiveMinutes(seenBy(i)))
        expect(fit.slope).toBeCloseTo(slope, 5)
        expect(fit.intercept).toBeCloseTo(intercept, 4)
        expect(fit.verdict).toBe(i === 9 ? 'poor' : 'fit')
      }

      const signOff = (deviceIds: string[], expiresAt = inDays(180)) =>
        carla.ask('POST', `${path}/sign-off`, { deviceIds, expiresAt })
      const ids = boxes.map(({ deviceId }) => deviceId)
      const broken = await signOff(ids)
      expect(broken.status).toBe(409)
      expect(((await broken.json()) as { detail: string }).detail).toContain('Box 9')
      expect((await signOff(ids.slice(0, 9), inDays(1_000))).status).toBe(400)
      const signed = (await (await signOff(ids.slice(0, 9))).json()) as CalibrationDetail
      expect(signed.calibration).toMatchObject({ state: 'signedOff', signedOffBy: 'Carla' })
      expect(signed.fits.filter(({ correctionId }) => correctionId !== null)).toHaveLength(9)
      expect((await signOff(ids.slice(0, 9))).status).toBe(409)

      // From then on a reading has its corrected value: (raw − intercept) / slope.
      const [first] = boxes
      await publishOnce(hub, first!, '{"pm2_5":30}')
      const { slope, intercept } = signed.fits[0]!
      await vi.waitFor(
        async () => {
          const rows = await fetch(
            `${hub.url}/api/v1/readings?site=${first!.siteId}&values=corrected&format=jsonl&quantity=pm2_5_corrected`
          )
          const [row] = (await rows.text()).split('\n').filter(Boolean)
          expect(JSON.parse(row ?? '{}')).toMatchObject({
            value: expect.closeTo((30 - intercept!) / slope!, 3) as number
          })
        },
        { timeout: 30_000, interval: 500 }
      )
    }
  )

  it('shows no value of a place that was or became private', async () => {
    const from = Math.floor((Date.now() - 26 * 60 * minuteMs) / (5 * minuteMs)) * 5 * minuteMs
    const since = ['--interval', '60', '--from', new Date(from).toISOString()]
    const reference = await addDevice(hub.dataDir, 'Ashley Road', ...since)
    const box = await addDevice(hub.dataDir, 'Ashley Road', ...since)
    const home = ['--indoor', '--home', 'number-8']
    const bedroom = await addDevice(hub.dataDir, 'Ashley Road', ...home, ...since)
    for (const device of [reference, box, bedroom]) await publishDay(hub, device, from, airAt)
    // It hangs outside now; what it measured in the bedroom stays private.
    await hub.json('device', 'placement', bedroom.deviceId, 'outdoor', '--yes')
    const start = await carla.ask('POST', '/steward/calibrations', {
      referenceSiteId: reference.siteId,
      deviceIds: [box.deviceId, bedroom.deviceId],
      quantity: 'pm2_5',
      from: new Date(from).toISOString()
    })
    const { calibrationId } = (await start.json()) as Calibration
    const path = `/steward/calibrations/${calibrationId}`
    const fits = async () => (await carla.json<CalibrationDetail>('GET', path)).fits
    await vi.waitFor(
      async () => expect((await fits())[0]).toMatchObject({ verdict: 'fit', n: minutes / 5 }),
      {
        timeout: 60_000,
        interval: 500
      }
    )
    const nothing = { n: 0, slope: null, pairs: [] }
    expect((await fits())[1]).toMatchObject({ verdict: 'silent', ...nothing })
    await hub.json('device', 'placement', reference.deviceId, 'indoor', '--home', 'number-9')
    expect(await fits()).toMatchObject([{ verdict: 'tooFew', ...nothing }, nothing])
    expect((await carla.ask('POST', `${path}/cancel`)).status).toBe(200)
  })

  it('refuses an indoor reference, an unknown box, a time ahead and what has no corrections', async () => {
    const indoor = await addDevice(hub.dataDir, 'Ashley Road', '--indoor', '--home', 'number-3')
    const outdoor = await addDevice(hub.dataDir, 'Ashley Road')
    const start = (body: object) =>
      carla.ask('POST', '/steward/calibrations', {
        referenceSiteId: outdoor.siteId,
        deviceIds: ['d-aaaaaaaa'],
        quantity: 'pm2_5',
        ...body
      })
    expect((await start({})).status).toBe(404)
    expect((await start({ referenceSiteId: indoor.siteId })).status).toBe(404)
    expect((await start({ deviceIds: [indoor.deviceId] })).status).toBe(404)
    expect((await start({ quantity: 'humidity' })).status).toBe(409)
    expect((await start({ from: inDays(1) })).status).toBe(400)
    expect((await start({ from: 'yesterday' })).status).toBe(400)
  })
})

function inDays(days: number): string {
  return new Date(Date.now() + days * 1_440 * minuteMs).toISOString()
}
