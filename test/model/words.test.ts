/** Flags and their reasons, topics and deployments. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faults } from '../../model/fault.ts'
import {
  flagNames,
  reasonBits,
  reasonList,
  reasons,
  worstFlag,
  type Flag,
  type Reason
} from '../../model/flag.ts'
import { deviceTopic, parseDeviceTopic } from '../../model/message.ts'
import { deploymentAt, idPattern, type Deployment } from '../../model/place.ts'
import { definitionOf, isQuantity, quantityNames } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

describe('flags', () => {
  const flag = fc.constantFrom<Flag>(1, 2, 3, 4, 9)

  it('roll up as 4 over 3 over 1 over 2 over 9', () => {
    const order: Flag[] = [4, 3, 1, 2, 9]
    for (const [place, worse] of order.entries()) {
      for (const better of order.slice(place)) {
        expect(worstFlag(worse, better)).toBe(worse)
        expect(worstFlag(better, worse)).toBe(worse)
      }
    }
    expect(Object.keys(flagNames)).toEqual(['1', '2', '3', '4', '9'])
  })

  it('do not depend on the order of the tests', () => {
    fc.assert(
      fc.property(flag, flag, flag, (a, b, c) => {
        expect(worstFlag(worstFlag(a, b), c)).toBe(worstFlag(a, worstFlag(b, c)))
      })
    )
  })
})

describe('reasons', () => {
  const names = Object.keys(reasons) as Reason[]

  it('have bits that stored data depends on', () => {
    expect(names.map((name) => [name, reasonBits(name)])).toEqual([
      ['outOfRange', 1],
      ['unusual', 2],
      ['timeReceived', 4],
      ['sentinel', 8],
      ['saturated', 16],
      ['stuck', 32],
      ['spike', 64],
      ['rateOfChange', 128],
      ['inconsistent', 256],
      ['neighbours', 512],
      ['ratified', 1024],
      ['tooHumid', 2048],
      ['aboveSaturation', 4096],
      ['doubted', 8192],
      ['unauthenticated', 16384],
      ['channelsDisagree', 32768],
      ['unjudged', 65536]
    ])
  })

  it('come back as they went in', () => {
    fc.assert(
      fc.property(fc.subarray(names), (some) => {
        expect(reasonList(reasonBits(...some))).toEqual(some)
      })
    )
    expect(reasonBits()).toBe(0)
  })
})

describe('topics of a device', () => {
  it.each(['readings', 'status', 'problems'] as const)('%s', (kind) => {
    const topic = deviceTopic('d-abcdefgh', kind)
    expect(topic).toBe(`sensors/d-abcdefgh/${kind}`)
    expect(parseDeviceTopic(topic)).toEqual({ deviceId: 'd-abcdefgh', kind })
  })

  it.each([
    'sensors/d-1',
    'sensors//readings',
    'sensors/d-1/other',
    'streets/d-1/readings',
    'sensors/d-1/readings/',
    ''
  ])('none: %s', (topic) => expect(parseDeviceTopic(topic)).toBeUndefined())
})

describe('deployments', () => {
  it('hold from inclusive, until exclusive, and without limit where that is null', () => {
    const installed = (siteId: string, from: number | null, until: number | null): Deployment => ({
      deviceId: 'd-1',
      siteId,
      from: from as UnixMs | null,
      until: until as UnixMs | null
    })
    const deployments = [installed('a', null, 10), installed('b', 20, 30), installed('c', 30, null)]
    const siteAt = (at: number): string | undefined => deploymentAt(deployments, at as UnixMs)?.siteId
    expect([-5, 9, 10, 19, 20, 29, 30, 99].map(siteAt)).toEqual([
      'a',
      'a',
      undefined,
      undefined,
      'b',
      'b',
      'c',
      'c'
    ])
  })

  it('have ids that fit topics and paths', () => {
    expect(['d-abc', 'a', '4'.repeat(48)].every((id) => idPattern.test(id))).toBe(true)
    expect(['', '-a', 'A', 'a/b', 'a+', 'ä', 'a'.repeat(49)].some((id) => idPattern.test(id))).toBe(false)
  })
})

describe('quantities', () => {
  it('are known by name, and no name of Object is one', () => {
    expect(quantityNames.every(isQuantity)).toBe(true)
    expect(['constructor', '__proto__', 'toString', '', 'PM2_5'].some(isQuantity)).toBe(false)
  })

  it('average decibels as energy', () => {
    expect(definitionOf('laeq').average).toBe('energy')
    for (const quantity of quantityNames) {
      const { unit, average } = definitionOf(quantity)
      if (unit === 'dB(A)') expect(average).not.toBe('arithmetic')
    }
  })
})

describe('faults', () => {
  it('say something to the person whose device it is', () => {
    for (const text of Object.values(faults)) expect(text).toMatch(/^[A-Z].*\.$/)
  })
})
