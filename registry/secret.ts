/**
 * A device's password: made once, kept as a hash. `lp1_<deviceId>_<43 characters>_<crc32>`: the prefix lets secret
 * scanners find a leaked one, the id says whose it is, the checksum tells a typing mistake from a wrong password.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { UnixMs } from '../model/time.ts'
import type { RandomBytes } from './ids.ts'

const secretBytes = 32
const pattern = /^lp1_([dg]-[a-z2-7]{8})_[A-Za-z0-9_-]{43}_([0-9a-f]{8})$/
const passwordLength = 'lp1_d-abcdefgh_'.length + 43 + 1 + 8

export function newPassword(deviceId: string, random: RandomBytes): string {
  const body = `lp1_${deviceId}_${Buffer.from(random(secretBytes)).toString('base64url')}`
  return `${body}_${checksum(body)}`
}

/** Whether the text can be a password of this device at all; says nothing about its being the right one. */
export function isPasswordOf(deviceId: string, password: string): boolean {
  if (password.length !== passwordLength) return false
  const match = pattern.exec(password)
  return match !== null && match[1] === deviceId && match[2] === checksum(password.slice(0, -9))
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}

/** SHA-256 is enough here: the password holds 256 random bits, so there is nothing that guessing could shorten. */
export function hashOf(password: string): Uint8Array {
  return hash('sha256', password, 'buffer')
}

/** A password as the registry keeps it. */
export interface Secret {
  hash: Uint8Array
  /** The moment from which it is refused; null for the one that stands. */
  until: UnixMs | null
}

export function isValid({ until }: Secret, now: UnixMs): boolean {
  return until === null || now < until
}

/** Names a password where it must not be written: by the beginning of its hash. */
export function passwordIdOf({ hash }: Secret): string {
  return Buffer.from(hash.buffer, hash.byteOffset, passwordIdBytes).toString('hex')
}
const passwordIdBytes = 8

/** For devices that are unknown or removed, so that their answer takes as long as any other. */
const nobody: Secret = { hash: new Uint8Array(secretBytes), until: null }

/** Compares with each of them, in constant time, whichever matches. */
export function matching(password: string, secrets: readonly Secret[]): Secret | undefined {
  const given = hashOf(password)
  let matched: Secret | undefined
  for (const secret of secrets.length > 0 ? secrets : [nobody])
    if (timingSafeEqual(given, secret.hash)) matched = secret
  return matched === nobody ? undefined : matched
}
