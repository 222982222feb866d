/** Flags: what science says of a value, joined with what its decoder knew. */
import { describe, expect, it } from 'vitest'
import { check } from '../../ingest/check.ts'
import { reasonBits, reasonList, type Reason } from '../../model/flag.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { SensorFamily } from '../../model/sensor.ts'

type Case = [MeasuredQuantity, number, Reason[], SensorFamily | undefined, number, Reason[]]

describe('the check', () => {
  it.each<Case>([
    ['pm2_5', 8, [], undefined, 1, []],
    ['pm2_5', 600, [], undefined, 3, ['unusual']],
    ['humidity', 140, [], undefined, 4, ['outOfRange']],
    ['pm2_5', 999.9, [], undefined, 4, ['unusual', 'saturated']],
    ['temperature', -127, [], undefined, 4, ['outOfRange', 'sentinel']],
    ['humidity', 99.9, [], undefined, 1, []],
    ['humidity', 99.9, [], 'dht22', 3, ['stuck']],
    ['pm2_5', 8, ['timeReceived'], undefined, 1, ['timeReceived']],
    ['humidity', 140, ['timeReceived'], undefined, 4, ['outOfRange', 'timeReceived']],
    ['humidity', 100, ['stuck'], undefined, 3, ['stuck']],
    ['temperature', 12, ['sentinel'], undefined, 4, ['sentinel']]
  ])('of %s %d known %j by %s gives %d', (quantity, value, known, family, flag, why) => {
    const judged = check({ quantity, value, reasons: reasonBits(...known) }, family)
    expect({ flag: judged.flag, why: reasonList(judged.reasons) }).toEqual({ flag, why })
  })
})
