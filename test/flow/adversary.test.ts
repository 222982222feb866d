/**
 * Somebody asks everything that can be asked, before and after each change of one home on streets of 4 to 12 homes, and
 * follows live. Nothing that was out changes but by a withdrawal, nothing else of the answers changes either, and what comes
 * out afterwards is what the rules say, as homes-story.ts works them out by itself.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, minuteMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { backUp } from '../../operate/backup/back-up.ts'
import { restore } from '../../operate/backup/restore.ts'
import { testStore } from '../support/hub-process.ts'
import { passwords } from '../support/homes-acts.ts'
import { send, until } from '../support/hub-rooms.ts'
import { differences, follow } from '../support/public-answers.ts'

import {
  type Series,
  addHome,
  address,
  agree,
  begin,
  end,
  comeOut,
  correctAll,
  dateOf,
  dayOf,
  expected,
  fetchAnswers,
  folder,
  homesOf,
  hoursToNoon,
  indoors,
  isNearHomes,
  nextDay,
  nobody,
  nothingElseChanged,
  nth,
  outdoors,
  registry,
  sendAll,
  sendDay,
  settle,
  start,
  stepMs,
  story,
  streetIds,
  withdraw,
  today,
  unseen,
  valueOf,
  zoneAhead,
  first,
  known
} from '../support/homes-story.ts'

beforeAll(begin)
afterAll(end)

describe(`what is out of homes (${testStore})`, () => {
  it('is what the rules say from five homes up, and hours from ten', async () => {
    const out = await comeOut()
    expect(out.map(({ date }) => date)).toEqual(
      Array.from({ length: first - known + 1 }, (_, i) => dateOf(first - i))
    )
    for (const streetId of streetIds) {
      const days = await indoors(streetId, 'day')
      const wanted = days.time.map((_, i) => (first - i < known ? null : expected(streetId, first - i)))
      expect(days.median, streetId).toEqual(wanted)
      const hours = (await indoors(streetId, 'hour')).median.filter((value) => value !== null)
      expect(hours.length, streetId).toBe(homesOf[streetId as 'ten'] >= 10 ? 24 * out.length : 0)
    }
    expect(expected('four', known)).toBeNull()
    story.answers = await fetchAnswers()
    const refused = [...story.answers].filter(
      ([url, answer]) => url.startsWith('/sta/') && !/^200/.test(answer)
    )
    expect(refused).toEqual([])
  })

  it('does not tell a place indoors from one that there is not', () => {
    const asked = [...story.answers.keys()].filter((url) => url.includes(story.hidden))
    expect(asked.length).toBeGreaterThan(20)
    for (const url of asked) {
      const other = story.answers.get(url.replaceAll(story.hidden, nobody))
      expect(story.answers.get(url)!.replaceAll(story.hidden, nobody), url).toBe(other)
    }
  })

  it('does not change by what boxes send later, by their settings or by another box', async () => {
    await unseen('a late reading', () =>
      Promise.all(
        nth(0).map(({ box }) =>
          send(story.hub.rooms, box.deviceId, {
            at: toIso((dayOf(7) + 5 * minuteMs) as UnixMs),
            humidity: 99
          })
        )
      )
    )
    await unseen('other values for the same times', () =>
      Promise.all(nth(0).map(({ box }) => sendDay(box, known, 95)))
    )
    await unseen('a backfill of days that nobody had', () =>
      Promise.all(nth(1).map(({ box }) => sendDay(box, 20, 95)))
    )
    await unseen('an outlier and what nobody can read', () =>
      Promise.all(
        nth(0).flatMap(({ box }) => [
          send(story.hub.rooms, box.deviceId, { at: toIso(dayOf(8)), humidity: 140 }),
          send(story.hub.rooms, box.deviceId, '{"humidity":'),
          send(story.hub.rooms, box.deviceId, { at: toIso(dayOf(8)), unheardOf: 1 })
        ])
      )
    )
    await unseen('an interval', () =>
      nth(0).forEach(({ box }) => registry().setInterval(box.deviceId, 60, 'given'))
    )
    nth(0).forEach(({ box }) => registry().setInterval(box.deviceId, stepMs / 1_000, 'given'))
    await unseen('a password', () =>
      nth(0).forEach(({ box: { deviceId } }) =>
        passwords.set(deviceId, registry().rotate(deviceId, 0, story.moment).password)
      )
    )
    await unseen('names', () =>
      nth(0).forEach(({ box, personId }) => {
        registry().renameSite(box.siteId, 'Bathroom')
        registry().renamePerson(personId, `Anna ${box.siteId}`)
      })
    )
    await unseen('four more boxes in a flat', async () => {
      for (const { streetId, homeId } of nth(2)) {
        for (let n = 0; n < 4; n++) {
          const box = registry().addDevice(
            { streetId, homeId, placement: 'indoor', intervalS: stepMs / 1_000 },
            story.moment
          )
          await story.hub.rooms.directoryTold()
          for (const ago of [9, 5]) await sendDay(box, ago, 99)
        }
      }
    })
    await unseen('a correction of a box indoors', () => correctAll(nth(1)))
    await unseen('the end of that correction', () =>
      registry()
        .corrections()
        .forEach(({ correctionId }) => registry().removeCorrection(correctionId, story.moment))
    )
    await sendAll(5)
    // Five boxes in one home are one home: its mean is that of them all.
    for (const home of nth(2)) home.means.set(5, (home.means.get(5)! + 4 * 99) / 5)
    await nextDay(5)
  })

  it('does not change by consents, and counts from the next whole day', async () => {
    await unseen('consent taken back', () => nth(0).forEach(withdraw))
    story.moment = (story.moment + minuteMs) as UnixMs
    await unseen('consent given again', () => nth(0).forEach(agree))
    await unseen('consent to something else', () =>
      nth(1).forEach(({ homeId }) =>
        registry().recordConsent({ homeId, purpose: 'research', by: 'Anna' }, story.moment)
      )
    )
    await unseen('a home that joins, with a past of its own', async () => {
      for (const streetId of ['four', 'nine']) {
        const home = addHome(streetId, `${streetId}-new`)
        agree(home)
        await story.hub.rooms.directoryTold()
        for (let ago = first; ago >= 5; ago--) await sendDay(home.box, ago, 80)
      }
    })
    await unseen('a home of which anybody can send readings', () => {
      const home = addHome('four', 'four-open', { unauthenticated: true })
      registry().recordConsent({ homeId: home.homeId, purpose: 'street', by: 'Anna' }, story.moment)
    })
    await unseen('a home that joins without consent', () => addHome('nine', 'nine-silent'))
    // Unplugged from 09 to 13: the day has its coverage, and its hours do not come out in part.
    const unplugged = [...nth(5, ['twelve']), ...nth(6, ['twelve'])]
    await sendAll(4, unplugged)
    for (const home of unplugged) {
      home.means.set(4, 60.25)
      await sendDay(home.box, 4, 60.25, (n) => n < 18 || n >= 26)
    }
    await nextDay(4)
    const hoursOf4 = async (streetId: string) =>
      (await indoors(streetId, 'hour')).median.slice((first - 4) * 24, (first - 3) * 24)
    expect(await hoursOf4('eleven')).not.toContain(null)
    expect(await hoursOf4('twelve')).toEqual(Array(24).fill(null))
    expect(await valueOf('twelve', 4)).not.toBeNull()
    expect(await valueOf('five', 4)).toBeNull()
    expect(await valueOf('four', 4)).toBeNull()
  })

  it('does not change by moves, removals, hand-overs and places', async () => {
    const all = streetIds.filter((streetId) => streetId !== 'four')
    await unseen('a move to another street, and to one before', async () => {
      for (const home of nth(3, ['six', 'nine', 'twelve'])) {
        const moved = registry().move(home.box.deviceId, 'four', dayOf(9), story.moment)
        await story.hub.rooms.directoryTold()
        for (const change of moved.changes) await story.hub.rooms.pipeline.service.reassign(change)
        home.agreed.at(-1)!.until = story.moment
        home.means.clear()
        home.streetId = 'four'
      }
    })
    await unseen('removal', () => {
      for (const home of nth(2, all)) registry().remove(home.box.deviceId, story.moment)
    })
    await unseen('a hand-over', () => {
      for (const home of nth(4, ['ten', 'eleven'])) {
        const { personId } = registry().addPerson({ name: `Ben ${home.homeId}` }, story.moment)
        registry().handOver(home.box.deviceId, personId, { at: story.moment, now: story.moment })
        home.agreed.at(-1)!.until = story.moment
      }
    })
    await unseen('months for which readings are kept', () =>
      nth(1).forEach(({ personId }) => registry().setKeep(personId, 1, story.moment))
    )
    await unseen('messages decoded again', async () => {
      for (const { box } of nth(0)) await story.hub.rooms.pipeline.service.replay({ deviceId: box.deviceId })
    })
    const gone = [...nth(2, all), ...nth(4, ['ten', 'eleven'])]
    await sendAll(3, gone)
    await nextDay(3)
  })

  it('does not change by erasing, and shows in the last week, live and on MQTT', async () => {
    await sendAll(
      2,
      story.homes.filter((home) => registry().device(home.box.deviceId)?.removedAt !== null)
    )
    await nextDay(2)
    expect(Object.keys(story.following.retained()).some((topic) => topic.endsWith('/humidity'))).toBe(true)
    await unseen('an erasure', async () => {
      for (const home of nth(0)) {
        await story.hub.rooms.eraser.erase(registry().erasurePlan(home.personId), () => undefined)
        story.homes = story.homes.filter((one) => one !== home)
      }
    })
    await nothingElseChanged()
  })

  it('goes public by itself where a place outdoors becomes one indoors, and the other way round', async () => {
    const isIndoor = (url: string) => url.includes('placement=indoor')
    const [shed] = outdoors.splice(-1)
    registry().makePrivate(shed!.siteId, undefined, story.moment)
    const stays = story.homes.find(({ streetId }) => streetId === 'nine')!
    registry().makePublic(stays.box.siteId, systemClock.now(), systemClock.now())
    await settle()
    const after = await fetchAnswers()
    expect(differences(story.answers, after, isIndoor)).toEqual([])
    expect(JSON.stringify([...after])).not.toContain(shed!.siteId)
    story.answers = after
  })

  it('is what it was after a backup and a restore, and no day of before comes out then', async () => {
    const archive = join(folder.path, 'hub.tar')
    const retained = story.following.retained()
    await backUp(story.hub.rooms, archive, () => undefined)
    await story.following.close()
    await story.hub.stop()
    story.dataDir = join(folder.path, 'restored')
    await restore(archive, story.dataDir, { without: true, consentsStand: true }, () => undefined)
    expect(existsSync(join(story.dataDir, 'registry.sqlite'))).toBe(true)
    await start()
    await settle()
    story.following = await follow(address())
    // Which boxes were heard lately is known since the start alone, and cursors of before are gone.
    const isOfHomes = (url: string) => isNearHomes(url) && !/(streets\/\w+|changes)$/.test(url)
    expect(differences(story.answers, await fetchAnswers(isOfHomes), isOfHomes)).toEqual([])
    // Topics are published a few seconds after the start.
    await until(() => Object.keys(story.following.retained()).length >= Object.keys(retained).length)
    expect(story.following.retained()).toEqual(retained)
    story.moment = (today + 3 * dayMs) as UnixMs
    await comeOut()
    expect(differences(story.answers, await fetchAnswers(isOfHomes), isOfHomes)).toEqual([])
    expect(registry().publishing().last?.until).toBeLessThanOrEqual(today + 2 * dayMs)
  })

  it('keeps its dates when the hub changes its zone', async () => {
    const before = await Promise.all(streetIds.map((streetId) => indoors(streetId, 'day')))
    await story.following.close()
    await story.hub.stop()
    await start(zoneAhead(hoursToNoon > 0 ? hoursToNoon - 3 : hoursToNoon + 3))
    await settle()
    for (const [i, streetId] of streetIds.entries()) {
      const known = (series: Series) => series.median.filter((value) => value !== null)
      expect(known(await indoors(streetId, 'day')), streetId).toEqual(known(before[i]!))
    }
  })

  it('loses the day that is withdrawn, and nothing else', async () => {
    const before = await indoors('ten', 'day')
    registry().withdrawDay('ten', dateOf(9), story.moment)
    const after = await indoors('ten', 'day')
    expect(after.median.filter((value) => value !== null)).toHaveLength(
      before.median.filter((value) => value !== null).length - 1
    )
    expect(() => registry().withdrawDay('ten', dateOf(9), story.moment)).toThrow('was already withdrawn')
  })
})
