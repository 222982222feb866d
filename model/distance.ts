/** How far places are from each other. */
import type { Position } from './place.ts'

/** Mean radius of the Earth (IUGG, R1). */
const earthMetres = 6_371_009

/** Along a great circle, by the haversine formula, which stays exact for places next to each other (Sinnott, 1984). */
export function metresBetween([lonA, latA]: Position, [lonB, latB]: Position): number {
  const radians = Math.PI / 180
  const sinLat = Math.sin(((latB - latA) * radians) / 2)
  const sinLon = Math.sin(((lonB - lonA) * radians) / 2)
  const h = sinLat ** 2 + Math.cos(latA * radians) * Math.cos(latB * radians) * sinLon ** 2
  return 2 * earthMetres * Math.asin(Math.min(1, Math.sqrt(h)))
}
