/** What happens now, as server-sent events: readings of outdoor sites as soon as they are durable, and new street figures. */
import { Type } from 'typebox'
import { liveHeartbeatMs } from '../../model/limits.ts'
import { definitionOf } from '../../model/quantity.ts'
import { toIso, type Clock } from '../../model/time.ts'
import { maySeeSite } from '../../model/visibility.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { Query, refusal, StreamedText, type Api } from '../app.ts'
import type { LiveBeat, LiveReading, LiveStreet } from '../../contract/live.ts'
import type { ApiDeps } from '../deps.ts'
import type { Places } from '../../figures/places.ts'
import type { Doors } from '../doors/doors.ts'
import { eventFrame, EventStream } from '../event-stream.ts'
import { publicStreet } from '../../figures/places.ts'
import { readList } from '../../figures/parameters.ts'

interface Viewer {
  stream: EventStream
  /** undefined: every street. */
  streets: ReadonlySet<string> | undefined
}

const description = `Events: \`reading\` (LiveReading) as soon as a reading is durable, \`street\` (LiveStreet) when a street's figures
changed, at most once a second a street, \`beat\` (LiveBeat) at once and every 15 s. A viewer that reads slowly gets the newest value of each sensor, not each one.`

export function addLive(app: Api, deps: ApiDeps, takeLive: Doors['takeLive']): void {
  const viewers = new Set<Viewer>()
  const stops = [
    deps.live.subscribe((batch) => tellReadings(viewers, deps.places, batch)),
    deps.figures.watch((streetId, latest) => tellStreet(viewers, { streetId, latest }, deps.clock.now()))
  ]

  app.addHook('preClose', async () => {
    for (const stop of stops.splice(0)) stop()
    for (const { stream } of viewers) stream.end()
  })

  app.get(
    '/live',
    {
      exposeHeadRoute: false,
      compress: false,
      schema: {
        operationId: 'live',
        summary: 'Live readings and street figures (server-sent events)',
        description,
        tags: ['live'],
        querystring: Query({
          streets: Type.Optional(Type.String({ description: 'Street ids, with commas; all unless given' }))
        }),
        response: {
          200: {
            description: 'A stream that stays open',
            content: { 'text/event-stream': { schema: StreamedText } }
          },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const wanted = readList('streets', request.query.streets)?.map(
        (id) => publicStreet(deps.places, id).streetId
      )
      await takeLive(request, reply)
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-cache, no-transform')
          // nginx would otherwise collect events until its buffer is full.
          .header('x-accel-buffering', 'no')
          .send(join(viewers, wanted && new Set(wanted), deps.clock))
      )
    }
  )
}

function join(viewers: Set<Viewer>, streets: ReadonlySet<string> | undefined, clock: Clock): EventStream {
  const viewer: Viewer = { stream: new EventStream(), streets }
  const beat = (): void => viewer.stream.beat(eventFrame('beat', { at: clock.now() } satisfies LiveBeat))
  beat()
  const heartbeat = setInterval(beat, liveHeartbeatMs)
  heartbeat.unref()
  viewer.stream.once('close', () => {
    clearInterval(heartbeat)
    viewers.delete(viewer)
  })
  viewers.add(viewer)
  return viewer.stream
}

function tellReadings(
  viewers: ReadonlySet<Viewer>,
  places: Pick<Places, 'site'>,
  batch: readonly LatestReading[]
): void {
  if (viewers.size === 0) return
  for (const { siteId, quantity, measuredAt, value, flag } of batch) {
    const site = places.site(siteId)
    // A value that cannot be is in the export with its flag; nobody should see it as what is happening now.
    if (!site || !maySeeSite('public', site) || flag === 4) continue
    const { streetId } = site
    const unit = definitionOf(quantity).unit
    const reading: LiveReading = { streetId, siteId, quantity, at: toIso(measuredAt), value, unit, flag }
    const frame = eventFrame('reading', reading)
    for (const viewer of viewersOf(viewers, streetId)) {
      viewer.stream.put(`reading ${siteId} ${quantity}`, frame, measuredAt)
    }
  }
}

function tellStreet(viewers: ReadonlySet<Viewer>, street: LiveStreet, order: number): void {
  const frame = eventFrame('street', street)
  for (const viewer of viewersOf(viewers, street.streetId)) {
    viewer.stream.put(`street ${street.streetId}`, frame, order)
  }
}

function viewersOf(viewers: ReadonlySet<Viewer>, streetId: string): Viewer[] {
  return [...viewers].filter(({ streets }) => !streets || streets.has(streetId))
}
