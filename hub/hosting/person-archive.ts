/** Everything of a person as the ZIP file that they take away: for command and page alike. */
import { personArchive, type PersonArchiveSummary } from '../../documents/person/archive.ts'
import { personRecord, placesHosted } from '../../documents/person/record.ts'
import { readExportQuestion } from '../../documents/export/read-request.ts'
import type { TimeRange } from '../../model/columns.ts'
import type { Person } from '../../model/person.ts'
import { isMeasured, quantityNames } from '../../model/quantity.ts'
import type { Clock, UnixMs } from '../../model/time.ts'
import type { Rooms } from '../rooms.ts'
import { readingsWithin } from './readings-within.ts'

export interface ArchiveRooms extends Pick<
  Rooms,
  'registry' | 'photos' | 'pipeline' | 'timezone' | 'accounts' | 'makeExport'
> {
  hubName: string
  clock: Clock
}

export async function* everythingOf(
  rooms: ArchiveRooms,
  person: Person
): AsyncGenerator<Uint8Array, PersonArchiveSummary> {
  const { registry, pipeline, clock, timezone, hubName } = rooms
  // What their boxes sent up to now is in it, even if the hub was stopped before it was stored.
  await pipeline.service.drain()
  const now = clock.now()
  return yield* personArchive(
    {
      record: personRecord(await sourcesOf(rooms, person.personId), person, now),
      places: placesHosted(registry, person.personId),
      photo: (name) => rooms.photos.find(person.personId, name),
      hub: { name: hubName, timezone },
      table: (siteId, window, range) => tableOf(rooms, siteId, window, range),
      count: (siteId, range) => readingsWithin(pipeline, siteId, range),
      reach: (siteId) => reachOf(rooms, siteId)
    },
    now
  )
}

async function sourcesOf({ registry, accounts }: ArchiveRooms, personId: string) {
  const account = accounts.accountOf(personId)
  return {
    registry,
    account: account && {
      account,
      sessions: await accounts.sessions(account.accountId),
      passkeys: await accounts.passkeys(account.accountId)
    },
    invitations: accounts.invitations(),
    audit: accounts.audit({ personId, limit: Number.MAX_SAFE_INTEGER })
  }
}

async function* tableOf(
  { registry, clock, timezone, makeExport }: ArchiveRooms,
  siteId: string,
  window: 'raw' | 'hour' | 'day',
  range: TimeRange
): AsyncGenerator<Uint8Array> {
  const setting = { places: registry, clock, timezone, audience: 'operator' as const }
  const question = readExportQuestion(setting, {
    site: siteId,
    window,
    ...(window === 'raw' ? {} : { coverageMin: '0' })
  })
  for await (const piece of makeExport({ ...question, ...range, corrections: [], metadata: {} }))
    if (piece instanceof Uint8Array) yield piece
}

/** Of all that was measured there. */
async function reachOf({ pipeline }: ArchiveRooms, siteId: string): Promise<TimeRange | undefined> {
  let [from, until] = [Infinity, -Infinity]
  for (const quantity of quantityNames.filter(isMeasured)) {
    const reach = await pipeline.service.reach(siteId, quantity)
    if (!reach) continue
    from = Math.min(from, reach.from)
    until = Math.max(until, reach.until)
  }
  return from < until ? { from: from as UnixMs, until: until as UnixMs } : undefined
}
