/** What can be wrong with what a device sends: a catalogue of codes. Codes are never renamed or reused. */

export const faults = {
  payloadTooLarge: 'The message is larger than the hub takes. Send fewer readings in one message.',
  payloadEncoding: 'The message is not UTF-8 text. Check the encoding your firmware sends.',
  payloadNotJson: 'The message is not JSON. Check the text your firmware sends.',
  payloadShape: 'The message is JSON but neither a reading nor an array of readings.',
  arrayTooLong: 'The array holds more readings than the hub decodes at once. Send it in smaller pieces.',
  tooManyFields: 'The reading has more fields than the hub looks at.',
  repeatedField: 'The reading names a field more than once. The last value was used.',
  nothingMeasured: 'The message holds no measured value.',
  unknownQuantity: 'The field is no quantity that the hub knows. Check its spelling.',
  notANumber: 'The value is not a finite number.',
  minusZero: 'The value is minus zero. It was kept as 0.',
  outOfRange: 'The value cannot be. It was kept and marked as failed.',
  timeUnreadable: 'The time could not be read. The time received was used.',
  timeWithoutZone:
    'The time has no zone, so it names no moment. The time received was used. Send UTC with a Z.',
  timeMissing: 'The value came without the time that says whether it is new. It made no reading.',
  timeAhead: 'The time lies in the future. The time received was used. Check the clock of the device.',
  timePast: 'The time lies too far in the past. The time received was used. Check the clock of the device.',
  unitDoubtful: 'The value is an ordinary one in another unit. It was kept as it came.',
  secondSensor: 'Two sensors of the box measure the same quantity. One of them was kept.',
  staleValue: 'The message repeats an old value. It made no new reading.',
  boxFailure: 'The box says that one of its sensors failed.',
  wrongFamily: 'The message looks like one of another family of boxes.',
  otherAddress: 'The message names another box than the one that the device was added for.',
  otherThing: 'A second box speaks with the secret of this one. It was left out.',
  tooManyThings: 'More boxes speak through the gateway than the hub lists.',
  wrongPassword: 'Somebody came with the id of this device and without its secret. Nothing was taken.',
  wrongPort: 'The box spoke to a port that is for something else. Nothing was taken.',
  wrongProtocol: 'The box speaks a version of MQTT that the hub does not. Nothing was taken.',
  topicRefused: 'The box asked for a topic that is not its own.',
  forwardRefused: 'A reading could not be sent on to another network. The hub has it.',
  topicUnknown: 'The device published to a topic that the hub does not read.',
  unclaimed:
    'The device was not installed anywhere at that time. Its messages wait until it is given a street.',
  heldBack:
    'So many messages of the device wait for a place that no more is acknowledged. Give it a street for their time.',
  rowUnreadable: 'The row of the file could not be read.'
} as const

export type FaultCode = keyof typeof faults

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faults, code)
}

/** Nothing needs doing about these: what could be used was used. */
export const harmlessFaults: ReadonlySet<FaultCode> = new Set([
  'repeatedField',
  'unknownQuantity',
  'minusZero',
  'secondSensor',
  'staleValue',
  'rowUnreadable'
])

/** Nobody knows of what time such a message is: it could not be read, or its time could not. */
export const timelessFaults: ReadonlySet<FaultCode> = new Set([
  'payloadTooLarge',
  'payloadEncoding',
  'payloadNotJson',
  'payloadShape',
  'arrayTooLong',
  'timeUnreadable',
  'timeWithoutZone',
  'timeAhead',
  'timePast'
])

/** One thing that was wrong, in words for the person whose device it is. */
export interface Fault {
  code: FaultCode
  /** One sentence: what was wrong, with the value, e.g. "humidity 140 % is above 100 %". */
  message: string
  field?: string
  value?: unknown
}

/** A fault as the device's problem list and its `problems` topic show it. */
export interface Problem extends Fault {
  deviceId: string
  /** Milliseconds since the epoch at which the message was received. */
  at: number
  /** The earliest time of which the message tells something: a box may send late what it measured elsewhere. null: unknown. */
  aboutFrom: number | null
}
