/** Questions to a large store over HTTP, and how long their answers take. */
import type { HubProcess } from './hub-process.ts'
import type { LargeStore } from './large-store.ts'
import { printFigure, timeMs } from './print-figure.ts'

export async function measureQuestions(
  { url }: HubProcess,
  { devices, from, until }: LargeStore
): Promise<void> {
  const { streetId } = devices[0]!
  const times: number[] = []
  let points = 0
  for (let i = 0; i < 40; i++) {
    // A little later each time, so that nothing can be answered from what was answered before.
    const query = `quantity=pm2_5&from=${from + i}&until=${until}&window=hour`
    times.push(
      await timeMs(async () => {
        const answer = await fetch(`${url}/api/v1/streets/${streetId}/series?${query}`)
        points = ((await answer.json()) as { time: number[] }).time.length
      })
    )
  }
  const sorted = times.toSorted((a, b) => a - b)
  printFigure(`a street's year by hours over HTTP (${points} points), median ms`, sorted[20]!)
  printFigure('…95th percentile ms', sorted[37]!, '≤ 50')
}
