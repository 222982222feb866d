/** Reference vectors: input, expected value and tolerance, with the source of each (test/fixtures/vectors.json). */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

export interface Vector {
  id: string
  input: Record<string, unknown>
  expected: unknown
  tolerance: number
  source: string
}

const groups = JSON.parse(
  readFileSync(new URL('../fixtures/vectors.json', import.meta.url), 'utf8')
) as Record<string, Vector[]>

/** The vectors of a group, as rows for `it.each`. */
export function vectors(group: string): [id: string, vector: Vector][] {
  const found = groups[group]
  if (!found || found.length === 0) throw new Error(`There are no vectors of ${group}.`)
  return found.map((vector) => [`${vector.id} (${vector.source})`, vector])
}

export function numberOf(object: unknown, key: string): number {
  const value = fieldOf(object, key)
  if (typeof value !== 'number') throw new Error(`${key} is no number.`)
  return value
}

export function numbersOf(object: unknown, key: string): number[] {
  const value = fieldOf(object, key)
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'number')) {
    throw new Error(`${key} is no list of numbers.`)
  }
  return value as number[]
}

export function textOf(object: unknown, key: string): string {
  const value = fieldOf(object, key)
  if (typeof value !== 'string') throw new Error(`${key} is no text.`)
  return value
}

export function fieldOf(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined
}

/** Within the vector's absolute tolerance; 1e-12 where that is zero, for sums of decimals. */
export function expectWithin(actual: number | null | undefined, expected: number, tolerance: number): void {
  expect(actual).toBeTypeOf('number')
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(tolerance + 1e-12)
}
