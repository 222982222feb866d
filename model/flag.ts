/** QARTOD flags, and why a reading has one. */

/** QARTOD (IOOS, 2017): 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing. 2 is not a pass. */
export type Flag = 1 | 2 | 3 | 4 | 9

export const flagNames = {
  1: 'pass',
  2: 'notEvaluated',
  3: 'suspect',
  4: 'fail',
  9: 'missing'
} as const satisfies Record<Flag, string>

/**
 * Why a flag stands. A reading may have several reasons, so they are bits: one small number on disk. The order is
 * for ever (stored data depends on it): new reasons go to the end.
 */
export const reasons = {
  outOfRange: 'The value cannot be: it lies outside what the quantity can have.',
  unusual: 'The value is possible but unusual for this quantity.',
  timeReceived: "The device's time was not believed, so the time received stands in its place.",
  sentinel: 'The value is one that this sensor sends when it could not measure.',
  saturated: 'The sensor was at the end of its scale.',
  stuck: 'The sensor repeats one value where nature does not.',
  spike: 'The value stands alone far from those before and after.',
  rateOfChange: 'The value changed faster than it can.',
  inconsistent: 'The value contradicts another of the same moment.',
  neighbours: 'The value is far from what the neighbours measured.',
  ratified: 'Somebody else has quality-assured this value, so it was not evaluated here.',
  tooHumid:
    'The air was too humid to correct the value, so it stays as it was measured and is in no corrected mean.',
  aboveSaturation:
    'The humidity is a little above 100%, as wet sensors give it. The value stays as it was sent and counts as 100%.',
  doubted:
    'The network that published this value doubts it, or its column had changed places in the imported file.',
  unauthenticated:
    'The firmware of the box can hold no secret, so anybody who knows its address could have sent this value.',
  channelsDisagree:
    'The two sensors of the box that measure the same contradict each other. The value is their mean.',
  unjudged:
    'The value was not compared with those around it yet, so its flag may still change. Only exports say so row by row.'
} as const

export type Reason = keyof typeof reasons

export function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name)
}

/** A set of reasons as bits of a number, in the order of the table above; 0 is none. */
export type Reasons = number

const reasonNames = Object.keys(reasons) as Reason[]

export function reasonBits(...names: Reason[]): Reasons {
  return names.reduce((bits, name) => bits | (1 << reasonNames.indexOf(name)), 0)
}

/** Names in the table's order, for exports and pages. */
export function reasonList(bits: Reasons): Reason[] {
  return reasonNames.filter((_name, index) => (bits & (1 << index)) !== 0)
}

const precedence: readonly Flag[] = [9, 2, 1, 3, 4]

/** The flag that stands when several tests were made: 4 over 3 over 1 over 2 over 9 (ioos_qc's roll-up). */
export function worstFlag(a: Flag, b: Flag): Flag {
  return precedence.indexOf(a) >= precedence.indexOf(b) ? a : b
}
