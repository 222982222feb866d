/** Refused lines are found, the others kept, whatever the server says of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliver, type Parcel } from '../../store/influx/wire/deliver.ts'
import type { Refusal } from '../../store/influx/wire/server.ts'

/** A server as InfluxDB 2.9.1 was seen to answer: what cannot be read refuses all, what does not fit only itself. */
class Server {
  readonly kept = new Set<string>()
  requests = 0
  readonly #says: 'much' | 'little'

  constructor(says: 'much' | 'little') {
    this.#says = says
  }

  readonly send = async (lines: readonly string[]): Promise<Refusal | undefined> => {
    this.requests++
    const unreadable = lines.filter((line) => line.includes('unreadable'))
    if (unreadable.length > 0) {
      const quoted = unreadable.map((line) => `unable to parse '${line}': missing field value`)
      const message = this.#says === 'much' ? quoted.join('\n') : 'unable to parse points'
      return { kept: 'none', dropped: undefined, message }
    }
    const unfit = lines.filter((line) => line.includes('unfit') || line.includes('old'))
    for (const line of lines) if (!unfit.includes(line)) this.kept.add(line)
    if (unfit.length === 0) return undefined
    const field = unfit.some((line) => line.includes('unfit'))
    const why = field
      ? 'field type conflict: input field "unfit" is type float'
      : 'points beyond retention policy'
    // Of several shards it tells what one of them dropped.
    const dropped = this.#says === 'much' ? unfit.length : 1
    return { kept: 'rest', dropped, message: `partial write: ${why} dropped=${dropped}` }
  }
}

function parcels(fields: readonly string[][]): Parcel<string>[] {
  return fields.map((of, i) => parcel(of, i))
}

function parcel(fields: readonly string[], i: number): Parcel<string> {
  const time = fields.includes('old') ? i - 1e6 : i
  const text = `readings ${fields.map((field) => `${field}=1`).join(',')} ${time}`
  return {
    text,
    time,
    what: text,
    parts: () => (fields.length > 1 ? fields.map((field) => parcel([field], i)) : [])
  }
}

const isBad = (text: string) => /unreadable|unfit|old/.test(text)

describe('delivering', () => {
  it.each([
    ['cannot be read', 'unreadable', 'much'],
    ['cannot be read, and the server does not say which', 'unreadable', 'little'],
    ['does not fit', 'unfit', 'much'],
    ['is older than is kept', 'old', 'much']
  ] as const)('finds one line of 5,000 that %s with at most 30 requests', async (_what, bad, says) => {
    for (const place of [0, 2_499, 2_500, 3_333, 4_999]) {
      const server = new Server(says)
      const all = parcels(Array.from({ length: 5_000 }, (_, i) => ['pm2_5', i === place ? bad : 'pm10']))
      const refused = await deliver(all, server.send)
      expect(refused.map(({ parcel: { text } }) => text)).toEqual([
        expect.stringMatching(new RegExp(`^readings ${bad}=1 `))
      ])
      expect(server.requests).toBeLessThanOrEqual(30)
      // 4,999 whole lines, and of the last one what was good.
      expect(server.kept.size).toBe(5_000)
    }
  })

  it('asks once where all of them are too old', async () => {
    const server = new Server('much')
    const refused = await deliver(parcels(Array.from({ length: 5_000 }, () => ['old'])), server.send)
    expect(refused).toHaveLength(5_000)
    expect(server.requests).toBe(1)
  })

  it('gives the reason of each', async () => {
    const server = new Server('much')
    const [refused] = await deliver(parcels([['pm2_5'], ['unreadable']]), server.send)
    expect(refused?.reason).toBe('missing field value')
  })

  it('tells an outage', async () => {
    const gone = new Error('gone')
    await expect(deliver(parcels([['a']]), () => Promise.reject(gone))).rejects.toBe(gone)
  })

  it('keeps all that is good and sets aside all that is bad, however they are mixed', async () => {
    const field = fc.constantFrom('pm2_5', 'pm10', 'pm1', 'unreadable', 'unfit', 'old')
    const lines = fc.array(fc.uniqueArray(field, { minLength: 1, maxLength: 4 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('much', 'little'), async (fields, says) => {
        const server = new Server(says)
        const all = parcels(fields)
        const refused = await deliver(all, server.send)
        const good = all
          .flatMap((one) => (isBad(one.text) ? one.parts() : [one]))
          .filter(({ text }) => !isBad(text))
        expect(good.every(({ text }) => server.kept.has(text))).toBe(true)
        const bad = all
          .flatMap((one) => (isBad(one.text) && one.parts().length > 1 ? one.parts() : [one]))
          .filter(({ text }) => isBad(text))
        expect(refused.map(({ parcel: { text } }) => text).toSorted()).toEqual(
          bad.map(({ text }) => text).toSorted()
        )
      })
    )
  })
})
