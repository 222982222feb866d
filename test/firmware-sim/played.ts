/** A stretch of simulated history read back with plain JSON, as a researcher would. */
import { createFleet, type Fleet } from '../../firmware-sim/fleet.ts'
import { history, type HistoryMessage } from '../../firmware-sim/history.ts'
import { inventNeighbourhood, type Neighbourhood } from '../../firmware-sim/neighbourhood.ts'
import { storyOf, type ScenarioName } from '../../firmware-sim/scenario.ts'
import { dayMs, fromUnixNumber, parseIsoZoned, type UnixMs } from '../../model/time.ts'

/** A Monday noon two and a half weeks after a bonfire night. */
export const now = parseIsoZoned('2026-11-23T12:00:00Z')!

export interface Row {
  at: UnixMs
  values: Record<string, number | null>
}

export interface Played {
  neighbourhood: Neighbourhood
  fleet: Fleet
  messages: HistoryMessage[]
  /** Of each box, in the order sent. */
  rows: Row[][]
}

export function fleetOf(options: { seed?: number; sensors?: number; scenario?: ScenarioName } = {}) {
  const neighbourhood = inventNeighbourhood(options.sensors)
  const story = storyOf(options.scenario ?? 'demo', now, neighbourhood.zone)
  return { neighbourhood, story, fleet: createFleet({ neighbourhood, seed: options.seed ?? 1, story }) }
}

export function play(options: {
  days: number
  stepS: number
  seed?: number
  sensors?: number
  scenario?: ScenarioName
}): Played {
  const { neighbourhood, fleet } = fleetOf(options)
  const from = (now - options.days * dayMs) as UnixMs
  const messages = [...history({ fleet, from, until: now, stepS: options.stepS })]
  const rows: Row[][] = neighbourhood.sites.map(() => [])
  for (const { deviceIndex, payload } of messages) {
    for (const { at, ...values } of parsed(payload)) rows[deviceIndex]!.push({ at: momentOf(at), values })
  }
  return { neighbourhood, fleet, messages, rows }
}

/** A broken box writes a bare `nan`; it stands for null here. */
export function parsed(payload: Uint8Array): (Record<string, number | null> & { at: number })[] {
  const body: unknown = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(payload).replaceAll(':nan', ':null')
  )
  if (!Array.isArray(body)) throw new Error('not an array')
  return body
}

export function momentOf(at: unknown): UnixMs {
  if (typeof at === 'number') return fromUnixNumber(at)
  const moment = typeof at === 'string' ? parseIsoZoned(at) : undefined
  if (moment === undefined) throw new Error(`no moment: ${String(at)}`)
  return moment
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length
}

export function energyMean(levels: readonly number[]): number {
  return 10 * Math.log10(mean(levels.map((level) => 10 ** (level / 10))))
}
