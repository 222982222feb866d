/** Before lines reach a part of InfluxDB that may be asleep, one of them is written alone, and again with the others. */
import { describe, expect, it } from 'vitest'
import { dayMs, minuteMs } from '../../model/time.ts'
import { AwakeDays } from '../../store/influx/state/awake-days.ts'
import { sendParcels } from '../../store/influx/write/sender.ts'
import { winter } from '../support/readings.ts'

/** A server that says when requests begin and end. */
function recorder() {
  const requests: { lines: readonly string[]; alone: boolean }[] = []
  let underWay = 0
  const server = {
    async write(_bucket: string, lines: readonly string[]) {
      const request = { lines, alone: underWay === 0 }
      requests.push(request)
      underWay++
      await new Promise((resolve) => setImmediate(resolve))
      if (underWay > 1) request.alone = false
      underWay--
      return undefined
    }
  }
  return { server, requests }
}

const parcels = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    text: `line ${from + i * minuteMs}`,
    time: from + i * minuteMs,
    what: i,
    parts: () => []
  }))

function opened() {
  let now = 0
  const { server, requests } = recorder()
  const core = { server, awake: new AwakeDays(() => now) } as unknown as Parameters<typeof sendParcels>[0]
  return {
    requests,
    send: (lines: ReturnType<typeof parcels>, bucket = 'readings') => sendParcels(core, bucket, lines),
    wait: (ms: number) => void (now += ms)
  }
}

describe('days of which nothing was written lately', () => {
  it('are woken by a line of each, alone and before all the others, which have it again', async () => {
    const { send, requests } = opened()
    const lines = parcels(winter, 3_000)
    await send(lines)
    const [knock, ...rest] = requests
    expect(knock).toEqual({ lines: [0, 1_440, 2_880].map((i) => lines[i]!.text), alone: true })
    expect(rest.length).toBeGreaterThan(1)
    expect(rest.flatMap((request) => request.lines).toSorted()).toEqual(
      lines.map(({ text }) => text).toSorted()
    )
  })

  it('are not woken again while they are written to, and are after a minute', async () => {
    const { send, requests, wait } = opened()
    await send(parcels(winter, 10))
    await send(parcels(winter + 10 * minuteMs, 10))
    expect(requests.map(({ lines }) => lines.length)).toEqual([1, 10, 10])
    wait(minuteMs)
    await send(parcels(winter + 20 * minuteMs, 10))
    await send(parcels(winter + dayMs, 10))
    expect(requests.slice(3).map(({ lines }) => lines.length)).toEqual([1, 10, 1, 10])
  })

  it('are those of one bucket', async () => {
    const { send, requests } = opened()
    await send(parcels(winter, 10))
    await send(parcels(winter, 10), 'readings-hours')
    expect(requests.map(({ lines }) => lines.length)).toEqual([1, 10, 1, 10])
  })
})
