/** Everything that the hub keeps of one person besides what was measured, as one plain record for that person to read. */
import type { Account, AuditEntry, Invitation, Passkey, Session } from '../../accounts/accounts.ts'
import { consentPurposes, consentWordings } from '../../model/consent.ts'
import { faults } from '../../model/fault.ts'
import { staysWith, type Person } from '../../model/person.ts'
import { coverAll } from '../../model/place.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import type { Registry } from '../../registry/registry.ts'

export interface AccountParts {
  account: Account
  sessions: readonly Session[]
  passkeys: readonly Passkey[]
}

export interface PersonSources {
  registry: Pick<
    Registry,
    | 'homes'
    | 'sites'
    | 'site'
    | 'street'
    | 'hostings'
    | 'devices'
    | 'deployments'
    | 'things'
    | 'consents'
    | 'sitePlace'
    | 'diary'
    | 'corners'
    | 'alertSettings'
    | 'pushBrowsers'
    | 'reportRules'
    | 'imports'
    | 'problems'
    | 'correctionHistory'
  >
  /** undefined: they never signed up. */
  account: AccountParts | undefined
  invitations: readonly Invitation[]
  audit: readonly AuditEntry[]
}

/** A time at which a place was the person's; null reaches without limit. */
export interface HostedPlace {
  siteId: string
  name: string
  from: UnixMs | null
  until: UnixMs | null
}

export function placesHosted(registry: PersonSources['registry'], personId: string): HostedPlace[] {
  return registry
    .hostings()
    .filter((one) => one.personId === personId)
    .map(({ siteId, from, until }) => ({ siteId, name: registry.site(siteId)!.name, from, until }))
}

export type PersonRecord = ReturnType<typeof personRecord>

export function personRecord(sources: PersonSources, person: Person, madeAt: UnixMs) {
  const { registry, account, invitations, audit } = sources
  const { personId, name, createdAt, keepMonths, keepSetAt } = person
  return {
    madeAt: toIso(madeAt),
    person: {
      personId,
      name,
      createdAt: toIso(createdAt),
      keepMonths,
      keepSetAt: isoOrNull(keepSetAt)
    },
    homes: registry
      .homes()
      .filter((home) => home.personId === personId)
      .map(({ homeId, createdAt: since }) => ({ homeId, createdAt: toIso(since) })),
    places: placesOf(registry, personId),
    devices: devicesOf(registry, personId),
    consents: registry
      .consents()
      .filter((one) => one.personId === personId)
      .map(({ homeId, purpose, wording, from, until, recordedAt, by, endedBy }) => ({
        homeId,
        purpose,
        means: consentPurposes[purpose],
        wording,
        words: consentWordings[wording] ?? '',
        from: toIso(from),
        until: isoOrNull(until),
        recordedAt: toIso(recordedAt),
        by,
        endedBy
      })),
    diary: registry.diary(personId).map(({ personId: _own, at, writtenAt, ...entry }) => ({
      ...entry,
      at: toIso(at),
      writtenAt: toIso(writtenAt)
    })),
    measuredCorners: registry
      .corners(personId)
      .map(({ personId: _own, at, ...corner }) => ({ ...corner, at: toIso(at) })),
    alerts: {
      ...registry.alertSettings(personId),
      // Their keys are for the hub's messages alone.
      browsers: registry.pushBrowsers(personId).map(({ userAgent, endpoint, since }) => ({
        browser: userAgent,
        pushService: new URL(endpoint).host,
        since: toIso(since)
      })),
      remindedReports: Object.fromEntries(registry.reportRules(personId))
    },
    account: account && accountRecord(account),
    invitations: invitations
      .filter((one) => one.personId === personId)
      .map(({ purpose, role, createdAt: since, by, expiresAt, usedAt, revokedAt }) => ({
        purpose,
        role,
        createdAt: toIso(since),
        by,
        expiresAt: toIso(expiresAt),
        usedAt: isoOrNull(usedAt),
        revokedAt: isoOrNull(revokedAt)
      })),
    auditLog: audit.map(({ at, by, action, personId: concerns, about }) => ({
      at: toIso(at),
      by: by.kind === 'person' ? by.personId : by.kind,
      action,
      concerns: concerns ?? null,
      about: about ?? null
    }))
  }
}

function placesOf(registry: PersonSources['registry'], personId: string) {
  return placesHosted(registry, personId).map(({ siteId, from, until }) => {
    const { name, streetId, placement, homeId } = registry.site(siteId)!
    return {
      siteId,
      name,
      streetId,
      street: registry.street(streetId)?.name ?? streetId,
      placement,
      homeId: homeId || null,
      // Of a place that somebody else hosts now what they tell of it is theirs.
      ...(registry.site(siteId)!.personId === personId ? { shownAs: registry.sitePlace(siteId) } : {}),
      hostedFrom: isoOrNull(from),
      hostedUntil: isoOrNull(until)
    }
  })
}

/** Of a box that somebody else has now only when and where it was with this person. */
function devicesOf(registry: PersonSources['registry'], personId: string) {
  const problems = registry.problems()
  return registry.devices().flatMap((device) => {
    const { deviceId } = device
    const stays = staysWith(registry, personId, deviceId)
    const installed = stays.map(({ siteId, from, until }) => ({
      siteId,
      from: isoOrNull(from),
      until: isoOrNull(until)
    }))
    if (installed.length === 0) return []
    const last = registry.deployments(deviceId).at(-1)
    const isTheirs = last !== undefined && registry.site(last.siteId)?.personId === personId
    return [
      {
        deviceId,
        isTheirs,
        installed,
        ...(isTheirs
          ? {
              name: device.name,
              dialect: device.dialect,
              sensors: device.sensors,
              intervalS: device.intervalS,
              createdAt: toIso(device.createdAt),
              removedAt: isoOrNull(device.removedAt),
              addresses: registry
                .things()
                .filter((thing) => thing.deviceId === deviceId)
                .map(({ dialect, address, name }) => ({ dialect, address, name })),
              problems: problems
                .filter((one) => one.deviceId === deviceId)
                .map(({ code, message, field, value, count, firstAt, lastAt, aboutFrom }) => {
                  const isOfTheirTime = coverAll(stays, { from: aboutFrom, until: lastAt })
                  return {
                    code,
                    message: isOfTheirTime ? message : faults[code],
                    field: field ?? null,
                    value: isOfTheirTime ? (value ?? null) : null,
                    count,
                    firstAt: toIso(firstAt),
                    lastAt: toIso(lastAt)
                  }
                }),
              imports: registry
                .imports()
                .filter((one) => one.deviceId === deviceId)
                .map(({ files, format, startedAt, finishedAt, undoneAt, taken, refused }) => ({
                  files,
                  format,
                  startedAt: toIso(startedAt),
                  finishedAt: isoOrNull(finishedAt),
                  undoneAt: isoOrNull(undoneAt),
                  taken,
                  refused
                })),
              corrections: registry
                .correctionHistory()
                .filter(({ row }) => row.deviceId === deviceId)
                .map(({ row, state, at, origin }) => ({ ...row, state, at: toIso(at), origin }))
            }
          : {})
      }
    ]
  })
}

function accountRecord({ account, sessions, passkeys }: AccountParts) {
  return {
    userName: account.userName,
    roles: account.roles,
    createdAt: toIso(account.createdAt),
    sessions: sessions.map(({ createdAt, renewedAt, expiresAt, address, userAgent }) => ({
      createdAt: toIso(createdAt),
      renewedAt: toIso(renewedAt),
      expiresAt: toIso(expiresAt),
      address,
      userAgent
    })),
    passkeys: passkeys.map(({ name, createdAt, usedAt }) => ({
      name,
      createdAt: toIso(createdAt),
      usedAt: isoOrNull(usedAt)
    }))
  }
}

function isoOrNull(at: UnixMs | null): string | null {
  return at === null ? null : toIso(at)
}
