/** The conversation between threads, over a real message channel. */
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { caller, serve } from '../thread.ts'

class Refusal extends Error {
  readonly code = 'refused'
}

let closed = 0
const service = {
  add: (a: number, b: number) => Promise.resolve(a + b),
  refuse: () => Promise.reject(new Refusal('not today')),
  async *count(until: number): AsyncGenerator<number> {
    try {
      for (let n = 0; n < until; n++) yield n
    } finally {
      closed++
    }
  }
}

let channel: MessageChannel | undefined
afterEach(() => channel?.port1.close())

function talk() {
  channel = new MessageChannel()
  const serving = serve(channel.port1, service)
  return { serving, ...caller<typeof service>(channel.port2, { streams: ['count'] }) }
}

describe('a conversation with another thread', () => {
  it('answers calls, each with its own answer', async () => {
    const { remote } = talk()
    expect(await Promise.all([remote.add(1, 2), remote.add(3, 4)])).toEqual([3, 7])
  })

  it('hands a failure over with its code', async () => {
    const { remote } = talk()
    await expect(remote.refuse()).rejects.toMatchObject({ message: 'not today', code: 'refused' })
  })

  it('streams one chunk a pull, to the end', async () => {
    const { remote } = talk()
    const seen: number[] = []
    for await (const n of remote.count(5)) seen.push(n)
    expect(seen).toEqual([0, 1, 2, 3, 4])
  })

  it('ends the other end of a stream that is left early', async () => {
    const { remote } = talk()
    const before = closed
    for await (const n of remote.count(1_000_000)) if (n === 2) break
    // A call after it comes behind the close in the same queue.
    await remote.add(0, 0)
    expect(closed).toBe(before + 1)
  })

  it('delivers events', async () => {
    const { serving, on, remote } = talk()
    const heard: number[] = []
    on<number>('tick', (n) => heard.push(n))
    serving.emit('tick', 1)
    serving.emit('tick', 2)
    await remote.add(0, 0)
    expect(heard).toEqual([1, 2])
  })

  it('fails what waits and what comes after when the other thread is gone', async () => {
    const { remote, fail } = talk()
    const waiting = remote.add(1, 1)
    fail(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await expect(remote.add(1, 1)).rejects.toThrow('gone')
  })
})
