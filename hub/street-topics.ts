/**
 * Public street values over MQTT: `streets/<streetId>/<quantity>`, retained, sent when they change. The middle of outdoor
 * sites; of what none of them measures, the published days of homes.
 */
import type { StreetLatest } from '../contract/street.ts'
import type { StreetFigures } from '../figures/now/street-figures.ts'
import type { Broker } from '../broker/broker.ts'
import type { Registry } from '../registry/registry.ts'
import type { LiveFeed } from '../figures/live-feed.ts'
import { maySeeSite } from '../model/visibility.ts'

/** A street's figures move with its rollups, which are recalculated every ten seconds. */
const publishEveryMs = 10_000

/** Every street is looked at every five minutes. */
const looksPerFullRound = 30

export interface StreetTopics {
  stop(): Promise<void>
}

/** A corrected value says by which corrections, as everywhere. */
function madeBy(corrections: StreetLatest['corrections']) {
  if (!corrections) return {}
  return { corrections: corrections.map(({ id, version, formula }) => ({ id, version, formula })) }
}

/** What of the registry a street's public figures depend on. */
function publicState(
  registry: Pick<Registry, 'streets' | 'sites' | 'deployments' | 'corrections' | 'publishedChanges'>
): string {
  const outdoors = new Set(
    registry.sites().flatMap((site) => (maySeeSite('public', site) ? [site.siteId] : []))
  )
  const isShown = ({ siteId }: { siteId: string }): boolean => outdoors.has(siteId)
  const boxes = registry.deployments().filter(isShown)
  const shown = new Set(boxes.map(({ deviceId }) => deviceId))
  return JSON.stringify([
    registry.streets().map(({ streetId }) => streetId),
    registry.sites().flatMap(({ siteId, streetId }) => (outdoors.has(siteId) ? [siteId, streetId] : [])),
    boxes,
    registry.corrections().filter(({ deviceId }) => shown.has(deviceId)),
    registry.publishedChanges()
  ])
}

export function startStreetTopics(
  registry: Pick<
    Registry,
    'streets' | 'sites' | 'site' | 'deployments' | 'corrections' | 'publishedChanges' | 'onChange'
  >,
  figures: Pick<StreetFigures, 'published'>,
  live: LiveFeed,
  broker: Pick<Broker, 'publish'>,
  onFailure: (cause: unknown) => void
): StreetTopics {
  const changed = new Set<string>()
  const sent = new Map<string, string>()
  const stopListening = live.subscribeRollups((touched) => {
    for (const { siteId } of touched) {
      const site = registry.site(siteId)
      // What an indoor sensor does moves no topic, and no look at one.
      if (site && maySeeSite('public', site)) changed.add(site.streetId)
    }
  })

  const publish = async (topic: string, payload: string): Promise<void> => {
    if (sent.get(topic) === payload) return
    await broker.publish(topic, payload, { retain: true })
    sent.set(topic, payload)
  }

  const publishStreet = async (streetId: string): Promise<void> => {
    const root = `streets/${streetId}/`
    const stale = new Set([...sent.keys()].filter((topic) => topic.startsWith(root)))
    for (const [quantity, figure] of Object.entries(await figures.published(streetId))) {
      // One sensor's value is no street value, and a topic must not look like one.
      if (figure.value === null || (figure.basis !== 'sites' && figure.basis !== 'homes')) continue
      const { at, value, unit, sites, coverage, corrections } = figure
      const homes = figure.basis === 'homes' ? { basis: figure.basis, period: figure.period } : {}
      stale.delete(root + quantity)
      await publish(
        root + quantity,
        JSON.stringify({ at, value, unit, sites, coverage, ...homes, ...madeBy(corrections) })
      )
    }
    // [MQTT-3.3.1-10] An empty retained message takes the old one away: a later reader must not take it for the present.
    for (const topic of stale) await publish(topic, '')
  }

  /** One that was merged into another has no figures any more. */
  const sentStreets = (): string[] => [...sent.keys()].map((topic) => topic.split('/')[1]!)

  let looked = 0
  const publishChanged = async (): Promise<void> => {
    // A street that fell silent has no rollups to be told of.
    if (looked++ % looksPerFullRound === 0)
      for (const streetId of [...registry.streets().map((one) => one.streetId), ...sentStreets()])
        changed.add(streetId)
    const streetIds = [...changed]
    changed.clear()
    for (const streetId of streetIds) await publishStreet(streetId)
  }

  let running = Promise.resolve()
  const publishNext = (): void => void (running = running.then(publishChanged).catch(onFailure))
  const timer = setInterval(publishNext, publishEveryMs)
  // A place became private, a box was removed, a day of homes came out or was withdrawn: nothing old stays retained.
  let soon: NodeJS.Immediate | undefined
  let known = publicState(registry)
  const stopWatching = registry.onChange(() => {
    // A change indoors must not be seen by when topics are sent, or emptied.
    const now = publicState(registry)
    if (now === known) return
    known = now
    for (const { streetId } of registry.streets()) changed.add(streetId)
    soon ??= setImmediate(() => {
      soon = undefined
      publishNext()
    })
  })
  return {
    stop() {
      clearInterval(timer)
      clearImmediate(soon)
      stopListening()
      stopWatching()
      return running
    }
  }
}
