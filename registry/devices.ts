/** Devices, and where each was installed from when until when. Kept in memory; SQLite holds them. */
import type { DatabaseSync } from 'node:sqlite'
import { clockAheadMsMax, intervalSMax, intervalSMin } from '../model/limits.ts'
import { idPattern, type Deployment, type Device } from '../model/place.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import {
  RegistryRefusal,
  type Credentials,
  type DirectoryEntry,
  type GatewayCredentials,
  type NewDevice,
  type NewGateway,
  type Rotation
} from './registry.ts'
import { DeploymentRows } from './deployment-rows.ts'
import { credentialsOf, DeviceSecrets, tokenOf, type FreshSecrets } from './device-secrets.ts'
import { Things } from './things.ts'
import { deploymentOf, deviceOf, grouped } from './rows.ts'
import { badDialect, type Sites } from './sites.ts'
import type { Streets } from './streets.ts'

/** A device with the places it had, as kept in memory. */
export interface Kept {
  device: Device
  deployments: readonly Deployment[]
}

/** What the directory must know of erasures. */
interface ErasedDevices {
  stays(): { deviceId: string; from: UnixMs | null; until: UnixMs | null }[]
  open(): { ids: { deviceIds: string[] } }[]
}

export class Devices {
  readonly #db: DatabaseSync
  readonly #streets: Streets
  readonly #random: RandomBytes
  readonly #sites: Sites
  readonly secrets: DeviceSecrets
  readonly things: Things
  readonly rows: DeploymentRows
  readonly #devices = new Map<string, Kept>()

  constructor(db: DatabaseSync, streets: Streets, sites: Sites, random: RandomBytes) {
    this.#db = db
    this.#streets = streets
    this.#sites = sites
    this.#random = random
    this.secrets = new DeviceSecrets(db, random)
    this.things = new Things(db)
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

  /** Boxes; a gateway is none. */
  all(): Device[] {
    return this.#kind(false)
  }

  gateways(): Device[] {
    return this.#kind(true)
  }

  #kind(isGateway: boolean): Device[] {
    return [...this.#devices.values()]
      .map(({ device }) => device)
      .filter((device) => device.isGateway === isGateway)
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
  directory(erasures: ErasedDevices): DirectoryEntry[] {
    const erased = grouped(erasures.stays(), (stay) => stay.deviceId)
    const known = this.all().map(
      ({ deviceId, dialect, sensors, intervalS, intervalSource }): DirectoryEntry => ({
        deviceId,
        dialect,
        sensors,
        intervalS,
        intervalSource,
        address: this.things.addressOf(deviceId),
        deployments: this.deployments(deviceId),
        ...(erased.has(deviceId)
          ? { erased: erased.get(deviceId)!.map(({ from, until }) => ({ from, until })) }
          : {})
      })
    )
    // Messages of theirs may still be on their way.
    const going = erasures.open().flatMap(({ ids }) => ids.deviceIds)
    return [
      ...known,
      ...going.map((deviceId): DirectoryEntry => ({
        deviceId,
        dialect: 'lamppost',
        sensors: [],
        intervalS: null,
        intervalSource: null,
        deployments: [],
        erased: [{ from: null, until: null }]
      }))
    ]
  }

  add(wanted: NewDevice, now: UnixMs): Credentials {
    const street = this.#streets.need(wanted.streetId)
    if (wanted.from !== undefined) refuseFuture(wanted.from, now)
    if (wanted.intervalS !== undefined && !isInterval(wanted.intervalS)) throw badInterval(wanted.intervalS)
    const dialect = wanted.dialect ?? 'lamppost'
    if (!idPattern.test(dialect)) throw badDialect(dialect)

    const known = wanted.siteId === undefined ? undefined : this.#sites.need(wanted.siteId)
    const plan = known ? { site: known } : this.#sites.design(street, wanted, now)
    const { site } = plan
    const device: Device = {
      deviceId: newId('d', this.#random, (id) => this.#devices.has(id)),
      name: site.name,
      dialect,
      sensors: wanted.sensors ?? [],
      intervalS: wanted.intervalS ?? null,
      intervalSource: wanted.intervalS === undefined ? null : (wanted.intervalSource ?? 'given'),
      createdAt: now,
      removedAt: null,
      isGateway: false,
      unauthenticated: wanted.unauthenticated ?? false,
      isReference: wanted.isReference ?? false
    }
    const from = known ? now : (wanted.from ?? null)
    const deployment: Deployment = { deviceId: device.deviceId, siteId: site.siteId, from, until: null }
    const secrets = this.secrets.fresh(device.deviceId, wanted.hasToken ?? false)
    inTransaction(this.#db, 'adding a device', () => {
      if (!known) this.#sites.insert(plan)
      this.#insert(device, secrets, now)
      this.rows.insert(deployment)
    })
    if (!known) this.#sites.keep(plan)
    this.keep({ device, deployments: [deployment] })
    this.secrets.keep(device.deviceId, secrets, now)
    return credentialsOf(device.deviceId, site.siteId, secrets)
  }

  addGateway({ dialect, name }: NewGateway, now: UnixMs): GatewayCredentials {
    if (!idPattern.test(dialect)) throw badDialect(dialect)
    const device: Device = {
      deviceId: newId('g', this.#random, (id) => this.#devices.has(id)),
      name,
      dialect,
      sensors: [],
      intervalS: null,
      intervalSource: null,
      createdAt: now,
      removedAt: null,
      isGateway: true,
      unauthenticated: false,
      isReference: false
    }
    const { deviceId } = device
    const secrets = this.secrets.fresh(deviceId, true)
    inTransaction(this.#db, 'adding a gateway', () => this.#insert(device, secrets, now))
    this.keep({ device, deployments: [] })
    this.secrets.keep(deviceId, secrets, now)
    return {
      gatewayId: deviceId,
      username: deviceId,
      password: secrets.password.password,
      ...tokenOf(secrets)
    }
  }

  /** Inside the caller's transaction. */
  #insert(device: Device, secrets: FreshSecrets, now: UnixMs): void {
    this.#db
      .prepare(
        `INSERT INTO devices (deviceId, name, dialect, sensors, intervalS, intervalSource, createdAt, kind, unauthenticated, reference)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
      )
      .run(
        device.deviceId,
        device.name,
        device.dialect,
        device.sensors.join(','),
        device.intervalS,
        device.intervalSource,
        now,
        device.isGateway ? 'gateway' : 'box',
        device.unauthenticated ? 1 : 0,
        device.isReference ? 1 : 0
      )
    this.secrets.insert(device.deviceId, secrets, now)
  }

  markUnauthenticated(deviceId: string): boolean {
    const kept = this.needActive(deviceId)
    if (kept.device.unauthenticated) return false
    inTransaction(this.#db, 'marking a device', () =>
      this.#db.prepare('UPDATE devices SET unauthenticated = 1 WHERE deviceId = ?').run(deviceId)
    )
    this.keep({ ...kept, device: { ...kept.device, unauthenticated: true } })
    return true
  }

  rotate(deviceId: string, overlapMs: number, now: UnixMs): Rotation {
    const kept = this.needActive(deviceId)
    const secrets = this.secrets.rotated(deviceId, overlapMs, now)
    inTransaction(this.#db, 'changing a password', () => this.secrets.replace(deviceId, secrets, now))
    this.secrets.keepRotated(deviceId, secrets, now)
    return {
      ...credentialsOf(deviceId, kept.deployments.at(-1)?.siteId ?? '', secrets),
      oldPasswordUntil: secrets.old.length > 0 ? secrets.until : null
    }
  }

  remove(deviceId: string, now: UnixMs): void {
    const kept = this.needActive(deviceId)
    const current = kept.deployments.at(-1)
    const until = current && current.from !== null && current.from > now ? current.from : now
    const ended = current === undefined || current.from === until ? [] : [{ ...current, until }]
    inTransaction(this.#db, 'removing a device', () => {
      this.rows.deleteFrom(deviceId, until)
      this.rows.endAt(deviceId, until)
      this.secrets.delete(deviceId)
      this.things.delete(deviceId)
      this.#db.prepare('UPDATE devices SET removedAt = ? WHERE deviceId = ?').run(now, deviceId)
    })
    this.keep({
      device: { ...kept.device, removedAt: now },
      deployments: [...kept.deployments.slice(0, -1), ...ended]
    })
    this.secrets.forget(deviceId)
    this.things.forget(deviceId)
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

export function refuseFuture(at: UnixMs, now: UnixMs): void {
  if (Number.isSafeInteger(at) && at <= now + clockAheadMsMax) return
  throw new RegistryRefusal(
    'badTime',
    Number.isSafeInteger(at)
      ? `${toIso(at)} is in the future. Give the time at which the device was installed there.`
      : 'That is not a time. Write it as ISO 8601 with a zone, for example 2026-11-22T10:00:00Z.'
  )
}

function isInterval(intervalS: number): boolean {
  return intervalS >= intervalSMin && intervalS <= intervalSMax
}

function badInterval(intervalS: number): RegistryRefusal {
  return new RegistryRefusal(
    'badInterval',
    `An interval of ${intervalS} s is not possible: give ${intervalSMin} to ${intervalSMax} seconds between readings.`
  )
}
