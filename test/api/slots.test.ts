/** Places for something scarce: nobody takes them all, and who holds the fewest comes next; and what is refused to one address. */
import { describe, expect, it } from 'vitest'
import { RefusedBoxes } from '../../api/doors/refused-boxes.ts'
import { Slots } from '../../api/doors/slots.ts'
import { refusedBoxesPerMinuteMax } from '../../api/limits.ts'

const limits = { atOnceMax: 3, perAddressMax: 2, waitingMax: 10, waitingPerAddressMax: 2, waitMsMax: 60_000 }
const staying = new AbortController().signal

describe('places', () => {
  it('are given at once while there are any, two to one address', async () => {
    const slots = new Slots(limits)
    const [first] = await Promise.all([slots.take('a', staying), slots.take('a', staying)])
    const third = slots.take('a', staying)
    expect(await slots.take('b', staying)).toMatchObject({ address: 'b' })
    first?.give()
    expect(await third).toMatchObject({ address: 'a' })
    expect(slots.taken).toBe(3)
  })

  it('go to who holds the fewest, not to who came first', async () => {
    const slots = new Slots(limits)
    const place = await slots.take('a', staying)
    await slots.take('a', staying)
    await slots.take('c', staying)
    const order: string[] = []
    const waiting = ['c', 'a', 'b'].map(async (address) => {
      if (await slots.take(address, staying)) order.push(address)
    })
    place?.give()
    await waiting[2]
    expect(order).toEqual(['b'])
  })

  it('go to who had none for the longest, not to who waited with more', async () => {
    const slots = new Slots({ ...limits, atOnceMax: 1, perAddressMax: 1 })
    const order: string[] = []
    const come = async (address: string): Promise<void> => {
      const place = await slots.take(address, staying)
      order.push(address)
      await Promise.resolve()
      place?.give()
    }
    const held = await slots.take('a', staying)
    const coming = ['a', 'a', 'b', 'c'].map(come)
    held?.give()
    await Promise.all(coming)
    expect(order).toEqual(['b', 'c', 'a', 'a'])
  })

  it('that are not used go as far as others wait for them, or their own address does', async () => {
    const slots = new Slots({ ...limits, perAddressMax: 1 })
    const places = await Promise.all(['a', 'b', 'c'].map((address) => slots.take(address, staying)))
    const unused = places.filter((place) => place !== undefined)
    const goingOf = (): string[] => slots.inTheWay(unused).map(({ address }) => address)
    expect(goingOf()).toEqual([])
    void slots.take('b', staying)
    expect(goingOf()).toEqual(['b'])
    // Two of one address that may have one.
    void slots.take('d', staying)
    void slots.take('d', staying)
    expect(goingOf()).toEqual(['b', 'a'])
  })

  it('are refused where too many wait, of one address or of all', async () => {
    const slots = new Slots({ ...limits, waitingMax: 3 })
    for (const address of ['a', 'a', 'b']) await slots.take(address, staying)
    for (const address of ['a', 'a', 'b']) void slots.take(address, staying)
    expect(await slots.take('a', staying)).toBeUndefined()
    expect(await slots.take('c', staying)).toBeUndefined()
  })

  it('are refused after a while', async () => {
    const slots = new Slots({ ...limits, atOnceMax: 1, waitMsMax: 1 })
    await slots.take('a', staying)
    expect(await slots.take('b', staying)).toBeUndefined()
  })

  it('are not kept for who is gone, and given back once', async () => {
    const slots = new Slots({ ...limits, atOnceMax: 1 })
    const place = await slots.take('a', staying)
    const leaving = new AbortController()
    const waiting = slots.take('b', leaving.signal)
    leaving.abort()
    expect(await waiting).toBeUndefined()
    expect(await slots.take('b', AbortSignal.abort())).toBeUndefined()
    place?.give()
    place?.give()
    expect(slots.taken).toBe(0)
  })
})

describe('boxes of an address', () => {
  it('that are refused are told to wait, and those with their secret are not concerned', () => {
    let now = 0
    const refused = new RefusedBoxes(() => now)
    for (let n = 0; n < refusedBoxesPerMinuteMax; n++) expect(refused.add('192.0.2.1')).toBe(false)
    expect(refused.add('192.0.2.1')).toBe(true)
    expect(refused.add('192.0.2.2')).toBe(false)
    now = 60_000
    expect(refused.add('192.0.2.1')).toBe(false)
  })
})
