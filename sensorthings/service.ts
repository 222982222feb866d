/** The SensorThings service: keeps the entities as they are now, and answers addresses. For the public alone. */
import { visibleSites } from '../model/visibility.ts'
import type { Clock } from '../model/time.ts'
import type { SeriesExtent } from '../store/promise/read.ts'
import { answerPath, type StaAnswer } from './answer/answer.ts'
import { rootDocument, type MqttEndpoints } from './answer/root.ts'
import { buildModel, type StaPlaces } from './entities/build.ts'
import type { Model, ModelFacts } from './entities/building.ts'
import type { Series } from './entities/entity.ts'
import { addressCharsMax } from './limits.ts'
import { bad } from './problem.ts'
import type { StaReadings } from './observations/slices.ts'
import { pathOf } from './query/path.ts'

export interface StaDeps {
  places: StaPlaces
  readings: StaReadings
  facts: ModelFacts
  clock: Clock
  /** Lets others have the thread. */
  breathe(): Promise<void>
}

export interface StaRequest {
  /** Behind the address of the service, as it came: "/Things(1)?$select=name". */
  target: string
  /** The address of the service, without a slash at its end. */
  base: string
  mqtt: MqttEndpoints
}

export interface SensorThings {
  /** Throws `StaProblem`, and what the store throws while it is away. */
  answer(request: StaRequest): Promise<StaAnswer>
  /** The entities as they are now. */
  model(): Promise<Model>
}

export function openSensorThings(deps: StaDeps): SensorThings {
  const kept = new KeptModel(deps)
  return {
    model: () => kept.now(),
    async answer({ target, base, mqtt }) {
      if (target.length > addressCharsMax) throw bad(`An address has at most ${addressCharsMax} characters.`)
      const mark = target.indexOf('?')
      const [written, query] = mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
      const path = pathOf(written.replace(/^\//, ''))
      if (path.steps.length === 0) return rootDocument(base, query, mqtt)
      const address = base + written.replace(/\/$/, '')
      const model = await kept.now()
      return answerPath(model, deps, { path, query, base, address, now: deps.clock.now() })
    }
  }
}

/** Made again when the registry changed, or a series came or went; what series reach is taken over each time. */
class KeptModel {
  readonly #deps: StaDeps
  #model: Model | undefined
  #series = ''
  /** Of each extent its series; undefined where it has none. */
  #inOrder: readonly (Series | undefined)[] = []

  constructor(deps: StaDeps) {
    this.#deps = deps
    deps.places.onChange(() => (this.#model = undefined))
  }

  async now(): Promise<Model> {
    const { places, readings, facts } = this.#deps
    const siteIds = visibleSites('public', places.sites()).map(({ siteId }) => siteId)
    const extents = await readings.extents(siteIds)
    const series = extents.map(nameOf).join('\n')
    if (!this.#model || series !== this.#series) {
      this.#model = buildModel(places, extents, facts)
      this.#series = series
      this.#inOrder = inOrderOf(this.#model, extents)
    }
    // The same series in the same order: only how far they reach may be another.
    for (const [i, { from, until }] of extents.entries()) {
      const one = this.#inOrder[i]
      if (!one) continue
      one.from = from
      one.until = until
    }
    return this.#model
  }
}

function nameOf({ siteId, deviceId, quantity }: SeriesExtent): string {
  return `${siteId} ${deviceId} ${quantity}`
}

function inOrderOf({ streams }: Model, extents: readonly SeriesExtent[]): (Series | undefined)[] {
  const byName = new Map<string, Series>()
  for (const { siteId, quantity, series } of streams)
    for (const one of series) byName.set(`${siteId} ${one.deviceId} ${quantity}`, one)
  return extents.map((extent) => byName.get(nameOf(extent)))
}
