/** Public street values over MQTT, the middle of outdoor sites only: `streets/<streetId>/<quantity>`, retained, sent when they change. */
import type { StreetFigures } from '../api/street-figures.ts'
import type { Broker } from '../broker/broker.ts'
import type { Registry } from '../registry/registry.ts'
import type { LiveFeed } from '../api/deps.ts'

/** A street's figures move with its rollups, which are made anew every ten seconds. */
const publishEveryMs = 10_000

export interface StreetTopics {
  stop(): Promise<void>
}

export function startStreetTopics(
  registry: Pick<Registry, 'streets' | 'site'>,
  figures: StreetFigures,
  live: LiveFeed,
  broker: Pick<Broker, 'publish'>,
  onFailure: (cause: unknown) => void
): StreetTopics {
  const changed = new Set(registry.streets().map((street) => street.streetId))
  const sent = new Map<string, string>()
  const stopListening = live.subscribeRollups((touched) => {
    for (const { siteId } of touched) {
      const site = registry.site(siteId)
      if (site) changed.add(site.streetId)
    }
  })

  const publishChanged = async (): Promise<void> => {
    const streetIds = [...changed]
    changed.clear()
    for (const streetId of streetIds) {
      for (const [quantity, figure] of Object.entries(await figures.outdoor(streetId))) {
        // One sensor's value is no street value, and a topic must not look like one.
        if (figure.value === null || figure.basis !== 'sites') continue
        const { at, value, unit, sites, coverage } = figure
        const payload = JSON.stringify({ at, value, unit, sites, coverage })
        const topic = `streets/${streetId}/${quantity}`
        if (sent.get(topic) === payload) continue
        await broker.publish(topic, payload, { retain: true })
        sent.set(topic, payload)
      }
    }
  }

  let running = Promise.resolve()
  const timer = setInterval(() => (running = running.then(publishChanged).catch(onFailure)), publishEveryMs)
  return {
    stop() {
      clearInterval(timer)
      stopListening()
      return running
    }
  }
}
