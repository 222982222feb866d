/** Seeded randomness of two kinds: noise that is a function of time, and streams for what is drawn once. */

/** Names one independent noise of one seed; made once, asked often. */
export type NoiseKey = number

/** A 32-bit mixer whose every input bit reaches every output bit (the constants are of the "lowbias32" search). */
function mix(bits: number): number {
  let x = bits | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}

export function noiseKey(seed: number, name: string): NoiseKey {
  let bits = mix(seed ^ 0x2545f491)
  for (let i = 0; i < name.length; i++) bits = mix(bits ^ (name.charCodeAt(i) + 0x9e3779b9))
  return bits
}

function hashAt(key: NoiseKey, index: number): number {
  return mix(key + Math.imul(index | 0, 0x9e3779b1))
}

/** In [0, 1): the same for the same key and index, on every machine. */
export function uniformAt(key: NoiseKey, index: number): number {
  return (hashAt(key, index) >>> 0) / 4294967296
}

/** Four bytes of a hash added up: mean 0, standard deviation 1, never beyond ±3.5, which suits a sensor. */
export function normalAt(key: NoiseKey, index: number): number {
  const bits = hashAt(key, index)
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24)
  return (sum - 510) / 147.8
}

/** Value noise: smooth in x, in [-1, 1], with one new value for each whole step of x. */
export function smoothAt(key: NoiseKey, x: number): number {
  const step = Math.floor(x)
  const part = x - step
  const blend = part * part * (3 - 2 * part)
  const before = uniformAt(key, step)
  return 2 * (before + (uniformAt(key, step + 1) - before) * blend) - 1
}

/** A stream of random numbers for what is decided once: which box is where, how long a retry waits. */
export interface Random {
  /** In [0, 1). */
  next(): number
  between(min: number, max: number): number
  /** Whole numbers, both ends included. */
  whole(min: number, max: number): number
  normal(mean: number, deviation: number): number
  poisson(mean: number): number
  chance(probability: number): boolean
}

/** sfc32 (Doty-Humphrey's small fast counter generator, part of PractRand). */
export function createRandom(seed: number): Random {
  let a = mix(seed)
  let b = mix(a ^ 0x9e3779b9)
  let c = mix(b ^ 0x243f6a88)
  let counter = 1
  const next = (): number => {
    const out = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + out
    return (out >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return {
    next,
    between: (min, max) => min + (max - min) * next(),
    whole: (min, max) => min + Math.floor((max - min + 1) * next()),
    // Box and Muller (1958); 1 − next() is never 0.
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson: (mean) => poisson(mean, next),
    chance: (probability) => next() < probability
  }
}

/** Knuth's product method: right for the small means of showers and passing sirens, slow above a few hundred. */
function poisson(mean: number, next: () => number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = next(); product > limit; product *= next()) count++
  return count
}
