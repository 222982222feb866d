/** Who hears what over real sockets: for any filters and topics, what is delivered is exactly what the rules allow. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBroker, asDevice, connected } from './support.ts'

const level = fc.constantFrom('sensors', 'streets', 'a1', 'a2', 'a11', 'readings', 'problems', 's1', '')
const topic = fc.array(level, { minLength: 2, maxLength: 4 }).map((levels) => levels.join('/'))
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, rest]) => [...levels, ...(rest ? ['#'] : [])].join('/'))
  .filter((text) => text !== '')
const likely = fc.constantFrom(
  'sensors/a1/#',
  'sensors/a2/#',
  'sensors/+/problems',
  'streets/#',
  '#',
  'streets/s1/+'
)
const meant = fc.constantFrom(
  'sensors/a1/problems',
  'sensors/a2/problems',
  'streets/s1/pm2_5',
  'sensors/a11/problems'
)

/** Written anew from section 4.7, so that the rules are not tested with themselves. */
function matches(wanted: string, published: string): boolean {
  const pattern = wanted
    .split('/')
    .map((one) => (one === '+' ? '[^/]*' : one))
    .join('/')
    .replace(/\/?#$/, (end) => (end === '#' ? '.*' : '(/.*)?'))
  return new RegExp(`^${pattern}$`).test(published)
}

const mayHear = (who: string | undefined, heard: string): boolean =>
  who === undefined ? /^streets(\/|$)/.test(heard) : new RegExp(`^sensors/${who}(/|$)`).test(heard)

describe('whoever subscribes to whatever', () => {
  it('hears what the rules allow and nothing else', async () => {
    const { port, broker } = await aBroker()
    const who = fc.constantFrom<string | undefined>('a1', 'a2', undefined)
    const wanted = fc.array(fc.oneof(filter, likely), { minLength: 1, maxLength: 8 })
    const published = fc.array(fc.oneof(topic, meant), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(who, wanted, published, async (name, filters, topics) => {
        const client = await connected(port, name === undefined ? {} : asDevice(name))
        const end = name === undefined ? 'streets/the/end' : `sensors/${name}/the/end`
        const heard = new Set<string>()
        const done = new Promise<void>((resolve) =>
          client.on('message', (where, payload) => {
            if (where === end && payload.toString() === 'end') resolve()
            else heard.add(where)
          })
        )
        // Before the end is asked for, so that it cannot make room for anything else.
        const granted = await client.subscribeAsync([...new Set(filters)]).catch(() => [])
        await client.subscribeAsync(end)
        for (const one of topics) await broker.publish(one, 'x')
        await broker.publish(end, 'end')
        await done
        await client.endAsync(true)
        const given = granted.filter(({ qos }) => qos !== 128).map((one) => one.topic)
        for (const one of heard) expect(mayHear(name, one)).toBe(true)
        const expected = topics.filter((one) => mayHear(name, one) && given.some((f) => matches(f, one)))
        for (const one of expected) expect(heard).toContain(one)
      }),
      { numRuns: 100 }
    )
  })
})
