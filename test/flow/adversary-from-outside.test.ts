/**
 * The same streets and homes as in adversary.test.ts, and what comes from outside of the boxes: files, gateways, people who sign in,
 * the age of readings, and an insider who tries to learn by sending. Nothing that was out changes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trimsOf } from '../../hub/retention.ts'
import { dayMs, minuteMs, type UnixMs } from '../../model/time.ts'
import { testStore } from '../support/hub-process.ts'
import {
  connectAndVanish,
  heardBehind,
  importAll,
  signInAndLook,
  type GatewayAdded
} from '../support/homes-acts.ts'
import {
  agree,
  begin,
  comeOut,
  dayOf,
  end,
  fetchAnswers,
  first,
  indoors,
  known,
  nothingElseChanged,
  nth,
  operate,
  registry,
  sendDay,
  settle,
  stepMs,
  story,
  streetIds,
  today,
  unseen,
  withdraw,
  zone
} from '../support/homes-story.ts'

beforeAll(begin)
afterAll(end)

describe(`what is out of homes (${testStore})`, () => {
  it('is out', async () => {
    expect(await comeOut()).toHaveLength(first - known + 1)
    story.answers = await fetchAnswers()
  })

  it('does not change by files, boxes behind a gateway, people who sign in, and what is removed for its age', async () => {
    const imported = await unseen('an import', () => importAll(nth(1)))
    await unseen('an import that is taken back', () =>
      Promise.all(imported.map((importId) => operate('import undo', [String(importId)])))
    )
    await unseen('what a box says of itself, and that it vanishes', () =>
      Promise.all(nth(0).map(({ box }) => connectAndVanish(box)))
    )
    await unseen('which sensors a box contains', () =>
      Promise.all(nth(0).map(({ box }) => operate('device sensors', [box.deviceId, 'bme280'])))
    )
    await unseen('messages of a time at which a box was nowhere', async () => {
      for (const { streetId, homeId } of nth(1)) {
        const where = {
          streetId,
          homeId,
          placement: 'indoor',
          intervalS: stepMs / 1_000,
          from: dayOf(5)
        } as const
        const box = registry().addDevice(where, story.moment)
        await story.hub.rooms.directoryTold()
        await sendDay(box, 9, 99)
        registry().remove(box.deviceId, story.moment)
      }
    })
    await unseen('somebody who signs in, looks at their home, and takes everything away', () =>
      Promise.all(nth(1, ['four', 'nine']).map(({ personId }) => signInAndLook(personId)))
    )
    const gateway = await unseen('boxes behind a gateway that nobody claimed', async () => {
      const added = await operate<GatewayAdded>('gateway add', [], { dialect: 'zigbee2mqtt' })
      await heardBehind(added, ['0x0001', '0x0002'])
      return added
    })
    await unseen('one of them claimed in a home', async () => {
      const things = await operate<{ heard: { thingId: string }[] }>('gateway things', [])
      const { streetId, homeId } = nth(1, ['nine'])[0]!
      const where = { street: streetId, indoor: true, home: homeId }
      await operate('gateway claim', [things.heard[0]!.thingId], where)
      await heardBehind(gateway, ['0x0001', '0x0002'])
    })
    await unseen('readings that are too old for their person', async () => {
      // A month before then, some of the days that are out are over.
      const later = (today + 22 * dayMs) as UnixMs
      const persons = nth(0).map(({ personId }) => registry().setKeep(personId, 1, story.moment))
      const old = persons.flatMap((person) => trimsOf(registry(), person, later, zone))
      expect(await story.hub.rooms.pipeline.service.trim(old)).toBeGreaterThan(0)
    })
    await unseen('where in a room a box is, and what somebody keeps for themselves', () =>
      nth(1).forEach(({ box, personId, homeId }) => {
        registry().setSitePlace(box.siteId, {
          precision: 'exact',
          position: [-2.58, 51.46],
          heightM: 1,
          facing: 'yard',
          mount: 'shelf'
        })
        registry().addDiaryEntry({ personId, homeId, kind: 'mould', note: 'The wall is wet' }, story.moment)
      })
    )
    await unseen('a box that has no place any more, and gets one', () =>
      nth(1, ['six']).forEach(({ box, streetId }) => {
        registry().unplace(box.deviceId, story.moment)
        registry().move(box.deviceId, streetId, story.moment, story.moment)
      })
    )
    await unseen('a clock that was wrong', () =>
      registry().mendMoments(
        { from: 0 as UnixMs, until: Number.MAX_SAFE_INTEGER as UnixMs, shiftMs: dayMs },
        story.moment
      )
    )
    await nothingElseChanged()
  })

  it('tells an insider nothing who sends other values again and again, and nothing when somebody leaves', async () => {
    const seen = async () => JSON.stringify(await Promise.all(streetIds.map((id) => indoors(id, 'day'))))
    const before = await seen()
    const [insider] = nth(1, ['six'])
    for (const mean of [1, 25, 50, 75, 99]) {
      for (let ago = first; ago >= known; ago--) await sendDay(insider!.box, ago, mean)
      await settle()
      expect(await seen(), `${mean} %`).toBe(before)
    }
    const leavers = nth(1).filter(({ agreed }) => agreed.at(-1)?.until === null)
    expect(leavers.length).toBeGreaterThan(3)
    leavers.forEach(withdraw)
    await settle()
    expect(await seen(), 'one of each street left').toBe(before)
    story.moment = (story.moment + minuteMs) as UnixMs
    leavers.forEach(agree)
    await nothingElseChanged()
  })
})
