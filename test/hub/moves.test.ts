/** Readers and moves take turns. */
import { describe, expect, it } from 'vitest'
import { Moves } from '../../hub/moves.ts'

const nothing = (): void => undefined

describe('moves', () => {
  it('wait for those that read, and whoever comes meanwhile waits for them', async () => {
    const moves = new Moves()
    const order: string[] = []
    const leave = await moves.enter(nothing)
    const moved = moves.move(async () => void order.push('moved'))
    const late = moves.read(async () => void order.push('read'))
    expect(order).toEqual([])
    leave()
    leave()
    await Promise.all([moved, late])
    expect(order).toEqual(['moved', 'read'])
  })

  it('come one after another, and one that fails holds up nobody', async () => {
    const moves = new Moves()
    const order: number[] = []
    const failed = moves.move(() => Promise.reject(new Error('away')))
    const second = moves.move(async () => void order.push(2))
    const read = moves.read(async () => void order.push(3))
    await expect(failed).rejects.toThrow('away')
    await Promise.all([second, read])
    expect(order).toEqual([2, 3])
  })

  it('cut who reads longer than they wait', async () => {
    const moves = new Moves({ waitMsMax: 10, holdMsMax: 2 })
    const slow = moves.read(() => new Promise(nothing))
    const refused = expect(slow).rejects.toMatchObject({ code: 'overtaken' })
    await expect(moves.move(() => Promise.resolve('moved'))).resolves.toBe('moved')
    await refused
  })

  it('wait for a long reader, and let others read meanwhile, who are done before or are cut with it', async () => {
    const moves = new Moves({ waitMsMax: 1_000, holdMsMax: 20 })
    const order: string[] = []
    const leave = await moves.enter(nothing)
    const moved = moves.move(async () => void order.push('moved'))
    await moves.read(async () => void order.push('read meanwhile'))
    const stays = moves.read(() => new Promise(nothing))
    const refused = expect(stays).rejects.toMatchObject({ code: 'overtaken' })
    leave()
    await moved
    await moves.read(async () => void order.push('read after'))
    expect(order).toEqual(['read meanwhile', 'moved', 'read after'])
    await refused
  })

  it('let many read at once', async () => {
    const moves = new Moves()
    const leaves = await Promise.all([moves.enter(nothing), moves.enter(nothing)])
    expect(leaves).toHaveLength(2)
  })
})
