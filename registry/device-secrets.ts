/** The secrets of a device or a gateway: its password and, where its firmware pushes, its token. They come, change and go together. */
import type { DatabaseSync } from 'node:sqlite'
import { passwordOverlapMsMax } from '../model/limits.ts'
import { deviceTopic } from '../model/message.ts'
import { dayMs, type UnixMs } from '../model/time.ts'
import type { RandomBytes } from './ids.ts'
import { Passwords, type FreshPassword } from './passwords.ts'
import { RegistryRefusal, type Credentials } from './registry.ts'
import type { Secret } from './secret.ts'
import { Tokens, type FreshToken } from './tokens.ts'

/** New ones, before they are only hashes. */
export interface FreshSecrets {
  password: FreshPassword
  token: FreshToken | undefined
}

/** New ones, and the old ones that are valid beside them for a while. */
export interface RotatedSecrets extends FreshSecrets {
  old: readonly Secret[]
  until: UnixMs
}

export class DeviceSecrets {
  readonly passwords: Passwords
  readonly tokens: Tokens

  constructor(db: DatabaseSync, random: RandomBytes) {
    this.passwords = new Passwords(db, random)
    this.tokens = new Tokens(db, random)
  }

  fresh(deviceId: string, hasToken: boolean): FreshSecrets {
    return { password: this.passwords.fresh(deviceId), token: hasToken ? this.tokens.fresh() : undefined }
  }

  /** @throws RegistryRefusal badOverlap */
  rotated(deviceId: string, overlapMs: number, now: UnixMs): RotatedSecrets {
    if (!(overlapMs >= 0 && overlapMs <= passwordOverlapMsMax)) throw badOverlap()
    const until = (now + overlapMs) as UnixMs
    const fresh = this.fresh(deviceId, this.tokens.has(deviceId))
    const old =
      overlapMs === 0 ? [] : this.passwords.standing(deviceId).map((secret) => ({ ...secret, until }))
    return { ...fresh, old, until }
  }

  /** Inside the caller's transaction. */
  insert(deviceId: string, { password, token }: FreshSecrets, now: UnixMs): void {
    this.replace(deviceId, { password, token, old: [], until: now }, now)
  }

  /** Inside the caller's transaction. */
  replace(deviceId: string, { password, token, old, until }: RotatedSecrets, now: UnixMs): void {
    this.passwords.replace(password, old, now)
    if (token) this.tokens.replace(deviceId, token, until, now)
  }

  /** In memory, once they are on disk. */
  keep(deviceId: string, { password, token }: FreshSecrets, now: UnixMs): void {
    this.keepRotated(deviceId, { password, token, old: [], until: now }, now)
  }

  /** In memory, once they are on disk. */
  keepRotated(deviceId: string, { password, token, old, until }: RotatedSecrets, now: UnixMs): void {
    this.passwords.keep(deviceId, [password, ...old])
    if (token) this.tokens.keep(deviceId, token, until, now)
  }

  /** Inside the caller's transaction. */
  delete(deviceId: string): void {
    this.passwords.delete(deviceId)
    this.tokens.delete(deviceId)
  }

  /** In memory, once that is on disk. */
  forget(deviceId: string): void {
    this.passwords.keep(deviceId, [])
    this.tokens.forget(deviceId)
  }
}

export function tokenOf({ token }: Pick<FreshSecrets, 'token'>): { token?: string } {
  return token ? { token: token.token } : {}
}

/** What is shown once. */
export function credentialsOf(deviceId: string, siteId: string, secrets: FreshSecrets): Credentials {
  const { password } = secrets.password
  const topic = deviceTopic(deviceId, 'readings')
  return { deviceId, siteId, username: deviceId, password, topic, ...tokenOf(secrets) }
}

function badOverlap(): RegistryRefusal {
  const days = passwordOverlapMsMax / dayMs
  return new RegistryRefusal('badOverlap', `The old password can be kept for at most ${days} days.`)
}
