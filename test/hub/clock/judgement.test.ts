/** Which clock is believed: the computer's, the one before it was set, or the sensors'. */
import { beforeEach, describe, expect, it } from 'vitest'
import { ClockJudgement } from '../../../hub/clock/judgement.ts'
import { clockReason } from '../../../hub/clock/words.ts'
import { dayMs, hourMs, minuteMs, secondMs, type UnixMs } from '../../../model/time.ts'
import type { WrongStretch } from '../../../model/message.ts'

const start = Date.UTC(2026, 10, 23, 12) as UnixMs

/** A computer whose clock is wrong by `errorMs`, and what its hub makes of it. */
class Computer {
  truth = start as number
  errorMs = 0
  isServed = false
  readonly wrong: WrongStretch[] = []
  judgement: ClockJudgement

  constructor(errorMs = 0) {
    this.errorMs = errorMs
    this.judgement = new ClockJudgement(this.reading())
  }

  reading() {
    return {
      wall: (this.truth + this.errorMs) as UnixMs,
      steadyMs: this.truth - start + 90_000,
      isServed: this.isServed
    }
  }

  /** What the hub takes for now, as far from the truth as this. */
  get hubErrorMs(): number {
    return Math.round(this.errorMs + this.judgement.correctionMs)
  }

  /** The program is killed, and started again a minute later. */
  restartProgram(): void {
    const { known } = this.judgement
    this.truth += minuteMs
    this.judgement = new ClockJudgement(this.reading(), known)
  }

  wait(ms: number): void {
    for (let left = ms; left > 0; left -= secondMs) {
      this.truth += Math.min(left, secondMs)
      this.#take(this.judgement.look(this.reading()))
    }
  }

  /** Three messages of each sensor, six seconds apart; `aheadOf` says how far its clock is from the truth by then. */
  sensors(count: number, aheadOf: (sensor: number, message: number) => number): void {
    for (let message = 0; message < 3; message++) {
      const times = Array.from({ length: count }, (_, i) => ({
        deviceId: `d-${i}`,
        at: (this.truth + aheadOf(i, message)) as UnixMs,
        receivedAt: (this.truth + this.hubErrorMs) as UnixMs
      }))
      this.judgement.observe(times)
      this.wait(6 * secondMs)
    }
  }

  #take(wrong: WrongStretch | undefined): void {
    if (wrong) this.wrong.push(wrong)
  }
}

let computer: Computer
beforeEach(() => void (computer = new Computer()))

describe('a clock that is set', () => {
  it('is not followed to 2029 and back within two seconds', () => {
    computer.wait(minuteMs)
    computer.errorMs = 900 * dayMs
    computer.wait(2 * secondMs)
    expect(computer.judgement.doubt()).toMatchObject({ kind: 'stepped' })
    expect(computer.hubErrorMs).toBe(0)
    computer.errorMs = 0
    computer.wait(minuteMs)
    expect(computer.judgement.doubt()).toBeUndefined()
    expect(computer.wrong).toEqual([])
  })

  it.each([
    ['forward', -8 * hourMs],
    ['back', 900 * dayMs]
  ])('%s after the start is believed when it has stood, and what came before is mended', (_way, errorMs) => {
    computer = new Computer(errorMs)
    computer.wait(10 * secondMs)
    computer.errorMs = 0
    computer.wait(10 * secondMs)
    expect([computer.hubErrorMs, computer.wrong]).toEqual([errorMs, []])
    computer.wait(10 * secondMs)
    expect(computer.hubErrorMs).toBe(0)
    expect(computer.wrong).toHaveLength(1)
    const [{ from, until, shiftMs } = {}] = computer.wrong
    expect(shiftMs).toBe(-errorMs)
    expect(from).toBeLessThanOrEqual(start + errorMs)
    expect(until).toBeGreaterThan(start + errorMs + 20 * secondMs)
  })

  it('is believed at once when the sensors have the same time', () => {
    computer = new Computer(-8 * hourMs)
    computer.sensors(2, () => 0)
    computer.errorMs = 0
    computer.wait(secondMs)
    computer.sensors(3, () => 0)
    expect(computer.hubErrorMs).toBe(0)
    expect(computer.wrong).toHaveLength(1)
  })

  it('is not believed against sensors that agree with the time before', () => {
    computer.sensors(3, () => 0)
    computer.errorMs = -2 * hourMs
    computer.wait(5 * minuteMs)
    expect(computer.hubErrorMs).toBe(0)
    expect(computer.judgement.doubt()).toMatchObject({ kind: 'sensors', sensors: 3 })
    expect(computer.wrong).toEqual([])
  })

  it('is followed without a word when the step is small, or slow', () => {
    computer.errorMs = 30 * secondMs
    computer.wait(secondMs)
    for (let i = 0; i < 100; i++) {
      computer.errorMs += 2 * secondMs
      computer.wait(secondMs)
    }
    expect(computer.judgement.correctionMs).toBe(0)
    expect(computer.judgement.doubt()).toBeUndefined()
  })
})

describe('a program that is killed and started again', () => {
  it.each([
    ['while the clock is wrong', false],
    ['before which the clock was set', true]
  ])('%s mends what the one before it received', (_when, isSetMeanwhile) => {
    computer = new Computer(-8 * hourMs)
    computer.wait(10 * minuteMs)
    if (isSetMeanwhile) computer.errorMs = 0
    computer.restartProgram()
    computer.errorMs = 0
    computer.wait(minuteMs)
    expect(computer.hubErrorMs).toBe(0)
    expect(computer.wrong).toHaveLength(1)
    expect(computer.wrong[0]!.from).toBeLessThanOrEqual(start - 8 * hourMs)
    expect(computer.wrong[0]!.shiftMs).toBe(8 * hourMs)
  })

  it('goes on believing the sensors, and touches nothing that was right', () => {
    computer = new Computer(-8 * hourMs)
    computer.sensors(4, () => 0)
    computer.restartProgram()
    expect(Math.abs(computer.hubErrorMs)).toBeLessThan(minuteMs)
    computer.errorMs = 0
    computer.wait(minuteMs)
    expect([computer.hubErrorMs, computer.wrong.length]).toEqual([0, 1])
  })
})

describe('a clock that was right until it jumped, as after a pause of the machine', () => {
  it.each([
    ['a time server', () => void (computer.isServed = true)],
    ['one sensor', () => computer.sensors(1, () => 0)]
  ])('leaves what came before, where %s said so', (_who, says) => {
    computer.wait(hourMs)
    says()
    computer.wait(secondMs)
    const known = computer.truth
    computer.errorMs = 2 * hourMs
    computer.wait(minuteMs)
    for (const { from } of computer.wrong) expect(from).toBeGreaterThan(known - 10 * secondMs)
  })
})

describe('sensors that agree with each other', () => {
  it.each([
    ['behind', -8 * hourMs],
    ['ahead', 3 * hourMs],
    ['years ahead', 900 * dayMs]
  ])('are believed by a hub that is %s, which mends what it received', (_way, errorMs) => {
    computer = new Computer(errorMs)
    computer.sensors(4, (i) => i * secondMs)
    expect(Math.abs(computer.hubErrorMs)).toBeLessThan(minuteMs)
    expect(computer.wrong).toHaveLength(1)
    expect(computer.judgement.doubt()).toMatchObject({ kind: 'sensors' })
    computer.sensors(4, (i) => i * secondMs)
    expect(computer.wrong).toHaveLength(1)
    // The computer is set at last.
    computer.errorMs = 0
    computer.wait(minuteMs)
    expect(computer.judgement.doubt()).toBeUndefined()
    expect(computer.wrong).toHaveLength(1)
  })

  it.each<[string, number, (sensor: number, message: number) => number]>([
    ['are only two', 2, () => 8 * hourMs],
    ['do not agree', 4, (i) => i * hourMs],
    [
      'bring a backlog, which moves faster than time',
      5,
      (_i, message) => message * 10 * minuteMs - 8 * hourMs
    ],
    ['are a few minutes apart', 5, () => 3 * minuteMs]
  ])('are not believed when they %s', (_why, count, aheadOf) => {
    computer.sensors(count, aheadOf)
    expect([computer.hubErrorMs, computer.wrong]).toEqual([0, []])
  })

  it('are not believed against a time server: they may have the same wrong zone', () => {
    computer.isServed = true
    computer.wait(secondMs)
    computer.sensors(5, () => hourMs)
    expect([computer.hubErrorMs, computer.wrong]).toEqual([0, []])
    expect(computer.judgement.doubt()).toMatchObject({ kind: 'sensorsWrong', sensors: 5, byMs: hourMs })
  })

  it('leave alone what was received while they agreed with the hub', () => {
    computer.sensors(3, () => 0)
    const known = computer.truth
    computer.wait(hourMs)
    computer.sensors(3, () => 6 * minuteMs)
    expect(computer.wrong[0]!.from).toBeGreaterThan(known - minuteMs)
  })
})

it('a clock behind the newest message of the journal is doubted until somebody says that it is right', () => {
  computer.judgement.takeNewest((start + 8 * hourMs) as UnixMs)
  expect(computer.judgement.doubt()).toMatchObject({ kind: 'journal' })
  computer.sensors(3, () => 0)
  expect(computer.judgement.doubt()).toBeUndefined()
})

it('says in words what is doubted, and what to do', () => {
  expect(clockReason(undefined, start, 'UTC')).toEqual([])
  const doubt = { kind: 'sensors', byMs: 8 * hourMs, sensors: 4 } as const
  const [reason, ...others] = clockReason(doubt, start, 'UTC')
  expect(reason!.text).toBe(
    'The clock of this computer shows 23 Nov 2026, 12:00, but 4 sensors with clocks of their own agree that it is ' +
      '8 hours later. The hub trusts the sensors. Nothing is lost. Readings stored under a wrong time get the correct one ' +
      'as soon as it is known. Set the clock, or connect this computer to a network so that a time server can set it (timedatectl).'
  )
  expect(others).toEqual([])
  // Sensors indoors are among the four.
  expect(reason!.everybody).not.toContain('sensor')
  expect(clockReason({ kind: 'stepped', byMs: -900 * dayMs }, start, 'UTC')[0]!.text).toContain(
    'was set 900 days back.'
  )
})
