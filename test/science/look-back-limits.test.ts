/** Which quantities are judged by more than their own value. */
import { expect, it } from 'vitest'
import { isLookedBackOn } from '../../science/look-back-limits.ts'

it.each([
  ['pm2_5', true],
  ['pm2_5_corrected', true],
  ['lamax', true],
  ['battery', false],
  ['rssi', false]
] as const)('%s: %s', (quantity, expected) => {
  expect(isLookedBackOn(quantity)).toBe(expected)
})
