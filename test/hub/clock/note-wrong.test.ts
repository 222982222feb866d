/** What is found of the clock while a hub still opens is not forgotten. */
import { describe, expect, it } from 'vitest'
import { noteOnceJoined } from '../../../hub/clock/note-wrong.ts'
import type { WrongStretch } from '../../../model/message.ts'
import type { UnixMs } from '../../../model/time.ts'

describe('a clock that is found wrong', () => {
  const stretchOf = (shiftMs: number): WrongStretch => ({ from: 0 as UnixMs, until: 1 as UnixMs, shiftMs })

  it('before the rooms are open: is noted once they are, in order; later at once', async () => {
    const noted: number[] = []
    const { onWrong, join } = noteOnceJoined()
    const early = [onWrong(stretchOf(1)), onWrong(stretchOf(2))]
    expect(noted).toEqual([])
    join(({ shiftMs }) => {
      noted.push(shiftMs)
      return Promise.resolve()
    })
    await Promise.all(early)
    void onWrong(stretchOf(3))
    expect(noted).toEqual([1, 2, 3])
  })
})
