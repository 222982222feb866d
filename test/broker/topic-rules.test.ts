/** Topic rules: examples, and the property that whatever is delivered was allowed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeviceId, mayPublish, mayReceive, maySubscribe, type Identity } from '../../broker/topic-rules.ts'

const device: Identity = { kind: 'device', deviceId: 'd1', passwordId: 'p1' }
const anonymous: Identity = { kind: 'anonymous' }

describe('publishing', () => {
  it.each([
    [device, 'sensors/d1/readings', 'readings'],
    [device, 'sensors/d1/status', 'status'],
    [device, 'sensors/d1/problems', undefined],
    [device, 'sensors/d2/readings', undefined],
    [device, 'sensors/d1/../d2/readings', undefined],
    [device, 'sensors/d1/readings/', undefined],
    [device, 'sensors/d1', undefined],
    [device, 'sensors/#', undefined],
    [device, '/sensors/d1/readings', undefined],
    [device, 'streets/s1/pm2_5', undefined],
    [device, '$SYS/x/new/clients', undefined],
    [anonymous, 'sensors/d1/readings', undefined],
    [anonymous, 'streets/s1/pm2_5', undefined]
  ] as const)('%o to %s: %s', (identity, topic, verdict) => {
    expect(mayPublish(identity, topic)).toBe(verdict)
  })
})

describe('subscribing', () => {
  it.each([
    [device, 'sensors/d1/#', true],
    [device, 'sensors/d1/problems', true],
    [device, 'sensors/d1/+', true],
    [device, 'sensors/d1', true],
    [device, 'sensors/+/readings', false],
    [device, 'sensors/#', false],
    [device, 'sensors/d1x/readings', false],
    [device, 'sensors/d2/#', false],
    [device, '+/d1/#', false],
    [device, '#', false],
    [device, '$SYS/#', false],
    [device, '$share/g/sensors/d1/#', false],
    [anonymous, 'streets/#', true],
    [anonymous, 'streets/+/pm2_5', true],
    [anonymous, 'streets/s1/pm2_5', true],
    [anonymous, 'v1.1/#', true],
    [anonymous, 'v1.1/Datastreams(12)/Observations', true],
    [anonymous, 'v1.1/+/Observations', true],
    [anonymous, 'v1.1x/#', false],
    [anonymous, '+/Observations', false],
    [device, 'v1.1/Observations', false],
    [anonymous, 'sensors/d1/readings', false],
    [anonymous, '+/s1/pm2_5', false],
    [anonymous, '#', false]
  ] as const)('%o to %s: %s', (identity, filter, verdict) => {
    expect(maySubscribe(identity, filter, true)).toBe(verdict)
  })

  it('is closed to clients without a name when the hub says so', () => {
    expect(maySubscribe(anonymous, 'streets/#', false)).toBe(false)
  })

  it('never lets a filter match what may not be read', () => {
    const id = fc.constantFrom('d1', 'd2', 'd11', 'd', '')
    const level = fc.constantFrom('sensors', 'streets', 'd1', 'd2', 'd11', 'readings', 'problems', '$SYS', '')
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
      .map(([levels, rest]) => [...levels, ...(rest ? ['#'] : [])].join('/'))
    const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'))
    const identity = fc.oneof(
      id.map((deviceId): Identity => ({ kind: 'device', deviceId, passwordId: 'p1' })),
      fc.constant(anonymous)
    )
    fc.assert(
      fc.property(identity, filter, topic, fc.boolean(), (who, wanted, published, publicRead) => {
        if (!maySubscribe(who, wanted, publicRead) || !matches(wanted, published)) return
        expect(oracle(who, published, publicRead)).toBe(true)
        expect(mayReceive(who, published, publicRead)).toBe(true)
      }),
      { numRuns: 10_000 }
    )
  })
})

it.each(['', 'a/b', 'a+', '#', 'a b', 'a\0', 'x'.repeat(65)])('takes %j for no device id', (text) => {
  expect(isDeviceId(text)).toBe(false)
})

/** What the design says, in other words than the code. */
function oracle(who: Identity, topic: string, publicRead: boolean): boolean {
  const [root, second] = topic.split('/')
  if (who.kind === 'device') return root === 'sensors' && second === who.deviceId
  return publicRead && root === 'streets'
}

/** [MQTT-4.7.1] level by level, `#` matching the parent too. */
function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const levels = topic.split('/')
  for (const [i, part] of wanted.entries()) {
    if (part === '#') return levels.length >= i
    if (i >= levels.length || (part !== '+' && part !== levels[i])) return false
  }
  return wanted.length === levels.length
}
