/** A registry on a real file in a folder of its own, with a seeded source of randomness and a clock that stands. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Clock, UnixMs } from '../../model/time.ts'
import { parseIsoZoned } from '../../model/time.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Registry, RegistryRefusal } from '../../registry/registry.ts'
import { RegistryRefusal as Refusal } from '../../registry/registry.ts'

export const noon = parseIsoZoned('2026-11-22T12:00:00Z')!
export const clock: Clock = { now: () => noon }

export function at(text: string): UnixMs {
  const time = parseIsoZoned(text)
  if (time === undefined) throw new Error(`${text} is no time.`)
  return time
}

export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-registry-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'registry.sqlite')
}

/** A linear congruential generator (Numerical Recipes): repeatable, and never used outside tests. */
export function seededBytes(seed = 1): (count: number) => Uint8Array {
  let state = seed
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
}

export function openAt(file: string, itsClock: Clock = clock): Registry {
  const registry = openRegistry({ file, clock: itsClock, randomBytes: seededBytes() })
  onTestFinished(() => registry.close())
  return registry
}

/** With one street, "Ashley Road". */
export function ashleyRoad(file = temporaryFile(), itsClock = clock): Registry {
  const registry = openAt(file, itsClock)
  registry.addStreet({ name: 'Ashley Road' })
  return registry
}

/** What was refused; fails where nothing was. */
export function refused(doing: () => unknown): RegistryRefusal {
  try {
    doing()
  } catch (cause) {
    if (cause instanceof Refusal) return cause
    throw cause
  }
  throw new Error('Nothing was refused.')
}

/** Everything about people that outlives a restart. */
function people(registry: Registry): unknown {
  const bySite = registry.hostings().toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1))
  return [registry.persons(), registry.homes(), bySite, registry.consents(), registry.sites()]
}

export function expectSameAfterRestart(file: string, registry: Registry): void {
  const before = people(registry)
  registry.close()
  expect(people(openAt(file))).toEqual(before)
}
