/** Boxes that publish to the topics of their own firmware: whose it is, what is forgotten, and what they hear. */
import { describe, expect, it } from 'vitest'
import { signedTopic, type TopicUse } from '../../model/message.ts'
import { aBroker, aClient, asDevice, connected, readings } from './support.ts'

/** a1 is a Tasmota, a2 another; b1 has no family. */
const topicUse = (deviceId: string, topic: string): TopicUse | undefined => {
  if (!deviceId.startsWith('a') || /^(?:sensors|streets|\$)/.test(topic)) return undefined
  return topic.endsWith('/RESULT') ? 'ignored' : 'readings'
}
const openDevice = (clientId: string): string | undefined => (clientId === 'aA1234' ? 'a3' : undefined)

describe('a box of a family', () => {
  it("publishes where its firmware does, last will included, and the message is its device's", async () => {
    const { port, taken } = await aBroker({ topicUse })
    const will = { topic: 'tele/hall/LWT', payload: Buffer.from('Offline'), qos: 1, retain: true } as const
    const client = await connected(port, { ...asDevice('a1'), will })
    await client.publishAsync('tele/hall/SENSOR', '{"Time":"x"}', { qos: 1 })
    await client.publishAsync('tele/hall/LWT', 'Online', { qos: 1, retain: true })
    client.stream.destroy()
    await expect
      .poll(() => taken.map(({ topic }) => topic))
      .toEqual(['tele/hall/SENSOR', 'tele/hall/LWT', 'tele/hall/LWT'])
    expect(new Set(taken.map(({ deviceId }) => deviceId))).toEqual(new Set(['a1']))
  })

  it('is acknowledged for what holds nothing, which is not kept', async () => {
    const { port, taken } = await aBroker({ topicUse })
    const client = await connected(port, asDevice('a1'))
    await client.publishAsync('stat/hall/RESULT', '{}', { qos: 1 })
    await client.publishAsync('tele/hall/SENSOR', '{}', { qos: 1 })
    expect(taken.map(({ topic }) => topic)).toEqual(['tele/hall/SENSOR'])
  })

  it('says whether a message was to be kept, and leaves nothing behind for others', async () => {
    const retained: unknown[] = []
    const { port } = await aBroker({
      topicUse,
      accept: (_deviceId, _topic, _payload, done, wasRetained) => {
        retained.push(wasRetained)
        done()
      }
    })
    const client = await connected(port, asDevice('a1'))
    await client.publishAsync('zigbee2mqtt/hall', '{}', { qos: 1, retain: true })
    await client.publishAsync('zigbee2mqtt/hall', '{}', { qos: 1 })
    expect(retained).toEqual([true, false])
    const other = await connected(port, asDevice('a2'))
    const heard: string[] = []
    other.on('message', (topic) => heard.push(topic))
    await other.subscribeAsync('zigbee2mqtt/#')
    await other.publishAsync(readings('a2'), '{}', { qos: 1 })
    expect(heard).toEqual([])
  })

  it.each([true, false])(
    'may subscribe to commands of its own and hears nobody there (a clean session: %s)',
    async (clean) => {
      const { port } = await aBroker({ topicUse })
      const session = { ...asDevice('a1'), clean, clientId: 'z2m' }
      const first = await connected(port, session)
      const [granted] = await first.subscribeAsync('zigbee2mqtt/#', { qos: 1 })
      expect(granted?.qos).toBe(1)
      const heard: string[] = []
      first.on('message', (topic) => heard.push(topic))
      const other = await connected(port, asDevice('a2'))
      await other.publishAsync('zigbee2mqtt/bathroom', '{"humidity":90}', { qos: 1 })
      await first.publishAsync('zigbee2mqtt/hall', '{}', { qos: 1 })
      expect(heard).toEqual([])
      await first.endAsync()
      await other.publishAsync('zigbee2mqtt/bathroom', '{"humidity":91}', { qos: 1 })
      const second = aClient(port, session)
      second.on('message', (topic) => heard.push(topic))
      await new Promise((resolve) => second.once('connect', resolve))
      await second.publishAsync('zigbee2mqtt/hall', '{}', { qos: 1 })
      expect(heard).toEqual([])
      await second.unsubscribeAsync('zigbee2mqtt/#')
    }
  )

  it.each(['sensors/a2/readings', 'streets/s/pm2_5', 'sensors/#'])('may not use %s', async (topic) => {
    const { port, taken } = await aBroker({ topicUse })
    const client = await connected(port, asDevice('a1'))
    await expect(client.subscribeAsync(topic)).rejects.toThrow()
    if (topic.includes('#')) return
    client.publish(topic, '{}', { qos: 1 })
    await new Promise<void>((resolve) => client.once('close', () => resolve()))
    expect(taken).toEqual([])
  })

  it('of no family is closed for a topic that is not its own, as ever', async () => {
    const { port, taken, faults } = await aBroker({ topicUse })
    const client = await connected(port, asDevice('b1'))
    client.publish('tele/hall/SENSOR', '{}', { qos: 1 })
    await new Promise<void>((resolve) => client.once('close', () => resolve()))
    expect(taken).toEqual([])
    expect(faults).toEqual([expect.stringContaining('b1 topicUnknown')])
  })
})

describe('a box that can show no secret', () => {
  const open = { clientId: 'aA1234' }

  it('is known by its client id, where the hub takes such boxes, and its messages are marked', async () => {
    const { port, taken } = await aBroker({ topicUse, openDevice })
    const client = await connected(port, open)
    await client.publishAsync('device/sck/aA1234/readings/raw', '{t:1}', { qos: 1 })
    expect(taken.map(({ deviceId, topic }) => [deviceId, signedTopic(topic)])).toEqual([
      ['a3', { topic: 'device/sck/aA1234/readings/raw', unauthenticated: true }]
    ])
  })

  it.each(['device/sck/bB1234/readings', 'sensors/a3/readings', 'sensors/a3/status', 'aA1234'.slice(1)])(
    'may not publish to %s',
    async (topic) => {
      const { port, taken } = await aBroker({ topicUse, openDevice })
      const client = await connected(port, open)
      client.publish(topic, '{}', { qos: 1 })
      await new Promise<void>((resolve) => client.once('close', () => resolve()))
      expect(taken).toEqual([])
    }
  )

  it('is nobody where the hub does not take it', async () => {
    const { port } = await aBroker({ topicUse, publicRead: false })
    const client = aClient(port, open)
    const error = await new Promise<Error>((resolve) => client.once('error', resolve))
    expect(error.message).toContain('Not authorized')
  })
})
