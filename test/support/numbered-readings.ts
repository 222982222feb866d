/** Messages that can be told apart in the store: message n of a device has a second and a value of its own. */
import { expect } from 'vitest'
import { command } from './hub-process.ts'

/** Early in 2026, in the past for every run and within the time that is believed. */
const firstAt = Date.UTC(2026, 0, 1)

export function numberedAt(n: number): number {
  return firstAt + n * 1_000
}

export function numberedPayload(n: number): string {
  return `{"at":${numberedAt(n)},"pm2_5":${(n % 9_000) / 10},"humidity":${n % 100}}`
}

/** Which message a reading of that moment came with. */
export function numberOf(time: string): number {
  return (Date.parse(time) - firstAt) / 1_000
}

export interface StoredReading {
  device: string
  n: number
  quantity: string
  value: number
}

/** Everything that the store has, through the operator's own command. */
export async function storedReadings(dataDir: string): Promise<StoredReading[]> {
  const { status, stdout, stderr } = await command(['export', '--format', 'jsonl', '--data', dataDir])
  expect(status, stderr).toBe(0)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { device, time, quantity, value } = JSON.parse(line) as Record<string, string | number>
      return {
        device: String(device),
        n: numberOf(String(time)),
        quantity: String(quantity),
        value: Number(value)
      }
    })
}

/** Acknowledged numbers that are not stored, and readings that are stored more than once: both must be empty. */
export function lostAndDoubled(
  stored: readonly StoredReading[],
  acknowledged: ReadonlyMap<string, ReadonlySet<number>>
): { lost: string[]; doubled: string[] } {
  const counts = new Map<string, number>()
  for (const { device, n, quantity } of stored) {
    const key = `${device} ${n} ${quantity}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const lost: string[] = []
  for (const [device, numbers] of acknowledged) {
    for (const n of numbers) {
      for (const quantity of ['pm2_5', 'humidity'])
        if (!counts.has(`${device} ${n} ${quantity}`)) lost.push(`${device} ${n} ${quantity}`)
    }
  }
  return { lost, doubled: [...counts].filter(([, count]) => count > 1).map(([key]) => key) }
}
