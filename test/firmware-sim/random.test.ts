/** The simulator's randomness: repeatable, and distributed as it says. */
import { describe, expect, it } from 'vitest'
import { createRandom, noiseKey, normalAt, smoothAt, uniformAt } from '../../firmware-sim/random.ts'
import { mean } from './played.ts'

const many = Array.from({ length: 20_000 }, (_, i) => i)
const deviation = (values: readonly number[]): number => {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)))
}

describe('noise of time', () => {
  it('is the same for the same seed, name and moment, and another for another', () => {
    expect(uniformAt(noiseKey(7, 'rain'), 99)).toBe(uniformAt(noiseKey(7, 'rain'), 99))
    expect(uniformAt(noiseKey(7, 'rain'), 99)).not.toBe(uniformAt(noiseKey(8, 'rain'), 99))
    expect(uniformAt(noiseKey(7, 'rain'), 99)).not.toBe(uniformAt(noiseKey(7, 'wind'), 99))
    expect(uniformAt(noiseKey(7, 'rain'), 99)).not.toBe(uniformAt(noiseKey(7, 'rain'), 100))
  })

  it('is uniform in [0, 1) and normal with deviation 1', () => {
    const key = noiseKey(1, 'any')
    const uniform = many.map((i) => uniformAt(key, i))
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniform)).toBeLessThan(1)
    expect(mean(uniform)).toBeCloseTo(0.5, 1)
    const normal = many.map((i) => normalAt(key, i))
    expect(mean(normal)).toBeCloseTo(0, 1)
    expect(deviation(normal)).toBeCloseTo(1, 1)
  })

  it('is smooth between whole steps and never beyond ±1', () => {
    const key = noiseKey(1, 'smooth')
    for (let x = -50; x < 50; x += 0.01) {
      expect(Math.abs(smoothAt(key, x + 0.01) - smoothAt(key, x))).toBeLessThan(0.031)
      expect(Math.abs(smoothAt(key, x))).toBeLessThanOrEqual(1)
    }
  })
})

describe('a stream', () => {
  it('repeats from its seed', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next)
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
  })

  it('draws normal, whole and Poisson numbers', () => {
    const random = createRandom(5)
    const normal = many.map(() => random.normal(10, 2))
    expect(mean(normal)).toBeCloseTo(10, 0)
    expect(deviation(normal)).toBeCloseTo(2, 0)
    const counts = many.map(() => random.poisson(1.5))
    expect(mean(counts)).toBeCloseTo(1.5, 1)
    expect(deviation(counts) ** 2).toBeCloseTo(1.5, 0)
    expect(new Set(many.map(() => random.whole(2, 4)))).toEqual(new Set([2, 3, 4]))
  })
})
