/** A street's line as somebody types it: one point a line, latitude first, as map apps copy them. Pure. */

export interface TypedLine {
  /** [longitude, latitude], as GeoJSON has them. */
  points: [number, number][]
  /** The first line that is no point, counted from 1; undefined where all are. */
  wrongLine: number | undefined
}

export function readLine(text: string): TypedLine {
  const points: [number, number][] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const point = pointOf(line)
    if (!point) return { points, wrongLine: i + 1 }
    points.push(point)
  }
  return { points, wrongLine: undefined }
}

function pointOf(line: string): [number, number] | undefined {
  const match = /^\s*\(?(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\)?\s*$/.exec(line)
  if (!match) return undefined
  const [latitude, longitude] = [Number(match[1]), Number(match[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : undefined
}
