/** Consents as dated records: what a home and its person agreed to, from when until when. None is altered but for its end. */
import type { DatabaseSync } from 'node:sqlite'
import { consentWordings, currentWording, type Consent, type ConsentPurpose } from '../model/consent.ts'
import type { UnixMs } from '../model/time.ts'
import { inTransaction } from './database.ts'
import { personName, type People } from './people.ts'
import { RegistryRefusal } from './registry.ts'
import type { ConsentEnd, NewConsent } from './promise/people.ts'
import { consentOf } from './rows.ts'

export class Consents {
  readonly #db: DatabaseSync
  readonly #people: People
  readonly #hasSites: (homeId: string) => boolean
  readonly #isDemo: boolean
  readonly #byId = new Map<number, Consent>()

  constructor(
    db: DatabaseSync,
    people: People,
    { hasSites, isDemo }: { hasSites: (homeId: string) => boolean; isDemo: boolean }
  ) {
    this.#db = db
    this.#people = people
    this.#hasSites = hasSites
    this.#isDemo = isDemo
    for (const row of db.prepare('SELECT * FROM consents ORDER BY consentId').all())
      this.#keep(consentOf(row))
  }

  /** Oldest first. */
  all(): Consent[] {
    return [...this.#byId.values()]
  }

  standing(homeId: string, purpose: ConsentPurpose): Consent | undefined {
    return this.all().find((one) => one.homeId === homeId && one.purpose === purpose && one.until === null)
  }

  /**
   * One that stands already is given back as it is: agreeing twice is agreeing once. Of one to other words (an earlier
   * version's, which nobody knows) the new one takes the place, without a gap.
   */
  record({ homeId, purpose, by, wording = currentWording[purpose], from }: NewConsent, now: UnixMs): Consent {
    const { personId } = this.#people.needHome(homeId)
    if (!Object.hasOwn(consentWordings, wording))
      throw new RegistryRefusal('badWording', `There is no consent wording "${wording}".`)
    if (from !== undefined && from < now && !this.#isDemo)
      throw new RegistryRefusal(
        'badTime',
        'A consent begins when it is recorded, never earlier. Leave out the time.'
      )
    const known = this.standing(homeId, purpose)
    if (known?.wording === wording) return known
    if (!this.#hasSites(homeId))
      throw new RegistryRefusal(
        'homeEmpty',
        `The home ${homeId} has no sensor, so there is nothing to consent to. Add one first: npx lamppost device add --street S --indoor --home ${homeId}`
      )
    const record = {
      homeId,
      personId,
      purpose,
      wording,
      from: Math.max(from ?? now, known?.from ?? -Infinity) as UnixMs,
      recordedAt: now,
      by: personName(by)
    }
    const before = known && { ...known, until: record.from, endedBy: record.by }
    // One that a clock ended later than this begins would join with it, as if nothing had been taken back.
    const ended = (known ? [] : this.ofHome(homeId))
      .filter((one) => one.purpose === purpose && one.until !== null && one.until >= record.from)
      .map((one) => ({ ...one, until: Math.max(one.from, record.from - 1) as UnixMs }))
    const earlier = [...ended, ...(before ? [before] : [])]
    const consentId = inTransaction(this.#db, 'recording a consent', () => {
      for (const one of earlier) this.#writeEnd(one)
      return Number(
        this.#db
          .prepare(
            `INSERT INTO consents (homeId, personId, purpose, wording, "from", recordedAt, recordedBy)
             VALUES (:homeId, :personId, :purpose, :wording, :from, :recordedAt, :by)`
          )
          .run(record).lastInsertRowid
      )
    })
    for (const one of earlier) this.#keep(one)
    return this.#keep({ consentId, ...record, until: null, endedBy: null })
  }

  /** What ended now; what stood no more stays as it was. */
  end({ homeId, personId, purpose, by }: ConsentEnd, now: UnixMs): Consent[] {
    const endedBy = personName(by)
    const ending = this.all().filter(
      (one) =>
        one.until === null &&
        (homeId === undefined || one.homeId === homeId) &&
        (personId === undefined || one.personId === personId) &&
        (purpose === undefined || one.purpose === purpose)
    )
    // A clock that was set back must not make a consent end before it began.
    const ended = ending.map((one): Consent => ({
      ...one,
      until: Math.max(now, one.from) as UnixMs,
      endedBy
    }))
    inTransaction(this.#db, 'ending a consent', () => {
      for (const one of ended) this.#writeEnd(one)
    })
    for (const one of ended) this.#keep(one)
    return ended
  }

  ofHome(homeId: string): Consent[] {
    return this.all().filter((one) => one.homeId === homeId)
  }

  /** Inside the caller's transaction; `keepGiven` follows when that is on disk. */
  give(fromPersonId: string, toPersonId: string): void {
    this.#db.prepare('UPDATE consents SET personId = ? WHERE personId = ?').run(toPersonId, fromPersonId)
  }

  keepGiven(fromPersonId: string, toPersonId: string): void {
    for (const one of this.all())
      if (one.personId === fromPersonId) this.#keep({ ...one, personId: toPersonId })
  }

  /** Inside the caller's transaction; `forgetOf` follows when that is on disk. */
  deleteOf(personId: string): void {
    this.#db.prepare('DELETE FROM consents WHERE personId = ?').run(personId)
  }

  forgetOf(personId: string): void {
    for (const one of this.all()) if (one.personId === personId) this.#byId.delete(one.consentId)
  }

  /** Inside the caller's transaction. */
  #writeEnd({ consentId, until, endedBy }: Consent): void {
    this.#db
      .prepare('UPDATE consents SET until = ?, endedBy = ? WHERE consentId = ?')
      .run(until, endedBy, consentId)
  }

  #keep(consent: Consent): Consent {
    this.#byId.set(consent.consentId, Object.freeze(consent))
    return consent
  }
}
