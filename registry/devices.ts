/** Devices, and where each was installed from when until when. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { clockAheadMsMax, intervalSMax, intervalSMin, passwordOverlapMsMax } from '../model/limits.ts'
import { deviceTopic } from '../model/message.ts'
import { idPattern, type Deployment, type Device } from '../model/place.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { dayMs, toIso, type UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import {
  RegistryRefusal,
  type Credentials,
  type DirectoryEntry,
  type NewDevice,
  type Rotation
} from './registry.ts'
import { DeploymentRows } from './deployment-rows.ts'
import { Passwords } from './passwords.ts'
import { deploymentOf, deviceOf, grouped } from './rows.ts'
import { badDialect, type Sites } from './sites.ts'
import type { Streets } from './streets.ts'

/** A device with the places it had, as kept in memory. */
export interface Kept {
  device: Device
  deployments: readonly Deployment[]
}

export class Devices {
  readonly #db: DatabaseSync
  readonly #streets: Streets
  readonly #random: RandomBytes
  readonly #sites: Sites
  readonly passwords: Passwords
  readonly rows: DeploymentRows
  readonly #devices = new Map<string, Kept>()

  constructor(db: DatabaseSync, streets: Streets, sites: Sites, random: RandomBytes) {
    this.#db = db
    this.#streets = streets
    this.#sites = sites
    this.#random = random
    this.passwords = new Passwords(db, random)
    this.rows = new DeploymentRows(db)
    const deployments = grouped(
      db.prepare('SELECT * FROM deployments ORDER BY "from"').all().map(deploymentOf),
      ({ deviceId }) => deviceId
    )
    for (const row of db.prepare('SELECT * FROM devices').all()) {
      const device = deviceOf(row)
      this.keep({ device, deployments: deployments.get(device.deviceId) ?? [] })
    }
  }

  all(): Device[] {
    return [...this.#devices.values()].map(({ device }) => device)
  }

  get(deviceId: string): Device | undefined {
    return this.#devices.get(deviceId)?.device
  }

  kept(deviceId: string): Kept | undefined {
    return this.#devices.get(deviceId)
  }

  deployments(deviceId?: string): Deployment[] {
    if (deviceId !== undefined) return [...(this.#devices.get(deviceId)?.deployments ?? [])]
    return [...this.#devices.values()].flatMap(({ deployments }) => deployments)
  }

  /** Removed devices are in it: messages of theirs may still wait in the journal. */
  directory(): DirectoryEntry[] {
    return [...this.#devices.values()].map(
      ({ device: { deviceId, dialect, sensors, intervalS }, deployments }) => ({
        deviceId,
        dialect,
        sensors,
        intervalS,
        deployments: [...deployments]
      })
    )
  }

  add(wanted: NewDevice, now: UnixMs): Credentials {
    const street = this.#streets.need(wanted.streetId)
    if (wanted.from !== undefined) refuseFuture(wanted.from, now)
    if (wanted.intervalS !== undefined && !isInterval(wanted.intervalS)) throw badInterval(wanted.intervalS)
    const dialect = wanted.dialect ?? 'lamppost'
    if (!idPattern.test(dialect)) throw badDialect(dialect)

    const plan = this.#sites.design(street, wanted, now)
    const { site } = plan
    const device: Device = {
      deviceId: newId('d', this.#random, (id) => this.#devices.has(id)),
      name: site.name,
      dialect,
      sensors: wanted.sensors ?? [],
      intervalS: wanted.intervalS ?? null,
      intervalSource: wanted.intervalS === undefined ? null : (wanted.intervalSource ?? 'given'),
      createdAt: now,
      removedAt: null
    }
    const deployment: Deployment = {
      deviceId: device.deviceId,
      siteId: site.siteId,
      from: wanted.from ?? null,
      until: null
    }
    const fresh = this.passwords.fresh(device.deviceId)
    inTransaction(this.#db, 'adding a device', () => {
      this.#sites.insert(plan)
      this.#db
        .prepare(
          `INSERT INTO devices (deviceId, name, dialect, sensors, intervalS, intervalSource, createdAt)
           VALUES (?, ?, ?, ?, ?, ?, ?)`
        )
        .run(
          device.deviceId,
          device.name,
          dialect,
          device.sensors.join(','),
          device.intervalS,
          device.intervalSource,
          now
        )
      this.passwords.replace(fresh, [], now)
      this.rows.insert(deployment)
    })
    this.#sites.keep(plan)
    this.keep({ device, deployments: [deployment] })
    this.passwords.keep(device.deviceId, [fresh])
    return credentials(device.deviceId, site.siteId, fresh.password)
  }

  rotate(deviceId: string, overlapMs: number, now: UnixMs): Rotation {
    const kept = this.needActive(deviceId)
    if (!(overlapMs >= 0 && overlapMs <= passwordOverlapMsMax)) throw badOverlap()
    const fresh = this.passwords.fresh(deviceId)
    const until = (now + overlapMs) as UnixMs
    const old =
      overlapMs === 0 ? [] : this.passwords.standing(deviceId).map((secret) => ({ ...secret, until }))
    inTransaction(this.#db, 'changing a password', () => this.passwords.replace(fresh, old, now))
    this.passwords.keep(deviceId, [fresh, ...old])
    const siteId = kept.deployments.at(-1)?.siteId ?? ''
    return {
      ...credentials(deviceId, siteId, fresh.password),
      oldPasswordUntil: old.length > 0 ? until : null
    }
  }

  remove(deviceId: string, now: UnixMs): void {
    const kept = this.needActive(deviceId)
    const current = kept.deployments.at(-1)!
    const until = current.from !== null && current.from > now ? current.from : now
    const ended = current.from === until ? [] : [{ ...current, until }]
    inTransaction(this.#db, 'removing a device', () => {
      this.rows.deleteFrom(deviceId, until)
      this.rows.endAt(deviceId, until)
      this.passwords.delete(deviceId)
      this.#db.prepare('UPDATE devices SET removedAt = ? WHERE deviceId = ?').run(now, deviceId)
    })
    this.keep({
      device: { ...kept.device, removedAt: now },
      deployments: [...kept.deployments.slice(0, -1), ...ended]
    })
    this.passwords.keep(deviceId, [])
  }

  giveInterval(deviceId: string, intervalS: number): void {
    const kept = this.needActive(deviceId)
    if (!isInterval(intervalS)) throw badInterval(intervalS)
    this.#setInterval(kept, intervalS, 'given')
  }

  /**
   * Whether it was taken. What somebody gave stands above what the box says of itself, and that above what was learnt. Both
   * are told late by another thread, so a device that is gone by then, or a gap of days, is no mistake of anybody.
   */
  learnInterval(deviceId: string, intervalS: number, source: 'learnt' | 'dialect'): boolean {
    const kept = this.#devices.get(deviceId)
    if (!kept || kept.device.removedAt !== null || !isInterval(intervalS)) return false
    const { intervalSource: known } = kept.device
    if (known === 'given' || (known === 'dialect' && source === 'learnt')) return false
    if (known === source && kept.device.intervalS === intervalS) return false
    this.#setInterval(kept, intervalS, source)
    return true
  }

  rename(deviceId: string, name: string): void {
    const kept = this.#devices.get(deviceId)!
    inTransaction(this.#db, 'naming a device', () =>
      this.#db.prepare('UPDATE devices SET name = ? WHERE deviceId = ?').run(name, deviceId)
    )
    this.keep({ ...kept, device: { ...kept.device, name } })
  }

  setSensors(deviceId: string, sensors: readonly SensorFamily[]): void {
    const kept = this.needActive(deviceId)
    inTransaction(this.#db, 'noting the sensors of a box', () =>
      this.#db.prepare('UPDATE devices SET sensors = ? WHERE deviceId = ?').run(sensors.join(','), deviceId)
    )
    this.keep({ ...kept, device: { ...kept.device, sensors: [...sensors] } })
  }

  #setInterval(kept: Kept, intervalS: number, intervalSource: 'given' | 'learnt' | 'dialect'): void {
    const { deviceId } = kept.device
    inTransaction(this.#db, "setting a device's interval", () =>
      this.#db
        .prepare('UPDATE devices SET intervalS = ?, intervalSource = ? WHERE deviceId = ?')
        .run(intervalS, intervalSource, deviceId)
    )
    this.keep({ ...kept, device: { ...kept.device, intervalS, intervalSource } })
  }

  /** One that was not removed. */
  needActive(deviceId: string): Kept {
    const kept = this.#devices.get(deviceId)
    if (!kept) {
      throw new RegistryRefusal(
        'deviceUnknown',
        `There is no device ${deviceId}. The devices are listed with: npx lamppost device list`
      )
    }
    if (kept.device.removedAt !== null) {
      throw new RegistryRefusal(
        'deviceRemoved',
        `${deviceId} was removed at ${toIso(kept.device.removedAt)}. Add it again with: npx lamppost device add`
      )
    }
    return kept
  }

  /** Inside the caller's transaction: they name what a former host's sensor measured. */
  clearProblems(deviceId: string): void {
    this.#db.prepare('DELETE FROM problems WHERE deviceId = ?').run(deviceId)
    this.#db.prepare('UPDATE devices SET problemsForgotten = 0 WHERE deviceId = ?').run(deviceId)
  }

  /** After its deployments changed on disk. */
  reread(deviceId: string): void {
    this.keep({ ...this.#devices.get(deviceId)!, deployments: this.rows.of(deviceId) })
  }

  /** In memory, once it is on disk. */
  keep({ device, deployments }: Kept): void {
    for (const deployment of deployments) Object.freeze(deployment)
    this.#devices.set(device.deviceId, { device: Object.freeze(device), deployments })
  }
}

function credentials(deviceId: string, siteId: string, password: string): Credentials {
  return { deviceId, siteId, username: deviceId, password, topic: deviceTopic(deviceId, 'readings') }
}

export function refuseFuture(at: UnixMs, now: UnixMs): void {
  if (Number.isSafeInteger(at) && at <= now + clockAheadMsMax) return
  throw new RegistryRefusal(
    'badTime',
    Number.isSafeInteger(at)
      ? `${toIso(at)} lies in the future. Give the time at which the device was really put there.`
      : 'That is no time. Write it as ISO 8601 with a zone, for example 2026-11-22T10:00:00Z.'
  )
}

function badOverlap(): RegistryRefusal {
  const days = passwordOverlapMsMax / dayMs
  return new RegistryRefusal('badOverlap', `The old password may work for at most ${days} days more.`)
}

function isInterval(intervalS: number): boolean {
  return intervalS >= intervalSMin && intervalS <= intervalSMax
}

function badInterval(intervalS: number): RegistryRefusal {
  return new RegistryRefusal(
    'badInterval',
    `An interval of ${intervalS} s cannot be: give ${intervalSMin} to ${intervalSMax} seconds between readings.`
  )
}
