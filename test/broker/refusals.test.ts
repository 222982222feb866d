/** What was refused, and why: documented, counted, and said without secrets. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Refusals, refusalReasons } from '../../broker/refusals.ts'
import type { UnixMs } from '../../model/time.ts'

describe('docs/faults.md', () => {
  it('has a row for every reason, and only those', () => {
    const text = readFileSync('docs/faults.md', 'utf8')
    const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, reason]) => reason)
    expect(rows.toSorted()).toEqual(Object.keys(refusalReasons).toSorted())
  })
})

describe('a refusal', () => {
  const atMinute = (minute: number) => {
    const lines: { fields: object; message: string }[] = []
    const say = (fields: object, message: string): void => void lines.push({ fields, message })
    const told: string[] = []
    let now = minute * 60_000
    const refusals = new Refusals({
      clock: { now: () => now as UnixMs },
      log: { info: say, warn: say },
      onFault: (deviceId, { code }) => told.push(`${deviceId} ${code}`)
    })
    return { refusals, lines, told, later: (ms: number) => void (now += ms) }
  }

  it('is counted always and said once a minute for each device', () => {
    const { refusals, lines, told, later } = atMinute(0)
    for (let i = 0; i < 5; i++) refusals.count('topic', { deviceId: 'd1', address: '192.0.2.17' })
    refusals.count('topic', { deviceId: 'd2', address: '192.0.2.17' })
    later(60_000)
    refusals.count('topic', { deviceId: 'd1', address: '192.0.2.17' })
    expect(refusals.counts).toEqual({ topic: 7 })
    expect(lines).toHaveLength(3)
    expect(told).toEqual([...Array<string>(5).fill('d1 topicUnknown'), 'd2 topicUnknown', 'd1 topicUnknown'])
  })

  it.each([
    ['192.0.2.17', '192.0.2.0'],
    ['::ffff:192.0.2.17', '192.0.2.0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
    ['2001:db8::5', '2001:db8:0::'],
    ['', '']
  ])('says of the address %s only %s', (address, said) => {
    const { refusals, lines } = atMinute(0)
    refusals.count('connections', { address })
    expect(lines[0]?.fields).toMatchObject({ address: said })
  })
})
