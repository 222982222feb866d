/** Rows of the registry's tables as the words of the model. STRICT tables and CHECK constraints hold them to their types. */
import type { SQLOutputValue } from 'node:sqlite'
import { isConsentPurpose, type Consent } from '../model/consent.ts'
import type { Home, Hosting, Person } from '../model/person.ts'
import type { Deployment, Device, Site } from '../model/place.ts'
import { isSensorFamily } from '../model/sensor.ts'
import type { UnixMs } from '../model/time.ts'

export type Row = Record<string, SQLOutputValue>

/** A row of sites joined with its present host. */
export function siteOf(row: Row): Site {
  return {
    siteId: String(row.siteId),
    streetId: String(row.streetId),
    name: String(row.name),
    placement: row.placement === 'indoor' ? 'indoor' : 'outdoor',
    homeId: String(row.homeId),
    personId: String(row.personId)
  }
}

export function personOf(row: Row): Person {
  return {
    personId: String(row.personId),
    name: String(row.name),
    createdAt: Number(row.createdAt) as UnixMs,
    keepMonths: row.keepMonths === null ? null : Number(row.keepMonths),
    keepSetAt: timeOrNull(row.keepSetAt)
  }
}

export function homeOf(row: Row): Home {
  return {
    homeId: String(row.homeId),
    personId: String(row.personId),
    createdAt: Number(row.createdAt) as UnixMs
  }
}

export function hostingOf(row: Row): Hosting {
  return {
    siteId: String(row.siteId),
    personId: String(row.personId),
    from: timeOrNull(row.from),
    until: timeOrNull(row.until)
  }
}

export function consentOf(row: Row): Consent {
  const purpose = String(row.purpose)
  // The table's CHECK has the same three.
  if (!isConsentPurpose(purpose)) throw new TypeError(`The registry holds a consent for "${purpose}".`)
  return {
    consentId: Number(row.consentId),
    homeId: String(row.homeId),
    personId: String(row.personId),
    purpose,
    wording: String(row.wording),
    from: Number(row.from) as UnixMs,
    until: timeOrNull(row.until),
    recordedAt: Number(row.recordedAt) as UnixMs,
    by: String(row.recordedBy),
    endedBy: row.endedBy === null ? null : String(row.endedBy)
  }
}

export function deviceOf(row: Row): Device {
  const source = row.intervalSource
  return {
    deviceId: String(row.deviceId),
    name: String(row.name),
    dialect: String(row.dialect),
    sensors: String(row.sensors).split(',').filter(isSensorFamily),
    intervalS: row.intervalS === null ? null : Number(row.intervalS),
    intervalSource: source === 'given' || source === 'dialect' || source === 'learnt' ? source : null,
    createdAt: Number(row.createdAt) as UnixMs,
    removedAt: timeOrNull(row.removedAt),
    isGateway: row.kind === 'gateway',
    unauthenticated: row.unauthenticated === 1,
    isReference: row.reference === 1
  }
}

export function deploymentOf(row: Row): Deployment {
  return {
    deviceId: String(row.deviceId),
    siteId: String(row.siteId),
    from: timeOrNull(row.from),
    until: timeOrNull(row.until)
  }
}

export function timeOrNull(value: SQLOutputValue | undefined): UnixMs | null {
  return typeof value === 'number' ? (value as UnixMs) : null
}

export function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new TypeError('A hash in the registry is not bytes.')
}

export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
