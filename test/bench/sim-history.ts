/** Prints how fast the simulator writes 90 days of sixty boxes, a reading every ten minutes. */
import { createFleet } from '../../firmware-sim/fleet.ts'
import { history } from '../../firmware-sim/history.ts'
import { inventNeighbourhood } from '../../firmware-sim/neighbourhood.ts'
import { storyOf } from '../../firmware-sim/scenario.ts'
import { dayMs, parseIsoZoned, type UnixMs } from '../../model/time.ts'

const until = parseIsoZoned('2026-11-23T12:00:00Z') as UnixMs
const from = (until - 90 * dayMs) as UnixMs
const neighbourhood = inventNeighbourhood()
const fleet = createFleet({ neighbourhood, seed: 1, story: storyOf('demo', until, neighbourhood.zone) })

const startedAt = performance.now()
let messages = 0
let bytes = 0
for (const message of history({ fleet, from, until, stepS: 600 })) {
  messages++
  bytes += message.payload.length
}
const seconds = (performance.now() - startedAt) / 1_000
const cpuSeconds = process.cpuUsage().user / 1e6
console.log(
  `sim-history: ${messages} messages, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of one core, start included)`
)
