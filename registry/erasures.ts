/** Erasing what is somebody's from the registry: whole sites and devices, and stays at those that have another host now. */
import type { DatabaseSync } from 'node:sqlite'
import type { Hosting } from '../model/person.ts'
import type { Deployment } from '../model/place.ts'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import type { Consents } from './consents.ts'
import type { DiaryBook } from './diary.ts'
import type { Devices } from './devices.ts'
import type { People } from './people.ts'
import type { ErasedIds, ErasedStay, Erasure, ErasurePlan, IsErased } from './promise/erasing.ts'
import { timeOrNull } from './rows.ts'
import type { Sites } from './sites.ts'
import { foldLog } from '../synced.ts'

/** What a plan is made from. */
export interface Belongings {
  people: People
  sites: Sites
  devices: Devices
  consents: Consents
  diaries: DiaryBook
}

interface Period {
  from: UnixMs | null
  until: UnixMs | null
}

export function erasurePlan(belongings: Belongings, personId: string): ErasurePlan {
  const { people } = belongings
  const person = people.needPerson(personId)
  const hostings = people.hostings().filter((one) => one.personId === person.personId)
  const isWhole = (siteId: string): boolean =>
    people.hostings(siteId).every((one) => one.personId === person.personId)
  const siteIds = [...new Set(hostings.map(({ siteId }) => siteId))].filter(isWhole)
  const parts = hostings.filter(({ siteId }) => !isWhole(siteId))
  const stays = parts.flatMap((part) => staysWithin(belongings, part))
  return planOf(belongings, {
    personIds: [person.personId],
    siteIds,
    stays,
    deviceIds: [],
    keptDeviceIds: []
  })
}

/** The same from a list of erasures, for a copy that was made before them. */
export function erasurePlanOf(belongings: Belongings, isErased: IsErased): ErasurePlan | undefined {
  const { people, sites, devices } = belongings
  const siteIds = sites.all().map(({ siteId }) => siteId)
  const deviceIds = [...devices.all(), ...devices.gateways()].map(({ deviceId }) => deviceId)
  const parts = siteIds.flatMap((siteId) => isErased.stays(siteId).map((period) => ({ siteId, ...period })))
  const ids: ErasedIds = {
    personIds: people
      .persons()
      .map(({ personId }) => personId)
      .filter(isErased.id),
    siteIds: siteIds.filter(isErased.id),
    stays: parts.flatMap((part) => staysWithin(belongings, part)),
    deviceIds: deviceIds.filter(isErased.id),
    keptDeviceIds: []
  }
  const isNothing = Object.values(ids).every((list: unknown[]) => list.length === 0)
  return isNothing ? undefined : planOf(belongings, ids)
}

/** Where devices were at the site within a hosting. */
function staysWithin(
  { devices }: Belongings,
  part: Pick<Hosting, 'siteId' | 'from' | 'until'>
): ErasedStay[] {
  return devices
    .deployments()
    .filter(({ siteId }) => siteId === part.siteId)
    .flatMap(({ siteId, deviceId, ...stay }) => {
      const common = overlap(stay, part)
      return common ? [{ siteId, deviceId, ...common }] : []
    })
}

function planOf({ people, sites, devices, consents, diaries }: Belongings, ids: ErasedIds): ErasurePlan {
  const gone = new Set(ids.siteIds)
  // A device goes with the last place that it had.
  const without = [...devices.all()].filter(({ deviceId }) => {
    const places = devices.deployments(deviceId)
    return (
      places.length > 0 && places.every((one) => gone.has(one.siteId) || leftOf(one, ids.stays).length === 0)
    )
  })
  const going = new Set([...ids.deviceIds, ...without.map(({ deviceId }) => deviceId)])
  const touched = devices
    .deployments()
    .filter((one) => gone.has(one.siteId) || ids.stays.some((stay) => isOf(stay, one) && overlap(stay, one)))
    .map(({ deviceId }) => deviceId)
  const persons = people.persons().filter(({ personId }) => ids.personIds.includes(personId))
  return {
    ...ids,
    deviceIds: [...going],
    keptDeviceIds: [...new Set(touched)].filter((deviceId) => !going.has(deviceId)),
    persons,
    homes: people.homes().filter(({ personId }) => ids.personIds.includes(personId)),
    sites: sites.all().filter(({ siteId }) => gone.has(siteId)),
    consents: consents.all().filter(({ personId }) => ids.personIds.includes(personId)).length,
    diaryEntries: ids.personIds.reduce((sum, personId) => sum + diaries.entries(personId).length, 0)
  }
}

export class Erasures {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
    // What a kill left in the log of the last step of an erasure.
    this.#fold()
  }

  open(): Erasure[] {
    return asking('reading erasures', () =>
      this.#db.prepare("SELECT * FROM erasures WHERE ids <> '' ORDER BY erasureId").all()
    ).map((row) => ({
      erasureId: Number(row.erasureId),
      beganAt: Number(row.beganAt) as UnixMs,
      // Written by `begin`, from this type.
      ids: JSON.parse(String(row.ids)) as ErasedIds
    }))
  }

  /** Stays of devices that live on, whose readings are dropped when they come again. */
  stays(): Omit<ErasedStay, 'siteId'>[] {
    return this.#db
      .prepare('SELECT * FROM erasedStays ORDER BY deviceId, "from"')
      .all()
      .map((row) => ({
        deviceId: String(row.deviceId),
        from: timeOrNull(row.from),
        until: timeOrNull(row.until)
      }))
  }

  begin(ids: ErasedIds, devices: Devices, now: UnixMs): Erasure {
    const erasureId = inTransaction(this.#db, 'erasing', () => {
      const { lastInsertRowid } = this.#db
        .prepare('INSERT INTO erasures (beganAt, ids) VALUES (?, ?)')
        .run(now, JSON.stringify(ids))
      /** Until when each device was with them. */
      const shared = new Map<string, number>()
      for (const one of devices.deployments())
        if (this.#cutOut(one, ids))
          shared.set(one.deviceId, Math.max(shared.get(one.deviceId) ?? 0, one.until ?? now))
      for (const deviceId of ids.deviceIds) this.#removeDevice(deviceId)
      for (const [deviceId, until] of shared) this.#leaveToOthers(deviceId, until, now)
      for (const siteId of ids.siteIds) this.#removeSite(siteId)
      for (const personId of ids.personIds) this.#removePerson(personId)
      this.#giveSitesToWhoIsLeft()
      this.#scrubSettings([...ids.siteIds, ...ids.deviceIds, ...ids.personIds])
      return Number(lastInsertRowid)
    })
    return { erasureId, beganAt: now, ids }
  }

  /**
   * Deleted rows are overwritten (secure_delete), and pages that held others are written anew, before the note goes by which a
   * crash would have it done again.
   */
  finish(erasureId: number): boolean {
    asking('rewriting the registry', () => this.#db.exec('VACUUM'))
    if (!this.#fold()) return false
    inTransaction(this.#db, 'finishing an erasure', () =>
      this.#db.prepare("UPDATE erasures SET ids = '' WHERE erasureId = ?").run(erasureId)
    )
    return this.#fold()
  }

  /** The log into the file; false while somebody reads it. */
  #fold(): boolean {
    return asking('folding the log', () => foldLog(this.#db))
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#db.prepare(sql).run(...values)
  }

  /** Leaves of a deployment what is not erased; whether anything of it was. */
  #cutOut(one: Deployment, { siteIds, stays }: ErasedIds): boolean {
    const { deviceId, siteId, from, until } = one
    const own = stays.filter(
      (stay) => stay.siteId === siteId && stay.deviceId === deviceId && overlap(one, stay)
    )
    const isWhole = siteIds.includes(siteId)
    if (!isWhole && own.length === 0) return false
    this.#run(
      'DELETE FROM deployments WHERE deviceId = ? AND siteId = ? AND "from" IS ? AND until IS ?',
      deviceId,
      siteId,
      from,
      until
    )
    for (const left of isWhole ? [] : leftOf(one, own))
      this.#run(
        'INSERT INTO deployments (deviceId, siteId, "from", until) VALUES (?, ?, ?, ?)',
        deviceId,
        siteId,
        left.from,
        left.until
      )
    for (const gone of isWhole ? [one] : own)
      this.#run(
        'INSERT INTO erasedStays (deviceId, "from", until) VALUES (?, ?, ?)',
        deviceId,
        gone.from,
        gone.until
      )
    return true
  }

  #removeDevice(deviceId: string): void {
    for (const table of [
      'secrets',
      'tokens',
      'things',
      'deployments',
      'problems',
      'imports',
      'corrections',
      'erasedStays',
      'forwardings',
      'calibrationBoxes',
      'devices'
    ])
      this.#run(`DELETE FROM ${table} WHERE deviceId = ?`, deviceId)
    this.#run('DELETE FROM things WHERE scope = ?', deviceId)
  }

  /**
   * A device that others hosted too: it stays, without what is listed of it and what it was called, under the name of the place
   * where it is now. It ends where nobody hosts it any more.
   */
  #leaveToOthers(deviceId: string, until: number, now: UnixMs): void {
    this.#run('DELETE FROM problems WHERE deviceId = ?', deviceId)
    this.#run('DELETE FROM imports WHERE deviceId = ? AND startedAt < ?', deviceId, until)
    this.#run("UPDATE things SET name = '' WHERE deviceId = ?", deviceId)
    this.#run(
      `UPDATE devices SET name = coalesce((SELECT s.name FROM deployments AS d JOIN sites AS s ON s.siteId = d.siteId
         WHERE d.deviceId = devices.deviceId AND d.until IS NULL), '') WHERE deviceId = ?`,
      deviceId
    )
    // Whoever wanted it is gone; whoever hosts it now may have asked for it since.
    this.#run('DELETE FROM forwardings WHERE deviceId = ? AND since < ?', deviceId, until)
    if (this.#db.prepare('SELECT 1 FROM deployments WHERE deviceId = ? AND until IS NULL').get(deviceId))
      return
    for (const table of ['secrets', 'tokens', 'things'])
      this.#run(`DELETE FROM ${table} WHERE deviceId = ?`, deviceId)
    this.#run('UPDATE devices SET removedAt = coalesce(removedAt, ?) WHERE deviceId = ?', now, deviceId)
  }

  #removeSite(siteId: string): void {
    this.#run('DELETE FROM corrections WHERE siteId = ?', siteId)
    this.#run(
      'DELETE FROM calibrationBoxes WHERE calibrationId IN (SELECT calibrationId FROM calibrations WHERE referenceSiteId = ?)',
      siteId
    )
    this.#run('DELETE FROM calibrations WHERE referenceSiteId = ?', siteId)
    this.#run('DELETE FROM sitePlaces WHERE siteId = ?', siteId)
    this.#run('DELETE FROM hostings WHERE siteId = ?', siteId)
    this.#run('DELETE FROM sites WHERE siteId = ?', siteId)
  }

  #removePerson(personId: string): void {
    this.#run("UPDATE calibrations SET signedOffBy = '' WHERE signedOffBy = ?", personId)
    this.#run('DELETE FROM consents WHERE personId = ?', personId)
    this.#run('DELETE FROM diary WHERE personId = ?', personId)
    for (const table of ['reportRules', 'alertSettings', 'alerts', 'pushBrowsers'])
      this.#run(`DELETE FROM ${table} WHERE personId = ?`, personId)
    this.#run('DELETE FROM corners WHERE personId = ?', personId)
    this.#run('DELETE FROM hostings WHERE personId = ?', personId)
    this.#run('DELETE FROM homes WHERE personId = ?', personId)
    this.#run('DELETE FROM persons WHERE personId = ?', personId)
  }

  /** Of a site that several hosted, the last of those who are left has what remains; indoors in a home of their own. */
  #giveSitesToWhoIsLeft(): void {
    this.#db.exec(
      `UPDATE hostings SET until = NULL WHERE until IS NOT NULL AND rowid IN (
         SELECT rowid FROM hostings AS h WHERE NOT EXISTS (
           SELECT 1 FROM hostings AS later WHERE later.siteId = h.siteId
             AND (later.until IS NULL OR later.until > h.until)))`
    )
    this.#db.exec(
      `INSERT INTO homes (homeId, personId, createdAt)
         SELECT DISTINCT s.homeId, h.personId, 0 FROM sites AS s JOIN hostings AS h ON h.siteId = s.siteId AND h.until IS NULL
         WHERE s.homeId <> '' AND NOT EXISTS (SELECT 1 FROM homes WHERE homes.homeId = s.homeId)`
    )
  }

  /** What the hub remembers about itself may name them. */
  #scrubSettings(ids: readonly string[]): void {
    for (const { name, value } of this.#db.prepare('SELECT name, value FROM settings').all()) {
      const text = String(value)
      const scrubbed = ids.reduce((rest, id) => rest.replaceAll(id, ''), text)
      if (scrubbed !== text) this.#run('UPDATE settings SET value = ? WHERE name = ?', scrubbed, String(name))
    }
  }
}

function overlap(a: Period, b: Period): Period | undefined {
  const from = Math.max(a.from ?? -Infinity, b.from ?? -Infinity)
  const until = Math.min(a.until ?? Infinity, b.until ?? Infinity)
  if (from >= until) return undefined
  return {
    from: Number.isFinite(from) ? (from as UnixMs) : null,
    until: Number.isFinite(until) ? (until as UnixMs) : null
  }
}

/** A deployment without the stays at its site that are erased. */
function leftOf(one: Deployment, stays: readonly ErasedStay[]): Period[] {
  let left: Period[] = [{ from: one.from, until: one.until }]
  for (const stay of stays.filter((s) => isOf(s, one))) {
    left = left.flatMap((period) => {
      const common = overlap(period, stay)
      if (!common) return [period]
      const before = { from: period.from, until: common.from }
      const after = { from: common.until, until: period.until }
      return [
        ...(common.from !== null && common.from !== period.from ? [before] : []),
        ...(common.until !== null && common.until !== period.until ? [after] : [])
      ]
    })
  }
  return left
}

function isOf(stay: ErasedStay, one: Deployment): boolean {
  return stay.siteId === one.siteId && stay.deviceId === one.deviceId
}
