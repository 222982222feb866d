/**
 * Passwords of people, as they are kept: Argon2id with what OWASP's Password Storage Cheat Sheet asks for at least. Of hashes with
 * the same strength against guessing it takes a third of the processor time of scrypt's, which a small machine has for its sensors.
 */
import { randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { verifyPassword as verifyScrypt } from 'better-auth/crypto'
import { hashMemoryKiB, hashPasses } from './limits.ts'

/** Computes Argon2id, in whichever thread. */
export type Derive = (parameters: Argon2Parameters) => Promise<Uint8Array>

export type Verify = (given: { hash: string; password: string }) => Promise<boolean>

const [saltBytes, tagBytes] = [16, 32]

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$tag` (PHC string format), so that other numbers can follow one day. */
export async function hashPassword(derive: Derive, password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const tag = await derive(parametersOf(password, salt, { memory: hashMemoryKiB, passes: hashPasses }))
  return `${costToday}$${encoded(salt)}$${encoded(tag)}`
}

export async function verifyPassword(
  derive: Derive,
  { hash, password }: { hash: string; password: string }
): Promise<boolean> {
  const parts = pattern.exec(hash)
  // What earlier versions wrote.
  if (!parts) return verifyScrypt({ hash, password })
  const [, memory, passes, salt, tag] = parts
  const wanted = Buffer.from(tag!, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes) }
  const given = await derive(parametersOf(password, Buffer.from(salt!, 'base64'), cost))
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

/** Whether it was made as it is made now. */
export function isOfToday(hash: string): boolean {
  return costOf(hash) === costToday
}

/**
 * Whether the password opens `hash`, if there is one. How long it takes tells neither whether there is one nor which: of each kind that
 * `inUse` has one hash is checked, the own one or one that nobody's password opens.
 */
export async function opensAlike(
  { hash, password }: { hash: string | undefined; password: string },
  inUse: readonly string[],
  verify: Verify
): Promise<boolean> {
  const own = hash === undefined ? undefined : costOf(hash)
  let opens = false
  for (const cost of [...new Set([...inUse, hash ?? costToday].map(costOf))].toSorted()) {
    const isOwn = cost === own
    const isRight = await verify({ hash: isOwn ? hash! : decoyOf(cost), password })
    opens ||= isOwn && isRight
  }
  return opens
}

/** Checks of hashes with the same cost are the same work: all before the salt, or the name of what earlier versions wrote. */
function costOf(hash: string): string {
  return costPattern.exec(hash)?.[0] ?? costOfBefore
}

function decoyOf(cost: string): string {
  if (cost === costOfBefore) return `${'0'.repeat(32)}:${'0'.repeat(128)}`
  return `${cost}$${encoded(Buffer.alloc(saltBytes))}$${encoded(Buffer.alloc(tagBytes))}`
}

export const costToday = `$argon2id$v=19$m=${hashMemoryKiB},t=${hashPasses},p=1`
const costOfBefore = 'scrypt'
const costPattern = /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=1/
const pattern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** The same letters may be typed in two ways: as one character, or as a letter and its accent. */
function parametersOf(
  password: string,
  salt: Uint8Array,
  cost: Pick<Argon2Parameters, 'memory' | 'passes'>
): Argon2Parameters {
  const message = new TextEncoder().encode(password.normalize('NFKC'))
  return { message, nonce: Uint8Array.from(salt), parallelism: 1, tagLength: tagBytes, ...cost }
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
