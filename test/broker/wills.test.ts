/** Last wills: taken where a device vanished, and from nobody who may not speak any more. */
import { describe, expect, it } from 'vitest'
import {
  aBroker,
  asDevice,
  closed,
  connected,
  nextMessage,
  refusedWith,
  secretOf,
  status,
  until
} from './support.ts'

describe('last wills', () => {
  const will = (topic: string) => ({ topic, payload: Buffer.from('offline'), qos: 1 as const, retain: true })

  it.each([
    ['was removed', () => false],
    ['has another password now', (passwordId: string) => passwordId !== secretOf('a1')]
  ])('of a device that %s are refused, as its messages are', async (_why, stays) => {
    const { port, broker, taken } = await aBroker()
    const device = await connected(port, { ...asDevice('a1'), will: will(status('a1')) })
    broker.disconnect('a1', stays)
    await closed(device)
    await until(() => broker.stats().connected === 0 && broker.stats().refused['topic'] === 1)
    expect(taken).toEqual([])
  })

  it('are taken when a device vanishes, and reach its subscribers', async () => {
    const { port, taken, presence } = await aBroker()
    const host = await connected(port, asDevice('a1'))
    await host.subscribeAsync('sensors/a1/status')
    const device = await connected(port, { ...asDevice('a1'), will: will(status('a1')) })
    const message = nextMessage(host)
    device.stream.destroy()
    expect(await message).toMatchObject({ topic: status('a1'), payload: 'offline' })
    expect(taken).toEqual([{ deviceId: 'a1', topic: status('a1'), payload: 'offline' }])
    expect(presence).toEqual([['a1', 'online']])
  })

  it('stay unsaid when a device says goodbye', async () => {
    const { port, taken, presence } = await aBroker()
    const device = await connected(port, { ...asDevice('a1'), will: will(status('a1')) })
    await device.endAsync()
    await until(() => presence.length === 2)
    expect(presence[1]).toEqual(['a1', 'left'])
    expect(taken).toEqual([])
  })

  it.each([status('a2'), 'wild/#', '$SYS/x', 'streets/s1/pm2_5'])('on %s are refused', async (topic) => {
    const { port } = await aBroker()
    expect(await refusedWith(port, { ...asDevice('a1'), will: will(topic) })).toBe(5)
  })
})
