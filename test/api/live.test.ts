/** The live stream: readings at once, street figures when they change, and never a backlog for a slow viewer. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventFrame, EventStream } from '../../api/event-stream.ts'
import { liveQueueMax } from '../../model/limits.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { hoursBefore, openTestHub, reading, start, steady, type TestHub } from '../support/api-hub.ts'
import { nextEvents } from './next-events.ts'
import { misfitsOf, openApiOf } from '../support/schema-check.ts'

describe('the stream of events', () => {
  let hub: TestHub
  let sites: Credentials[]
  let quiet: Credentials

  beforeEach(async () => {
    hub = await openTestHub()
    hub.registry.addStreet({ name: 'Ashley Road' })
    hub.registry.addStreet({ name: 'Quiet Lane' })
    sites = [1, 2, 3].map(() => hub.addSite('ashley-road'))
    quiet = hub.addSite('quiet-lane')
  })

  afterEach(() => hub.close())

  const follow = async (query = '') => {
    const answer = await hub.app.inject({
      url: `/api/v1/live${query}`,
      payloadAsStream: true,
      headers: { 'accept-encoding': 'gzip' }
    })
    return { answer, events: nextEvents(answer.stream()) }
  }

  it('is server-sent events, uncompressed, with a time to come back', async () => {
    const { answer, events } = await follow()
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.headers['cache-control']).toBe('no-cache, no-transform')
    hub.store([reading(quiet, 'pm2_5', start, 8)])
    await events.until(() => true)
    expect(events.text().startsWith('retry: 3000\n\n')).toBe(true)
  })

  it('says at once that the hub lives, and what time it is there', async () => {
    const { events } = await follow()
    const { data } = await events.until(({ event }) => event === 'beat')
    expect(data).toEqual({ at: start })
    const document = await openApiOf(hub.app)
    expect(misfitsOf(document.components.schemas['LiveBeat'] ?? null, data)).toEqual([])
  })

  it('tells a reading as the document describes it', async () => {
    const { events } = await follow()
    hub.store([reading(quiet, 'pm2_5', start, 8)])
    const { data } = await events.until(({ event }) => event === 'reading')
    expect(data).toEqual({
      streetId: 'quiet-lane',
      siteId: quiet.siteId,
      quantity: 'pm2_5',
      at: '2026-11-23T10:20:00.000Z',
      value: 8,
      unit: 'µg/m³',
      flag: 1
    })
    const document = await openApiOf(hub.app)
    expect(misfitsOf(document.components.schemas['LiveReading'] ?? null, data)).toEqual([])
  })

  it('tells new figures of a street, once a change', async () => {
    const { events } = await follow()
    hub.store(sites.flatMap((site) => steady(site, 'pm2_5', hoursBefore(start, 30), start, 9)))
    const { data } = await events.until(({ event }) => event === 'street')
    expect(data).toMatchObject({ streetId: 'ashley-road', latest: { pm2_5: { value: 9, basis: 'sites' } } })
    const document = await openApiOf(hub.app)
    expect(misfitsOf(document.components.schemas['LiveStreet'] ?? null, data)).toEqual([])
    hub.clock.set((start + minuteMs) as UnixMs)
    // The same figures again are no news; the other street's are.
    hub.store([reading(sites[0]!, 'pm2_5', start, 9)])
    hub.store([reading(quiet, 'pm2_5', start, 5)])
    const next = await events.until(({ event }) => event === 'street')
    expect(next.data['streetId']).toBe('quiet-lane')
  })

  it('tells of the streets that were asked for', async () => {
    const { events } = await follow('?streets=quiet-lane')
    hub.store([reading(sites[0]!, 'pm2_5', start, 1), reading(quiet, 'pm2_5', start, 2)])
    const { data } = await events.until(({ event }) => event === 'reading')
    expect(data['streetId']).toBe('quiet-lane')
    await events.until(({ event }) => event === 'street')
    expect(events.text()).not.toContain('ashley-road')
  })

  it('leaves out values that cannot be', async () => {
    const { events } = await follow()
    hub.store([{ ...reading(quiet, 'humidity', start, 140), flag: 4 }])
    hub.store([reading(quiet, 'humidity', start, 81)])
    const { data } = await events.until(({ event }) => event === 'reading')
    expect(data['value']).toBe(81)
  })

  it('ends when the hub stops', async () => {
    const { events } = await follow()
    const ended = expect(events.until(() => false)).rejects.toThrow('ended')
    await hub.app.close()
    await ended
  })
})

describe('a slow viewer', () => {
  const frames = (stream: EventStream): string[] => {
    const all: string[] = []
    for (let piece: unknown = stream.read(); piece !== null; piece = stream.read()) all.push(String(piece))
    return all
      .join('')
      .split('\n\n')
      .filter((frame) => frame !== '')
  }

  it('gets the newest value of a key, and an older one that comes late does not replace it', () => {
    const stream = new EventStream()
    stream.put('a', eventFrame('reading', 1), 1)
    stream.put('b', eventFrame('reading', 10), 1)
    stream.put('a', eventFrame('reading', 3), 3)
    stream.put('a', eventFrame('reading', 2), 2)
    expect(frames(stream)).toEqual(['retry: 3000', 'event: reading\ndata: 3', 'event: reading\ndata: 10'])
    stream.destroy()
  })

  it('costs a bounded queue: the oldest goes, and it is told how many', () => {
    const stream = new EventStream()
    for (let i = 0; i < liveQueueMax + 9; i++) stream.put(String(i), eventFrame('reading', i), i)
    const told = frames(stream)
    expect(told[0]).toBe(': 10 events were left out')
    expect(told[1]).toContain('data: 9')
    expect(told).toHaveLength(liveQueueMax + 1)
    stream.destroy()
  })

  it('hears a heartbeat when nothing happens', () => {
    const stream = new EventStream()
    frames(stream)
    stream.beat(eventFrame('beat', { at: 1 }))
    expect(frames(stream)).toEqual(['event: beat\ndata: {"at":1}'])
    stream.destroy()
  })

  it('that reads nothing for two minutes is disconnected', () => {
    const stream = new EventStream()
    for (let beat = 1; beat < 8; beat++) stream.beat('beat')
    expect(stream.destroyed).toBe(false)
    stream.beat('beat')
    expect(stream.destroyed).toBe(true)
  })
})
