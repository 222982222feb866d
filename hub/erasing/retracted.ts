/**
 * What people took back: a consent, a place outdoors, where exactly it is; and who may sign in no more. A backup of before does not
 * know of it, so it is listed as erasures are, and taken back once more when such a backup is restored.
 */
import type { UnixMs } from '../../model/time.ts'
import { retractedBy, type ErasureList } from './erasure-list.ts'
import type { Registry } from '../../registry/registry.ts'

/** Lies in a folder that was restored, until its next opening. */
export interface RestoredNote {
  /** ISO 8601. */
  at: string
  /** When the backup was made; in notes of earlier versions absent, as the next one is. */
  made?: string
  /** What was listed since the backup; null: nobody knows. */
  since?: ErasureList[] | null
}

/** What of a folder was taken back when it was restored. */
export interface Retracted {
  /** Nobody knows what was taken back since the backup: whatever rests on somebody's word is. */
  isUnknown: boolean
  /** Of homes. */
  consents: number
  /** Places that are indoors now. */
  indoors: number
  /** Places that are told as their street now. */
  hidden: number
  renamed: number
  /** Boxes that are sent on to another network no more. */
  forwardings: number
  /** Notes on streets. */
  notes: number
  /** Persons who may sign in no more. */
  accounts: number
  /** Of stewards and researchers. */
  roles: number
  /** Boxes that have no place now: somebody else has them, or nobody. */
  unplaced: string[]
  /** Places that are outdoors, as in the backup. */
  outdoors: number
  /** Persons who may sign in, as in the backup. */
  signingIn: number
}

/** Who may sign in, as the accounts know it. */
export interface Members {
  accounts(): readonly { personId: string; roles: readonly string[] }[]
  retract(personId: string, role?: 'steward' | 'researcher'): boolean
}

type Told = Pick<
  Registry,
  'consents' | 'sites' | 'site' | 'sitePlace' | 'forwardings' | 'annotations' | 'devices' | 'deployments'
>

type Taking = Told &
  Pick<
    Registry,
    | 'endConsents'
    | 'makePrivate'
    | 'setSitePlace'
    | 'renameSite'
    | 'endForwarding'
    | 'removeAnnotation'
    | 'unplace'
    | 'street'
  >

/** What somebody said that others may see, by what it is about; the value is what they said. */
export function saidNow(registry: Told, members: Pick<Members, 'accounts'>): Map<string, string> {
  const said = new Map<string, string>()
  for (const { personId, roles } of members.accounts()) {
    said.set(`account ${personId}`, '')
    for (const role of roles) if (isGiven(role)) said.set(`role ${personId} ${role}`, '')
  }
  for (const { homeId, purpose, until } of registry.consents())
    if (until === null) said.set(`consent ${homeId} ${purpose}`, '')
  for (const { siteId, placement, name } of registry.sites()) {
    if (placement !== 'outdoor') continue
    said.set(`outdoor ${siteId}`, '')
    said.set(`name ${siteId}`, name)
    const { precision, position } = registry.sitePlace(siteId)
    if (precision !== 'street') said.set(`place ${siteId}`, JSON.stringify([precision, position]))
  }
  for (const { deviceId } of registry.forwardings()) said.set(`forward ${deviceId}`, '')
  for (const { annotationId } of registry.annotations()) said.set(`note ${annotationId}`, '')
  for (const { deviceId, removedAt } of registry.devices()) {
    const host = hostOf(registry, deviceId)
    if (removedAt === null && host !== undefined) said.set(`host ${deviceId}`, host)
  }
  return said
}

/** Everybody with an account is a host. */
function isGiven(role: string): role is 'steward' | 'researcher' {
  return role === 'steward' || role === 'researcher'
}

/** What is not said any more, or otherwise. */
export function noLongerSaid(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  isPerson: (personId: string) => boolean
): string[] {
  return [...before].flatMap(([about, value]) => {
    if (now.get(about) === value) return []
    // Somebody without a name got one: nothing changed hands.
    const isNamed = about.startsWith('host ') && now.has(about) && !isPerson(value)
    return isNamed ? [] : [about]
  })
}

/** Takes back what these lists name; where nobody knows, all that rests on somebody's word. */
export function retractSince(
  registry: Taking,
  members: Members,
  now: UnixMs,
  since: readonly ErasureList[] | null
): Retracted {
  const retractedAt = since && retractedBy(since)
  const done: Retracted = {
    isUnknown: retractedAt === null,
    consents: 0,
    indoors: 0,
    hidden: 0,
    renamed: 0,
    forwardings: 0,
    notes: 0,
    accounts: 0,
    roles: 0,
    unplaced: [],
    outdoors: 0,
    signingIn: 0
  }
  for (const about of saidNow(registry, members).keys()) {
    const [kind = '', id = '', purpose = ''] = about.split(' ')
    if (retractedAt ? retractedAt(about) === undefined : !byWord.has(kind)) continue
    if (kind === 'account') done.accounts += Number(members.retract(id))
    else if (kind === 'role') done.roles += Number(isGiven(purpose) && members.retract(id, purpose))
    else retractOne(registry, { kind, id, purpose }, now, done)
  }
  done.outdoors = registry.sites().filter(({ placement }) => placement === 'outdoor').length
  done.signingIn = members.accounts().length
  return done
}

/** Kinds that hold because somebody agreed to more than is shown without it. */
const byWord: ReadonlySet<string> = new Set(['consent', 'place', 'forward'])

function retractOne(
  registry: Taking,
  { kind, id, purpose }: { kind: string; id: string; purpose: string },
  now: UnixMs,
  done: Retracted
): void {
  switch (kind) {
    case 'consent': {
      const ends = registry
        .consents()
        .find((one) => one.homeId === id && one.purpose === purpose && one.until === null)
      if (!ends) return
      registry.endConsents({ homeId: id, purpose: ends.purpose, by: 'the restore of a backup' }, now)
      done.consents++
      return
    }
    case 'outdoor':
      registry.makePrivate(id, undefined, now)
      done.indoors++
      return
    case 'place':
      if (!isOutdoor(registry, id)) return
      registry.setSitePlace(id, { ...registry.sitePlace(id), precision: 'street', position: null })
      done.hidden++
      return
    case 'name':
      // Indoors nobody sees it, and its host knows it.
      if (!isOutdoor(registry, id)) return
      registry.renameSite(id, plainName(registry, id))
      done.renamed++
      return
    case 'forward':
      registry.endForwarding(id)
      done.forwardings++
      return
    case 'note':
      registry.removeAnnotation(id)
      done.notes++
      return
    case 'host':
      registry.unplace(id, now)
      done.unplaced.push(id)
  }
}

function isOutdoor(registry: Taking, siteId: string): boolean {
  return registry.site(siteId)?.placement === 'outdoor'
}

/** As a new site of that street is called. */
function plainName(registry: Taking, siteId: string): string {
  const { streetId } = registry.site(siteId)!
  const street = registry.street(streetId)?.name ?? streetId
  const names = new Set(registry.sites().map(({ name }) => name))
  let number = 1
  while (names.has(`${street} ${number}`)) number++
  return `${street} ${number}`
}

function hostOf(registry: Told, deviceId: string): string | undefined {
  const last = registry.deployments(deviceId).at(-1)
  if (!last || last.until !== null) return undefined
  return registry.site(last.siteId)?.personId
}
