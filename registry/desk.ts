/** Notes on streets, and requests to host a sensor. Few of either, so each question reads the file. */
import type { DatabaseSync } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import { asking, inTransaction } from './database.ts'
import { newId, type RandomBytes } from './ids.ts'
import { annotationLengthMax, annotationsMax, hostRequestsMax, requestLengthMax } from './limits.ts'
import type { Annotation, HostRequest } from './promise/desk.ts'
import { RegistryRefusal } from './registry.ts'
import { timeOrNull } from './rows.ts'
import type { Streets } from './streets.ts'

export class AnnotationBook {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes
  readonly #streets: Pick<Streets, 'need' | 'find'>

  constructor(db: DatabaseSync, random: RandomBytes, streets: Pick<Streets, 'need' | 'find'>) {
    this.#db = db
    this.#random = random
    this.#streets = streets
  }

  all(streetId?: string): Annotation[] {
    const rows = asking('reading notes on streets', () =>
      this.#db.prepare('SELECT * FROM annotations ORDER BY "from", rowid').all()
    )
    const notes = rows.map((row) => ({
      annotationId: String(row.annotationId),
      streetId: this.#streets.find(String(row.streetId))?.streetId ?? String(row.streetId),
      from: Number(row.from) as UnixMs,
      until: timeOrNull(row.until),
      text: String(row.text)
    }))
    return streetId === undefined ? notes : notes.filter((one) => one.streetId === streetId)
  }

  add({ streetId: street, from, until, text: given }: Omit<Annotation, 'annotationId'>): Annotation {
    const { streetId } = this.#streets.need(street)
    const text = plainText(given, annotationLengthMax, 'A note')
    if (until !== null && until <= from)
      throw new RegistryRefusal('badTime', 'A note cannot end before it begins. Choose a later end, or none.')
    const others = this.all()
    if (others.length >= annotationsMax)
      throw new RegistryRefusal(
        'tooMany',
        `The hub keeps at most ${annotationsMax} notes. Remove old ones first.`
      )
    const annotationId = newId('t', this.#random, (id) => others.some((one) => one.annotationId === id))
    const note = { annotationId, streetId, from, until, text }
    inTransaction(this.#db, 'noting something on a street', () =>
      this.#db
        .prepare(
          'INSERT INTO annotations (annotationId, streetId, "from", until, text) VALUES (?, ?, ?, ?, ?)'
        )
        .run(annotationId, streetId, from, until, text)
    )
    return note
  }

  remove(annotationId: string): Annotation {
    const note = this.all().find((one) => one.annotationId === annotationId)
    if (!note)
      throw new RegistryRefusal(
        'annotationUnknown',
        'There is no such note any more. Look at the list again.'
      )
    inTransaction(this.#db, 'removing a note on a street', () =>
      this.#db.prepare('DELETE FROM annotations WHERE annotationId = ?').run(annotationId)
    )
    return note
  }
}

export class HostRequestBook {
  readonly #db: DatabaseSync
  readonly #random: RandomBytes

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.#db = db
    this.#random = random
  }

  all(): HostRequest[] {
    return asking('reading requests', () =>
      this.#db.prepare('SELECT * FROM hostRequests ORDER BY at DESC, rowid DESC').all()
    ).map((row) => ({
      requestId: String(row.requestId),
      at: Number(row.at) as UnixMs,
      name: String(row.name),
      contact: String(row.contact),
      street: String(row.street),
      message: String(row.message)
    }))
  }

  add(wanted: Omit<HostRequest, 'requestId' | 'at'>, now: UnixMs): HostRequest {
    const others = this.all()
    // Whoever fills it up on purpose must not push out those who meant it.
    if (others.length >= hostRequestsMax)
      throw new RegistryRefusal(
        'tooMany',
        'Very many people have asked already. Ask the people who run this hub in person; the page Privacy says who they are.'
      )
    const request: HostRequest = {
      requestId: newId('r', this.#random, (id) => others.some((one) => one.requestId === id)),
      at: now,
      name: plainText(wanted.name, requestLengthMax.short, 'A name'),
      contact: plainText(wanted.contact, requestLengthMax.short, 'How to write to you'),
      street: plainText(wanted.street, requestLengthMax.short, 'A street'),
      message:
        wanted.message.trim() === '' ? '' : plainText(wanted.message, requestLengthMax.long, 'A message')
    }
    inTransaction(this.#db, 'keeping a request', () =>
      this.#db
        .prepare(
          `INSERT INTO hostRequests (requestId, at, name, contact, street, message)
           VALUES (:requestId, :at, :name, :contact, :street, :message)`
        )
        .run({ ...request })
    )
    return request
  }

  remove(requestId: string): void {
    const { changes } = inTransaction(this.#db, 'removing a request', () =>
      this.#db.prepare('DELETE FROM hostRequests WHERE requestId = ?').run(requestId)
    )
    if (changes === 0)
      throw new RegistryRefusal(
        'requestUnknown',
        'There is no such request any more. Look at the list again.'
      )
  }

  forget(before: UnixMs): number {
    return Number(
      inTransaction(this.#db, 'forgetting old requests', () =>
        this.#db.prepare('DELETE FROM hostRequests WHERE at < ?').run(before)
      ).changes
    )
  }
}

/** One line of printable characters. */
function plainText(given: string, lengthMax: number, what: string): string {
  const text = given.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (text.length > 0 && text.length <= lengthMax && !/\p{Cc}/u.test(text)) return text
  throw new RegistryRefusal('badNote', `${what} has 1 to ${lengthMax} characters.`)
}
