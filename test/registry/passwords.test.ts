/** Passwords: shown once, kept as a hash, replaced with and without overlap. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { hashOf, isPasswordOf, newPassword } from '../../registry/secret.ts'
import { ashleyRoad, noon, openAt, refused, seededBytes, temporaryFile } from './support.ts'

const outdoor = { streetId: 'ashley-road', placement: 'outdoor' } as const

describe('a password', () => {
  it('opens its own device and nothing else', () => {
    const registry = ashleyRoad()
    const [one, two] = [registry.addDevice(outdoor, noon), registry.addDevice(outdoor, noon)]
    expect(registry.verify(one.deviceId, one.password)).toBeDefined()
    expect(registry.verify(two.deviceId, two.password)).toBeDefined()
    expect(registry.verify(one.deviceId, two.password)).toBeUndefined()
    expect(registry.verify('d-aaaaaaaa', one.password)).toBeUndefined()
    expect(registry.verify('', '')).toBeUndefined()
    expect(registry.verify(one.deviceId, one.password.toUpperCase())).toBeUndefined()
    for (const place of one.password.split('').keys()) {
      const other = one.password[place] === 'a' ? 'b' : 'a'
      const wrong = one.password.slice(0, place) + other + one.password.slice(place + 1)
      expect(registry.verify(one.deviceId, wrong)).toBeUndefined()
    }
  })

  it('with the right form for another secret is still wrong', () => {
    const registry = ashleyRoad()
    const { deviceId } = registry.addDevice(outdoor, noon)
    const forged = newPassword(deviceId, seededBytes(99))
    expect(isPasswordOf(deviceId, forged)).toBe(true)
    expect(registry.verify(deviceId, forged)).toBeUndefined()
    expect(registry.verify('d-aaaaaaaa', newPassword('d-aaaaaaaa', seededBytes(99)))).toBeUndefined()
  })

  it('has an id, 32 random bytes and a checksum', () => {
    const password = newPassword('d-abcdefgh', () => new Uint8Array(32).fill(255))
    expect(password).toMatch(/^lp1_d-abcdefgh_[A-Za-z0-9_-]{43}_[0-9a-f]{8}$/)
    expect(password.slice(0, 58)).toBe('lp1_d-abcdefgh_' + '_'.repeat(42) + '8')
    expect(isPasswordOf('d-abcdefgh', password)).toBe(true)
    expect(isPasswordOf('d-abcdefgi', password)).toBe(false)
    expect(isPasswordOf('d-abcdefgh', password.slice(0, -1))).toBe(false)
  })

  it('is nowhere in the file, its hash is', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const { password } = registry.addDevice(outdoor, noon)
    registry.close()
    const bytes = readFileSync(file)
    expect(bytes.includes(password.slice(15, 58))).toBe(false)
    expect(bytes.includes(Buffer.from(hashOf(password)))).toBe(true)
  })

  it('is replaced by rotation without overlap, at once and for good', () => {
    const file = temporaryFile()
    const registry = ashleyRoad(file)
    const first = registry.addDevice(outdoor, noon)
    const second = registry.rotate(first.deviceId, 0, noon)
    expect(second).toEqual({ ...first, password: second.password, oldPasswordUntil: null })
    expect(registry.verify(first.deviceId, first.password)).toBeUndefined()
    expect(registry.verify(first.deviceId, second.password)).toBeDefined()
    registry.close()
    const after = openAt(file)
    expect(after.verify(first.deviceId, first.password)).toBeUndefined()
    expect(after.verify(first.deviceId, second.password)).toBeDefined()
  })

  it('works beside the new one until its overlap is over, across a restart too', () => {
    const file = temporaryFile()
    let now = noon
    const registry = ashleyRoad(file, { now: () => now })
    const first = registry.addDevice(outdoor, noon)
    const second = registry.rotate(first.deviceId, hourMs, noon)
    const until = (noon + hourMs) as UnixMs
    expect(second.oldPasswordUntil).toBe(until)
    const oldOne = registry.verify(first.deviceId, first.password)
    expect(oldOne).toBeDefined()
    expect(registry.verify(first.deviceId, second.password)).not.toBe(oldOne)
    now = (until - 1) as UnixMs
    expect(registry.forgetEndedPasswords(now)).toEqual([])
    expect(registry.isValid(first.deviceId, oldOne!)).toBe(true)
    registry.close()

    const after = openAt(file, { now: () => now })
    expect(after.oldPasswordUntil(first.deviceId)).toBe(until)
    expect(after.verify(first.deviceId, first.password)).toBe(oldOne)
    now = until
    expect(after.verify(first.deviceId, first.password)).toBeUndefined()
    expect(after.isValid(first.deviceId, oldOne!)).toBe(false)
    expect(after.oldPasswordUntil(first.deviceId)).toBeNull()
    expect(after.forgetEndedPasswords(now)).toEqual([first.deviceId])
    expect(after.forgetEndedPasswords(now)).toEqual([])
    expect(after.verify(first.deviceId, second.password)).toBeDefined()
    after.close()
    expect(openAt(file).verify(first.deviceId, second.password)).toBeDefined()
  })

  it('is one of two at most: rotating again ends the oldest', () => {
    const registry = ashleyRoad()
    const first = registry.addDevice(outdoor, noon)
    const second = registry.rotate(first.deviceId, hourMs, noon)
    const third = registry.rotate(first.deviceId, hourMs, noon)
    const works = [first, second, third].map(
      ({ password }) => registry.verify(first.deviceId, password) !== undefined
    )
    expect(works).toEqual([false, true, true])
    expect(refused(() => registry.rotate(first.deviceId, 31 * dayMs, noon)).message).toContain('30 days')
    registry.remove(first.deviceId, noon)
    expect(registry.verify(first.deviceId, third.password)).toBeUndefined()
  })
})
