/** Random numbers that can be had again: a multiplicative generator (Park and Miller, 1988). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
