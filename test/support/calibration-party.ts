/** A calibration party: ten boxes of three kinds on one rail beside a reference for a day, one of them broken; and their lines, computed apart. */
import { addDevice, publishOnce, type AddedDevice } from './hub-process.ts'
import type { OneHub } from './one-hub.ts'

/** How a kind of box sees the air: value = slope · air + intercept, and some noise. */
const kinds = [
  { sensor: 'sds011', slope: 1.4, intercept: 2 },
  { sensor: 'pms5003', slope: 0.8, intercept: -1 },
  { sensor: 'sps30', slope: 1.1, intercept: 0.5 }
] as const

export const minutes = 1_440
export const minuteMs = 60_000

/** A day of fine dust: a morning, an evening, and an hour with a bonfire. */
export function airAt(minute: number): number {
  const hour = minute / 60
  return 12 + 8 * Math.sin(((hour - 6) / 24) * 2 * Math.PI) + (hour > 18 && hour < 19 ? 40 : 0)
}

/** Repeats: no chance in a test. */
function noise(seed: number, minute: number): number {
  const x = Math.sin(seed * 127.1 + minute * 311.7) * 43_758.5453
  return x - Math.floor(x) - 0.5
}

export async function publishDay(
  hub: OneHub,
  device: AddedDevice,
  from: number,
  valueAt: (minute: number) => number
): Promise<void> {
  for (let first = 0; first < minutes; first += 480) {
    const part = Array.from({ length: 480 }, (_, i) => ({
      at: from + (first + i) * minuteMs,
      pm2_5: Math.round(Math.max(0, valueAt(first + i)) * 100) / 100
    }))
    await publishOnce(hub, device, JSON.stringify(part))
  }
}

/** Least squares by the normal equations, on means of five minutes: written apart from the hub's own. */
export function lineOf(x: readonly number[], y: readonly number[]): { slope: number; intercept: number } {
  const n = x.length
  const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0)
  const sx = sum(x)
  const sy = sum(y)
  const sxy = sum(x.map((one, i) => one * y[i]!))
  const sxx = sum(x.map((one) => one * one))
  const slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
  return { slope, intercept: (sy - slope * sx) / n }
}

export function fiveMinutes(valueAt: (minute: number) => number): number[] {
  return Array.from({ length: minutes / 5 }, (_, bin) => {
    const values = [0, 1, 2, 3, 4].map((i) => Math.round(Math.max(0, valueAt(bin * 5 + i)) * 100) / 100)
    return values.reduce((a, b) => a + b, 0) / 5
  })
}

/** What box `i` shows; the tenth is broken. */
export function seenBy(i: number): (minute: number) => number {
  const { slope, intercept } = kinds[i % 3]!
  return (minute) =>
    i === 9 ? 15 + 14 * noise(99, minute) : slope * airAt(minute) + intercept + noise(i, minute)
}

/** On Ashley Road since a day and two hours ago, with a day of readings each. */
export async function tenBesideReference(
  hub: OneHub
): Promise<{ dayAgo: number; reference: AddedDevice; boxes: AddedDevice[] }> {
  const dayAgo = Math.floor((Date.now() - 26 * 60 * minuteMs) / (5 * minuteMs)) * 5 * minuteMs
  const at = ['--interval', '60', '--from', new Date(dayAgo - 60 * minuteMs).toISOString()]
  const reference = await addDevice(hub.dataDir, 'Ashley Road', '--name', 'Reference', ...at)
  const boxes: AddedDevice[] = []
  for (let i = 0; i < 10; i++) {
    const { sensor } = kinds[i % 3]!
    boxes.push(await addDevice(hub.dataDir, 'Ashley Road', '--name', `Box ${i}`, '--sensor', sensor, ...at))
  }
  await publishDay(hub, reference, dayAgo, airAt)
  for (const [i, box] of boxes.entries()) await publishDay(hub, box, dayAgo, seenBy(i))
  return { dayAgo, reference, boxes }
}
