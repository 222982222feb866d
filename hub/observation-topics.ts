/**
 * Public readings over MQTT as SensorThings has them: `v1.1/Datastreams(<id>)/Observations` and `v1.1/Observations`, each reading
 * once it is stored, not retained. While nobody listens nothing is made, and readings do not even leave the pipeline's thread.
 */
import type { Broker } from '../broker/broker.ts'
import { observationsRoot } from '../model/message.ts'
import { observationMessages } from '../sensorthings/answer/messages.ts'
import type { SensorThings } from '../sensorthings/service.ts'
import type { LatestReading } from '../store/promise/read.ts'

export interface ObservationTopicsDeps {
  broker: Pick<Broker, 'publish' | 'hears' | 'watchHearers'>
  /** What the public may see: of other readings nothing is published. */
  things: Pick<SensorThings, 'model'>
  /** The address that links begin with; asked each time, as it may change. */
  base(): string
  observe(isOn: boolean): Promise<void>
  onReadings(listener: (readings: readonly LatestReading[]) => void): void
  onFailure(cause: unknown): void
}

export interface ObservationTopics {
  /** Resolves when what was stored before is published. */
  stop(): Promise<void>
}

export function startObservationTopics(deps: ObservationTopicsDeps): ObservationTopics {
  const { broker, things, base, observe, onReadings, onFailure } = deps
  let stopped = false
  let waiting: LatestReading[] = []
  let running: Promise<void> | undefined

  const publish = async (readings: readonly LatestReading[]): Promise<void> => {
    for (const { topics, payload } of observationMessages(await things.model(), base(), readings)) {
      const heard = topics.filter((topic) => broker.hears(topic))
      if (heard.length === 0) continue
      const text = payload()
      for (const topic of heard) await broker.publish(topic, text)
    }
  }
  const publishWaiting = async (): Promise<void> => {
    // What comes meanwhile is published with the next round, so that one catalogue serves many readings.
    while (waiting.length > 0 && !stopped) {
      const readings = waiting
      waiting = []
      await publish(readings).catch(onFailure)
    }
    running = undefined
  }
  onReadings((readings) => {
    if (stopped) return
    waiting = waiting.concat(readings)
    running ??= publishWaiting()
  })
  broker.watchHearers(observationsRoot, (isHeard) => {
    if (!stopped) observe(isHeard).catch(onFailure)
  })
  return {
    async stop() {
      await running
      stopped = true
    }
  }
}
