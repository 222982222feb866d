/**
 * The chain over the journal: each group has a link, made of the link before it, its header and the salted hashes of its
 * messages. So a group that is missing, moved or changed shows, though its own checksum fits. Erasing leaves a message's hash
 * and takes its salt, and the link stays what it was. The links of groups that are gone are kept where the chain needs them.
 */
import { hash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { hashBytes, messageHashes, type GroupHeader } from './group.ts'
import type { Row } from './rows.ts'

/** Before the first group, and where groups of earlier versions have none. */
export const noLink = new Uint8Array()

/** The link of a group that follows one with the link `before`; undefined for a block without salts, which has none. */
export function linkAfter(before: Uint8Array, header: GroupHeader, body: Uint8Array): Uint8Array | undefined {
  const hashes = messageHashes(header, body)
  if (hashes === undefined) return undefined
  const numbers = Float64Array.of(header.first, header.count, header.receivedFrom, header.receivedUntil)
  const chained = Buffer.concat([before, new Uint8Array(numbers.buffer), Buffer.from(hashes, 'latin1')])
  return Uint8Array.from(hash('sha256', chained, 'buffer').subarray(0, hashBytes))
}

export function linkIn(row: Row): Uint8Array {
  const { link } = row
  return link instanceof Uint8Array ? link : noLink
}

/** The chain's end, and what it keeps of groups that go. Everything but reading is done in a transaction of the file. */
export class Chain {
  readonly #keep: StatementSync
  readonly #forget: StatementSync
  /** Of the newest group. */
  last: Uint8Array

  constructor(db: DatabaseSync) {
    this.#keep = db.prepare('INSERT OR REPLACE INTO kept_links VALUES (?, ?, ?)')
    this.#forget = db.prepare(
      `DELETE FROM kept_links WHERE first < (SELECT max(first) FROM kept_links
       WHERE first < coalesce((SELECT min(first) FROM groups), ${Number.MAX_SAFE_INTEGER}))`
    )
    const newest = db
      .prepare(
        `SELECT first, link FROM groups UNION ALL SELECT first, link FROM kept_links ORDER BY first DESC LIMIT 1`
      )
      .get()
    this.last = newest === undefined ? noLink : linkIn(newest)
  }

  add(header: GroupHeader, body: Uint8Array): Uint8Array | null {
    const link = linkAfter(this.last, header, body)
    this.last = link ?? noLink
    return link ?? null
  }

  /** The group went, and the next may still be there. */
  keep({ first, count }: GroupHeader, link: Uint8Array): void {
    this.#keep.run(first, count, link)
  }

  /** Forgets the links that no group follows, but for the last of them. */
  forgetOld(): void {
    this.#forget.run()
  }
}
