/** A device's places change: it moves, turns out to have been elsewhere, becomes public, or gets another host. */
import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import type { Hosting } from '../model/person.ts'
import type { Deployment, Placement, Site, Street } from '../model/place.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import type { Consents } from './consents.ts'
import { inTransaction } from './database.ts'
import type { DiaryBook } from './diary.ts'
import { refuseFuture, type Devices, type Kept } from './devices.ts'
import type { People } from './people.ts'
import { RegistryRefusal } from './registry.ts'
import type { DeploymentChange, Relocation } from './promise/people.ts'
import type { SitePlan, Sites } from './sites.ts'
import type { Streets } from './streets.ts'

export interface Places {
  streets: Streets
  sites: Sites
  devices: Devices
  people: People
  consents: Consents
  diaries: DiaryBook
}

export class Relocations {
  readonly #db: DatabaseSync
  readonly #places: Places

  constructor(db: DatabaseSync, places: Places) {
    this.#db = db
    this.#places = places
  }

  move(deviceId: string, streetId: string, at: UnixMs, now: UnixMs): Relocation {
    const { streets, devices, sites } = this.#places
    const street = streets.need(streetId)
    refuseFuture(at, now)
    const first = devices.kept(deviceId)?.deployments[0]
    if (first && first.from !== null && at < first.from)
      return this.#reachBack(first, first.from, street, { at, now })
    const kept = devices.needActive(deviceId)
    const old = this.#present(kept)
    this.#refuseBehindHandOver(kept, old, at)
    // An earlier date than the last move's corrects that move: what it said is taken back.
    const undone = kept.deployments.filter(({ from }) => from !== null && from >= at)
    const isCorrection =
      old.streetId === street.streetId && undone.some(({ siteId }) => siteId === old.siteId)
    const { placement, personId } = old
    const plan = isCorrection ? { site: old } : sites.design(street, { placement, personId }, now)
    return this.#installFrom(kept, plan, at, isCorrection)
  }

  /**
   * Readings of a private place become public from `from` on: they, and what comes, go to a new site outdoors, while what
   * was measured before stays where it is. Where nothing was measured there before, the place itself is outdoors.
   */
  publish(siteId: string, from: UnixMs | null, now: UnixMs): { siteId: string; changes: DeploymentChange[] } {
    const { sites, devices } = this.#places
    const site = sites.need(siteId)
    if (site.placement === 'outdoor') return { siteId, changes: [] }
    if (from !== null) refuseFuture(from, now)
    const here = devices.deployments().filter((one) => one.siteId === siteId)
    const staying = from === null ? [] : here.filter((one) => one.from === null || one.from < from)
    if (from === null || staying.length === 0)
      return { siteId: sites.setPlacement(siteId, 'outdoor', undefined, now).siteId, changes: [] }
    const going = here.filter(({ until }) => until === null || until > from)
    if (going.length === 0) {
      const ended = here.map(({ until }) => until!).toSorted((a, b) => b - a)[0]!
      throw new RegistryRefusal(
        'badTime',
        `Nothing has been measured at ${site.name} since ${toIso(ended as UnixMs)}, so nothing would become public. ` +
          'To publish what was measured there, give a start: --from T'
      )
    }
    const street = this.#places.streets.need(site.streetId)
    const plan = sites.design(street, { placement: 'outdoor', personId: site.personId }, now)
    const next = going.map((one): Deployment => ({
      ...one,
      siteId: plan.site.siteId,
      from: one.from === null || one.from < from ? from : one.from
    }))
    inTransaction(this.#db, 'making a place public', () => {
      sites.insert(plan)
      for (const one of going) devices.rows.deleteAt(one)
      for (const one of going)
        if (one.from === null || one.from < from) devices.rows.insert({ ...one, until: from })
      for (const one of next) devices.rows.insert(one)
    })
    sites.keep(plan)
    for (const deviceId of new Set(going.map((one) => one.deviceId))) devices.reread(deviceId)
    return { siteId: plan.site.siteId, changes: next }
  }

  /**
   * Another person hosts the device from `at` on; what it measured before stays its former host's. Outdoors the site goes
   * on. Indoors it is in a home of the new person from then on: in `homeId`, else in their only one, else in a new one.
   */
  handOver(
    deviceId: string,
    to: string,
    { at, homeId, now }: { at: UnixMs; homeId?: string; now: UnixMs }
  ): Relocation {
    const { people, devices, sites, streets } = this.#places
    refuseFuture(at, now)
    const kept = devices.needActive(deviceId)
    const site = this.#present(kept)
    const { personId } = people.needPerson(to)
    if (personId === site.personId)
      throw new RegistryRefusal('samePerson', `${personId} already hosts ${deviceId}. Nothing was changed.`)
    this.#refuseBehindHandOver(kept, site, at)
    if (site.placement === 'indoor') {
      const home = homeId ?? this.#onlyHomeOf(personId, site.streetId)
      const plan = sites.design(
        streets.need(site.streetId),
        { placement: 'indoor', personId, ...(home === undefined ? {} : { homeId: home }) },
        now
      )
      return this.#installFrom(kept, plan, at, false, () => devices.clearProblems(deviceId))
    }
    const before = people.hostings(site.siteId)
    const hostings = [
      ...before.slice(0, -1),
      { ...before.at(-1)!, until: at },
      { siteId: site.siteId, personId, from: at, until: null }
    ].filter(({ from, until }) => from === null || until === null || from < until)
    inTransaction(this.#db, 'handing a device over', () => {
      people.writeHostings(site.siteId, hostings)
      devices.clearProblems(deviceId)
    })
    people.keepHostings(site.siteId, hostings)
    sites.hostIs(site.siteId, personId)
    return { siteId: site.siteId, changes: [] }
  }

  /**
   * All that a person without a name has becomes another's, history and consents included: the nameless one stood for
   * them. Of a person with a name nothing can be taken over: it would be read by somebody else.
   */
  takeOver(deviceId: string, to: string): { siteId: string; personId: string } {
    const { people, devices, sites, consents, diaries } = this.#places
    const site = this.#present(devices.needActive(deviceId))
    const from = people.person(site.personId)!
    const person = people.needPerson(to)
    if (from.personId === person.personId)
      throw new RegistryRefusal(
        'samePerson',
        `${person.personId} already hosts ${deviceId}. Nothing was changed.`
      )
    if (from.name !== '')
      throw new RegistryRefusal(
        'personNamed',
        `What ${deviceId} measured so far belongs to ${from.name} (${from.personId}) and stays theirs. ` +
          `To hand over only the sensor: npx lamppost device hand-over ${deviceId} --to ${person.personId}`
      )
    const theirs = new Set(
      people
        .hostings()
        .filter((one) => one.personId === from.personId)
        .map((one) => one.siteId)
    )
    const changed = [...theirs].map((siteId) => ({ siteId, hostings: people.hostings(siteId).map(renamed) }))
    function renamed(one: Hosting): Hosting {
      return one.personId === from.personId ? { ...one, personId: person.personId } : one
    }
    inTransaction(this.#db, 'naming whose a place is', () => {
      for (const { siteId, hostings } of changed) people.writeHostings(siteId, hostings)
      people.giveHomes(from.personId, person.personId)
      consents.give(from.personId, person.personId)
      diaries.give(from.personId, person.personId)
      people.deletePerson(from.personId)
    })
    for (const { siteId, hostings } of changed) {
      people.keepHostings(siteId, hostings)
      sites.hostIs(siteId, hostings.at(-1)!.personId)
    }
    people.keepGivenHomes(from.personId, person.personId)
    consents.keepGiven(from.personId, person.personId)
    people.forgetPerson(from.personId)
    return { siteId: site.siteId, personId: person.personId }
  }

  /** It is installed nowhere from now on: what it sends waits until it has a place. */
  unplace(deviceId: string, now: UnixMs): void {
    const { devices } = this.#places
    devices.needActive(deviceId)
    inTransaction(this.#db, 'ending a place', () => {
      devices.rows.deleteFrom(deviceId, now)
      devices.rows.endAt(deviceId, now)
    })
    devices.reread(deviceId)
  }

  #present(kept: Kept): Site {
    const current = kept.deployments.at(-1)
    assert(current, 'a device that was not removed has a place')
    return this.#places.sites.need(current.siteId)
  }

  /** What a device measured before it was handed over is its former host's. */
  #refuseBehindHandOver(kept: Kept, present: Site, at: UnixMs): void {
    const { people } = this.#places
    const since = people.hostings(present.siteId).at(-1)!.from
    const ours = (siteId: string): boolean => this.#places.sites.need(siteId).personId === present.personId
    const foreign = kept.deployments.findLast(({ siteId }) => !ours(siteId))
    const earliest = Math.max(since ?? -Infinity, foreign?.until ?? -Infinity)
    if (at >= earliest) return
    throw new RegistryRefusal(
      'badTime',
      `${kept.device.deviceId} was handed over at ${toIso(earliest as UnixMs)}; what it measured before belongs to its former host. Give a later time.`
    )
  }

  #onlyHomeOf(personId: string, streetId: string): string | undefined {
    const { people, sites } = this.#places
    const homes = people.homes().filter((home) => home.personId === personId)
    const here = homes.filter(({ homeId }) =>
      sites.all().some((site) => site.homeId === homeId && site.streetId === streetId)
    )
    const choice = here.length > 0 ? here : homes
    if (choice.length <= 1) return choice[0]?.homeId
    throw new RegistryRefusal(
      'homeUnknown',
      `${personId} has ${choice.length} homes. Give the one the sensor is in: --home ${choice.map(({ homeId }) => homeId).join(' or --home ')}`
    )
  }

  /** The device is at the plan's site from `at` on; places that it would have had after that never were. */
  #installFrom(
    kept: Kept,
    plan: SitePlan,
    at: UnixMs,
    isKnown: boolean,
    also: () => void = () => undefined
  ): Relocation {
    const { devices, sites, people, consents } = this.#places
    const { deviceId } = kept.device
    const { siteId } = plan.site
    const staying = kept.deployments.filter(({ from }) => from === null || from < at)
    const undone = kept.deployments.filter(({ from }) => from !== null && from >= at)
    const next: Deployment = { deviceId, siteId, from: at, until: null }
    const before = staying.map((one) => (one.until === null || one.until > at ? { ...one, until: at } : one))
    const left = this.#sitesOnlyOf(deviceId, undone).filter((id) => id !== siteId)
    const empty = left
      .map((id) => sites.need(id).homeId)
      .filter((homeId) => homeId !== '' && consents.ofHome(homeId).length === 0)
      .filter((homeId) => sites.all().every((site) => site.homeId !== homeId || left.includes(site.siteId)))
    inTransaction(this.#db, 'moving a device', () => {
      devices.rows.deleteFrom(deviceId, at)
      if (before.at(-1) !== staying.at(-1)) devices.rows.endAt(deviceId, at)
      if (!isKnown) sites.insert(plan)
      devices.rows.insert(next)
      for (const id of left) sites.delete(id)
      for (const homeId of empty) people.deleteHome(homeId)
      also()
    })
    if (!isKnown) sites.keep(plan)
    for (const id of left) sites.forget(id)
    for (const homeId of empty) people.forgetHome(homeId)
    devices.keep({ ...kept, deployments: [...before, next] })
    return { siteId, changes: [{ deviceId, siteId, from: at, until: null }] }
  }

  /**
   * A place for a time at which it was installed nowhere: its first place, if that is in this street, now reaches back;
   * else a new site until then. Nothing is taken back, so it is right for a removed device as well.
   */
  #reachBack(
    first: Deployment,
    until: UnixMs,
    street: Street,
    { at, now }: { at: UnixMs; now: UnixMs }
  ): Relocation {
    const { devices, sites, people } = this.#places
    const { deviceId } = first
    const kept = devices.kept(deviceId)!
    const firstSite = sites.need(first.siteId)
    const isSame = firstSite.streetId === street.streetId
    // Its first host: whoever has it now may be another.
    const { personId } = people.hostings(first.siteId)[0]!
    const placement: Placement = firstSite.placement
    const plan = isSame ? { site: firstSite } : sites.design(street, { placement, personId }, now)
    const { siteId } = plan.site
    const earlier: Deployment = isSame ? { ...first, from: at } : { deviceId, siteId, from: at, until }
    inTransaction(this.#db, 'giving a device an earlier place', () => {
      if (isSame) return void devices.rows.beginAt(first, at)
      sites.insert(plan)
      devices.rows.insert(earlier)
    })
    if (!isSame) sites.keep(plan)
    devices.keep({
      ...kept,
      deployments: [earlier, ...(isSame ? kept.deployments.slice(1) : kept.deployments)]
    })
    return { siteId, changes: [{ deviceId, siteId, from: at, until }] }
  }

  /** Sites of these deployments at which nothing else was ever installed. */
  #sitesOnlyOf(deviceId: string, undone: readonly Deployment[]): string[] {
    const elsewhere = new Set(
      this.#places.devices
        .deployments()
        .filter((one) => one.deviceId !== deviceId || !undone.includes(one))
        .map(({ siteId }) => siteId)
    )
    return [...new Set(undone.map(({ siteId }) => siteId))].filter((siteId) => !elsewhere.has(siteId))
  }
}
